"""The buyer a document would be made out to: as received, with what a person corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from integrations.colombia import identity, masking
from integrations.colombia.identity_elsewhere import typed_elsewhere
from integrations.colombia.name_and_number import company_told, name_for
from integrations.colombia.names import split_name
from integrations.orders.models import Order, OrderCorrection
from integrations.orders.parts_known import PartsKnown
from integrations.scoping.prepared import Prepared

# The corrections' names that are fields here; the others say who the buyer is as a whole.
_PLAIN = (
    "name", "doc_type", "doc_number", "email", "phone", "address", "city", "department",
)  # fmt: skip
_IDENTITY = ("doc_type", "doc_number")
_AT_HAND = "_effective_buyer"


@dataclass(frozen=True, slots=True)
class Buyer:
    """`unidentified`: a person chose *Cliente no identificado* for this order. `corrected`
    names the fields a person changed.

    `company` is what the company field names, and `is_named_by_company` says that `name` comes
    from there. `elsewhere` is the (type, number) that stands in another field than its own, and
    `lost` what was known of a buyer whom the order does not name any more; both ('', '') mostly.
    """

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
    company: str = field(default="", repr=False)
    is_named_by_company: bool = False
    elsewhere: tuple[str, str] = field(default=("", ""), repr=False)
    lost: tuple[str, str] = field(default=("", ""), repr=False)

    @property
    def is_certain(self) -> bool:
        """A person said what its identification is."""
        return bool(self.corrected & set(_IDENTITY))

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
            elsewhere=("", ""),
            lost=("", ""),
        )


def received_buyer(order: Order) -> Buyer:
    """The buyer as MasterShop told it."""
    told = (order.snapshot or {}).get("customer", {}).get("company", "")
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
        company=company_told(told),
        elsewhere=typed_elsewhere(
            number=order.buyer_doc_number,
            company=told,
            notes=(order.snapshot or {}).get("notes", ()),
            phone=order.buyer_phone,
        ),
        lost=PartsKnown.from_json(order.parts or {}).lost_identification(),
    )


def effective_buyer(order: Order) -> Buyer:
    """The buyer as received with the latest correction of each field applied, under the name
    that goes with its identification.

    A corrected city leaves the municipality code behind, which named another place. Of
    *Cliente no identificado* and a corrected identification the later one counts. A name that a
    person wrote is not taken from the company field.
    """
    at_hand = order.__dict__.get(_AT_HAND)
    if at_hand is None:
        prefetched = order.__dict__.get("_prefetched_objects_cache", ())
        is_at_hand = "corrections" in prefetched
        return _effective(
            order, order.corrections.all() if is_at_hand else _corrections_of(order=order.pk)
        )
    if not at_hand:
        at_hand.append(_effective(order, _corrections_of(order=order.pk)))
    return at_hand[0]


def keep_buyer(order: Order) -> None:
    """Work the buyer out once for all that is asked of this object, which nothing changes."""
    order.__dict__[_AT_HAND] = []


def _effective(order: Order, corrections: Iterable[OrderCorrection]) -> Buyer:
    buyer = received_buyer(order)
    changes: dict[str, object] = {}
    # A sort here, so that prefetched corrections serve a whole page of orders.
    for correction in sorted(corrections, key=lambda one: (one.at, one.pk)):
        if correction.field in _PLAIN:
            changes[correction.field] = correction.after
            if correction.field == "city":
                changes["dane_code"] = ""
            if correction.field in _IDENTITY:
                changes["unidentified"] = False
        elif correction.field == "unidentified":
            changes["unidentified"] = correction.after not in ("", "0", "false", "False")
    names = frozenset(changes) - {"dane_code"}
    return _named(replace(buyer, **changes, corrected=names))  # type: ignore[arg-type]


_corrections_of = Prepared(lambda order: OrderCorrection.objects.filter(order_id=order))


def _named(buyer: Buyer) -> Buyer:
    if buyer.unidentified or not buyer.company or "name" in buyer.corrected:
        return buyer
    judged = identity.judge(
        buyer.doc_type, buyer.doc_number, phone=buyer.phone, is_certain=buyer.is_certain
    )
    belongs = name_for(judged, name=buyer.name, company=buyer.company)
    if not belongs.is_of_company_field:
        return buyer
    return replace(buyer, name=belongs.name, is_named_by_company=True)
