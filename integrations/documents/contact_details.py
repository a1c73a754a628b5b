"""What of a contact follows the order: e-mail, telephone and address. Pure.

Nothing else ever changes: another type of identification breaks later credit notes (Colombian
invoicing reference, "Finding and updating contacts"). What people wrote beside it stays.
"""

from __future__ import annotations

from typing import Any

from integrations.colombia.contact_details import clean_email, clean_phone
from integrations.colombia.municipalities import find
from integrations.connections.alegra_users import keyed_digest
from integrations.orders.buyer import Buyer

_ADDRESS = ("address", "city", "department")


def digest_of(buyer: Buyer) -> str:
    """What tells whether an order brings other details than the one before; shows none."""
    told = (buyer.email, buyer.phone, buyer.address, buyer.city, buyer.department, buyer.dane_code)
    return keyed_digest("contact-details", "\x1f".join(told))


def changes(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What a contact, as Alegra tells it, lacks of a body that it would be created with now.

    Empty when nothing does. What the body does not have is left as it is.
    """
    return {**_email(row, wanted), **_phone(row, wanted), **_address(row, wanted)}


def _email(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    email = wanted.get("email")
    return {"email": email} if email and clean_email(row.get("email")) != email else {}


def _phone(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    phone = wanted.get("phonePrimary")
    held = {name: str(row.get(name) or "").strip() for name in _PHONES}
    if not phone or phone in {clean_phone(each) for each in held.values()}:
        return {}
    made = {"phonePrimary": phone}
    if wanted.get("mobile") and held["mobile"] in ("", held["phonePrimary"]):
        made["mobile"] = wanted["mobile"]
    if held["phonePrimary"] and not held["phoneSecondary"]:
        # The number that people wrote stays reachable.
        made["phoneSecondary"] = held["phonePrimary"]
    return made


_PHONES = ("phonePrimary", "phoneSecondary", "mobile")


def _address(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    address = wanted.get("address") or {}
    held = row.get("address")
    held = held if isinstance(held, dict) else {}
    if not address.get("address"):
        return {}
    if all(_plain(held.get(name)) == _plain(address.get(name)) for name in _ADDRESS):
        return {}
    if _town(held) == _town(address):
        # Its postal code and what else it says of this town still hold.
        return {"address": {**held, **address}}
    return {"address": {**dict.fromkeys(held), **address}}


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split()).casefold()


def _town(address: dict[str, Any]) -> str:
    town = find(city=address.get("city") or "", department=address.get("department") or "")
    return town.code if town else ""
