"""Copies of Alegra's products and services, and the search over them.

Alegra reference: items. A copy is what pages show and documents are built from; whoever
builds one asks for a younger copy when this one is too old.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Coalesce

from integrations.alegra import items as alegra_items
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import NotFound
from integrations.catalog.models import AlegraItem
from integrations.catalog.searching import find
from integrations.connections.models import AlegraCompany, Integration
from integrations.sending.release import release
from integrations.timekeeping import clock

# Problems about a product of Alegra; their subject is its id.
UNUSABLE_CODES = ("item_unusable", "charges_item_unusable", "charge_product_unusable")
UNIT_CODE = "item_without_unit"
# What orders wait for of a product, so that it is read again every few minutes.
WAITING_CODES = (*UNUSABLE_CODES, UNIT_CODE)
MOST_ITEMS = 100_000
BATCH = 300
MOST_VERIFIED = 100
_LARGEST_AMOUNT = Decimal(10) ** 15
_UPDATED = [
    "name",
    "reference",
    "barcode",
    "type",
    "is_active",
    "taxes",
    "unit",
    "has_stock",
    "unit_cost",
    "price",
    "search_key",
    "reference_key",
    "fetched_at",
    "missing_since",
]


def search(company: AlegraCompany, text: str, limit: int = 20) -> list[AlegraItem]:
    """Items that may be linked, by the beginning of their name or reference, else by words
    inside the name. No text finds nothing."""
    rows = AlegraItem.objects.present().filter(company=company)
    found = find(rows, text, keys=("search_key", "reference_key"), limit=limit)
    # What cannot be invoiced is shown, last and closed, so that nobody looks for it in vain.
    return sorted(found, key=lambda item: not item.can_be_invoiced)


def copy_by_id(company: AlegraCompany, alegra_id: str) -> AlegraItem | None:
    """The copy of one product that Alegra still has."""
    return AlegraItem.objects.present().filter(company=company, alegra_id=alegra_id).first()


def copy_of(
    company: AlegraCompany, told: Iterable[alegra_items.Item], *, now: datetime | None = None
) -> list[AlegraItem]:
    """Store these items as copies and return them, in their order.

    An item that can be invoiced again frees the orders that waited for it.
    """
    now = now or clock.now()
    rows = {item.id: _row(company, item, now) for item in told if 0 < len(item.id) <= 64}
    stored: list[AlegraItem] = []
    ids = list(rows)
    for start in range(0, len(ids), BATCH):
        stored += _store(company, [rows[each] for each in ids[start : start + BATCH]])
    return stored


@transaction.atomic
def _store(company: AlegraCompany, rows: list[AlegraItem]) -> list[AlegraItem]:
    known = AlegraItem.objects.filter(company=company)
    ids = [row.alegra_id for row in rows]
    before = {row.alegra_id: row for row in known.filter(alegra_id__in=ids)}
    AlegraItem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["company", "alegra_id"],
        update_fields=_UPDATED,
    )
    by_id = {row.alegra_id: row for row in known.filter(alegra_id__in=ids)}
    healed = {each: _healed_codes(row, by_id[each]) for each, row in before.items()}
    for integration in integrations_of(company) if any(healed.values()) else []:
        for alegra_id, codes in healed.items():
            for code in codes:
                release(code, alegra_id, integration=integration)
    return [by_id[each] for each in ids]


def _healed_codes(before: AlegraItem, now: AlegraItem) -> tuple[str, ...]:
    """What is over of a product: it can be invoiced and could not be, or has the unit it lacked."""
    if not is_usable(now):
        return ()
    got_a_unit = bool(now.unit) and not before.unit
    codes = () if is_usable(before) else UNUSABLE_CODES
    return (*codes, UNIT_CODE) if got_a_unit else codes


def release_healed(item: AlegraItem, integration: Integration) -> None:
    """What waited for this product, linked or chosen for additional charges, goes again.

    It can be invoiced; whether it has a unit is another matter.
    """
    for code in WAITING_CODES if item.unit else UNUSABLE_CODES:
        release(code, item.alegra_id, integration=integration)


def is_usable(item: AlegraItem | None) -> bool:
    """Whether a document may be built with it; None is an item that Alegra has no more."""
    return item is not None and item.why_unusable is None


def refresh_one(company: AlegraCompany, client: AlegraClient, alegra_id: str) -> AlegraItem | None:
    """Read one item anew; None when Alegra has it no more, which its copy then says.

    Raises AlegraError. Call it outside a transaction.
    """
    try:
        told = alegra_items.read(client, alegra_id)
    except NotFound:
        now = clock.now()
        copy = AlegraItem.objects.filter(company=company, alegra_id=alegra_id)
        copy.update(missing_since=Coalesce("missing_since", now), fetched_at=now)
        return None
    return next(iter(copy_of(company, [told])), None)


def mark_missing(company: AlegraCompany, client: AlegraClient, *, began: datetime) -> int:
    """After a whole read: what it did not show is gone. Returns how many.

    A row that slid between two pages is no proof, so linked items are asked for one by one.
    """
    unseen = AlegraItem.objects.present().filter(company=company, fetched_at__lt=began)
    linked = unseen.filter(links__isnull=False).distinct()
    asked = 0
    for alegra_id in list(linked.values_list("alegra_id", flat=True)[:MOST_VERIFIED]):
        asked += refresh_one(company, client, alegra_id) is None
    return asked + unseen.filter(links__isnull=True).update(missing_since=clock.now())


def _row(company: AlegraCompany, item: alegra_items.Item, now: datetime) -> AlegraItem:
    row = AlegraItem(
        organization_id=company.organization_id,
        company=company,
        alegra_id=item.id,
        name=item.name[:200],
        reference=item.reference[:120],
        barcode=(item.barcode or "")[:64],
        type=(item.type or "simple")[:20],
        is_active=item.status in ("", "active"),
        taxes=[
            {
                "id": tax.id,
                "name": tax.name,
                "percentage": "" if tax.percentage is None else str(tax.percentage),
            }
            for tax in item.taxes
        ],
        unit=item.unit[:40],
        has_stock=item.has_stock,
        unit_cost=_amount(item.unit_cost),
        price=_amount(item.price),
        fetched_at=now,
    )
    row.fill_keys()
    return row


def _amount(told: Decimal | None) -> Decimal | None:
    """COP with cents; None for what no price can be."""
    if told is None or abs(told) >= _LARGEST_AMOUNT:
        return None
    return told.quantize(Decimal("0.01"))


def integrations_of(company: AlegraCompany) -> list[Integration]:
    """The integrations that write into this company, the newest first; none archived."""
    return list(
        Integration.objects.active()
        .filter(company=company)
        .select_related("credential__alegra_user", "company")
        .order_by("-pk")
    )
