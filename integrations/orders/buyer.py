"""The buyer a document would be made out to: as received, with what a person corrected."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from integrations.colombia import masking
from integrations.colombia.names import split_name
from integrations.orders.models import Order

# The corrections' names that are fields here; the others say who the buyer is as a whole.
_PLAIN = (
    "name", "doc_type", "doc_number", "email", "phone", "address", "city", "department",
)  # fmt: skip
_IDENTITY = ("doc_type", "doc_number")


@dataclass(frozen=True, slots=True)
class Buyer:
    """`unidentified`: a person chose *Cliente no identificado* for this order. `corrected`
    names the fields a person changed."""

    name: str = field(default="", repr=False)
    doc_type: str = ""
    doc_number: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    city: str = ""
    department: str = ""
    dane_code: str = ""
    unidentified: bool = False
    corrected: frozenset[str] = frozenset()

    @property
    def called(self) -> str:
        """The name alone, without what was written beside it; as it is where nobody can tell."""
        name = split_name(self.name, is_checked="name" in self.corrected)
        return self.name if name.why or not name.full else name.full

    def masked(self) -> Buyer:
        """Enough to recognise, no more: for every page but the order's own and the preview."""
        return replace(
            self,
            # A telephone may stand in it.
            name=masking.mask_text(self.name),
            doc_number=masking.mask_number(self.doc_number),
            email=masking.mask_email(self.email),
            phone=masking.mask_phone(self.phone),
            address=masking.mask_address(self.address),
        )


def received_buyer(order: Order) -> Buyer:
    """The buyer as MasterShop told it."""
    return Buyer(
        name=order.buyer_name,
        doc_type=order.buyer_doc_type,
        doc_number=order.buyer_doc_number,
        email=order.buyer_email,
        phone=order.buyer_phone,
        address=order.ship_address,
        city=order.ship_city,
        department=order.ship_department,
        dane_code=order.ship_dane_code,
    )


def effective_buyer(order: Order) -> Buyer:
    """The buyer as received with the latest correction of each field applied.

    A corrected city leaves the municipality code behind, which named another place. Of
    *Cliente no identificado* and a corrected identification the later one counts.
    """
    buyer = received_buyer(order)
    changes: dict[str, object] = {}
    # .all() and a sort here, so that prefetched corrections serve a whole page of orders.
    for correction in sorted(order.corrections.all(), key=lambda one: (one.at, one.pk)):
        if correction.field in _PLAIN:
            changes[correction.field] = correction.after
            if correction.field == "city":
                changes["dane_code"] = ""
            if correction.field in _IDENTITY:
                changes["unidentified"] = False
        elif correction.field == "unidentified":
            changes["unidentified"] = correction.after not in ("", "0", "false", "False")
    names = frozenset(changes) - {"dane_code"}
    return replace(buyer, **changes, corrected=names)  # type: ignore[arg-type]
