"""A mended document whose order cannot be built as it is now: compared by what both say.

The builder refuses, for one, an order whose lines no longer add up to its total. A person may
have made the document right all the same.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.document import Line
from integrations.colombia.money import is_right, to_pesos
from integrations.colombia.peso_text import pesos
from integrations.documents.bundles import settle
from integrations.documents.facts import Facts
from integrations.documents.made_of import Change
from integrations.documents.tax_totals import tax_rows

_CENT = Decimal("0.01")


def differences_unbuilt(
    facts: Facts, found: AlegraDocument, changed: dict[str, Change], before: dict[str, Any]
) -> list[str]:
    """What of the total and the bodega differs, or cannot be compared; the client is apart.
    `before`: what the document was built of."""
    left = []
    if facts.total is None:
        left.append(_("el total del pedido no se puede leer"))
    elif not is_right(found.total, value_of(facts.total, found, before)):
        told = {"found": pesos(found.total), "wanted": pesos(facts.total)}
        left.append(_("el total del documento es %(found)s y el del pedido %(wanted)s") % told)
    if "bodega" in changed and not facts.warehouse_id:
        left.append(_("no pudimos comprobar que la bodega es la del pedido"))
    if "lines" in changed:
        left += _products_left(facts, found)
    return left


def value_of(total: Decimal, found: AlegraDocument, before: dict[str, Any]) -> Decimal:
    """What the document must come to: the order's total, or with what was received before as
    the document was built, where it comes to that."""
    received = sum((Decimal(each["amount"]) for each in before.get("received", ())), Decimal(0))
    return total + received if is_right(found.total, total + received) else total


def _products_left(facts: Facts, found: AlegraDocument) -> list[str]:
    """By the products that the order's lines are linked to; charges and discounts apart."""
    lines = settle(facts).facts.lines
    unlinked = [each.label for each in lines if each.item is None]
    if unlinked or not found.lines:
        told = {"labels": ", ".join(unlinked) or _("el documento no muestra sus líneas")}
        return [_("no pudimos comprobar los productos (%(labels)s)") % told]
    wanted, told = Counter(), Counter()
    for line in lines:
        wanted[line.item.alegra_id] += line.quantity * line.units_per_sale
    for line in found.lines:
        told[line.item_id] += line.quantity
    if facts.charges_item is not None and facts.charges_item.alegra_id not in wanted:
        del told[facts.charges_item.alegra_id]
    if wanted == told:
        return []
    return [_("los productos o sus cantidades no son los del pedido")]


def summary_of(found: AlegraDocument, facts: Facts, before: dict[str, Any]) -> dict[str, Any]:
    """As `build.summary`, of the document as Alegra has it. Amounts in COP, as text."""
    lines = [_line(each) for each in found.lines]
    tax = found.tax
    if tax is None:
        tax = sum((Decimal(each["tax"]) for each in lines), Decimal(0))
    value = found.total if facts.total is None else value_of(facts.total, found, before)
    return {
        **before,
        "base": str(found.total - tax),
        "tax": str(tax),
        "total": str(found.total),
        "value": str(value),
        "pesos": to_pesos(value),
        "rows": len(lines),
        "warehouse": facts.warehouse_id or "",
        "notes": [],
        "lines": lines,
    }


def _line(line: Line) -> dict[str, Any]:
    gross = line.price * line.quantity
    discount = (gross * line.discount / 100).quantize(_CENT)
    base = (gross - discount).quantize(_CENT)
    rate = sum((tax.percentage or Decimal(0) for tax in line.taxes), Decimal(0))
    tax = (base * rate / 100).quantize(_CENT)
    return {
        "label": line.name,
        "quantity": str(line.quantity),
        "amount": str(base + tax),
        "discount": str(discount),
        "item": line.name,
        "reference": line.reference,
        "base": str(base),
        "tax": str(tax),
        "total": str(base + tax),
        "rows": [{"base": str(base), "tax": str(tax)}],
        "taxes": tax_rows(
            base,
            tax,
            [(each.id, each.name, each.percentage or Decimal(0)) for each in line.taxes],
        ),
    }
