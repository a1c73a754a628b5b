"""What stands beside a document: its order changed since, or is no sale any more.

The document keeps its state. Its open problems beside it are made true after every change of
the order, and when it becomes known in Alegra; a later body that restores what was closes them.
A person's *Está bien así* counts for exactly the difference that was shown. Of a document made
elsewhere it is said too, against the order as it was when it was marked (*Ya tiene documento*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.documents import emission, note_advice
from integrations.documents.far_status import stays
from integrations.documents.made_of import UNDOES, Change, as_it_is, changes, digest_of
from integrations.documents.models import Document
from integrations.documents.there import There, found_there
from integrations.inventory.lookup import warehouse_for
from integrations.inventory.models import Bodega
from integrations.mastershop import statuses
from integrations.orders.contradiction import contradiction_of
from integrations.orders.models import Order
from integrations.sending import causes
from integrations.sending.problem_kinds import Found
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping import clock

CHANGED, REVERSED = "changed_after", "reversed_after"
_HAPPENED = {
    "cancelled": gettext_lazy("se canceló"),
    "returned": gettext_lazy("se devolvió"),
    "claim": gettext_lazy("está en reclamaciones"),
}


@dataclass(frozen=True)
class After:
    """`changes` between what the document was made of and the order; `reversal` is the code of
    a status that undoes the sale, or ''. `fine` are the words of who said *Está bien así* of
    what is found, by the problem's code: who, why and when."""

    changes: tuple[Change, ...] = ()
    reversal: str = ""
    fine: tuple[tuple[str, dict], ...] = ()
    # The reversal arrived last, but its date is earlier than the status known before.
    is_doubted: bool = False
    # What people did to the document itself in Alegra.
    there: tuple[There, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.reversal or self.there)

    @property
    def edited(self) -> tuple[Change, ...]:
        """What a person changed of the document in Alegra."""
        return next((each.changes for each in self.there if each.changes), ())

    @property
    def is_undone(self) -> bool:
        """Whether the order is no sale to be documented any more; a claim is not decided."""
        if self.reversal:
            return self.reversal != "claim"
        return any(each.what in UNDOES for each in self.changes)

    @property
    def happened(self) -> str:
        """«se devolvió», or '' for an order that is still a sale."""
        return happened(self.reversal, is_doubted=self.is_doubted)

    @property
    def digests(self) -> dict[str, str]:
        """For each problem that is found: the difference in one text."""
        found = {}
        if self.changes:
            found[CHANGED] = digest_of((each.what, *each.exactly) for each in self.changes)
        if self.reversal:
            doubted = ("doubted",) if self.is_doubted else ()
            found[REVERSED] = digest_of([(self.reversal, *doubted)])
        for each in self.there:
            found[each.code] = digest_of([each.exactly])
        return found

    @property
    def open_codes(self) -> tuple[str, ...]:
        """What nobody has said of that it is fine."""
        settled = {code for code, _words in self.fine}
        return tuple(code for code in self.digests if code not in settled)

    @property
    def seen(self) -> str:
        """What a page showed, to be given back with the answer to it."""
        return digest_of(self.digests.items())


def happened(status: str, *, is_doubted: bool = False) -> str:
    words = str(_HAPPENED.get(status, ""))
    if words and is_doubted:
        text = _("%(happened)s (lo avisó MasterShop con una fecha anterior; compruébalo allá)")
        return text % {"happened": words}
    return words


def is_in_alegra(document: Document) -> bool:
    """Known there, by its id; somebody else's document is named only."""
    return bool(document.alegra_id) and document.state in (*EXISTS_IN_ALEGRA, State.BLOCKED)


def is_followed(document: Document) -> bool:
    """Whether it is said of its order what happened since: ours is there, or another one is."""
    return is_in_alegra(document) or is_marked(document)


def is_marked(document: Document) -> bool:
    """Somebody else's document, and it is known what the order said when it was named."""
    return document.state == State.EXTERNAL and "marked_at_status" in document.made_of


def mark(document: Document, order: Order) -> None:
    """Keep what the order says at this moment, to find later changes by comparing with it.

    Needs the order's lock. What a document of ours was made of is kept for `unmark`.
    """
    ours = document.made_of.get("ours", document.made_of)
    form = {**as_it_is(order), "marked_at_status": order.status, "ours": ours}
    Document.objects.filter(pk=document.pk).update(made_of=form)
    document.made_of = form


def unmark(document: Document, *, now: datetime, by: str = "") -> None:
    """The named document is none after all. Before it leaves its state."""
    causes.close_beside(document, now=now, by=by)
    if "ours" in document.made_of:
        ours = document.made_of["ours"]
        Document.objects.filter(pk=document.pk).update(made_of=ours)
        document.made_of = ours


