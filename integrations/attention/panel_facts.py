"""What the list of integrations says of each: its document, today, what waits, what holds."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from integrations.attention.waiting import Waiting
from integrations.colombia.dates import BOGOTA, bogota_today
from integrations.colombia.peso_text import number, pesos
from integrations.configuration.models import DocumentSettings
from integrations.connections import panel
from integrations.connections.models import Integration
from integrations.connections.panel import Fact
from integrations.documents import buckets
from integrations.documents.buckets import COLUMNS, bucket_by
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping import clock

# What the history shows as *En espera*.
_SHORT_OF_IT = Q(document=None) | buckets.WAITING.among("document__")
# What a document may be that is in Alegra, one and many.
_TODAY = {
    buckets.ACCEPTED: ngettext_lazy(
        "%(shown)s factura aceptada", "%(shown)s facturas aceptadas", "n"
    ),
    buckets.AT_DIAN: ngettext_lazy("%(shown)s en la DIAN", "%(shown)s en la DIAN", "n"),
    buckets.EMITTED_THERE: ngettext_lazy(
        "%(shown)s emitida sin aceptar", "%(shown)s emitidas sin aceptar", "n"
    ),
    buckets.OPEN_THERE: ngettext_lazy(
        "%(shown)s abierta sin emitir", "%(shown)s abiertas sin emitir", "n"
    ),
    buckets.REJECTED: ngettext_lazy("%(shown)s rechazada", "%(shown)s rechazadas", "n"),
    buckets.DRAFT: ngettext_lazy("%(shown)s borrador", "%(shown)s borradores", "n"),
    buckets.REMISSION: ngettext_lazy("%(shown)s remisión", "%(shown)s remisiones", "n"),
}


def connect() -> None:
    if facts_of not in panel.facts:
        panel.facts.append(facts_of)
        panel.waiting.append(sentences_of)


def facts_of(integrations: list[Integration]) -> dict[int, list[Fact]]:
    """Four figures for each that has ever been on, and what of it waits to be an invoice, if
    anything does; five queries for all of them."""
    shown = [each for each in integrations if each.activated_at]
    if not shown:
        return {}
    kinds = _kinds(shown)
    today = _documents_of_today(shown)
    waiting = _orders_short_of_their_trigger(shown)
    unfinished = _no_invoices_yet(shown)
    held = Waiting()
    return {
        each.pk: [
            Fact(_("Documento"), kinds.get(each.pk, "—")),
            Fact(_("Hoy"), today.get(each.pk) or _("ningún documento")),
            Fact(
                _("En espera"),
                _orders(waiting.get(each.pk, 0)),
                _history(each, "en-espera") if waiting.get(each.pk) else "",
            ),
            *unfinished.get(each.pk, ()),
            Fact(
                _("Por atender"),
                _orders(blocked := held.of(State.BLOCKED, integrations=[each.pk]).orders),
                _history(each, "por-atender") if blocked else "",
            ),
        ]
        for each in shown
    }


def sentences_of(integrations: list[Integration]) -> dict[int, str]:
    """What a pause holds back: «11 pedidos esperan por $ 1.204.600.»; one query, none without
    a pause."""
    paused = [each for each in integrations if each.paused_reason or _is_refused(each)]
    if not paused:
        return {}
    held = Waiting()
    found = {
        each.pk: held.of(State.PENDING, State.UNCONFIRMED, integrations=[each.pk])
        for each in paused
    }
    return {
        pk: ngettext(
            "%(count)s pedido espera por %(pesos)s.",
            "%(count)s pedidos esperan por %(pesos)s.",
            amount.orders,
        )
        % {"count": number(amount.orders), "pesos": pesos(amount.pesos)}
        for pk, amount in found.items()
        if amount
    }


def _is_refused(integration: Integration) -> bool:
    return integration.credential.is_paused


def _kinds(integrations: list[Integration]) -> dict[int, str]:
    words = {
        ("invoice", "draft"): _("Factura electrónica, en borrador"),
        ("invoice", "definitive"): _("Factura electrónica, definitiva"),
        ("remission", "draft"): _("Remisión, por aprobar"),
        ("remission", "definitive"): _("Remisión"),
    }
    rows = DocumentSettings.objects.filter(integration__in=integrations)
    return {
        row.integration_id: words[row.kind, row.mode]
        for row in rows.only("integration_id", "organization_id", "kind", "mode")
    }


def _documents_of_today(integrations: list[Integration]) -> dict[int, str]:
    """Documents in Alegra that carry today's date, each as what it is: a draft is no invoice."""
    today = bogota_today(clock.now())
    rows = Document.objects.filter(
        integration__in=integrations,
        state__in=EXISTS_IN_ALEGRA,
        # Dated today, it also changed its state today: that is what the index knows.
        state_since__gte=datetime.combine(today, time.min, tzinfo=BOGOTA),
        doc_date=today,
    )
    return {pk: _told(of_one) for pk, of_one in _by_bucket(rows).items()}


def _by_bucket(rows: QuerySet[Document]) -> dict[int, dict[buckets.Bucket, int]]:
    """By integration: how many of these documents are in each bucket, in the order of `_TODAY`."""
    counted: dict[int, dict[buckets.Bucket, int]] = {}
    grouped = rows.order_by().values("integration_id", *COLUMNS).annotate(n=Count("pk"))
    for pk, n, *columns in grouped.values_list("integration_id", "n", *COLUMNS):
        counted.setdefault(pk, dict.fromkeys(_TODAY, 0))[bucket_by(*columns)] += n
    return counted


def _no_invoices_yet(integrations: list[Integration]) -> dict[int, list[Fact]]:
    """Drafts, and what the DIAN rejected: neither is an invoice. One query."""
    labels = {buckets.DRAFT: _("Por emitir"), buckets.REJECTED: _("Rechazadas")}
    by_id = {each.pk: each for each in integrations}
    rows = Document.objects.filter(
        buckets.DRAFT.among() | buckets.REJECTED.among(), integration__in=integrations
    )
    return {
        pk: [
            Fact(label, _one_or_many(bucket, n), _history(by_id[pk], bucket.code))
            for bucket, label in labels.items()
            if (n := counts[bucket])
        ]
        for pk, counts in _by_bucket(rows).items()
    }


def _one_or_many(bucket: buckets.Bucket, n: int) -> str:
    return _TODAY[bucket] % {"n": n, "shown": number(n)}


def _told(counts: dict[buckets.Bucket, int]) -> str:
    """«2 facturas aceptadas · 3 borradores · 1 remisión»."""
    return " · ".join(_one_or_many(bucket, n) for bucket, n in counts.items() if n)


def _orders_short_of_their_trigger(integrations: list[Integration]) -> dict[int, int]:
    return _counted(Order.objects.filter(_SHORT_OF_IT, integration__in=integrations))


def _counted(rows) -> dict[int, int]:
    return dict(
        rows.order_by()
        .values("integration_id")
        .annotate(n=Count("pk"))
        .values_list("integration_id", "n")
    )


def _orders(count: int) -> str:
    text = ngettext("%(count)s pedido", "%(count)s pedidos", count)
    return text % {"count": number(count)}


def _history(integration: Integration, state: str) -> str:
    url = reverse("history", args=[integration.organization.slug])
    return f"{url}?integracion={integration.pk}&estado={state}"
