"""Who bought, as a body says it: in its customer, its addresses, or its identification."""

from __future__ import annotations

from typing import Any

from . import personal, values
from .orders import Customer
from .values import Fields


def read_customer(fields: Fields) -> Customer:
    """The buyer of an order's body; '' for what it does not tell, however it says so."""
    buyer = fields.object("customer", "client_info", "client")
    shipping, billing = fields.object("shipping_address"), fields.object("billing_address")
    default = buyer.object("default_address")
    everywhere = (buyer, shipping, billing)
    # An identification may be an object of its own.
    own = buyer.object("identification", "document", "identity")

    def said(names: tuple[str, ...], limit: int, places: tuple[Fields, ...] = everywhere) -> str:
        for place in places:
            for name in names:
                if line := personal.told(_joined(place.first(name)), limit=limit):
                    return line
        return ""

    first_name, last_name = said(("first_name",), 120), said(("last_name",), 120)
    return Customer(
        name=said(personal.NAMES, 200) or f"{first_name} {last_name}".strip(),
        first_name=first_name,
        last_name=last_name,
        doc_type=said(personal.DOC_TYPES, 60) or said(("type",), 60, (own,)),
        doc_number=said(personal.DOC_NUMBERS, 60) or said(("number",), 60, (own,)),
        email=said(("email",), 254),
        phone=said(("phone",), 40),
        # A parcel may be sent to a place of work: that is the last to name the buyer.
        company=said(personal.COMPANIES, 200, (billing, buyer, default, shipping)),
    )


def _joined(told: Any) -> Any:
    """Several e-mails or telephones may come as a list."""
    return "; ".join(values.texts(told)) if isinstance(told, list | tuple) else told