def after_of(document: Document, order: Order) -> After:
    """What happened to the order since its document was made: the one function that says it.

    One query for the lines, and two more where the bodega is another. Nothing is said to have
    changed where it is not known what the document was made of.
    """
    if not is_followed(document):
        return After()
    found = changes(*_with_names(order, document.made_of)) if document.made_of else ()
    found = tuple(
        each for each in found if each.what != "bodega" or not _same_warehouse(document, order)
    )
    reversal, is_doubted = reversal_of(order)
    if is_marked(document) and reversal == document.made_of["marked_at_status"]:
        # Whoever named the document knew it.
        reversal, is_doubted = "", False
    there = found_there(document) if is_in_alegra(document) else ()
    after = After(found, reversal, is_doubted=is_doubted, there=there)
    digests = after.digests
    fine = {
        word["code"]: word
        for word in document.said_fine
        if digests.get(word["code"]) == word["digest"]
    }
    return replace(after, fine=tuple(fine.items()))


def reversal_of(order: Order) -> tuple[str, bool]:
    """The status that undoes the sale, or '', and whether its date contradicts it.

    A return that arrives last with a date before the delivery may still be true, so nothing
    invites to emit until that is settled.
    """
    contradiction = contradiction_of(order)
    told = [order.status] + ([contradiction.status] if contradiction else [])
    for code in told:
        status = statuses.by_code(code)
        if status.reverses or code == "claim":
            return code, code != order.status
    return "", False


def refresh(document: Document, order: Order, *, now: datetime, by: str = "") -> None:
    """Make the problems beside the document true. Needs the order's lock."""
    if not is_followed(document):
        causes.close_beside(document, now=now, by=by)
        return
    if order.reread_next_at is not None:
        # Told without a signature and being read at its source: not yet believed.
        return
    after = after_of(document, order)
    found = {CHANGED: _changed, REVERSED: _reversed}
    problems = [found.get(code, _there)(document, order, after, code) for code in after.open_codes]
    causes.set_beside(document, problems, now=now, by=by)
    if not problems and document.emit_since is not None:
        emission.look_again(document, now=now)


def follow_emission(document: Document) -> None:
    """It was emitted with something beside it, which is said of an emitted invoice from now on.

    In the transaction that makes it ISSUED; one query where nothing is beside it.
    """
    if any(problem.code in (CHANGED, REVERSED) for problem in causes.open_of(document)):
        order = Order.objects.select_related("integration").select_for_update(
            no_key=True, of=("self",)
        )
        refresh(document, order.get(pk=document.order_id), now=clock.now())


def _there(document: Document, order: Order, after: After, code: str) -> Found:
    [found] = [each for each in after.there if each.code == code]
    params = {"order": order.number, "order_id": order.pk, **found.params}
    return Found(code, order.key, params)


def _changed(document: Document, order: Order, after: After, code: str) -> Found:
    return Found(
        code,
        order.key,
        {
            "order": order.number,
            "order_id": order.pk,
            "difference": "; ".join(each.sentence for each in after.changes),
            "changes": [each.plain() for each in after.changes],
            **_todo(document, order, after),
        },
    )


def _reversed(document: Document, order: Order, after: After, code: str) -> Found:
    return Found(
        code,
        order.key,
        {
            "order": order.number,
            "order_id": order.pk,
            "status": after.reversal,
            "happened": after.happened,
            "stays": stays(document),
            **_todo(document, order, after),
        },
    )


def _todo(document: Document, order: Order, after: After) -> dict[str, str]:
    """What a line of *Por atender* says beside the problem."""
    short = note_advice.in_short(document, order, after)
    return {"todo": short} if short else {}


def _with_names(order: Order, before: dict[str, Any]) -> tuple[dict, dict]:
    """Both forms, with the names of two bodegas of which only the ids were told."""
    now = as_it_is(order)
    forms = (before, now)
    if before["bodega"] == now["bodega"] or all(
        form["bodega"] != form["bodega_name"] for form in forms
    ):
        return forms
    rows = Bodega.objects.filter(
        integration_id=order.integration_id, source_id__in=[form["bodega"] for form in forms]
    )
    names = {row.source_id: row.name for row in rows if row.name}
    return tuple(
        {**form, "bodega_name": names.get(form["bodega"], form["bodega_name"])}
        if form["bodega"] == form["bodega_name"]
        else form
        for form in forms
    )


def _same_warehouse(document: Document, order: Order) -> bool:
    """Whatever the bodega is called now, Alegra takes the goods from the same warehouse."""
    found = warehouse_for(order.integration, order.bodega_id, order.bodega_name)
    return not found.problem and (found.warehouse_id or "") == document.built.get("warehouse", "")
