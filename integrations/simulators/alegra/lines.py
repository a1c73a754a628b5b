"""The lines of a document: what is accepted, what is kept, what is shown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.simulators.alegra.books import Books, reference_to
from integrations.simulators.alegra.refusals import not_found, refusal
from integrations.simulators.alegra.rounding import (
    Amounts,
    Rounding,
    document_amounts,
    line_amounts,
)
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.storage import Record


def number(value: Any, name: str, *, least: Decimal | None = None, above: bool = False) -> Decimal:
    """A number out of a body. Raises Refused when it is none or too small."""
    if value is None or isinstance(value, bool | list | dict):
        raise refusal(f"El campo {name} es obligatorio y debe ser un número")
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise refusal(f"El campo {name} debe ser un número") from error
    if not amount.is_finite() or abs(amount) >= Decimal("1E15"):
        raise refusal(f"El campo {name} debe ser un número")
    if least is not None and (amount <= least if above else amount < least):
        raise refusal(f"El campo {name} debe ser mayor {'que' if above else 'o igual a'} {least}")
    return amount


def rounding_of(books: Books) -> Rounding:
    rule = books.facts["rounding"]
    return Rounding(books.precision, rule["at"], rule["how"])


def accept_lines(
    books: Books, given: Any, *, is_credit_note: bool = False
) -> tuple[list[Record], dict[str, str]]:
    """The lines and the document's totals, ready to keep. Raises Refused.

    A line names its item (3065), which must exist, be no variantParent, and be active where
    the fact ``inactive_items`` or a credit note (9053) asks for it; each tax must exist. A line
    without ``tax`` has none, or its item's, as the fact ``tax_omitted`` says.
    """
    if not isinstance(given, list) or not given:
        raise refusal("El documento debe tener al menos un ítem")
    rounding = rounding_of(books)
    lines: list[Record] = []
    amounts: list[Amounts] = []
    for sent in given:
        if not isinstance(sent, dict):
            raise refusal("Los ítems del documento son inválidos")
        line, amount = _accept_line(books, sent, rounding, is_credit_note)
        lines.append(line)
        amounts.append(amount)
    sums = document_amounts(amounts, rounding)
    totals = {
        "subtotal": plain(sums.gross),
        "discount": plain(sums.discount),
        "tax": plain(sums.tax),
        "total": plain(sums.total),
    }
    return lines, totals


def _accept_line(
    books: Books, sent: dict[str, Any], rounding: Rounding, is_credit_note: bool
) -> tuple[Record, Amounts]:
    key = reference_to(sent.get("id"))
    if not key:
        raise refusal("El id del producto es obligatorio en cada ítem", 3065)
    item = books.look("items", key)
    if item is None:
        raise refusal(f"El producto con id {key} no existe", 404, 400)
    if item["status"] != "active":
        if is_credit_note:
            raise refusal(f"El producto {item['name']} se encuentra inactivo", 9053)
        if books.facts["inactive_items"] == "refused":
            raise refusal(f"El producto {item['name']} se encuentra inactivo")
    if item["type"] == "variantParent":
        raise refusal(f"El producto {item['name']} tiene variantes: debes elegir una de ellas")
    price = rounding.price(number(sent.get("price"), "items.price", least=Decimal(0)))
    quantity = number(sent.get("quantity"), "items.quantity", least=Decimal(0), above=True)
    discount = number(sent.get("discount") or 0, "items.discount", least=Decimal(0))
    if discount > 100:
        raise refusal("El descuento debe estar entre 0 y 100")
    if "tax" in sent and sent["tax"] is not None:
        wanted = sent["tax"] if isinstance(sent["tax"], list) else [sent["tax"]]
        keys = [reference_to(one) for one in wanted]
    else:
        keys = item["tax"] if books.facts["tax_omitted"] == "item" else []
    taxes = [_tax(books, tax) for tax in keys]
    rates = [Decimal(tax["percentage"]) for tax in taxes]
    amount = line_amounts(price, quantity, discount, rates, rounding)
    line = {
        "id": item["id"],
        "name": item["name"],
        "description": sent.get("description"),
        "reference": sent.get("reference") or item.get("reference"),
        "unit": item.get("unit"),
        "productKey": item.get("productKey"),
        "price": plain(price),
        "quantity": plain(quantity),
        "discount": plain(discount),
        "tax": taxes,
        "base": plain(rounding.round(amount.base)),
        "taxAmount": plain(rounding.round(amount.tax)),
        "total": plain(rounding.round(amount.base) + rounding.round(amount.tax)),
    }
    return line, amount


def _tax(books: Books, key: str | None) -> Record:
    tax = books.look("taxes", key)
    if tax is None:
        raise not_found(f"El impuesto con id {key} no existe")
    return {"id": tax["id"], "name": tax["name"], "percentage": tax["percentage"]}


def _of_tax(line: Record, tax: Record) -> str:
    """What one tax of the line comes to; a line of one has it whole."""
    if len(line["tax"]) == 1:
        return line["taxAmount"]
    amount = Decimal(line["base"]) * Decimal(tax["percentage"]) / 100
    return plain(amount.quantize(Decimal("0.01")))


def show_lines(books: Books, record: Record) -> list[Any]:
    """The lines as an answer has them. Those of an invoice never tell their reference."""
    shapes, kind, key = books.shapes, record["kind"], record["id"]
    shown = []
    for place, line in enumerate(record["lines"]):
        seed = (kind, key, str(place))
        taxes = [
            {
                "id": shapes.id("taxes", tax["id"]),
                "name": tax["name"],
                "percentage": f"{Decimal(tax['percentage']):.2f}",
                "amount": shapes.money(_of_tax(line, tax), *seed, "tax"),
            }
            for tax in line["tax"]
        ]
        shown.append(
            {
                "id": shapes.id("items", line["id"]),
                "name": line["name"],
                "description": line["description"],
                "reference": None if kind == "invoices" else line["reference"],
                "price": shapes.money(line["price"], *seed, "price"),
                "discount": shapes.money(line["discount"], *seed, "discount"),
                "quantity": shapes.money(line["quantity"], *seed, "quantity"),
                "unit": line["unit"],
                "tax": taxes,
                "total": shapes.money(line["total"], *seed, "total"),
                **({"remission": line["remission"]} if line.get("remission") else {}),
            }
        )
    return shown
