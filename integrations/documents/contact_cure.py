"""What a contact in Alegra lacks for the invoice that is made out to it to be emitted. Pure.

Colombian invoicing reference, "Finding and updating contacts": what people wrote stays, and the
type of identification never changes. What is missing there, the check digit of the same number, and
a name that a person corrected for the order, follow the order.
"""

from __future__ import annotations

from typing import Any

from integrations.documents import contact_details

_NEEDED = ("kindOfPerson", "regime", "identificationObject")
_NAMES = ("name", "nameObject")


def changes(row: dict[str, Any], wanted: dict[str, Any], *, renames: bool) -> dict[str, Any]:
    """Beside what follows every order (`contact_details`). `renames`: a person corrected the name.

    `row` is the contact as Alegra tells it, `wanted` the body that it would be created with.
    """
    found = contact_details.changes(row, wanted)
    found |= {name: wanted[name] for name in _NEEDED if wanted.get(name) and not row.get(name)}
    if "identificationObject" not in found and (digit := _check_digit(row, wanted)):
        found["identificationObject"] = digit
    if renames:
        found |= {name: wanted[name] for name in _NAMES if wanted.get(name)}
    return found


def _check_digit(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    held, ours = row.get("identificationObject"), wanted.get("identificationObject") or {}
    if not isinstance(held, dict) or ours.get("dv") is None:
        return {}
    is_same = all(str(held.get(name)) == str(ours.get(name)) for name in ("type", "number"))
    return {"dv": ours["dv"]} if is_same and str(held.get("dv")) != str(ours["dv"]) else {}
