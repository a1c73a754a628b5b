"""How the texts of an order arrived, beside what is made of them (Colombian invoicing reference,
"Names": keep the original text)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from integrations.colombia import masking
from integrations.colombia.contact_details import read_email, read_phone
from integrations.mastershop.texts import as_arrived
from integrations.orders.buyer import Buyer, received_buyer
from integrations.orders.models import Order

_TEXTS = ("name", "email", "phone", "address", "city", "department")


@dataclass(frozen=True)
class Beside:
    """Of each datum of the buyer the text that it arrived as, '' where it is used as it arrived;
    and what does not go on the document, in words."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    email_note: str = ""
    phone_note: str = ""


def arrived_buyer(order: Order) -> Buyer:
    """The buyer letter by letter as MasterShop sent it, before anything was repaired."""
    buyer = received_buyer(order)
    arrived = order.snapshot.get("arrived", {})
    told = {name: as_arrived(getattr(buyer, name), arrived) for name in _TEXTS}
    return replace(buyer, **{name: text for name, text in told.items() if text})


def beside(order: Order, buyer: Buyer, *, in_full: bool) -> Beside:
    """What to say beside the data of `buyer`, as it is used. `in_full`: who reads may see them."""
    arrived = arrived_buyer(order)
    used = {
        "name": buyer.called,
        "email": read_email(buyer.email).value or buyer.email,
        "phone": buyer.phone,
        "address": buyer.address,
        "city": buyer.city,
    }
    told = {
        name: text if in_full else _masked(name, text)
        for name, value in used.items()
        if (text := getattr(arrived, name)) and _differ(text, value)
    }
    return Beside(
        **told,
        email_note=_("No va así en el documento.") if _is_left_out(read_email(buyer.email)) else "",
        phone_note=_("No va así en el documento.") if _is_left_out(read_phone(buyer.phone)) else "",
    )


def repaired_lines(order: Order, labels: list[str]) -> list[str]:
    """A sentence for each text of the goods that arrived damaged."""
    arrived = order.snapshot.get("arrived", {})
    found = {label: as_arrived(label, arrived) for label in labels}
    return [
        _("Llegó como «%(told)s» y se lee «%(better)s».") % {"told": told, "better": label}
        for label, told in found.items()
        if told
    ]


def _is_left_out(detail) -> bool:
    return detail.note.endswith("_left_out")


def _differ(one: str, other: str) -> bool:
    """Capitals and blanks apart."""
    return " ".join(one.split()).casefold() != " ".join(other.split()).casefold()


def _masked(name: str, text: str) -> str:
    match name:
        case "email":
            return masking.mask_email(text)
        case "phone":
            return masking.mask_phone(text)
        case "address":
            return masking.mask_address(text)
    return masking.mask_text(text)
