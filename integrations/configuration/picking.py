"""What a person chose or typed beside a choice: checked, and as it is kept with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.colombia.peso_text import pesos
from integrations.configuration import charges
from integrations.configuration.questions import Choice, Pick
from integrations.connections.models import Integration
from integrations.mastershop import values

# What a page sends beside the answer's field, whose name goes first: the product's id, or a text
# that is its name or reference; or an amount.
PICKED, TYPED, AMOUNT = "_elegido", "_texto", "_pesos"
MOST_PESOS = Decimal(10) ** 12


class NotPicked(ValueError):
    """The choice needs something else, or what was given is none. Its text is for the person."""


def read_pick(
    integration: Integration, choice: Choice | None, data: Mapping[str, Any], field: str
) -> dict[str, str]:
    """What belongs to the choice, out of the fields of a form. {} where it needs nothing.

    `field` is the name of the answer's own field. Raises NotPicked.
    """
    if choice is None or choice.picks is None:
        return {}
    if choice.picks is Pick.PESOS:
        return _pesos(str(data.get(field + AMOUNT) or "").strip())
    typed = str(data.get(field + TYPED) or "").strip()[:200]
    return _item(integration, str(data.get(field + PICKED) or "")[:64], typed)


def words(picked: Mapping[str, Any]) -> str:
    """What was picked as a person reads it, or ''."""
    if "pesos" in picked:
        return pesos(Decimal(picked["pesos"]))
    return str(picked.get("name", ""))


def _pesos(typed: str) -> dict[str, str]:
    amount = values.number(typed)
    is_whole = amount is not None and amount == amount.to_integral_value()
    if not is_whole or not 0 < amount < MOST_PESOS:
        raise NotPicked(_("Escribe el valor en pesos enteros y sin letras, por ejemplo 174.900."))
    return {"pesos": str(amount)}


def _item(integration: Integration, alegra_id: str, typed: str) -> dict[str, str]:
    company = integration.company
    row = charges.find(company, alegra_id) if alegra_id else None
    if row is None and typed:
        row = _only_one(charges.search(company, typed), typed)
    if row is None:
        raise NotPicked(
            _("Elige un producto de Alegra que se pueda facturar: escribe su nombre o referencia.")
        )
    return {"item": row.alegra_id, "name": row.name[:200]}


def _only_one(found: list[Any], typed: str) -> Any | None:
    """The product that was meant: called exactly so, or the only one found."""
    wanted = typed.casefold()
    same = [each for each in found if wanted in (each.name.casefold(), each.reference.casefold())]
    if len(same) == 1:
        return same[0]
    return found[0] if len(found) == 1 else None
