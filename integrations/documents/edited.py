"""What a person changed of a document in Alegra, found by comparing two readings of it.

When it is compared with what was built, its form in Alegra is kept beside the document
(`shown`): Alegra rounds prices in its own way, so that only its own earlier answer is a fair
measure. What is other in a later answer was changed by a person, whose version is never
overwritten (product, the document is made). None or '' says that Alegra did not tell, and is no
difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.alegra.document import DRAFT, Line
from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.masking import mask_name
from integrations.colombia.peso_text import number, pesos
from integrations.configuration.references import name_of
from integrations.connections.models import ReferenceEntry
from integrations.documents import verify
from integrations.documents.made_of import Change, digest_of
from integrations.documents.models import Document
from integrations.timekeeping.words import MONTHS

_Kind = ReferenceEntry.Kind
_NAMED: dict[str, tuple[Promise, str]] = {
    "warehouse": (gettext_lazy("Bodega"), _Kind.WAREHOUSE),
    "seller": (gettext_lazy("Vendedor"), _Kind.SELLER),
    "cost_center": (gettext_lazy("Centro de costos"), _Kind.COST_CENTER),
    "numbering": (gettext_lazy("Numeración"), _Kind.NUMBER_TEMPLATE),
}
# What a payment cannot be made over: more or less is owed, or by somebody else.
HOLDS_PAYMENT = ("total", "client")
_CENT = Decimal("0.01")
_LINES_TOLD = 6


class Raw(NamedTuple):
    """One thing that differs, in words that tell it apart from any other."""

    what: str
    was: str
    now: str


def shown(found: AlegraDocument, *, is_right: bool) -> dict[str, Any]:
    """Its form for the row, as JSON and without the buyer's data. `is_right`: it agreed with what
    was built."""
    return {
        "id": found.id,
        "is_right": is_right,
        "client": found.client_id,
        "total": _plain(found.total),
        "tax": None if found.tax is None else _plain(found.tax),
        "date": _iso(found.date),
        "due": _iso(found.due_date),
        "warehouse": found.warehouse_id,
        "seller": found.seller_id,
        "cost_center": found.cost_center_id,
        "numbering": found.numbering_id,
        # None where Alegra does not tell.
        "electronic": found.is_electronic,
        "means": found.payment_means,
        "lines": [_line(each) for each in found.lines],
    }


def known(document: Document) -> dict[str, Any] | None:
    """The form of the very record that it has in Alegra now; None where none was kept."""
    form = document.as_verified
    return form if form and form["id"] == document.alegra_id else None


def differences(document: Document, found: AlegraDocument) -> tuple[Raw, ...]:
    """What is other than it was, the most costly first. No queries."""
    before = known(document)
    if before is None:
        return tuple(_from_built(document, found))
    return tuple(_between(document, before, shown(found, is_right=True), found.status == DRAFT))


def columns(document: Document, found: AlegraDocument, *, is_right: bool) -> dict[str, Any]:
    """What of the row follows, after it was compared with what was built (`is_right`).

    What was right once is the measure until the document is another one in Alegra.
    """
    before = known(document)
    if before is None or not before["is_right"]:
        return {"as_verified": shown(found, is_right=is_right), "edited": None}
    return {"edited": kept(document, found)}


def kept(document: Document, found: AlegraDocument) -> dict[str, Any] | None:
    """For `Document.edited`: what differs, and one short text for exactly that."""
    return _kept(document, found, differences(document, found))


def kept_of_emitted(document: Document, found: AlegraDocument) -> dict[str, Any] | None:
    """The same, of one that is emitted: what was wrong before a person emitted it is wrong still,
    and nothing else says so once it waits no more."""
    before = known(document)
    if before is None or before["is_right"]:
        return kept(document, found)
    return _kept(document, found, tuple(_from_built(document, found)))


def _kept(document: Document, found: AlegraDocument, raw: tuple[Raw, ...]) -> dict[str, Any] | None:
    if not raw:
        return None
    told = [_told(document, found, each) for each in raw]
    return {"changes": [_stored(each) for each in told], "digest": digest_of(raw)}


def digest_now(document: Document, found: AlegraDocument) -> str:
    """What `digest` would be of this reading, '' where nothing differs."""
    raw = differences(document, found)
    return digest_of(raw) if raw else ""


def digest(document: Document) -> str:
    """One short text for exactly what is kept, '' for nothing."""
    return str((document.edited or {}).get("digest", ""))


def changes_of(document: Document) -> tuple[Change, ...]:
    """What is kept, for the screens."""
    rows = (document.edited or {}).get("changes", ())
    return tuple(Change(**{**row, "exactly": tuple(row["exactly"])}) for row in rows)


def holds_payment(document: Document) -> bool:
    """Whether it has another total or client than was sent."""
    return any(each.what in HOLDS_PAYMENT for each in changes_of(document))


# --- What differs --------------------------------------------------------------------------
def _between(
    document: Document, before: dict[str, Any], now: dict[str, Any], is_draft: bool
) -> Iterable[Raw]:
    if abs(Decimal(before["total"]) - Decimal(now["total"])) >= _CENT:
        yield Raw("total", before["total"], now["total"])
    yield from _other("client", before, now)
    if before["lines"] and now["lines"]:
        yield from _lines(before["lines"], now["lines"])
    if is_draft:
        # On the day of its emission it gets that day's date (Colombian invoicing reference, dates).
        ours = {before["date"], _iso(document.doc_date)}
        if now["date"] and now["date"] not in ours:
            yield Raw("date", before["date"] or "", now["date"])
        elif now["date"] == before["date"]:
            yield from _other("due", before, now)
    for what in (*_NAMED, "means"):
        yield from _other(what, before, now)


def _other(what: str, before: dict[str, Any], now: dict[str, Any]) -> Iterable[Raw]:
    if before[what] and now[what] and before[what] != now[what]:
        yield Raw(what, before[what], now[what])


def _lines(before: list[list], now: list[list]) -> Iterable[Raw]:
    """Units by product first; only where these are the same, prices, discounts and taxes."""
    for what, of in (
        ("lines", lambda row: row["item"]),
        ("prices", lambda row: (row["item"], row["price"], row["discount"])),
        ("taxes", lambda row: (row["item"], *row["taxes"])),
    ):
        was, is_now = _counted(before, of), _counted(now, of)
        if was != is_now:
            yield Raw(what, str(was), str(is_now))
            return


def _counted(rows: list, of: Any) -> list[tuple[str, str]]:
    units: Counter = Counter()
    for row in rows:
        units[str(of(row))] += Decimal(row["quantity"])
    return sorted((key, _plain(value)) for key, value in units.items())


def _from_built(document: Document, found: AlegraDocument) -> Iterable[Raw]:
    """Of one whose form was not kept: what is other than was built."""
    built = document.built
    if not built.get("value"):
        return
    if not verify.total_is_right(found, built):
        yield Raw("total", str(built["value"]), _plain(found.total))
    if verify.is_another_client(found, built, document.buyer_contact):
        yield Raw("client", str(built.get("client", "")), found.client_id)
    if found.lines and len(found.lines) != built["rows"]:
        yield Raw("lines", str(built["rows"]), str(len(found.lines)))
    elif found.tax is not None and abs(found.tax - Decimal(built["tax"])) > verify.TAX_TOLERANCE:
        yield Raw("taxes", str(built["tax"]), _plain(found.tax))


# --- In words ------------------------------------------------------------------------------
def _told(document: Document, found: AlegraDocument, raw: Raw) -> Change:
    before = known(document) or {}
    what, exactly = raw.what, (raw.was, raw.now)
    match what:
        case "total":
            name, was, now = _("Total"), pesos(Decimal(raw.was)), pesos(Decimal(raw.now))
        case "client":
            was = document.made_of.get("buyer_text") or _("el comprador del pedido")
            now = mask_name(found.client_name) or _("otro")
            return Change(what, _("Cliente"), was, now, _("el cliente es otro"), exactly)
        case "lines" | "prices" | "taxes":
            was, now = (
                _in_words(before.get("lines", [])),
                _in_words([_line(each) for each in found.lines]),
            )
            name, sentence = {
                "lines": (_("Productos"), _("cambiaron los productos o sus cantidades")),
                "prices": (_("Precios"), _("cambiaron los precios o los descuentos")),
                "taxes": (_("Impuestos"), _("cambiaron los impuestos")),
            }[what]
            return Change(what, name, was, now, sentence, exactly)
        case "date":
            name, was, now = _("Fecha"), _day(raw.was), _day(raw.now)
        case "due":
            name, was, now = _("Vencimiento"), _day(raw.was), _day(raw.now)
        case "means":
            name, was, now = _("Medio de pago"), raw.was, raw.now
        case _:
            label, kind = _NAMED[what]
            name = str(label)
            was, now = (name_of(document.company_id, kind, each) for each in exactly)
    sentence = _("%(name)s: era %(was)s y ahora es %(now)s")
    return Change(
        what, name, was, now, sentence % {"name": name.lower(), "was": was, "now": now}, exactly
    )


def _in_words(rows: list[dict[str, Any]]) -> str:
    told = [
        _("%(n)s × %(label)s a %(price)s")
        % {
            "n": number(Decimal(row["quantity"])),
            "label": row["name"] or row["item"],
            "price": pesos(Decimal(row["price"])),
        }
        for row in rows[:_LINES_TOLD]
    ]
    if len(rows) > _LINES_TOLD:
        told.append(_("y %(n)d más") % {"n": len(rows) - _LINES_TOLD})
    return ", ".join(told) or "—"


def _stored(change: Change) -> dict[str, Any]:
    return {
        **change.plain(), "sentence": change.sentence, "exactly": list(change.exactly),
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "item": line.item_id,
        "name": line.name,
        "quantity": _plain(line.quantity),
        "price": _plain(line.price),
        "discount": _plain(line.discount),
        "taxes": sorted(tax.id for tax in line.taxes),
    }


def _plain(value: Decimal) -> str:
    """The same text for 2, 2.0 and 2.0000."""
    return format(Decimal(value).normalize(), "f")


def _iso(day: date | datetime | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> str:
    if not text:
        return "—"
    day = date.fromisoformat(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
