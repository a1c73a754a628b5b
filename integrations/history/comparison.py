"""The order beside its document, line by line: what was made, or what would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.colombia.money import is_right
from integrations.colombia.peso_text import number
from integrations.documents.acts import has_made_one
from integrations.documents.build import summary
from integrations.documents.models import Document
from integrations.documents.preview import Preview, preview
from integrations.documents.tax_totals import TaxTotal, by_tax, taxes_of
from integrations.mastershop.orders import NormalisedOrder
from integrations.orders.lines import sold_lines
from integrations.orders.models import Order
from integrations.sending.problem_kinds import Found, kind_of
from integrations.sending.states import State

# Nothing was sent: what is shown is what would be sent with the settings of this moment.
_NOT_YET = frozenset({State.PENDING, State.BLOCKED, State.AWAITING_APPROVAL})
# Nothing of it stands for the order: there is nothing to agree with.
_PUT_ASIDE = frozenset({State.EXTERNAL, State.SKIPPED, State.DISMISSED, State.WITHDRAWN})


@dataclass(frozen=True)
class Pair:
    """What was bought, and what goes on the document for it ('' while that is not known)."""

    bought: str
    amount: Decimal | None
    item: str = ""
    detail: str = ""
    missing: str = ""
    base: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Comparison:
    """`is_preview`: not sent yet. `fits`: to the peso; None where there is nothing to compare."""

    pairs: tuple[Pair, ...]
    paid: Decimal | None
    kind: str
    is_preview: bool = False
    fits: bool | None = None
    base: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    taxes: tuple[TaxTotal, ...] = ()
    is_generic_buyer: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Found, ...] = ()

    @property
    def noun(self) -> str:
        return _("factura") if self.kind == "invoice" else _("remisión")


def compare(order: Order, *, kind: str) -> Comparison:
    """`kind` is the document's, or the one the settings ask for. Makes no call."""
    document = order.document
    if document is not None and document.built and not _is_open(document):
        made = _of_summary(order, document.built, document.kind)
        return replace(made, fits=_fits(document, made.fits))
    if document is not None and not _is_open(document):
        return _of_order(order, kind)
    if not order.snapshot or order.needs_detail:
        return _of_order(order, kind)
    told = preview(order)
    if told.built is None or told.built.is_worth_nothing:
        return _of_order(order, kind, told)
    return _of_summary(order, summary(told.built), told.built.kind, is_preview=True)


def _is_open(document: Document) -> bool:
    return document.state in _NOT_YET and not document.alegra_id and document.payload is None


def _fits(document: Document, as_built: bool | None) -> bool | None:
    """Whether what Alegra has agrees; what was sent says nothing of one that is wrong or gone."""
    if document.state in _PUT_ASIDE:
        return None
    if not has_made_one(document):
        return as_built
    returned, value = document.returned_total, Decimal(document.built["value"])
    return False if returned is not None and not is_right(returned, value) else None


def _of_summary(
    order: Order, built: dict[str, Any], kind: str, *, is_preview: bool = False
) -> Comparison:
    pairs = tuple(
        Pair(
            bought=_bought(line["label"], Decimal(line["quantity"])),
            amount=Decimal(line["amount"]),
            item=line["item"],
            detail=_detail(line),
            base=Decimal(line["base"]),
            tax=Decimal(line["tax"]),
            total=Decimal(line["total"]),
        )
        for line in built.get("lines", [])
    )
    total = Decimal(built["total"])
    return Comparison(
        pairs=pairs,
        # What was received before was paid too; a note tells the two apart.
        paid=Decimal(built["value"]) if built.get("received") else order.total,
        kind=kind,
        is_preview=is_preview,
        fits=is_right(total, Decimal(built["value"])),
        base=Decimal(built["base"]),
        tax=Decimal(built["tax"]),
        total=total,
        taxes=by_tax(built.get("lines", [])),
        is_generic_buyer=bool(built.get("generic_buyer")),
        notes=tuple(built.get("notes", ())),
    )


def _of_order(order: Order, kind: str, told: Preview | None = None) -> Comparison:
    """The order's side alone; a line without a product of Alegra says so in its place."""
    problems = told.problems if told else ()
    # A line that nobody can tell has no variant: its problem names its place.
    missing = {
        (found.params.get("position"), found.params.get("variant")): str(on_line)
        for found in problems
        if (on_line := kind_of(found.code).on_line)
    }
    pairs = []
    for sold in sold_lines(order):
        line, variant = sold.line, sold.variant
        where = (None, variant.pk) if variant else (line.position, None)
        pairs.append(
            Pair(
                bought=_bought(line.name or line.sku or line.source_product, line.quantity),
                amount=line.unit_price * line.quantity,
                missing=missing.get(where, ""),
            )
        )
    if order.snapshot:
        known = NormalisedOrder.from_json(order.snapshot)
        pairs += [Pair(bought=charge.name, amount=charge.amount) for charge in known.charges]
        pairs += [Pair(bought=cut.name, amount=-cut.amount) for cut in known.cuts]
        if known.discount:
            pairs.append(Pair(bought=_("Descuento"), amount=-known.discount))
    return Comparison(
        pairs=tuple(pairs),
        paid=order.total,
        kind=kind,
        problems=tuple(problems),
    )


def _bought(label: str, quantity: Decimal) -> str:
    return f"{number(quantity.normalize())} × {label}"


def _detail(line: dict[str, Any]) -> str:
    parts = [line.get("reference", ""), taxes_of(line)]
    if Decimal(line.get("discount") or 0):
        parts.append(
            _("con descuento de %(amount)s") % {"amount": number(Decimal(line["discount"]))}
        )
    return " · ".join(filter(None, parts))
