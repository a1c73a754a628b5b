"""Pages by where one stopped reading, not by number: new orders never shift them.

A cursor is the last row's place in the order (first seen, id) and how many rows came before;
it is signed, so that nobody reads the list from a place that was never shown to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db.models import Q, QuerySet

from integrations.orders.models import Order

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """The row after which the next page begins; `shown` rows came up to and with it."""

    at: datetime
    pk: int
    shown: int

    def text(self, organization_id: int) -> str:
        moment = (self.at - _EPOCH) // _MICROSECOND
        return _signer(organization_id).sign(f"{moment}.{self.pk}.{self.shown}")


def read(text: str, organization_id: int) -> Cursor | None:
    """The cursor, or None for one that was not made here for this organization."""
    try:
        moment, pk, shown = _signer(organization_id).unsign(text).split(".")
        return Cursor(_EPOCH + int(moment) * _MICROSECOND, int(pk), int(shown))
    except (signing.BadSignature, ValueError, OverflowError):
        return None


def newest_first(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.order_by("-first_seen_at", "-id")


def after(rows: QuerySet[Order], at: datetime, pk: int) -> QuerySet[Order]:
    """The rows that come after this place. The first bound is what the index is entered by."""
    return rows.filter(
        Q(first_seen_at__lt=at) | Q(first_seen_at=at, id__lt=pk), first_seen_at__lte=at
    )


def _signer(organization_id: int) -> signing.Signer:
    return signing.Signer(salt=f"history.cursor.{organization_id}")
