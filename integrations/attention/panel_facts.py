"""What the list of integrations says of each: its document, today, what waits, what holds."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.attention.waiting import Waiting
from integrations.colombia.dates import BOGOTA, bogota_today
from integrations.colombia.peso_text import number, pesos
from integrations.configuration.models import DocumentSettings
from integrations.connections import panel
from integrations.connections.models import Integration
from integrations.connections.panel import Fact
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping import clock

# What the history shows as *En espera*.
_SHORT_OF_IT = Q(document=None) | Q(
    document__state=State.SKIPPED, document__reason="back_to_waiting"
)


def connect() -> None:
    if facts_of not in panel.facts:
        panel.facts.append(facts_of)
        panel.waiting.append(sentences_of)


def facts_of(integrations: list[Integration]) -> dict[int, list[Fact]]:
    """Four figures for each that has ever been on; four queries for all of them."""
    shown = [each for each in integrations if each.activated_at]
    if not shown:
        return {}
    kinds = _kinds(shown)
    today = _documents_of_today(shown)
    waiting = _orders_short_of_their_trigger(shown)
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
    """Documents in Alegra that carry today's date, as what they are: a draft is no invoice."""
    today = bogota_today(clock.now())
    rows = Document.objects.filter(
        integration__in=integrations,
        state__in=EXISTS_IN_ALEGRA,
        # Dated today, it also changed its state today: that is what the index knows.
        state_since__gte=datetime.combine(today, time.min, tzinfo=BOGOTA),
        doc_date=today,
    )
    counted: dict[int, dict[str, int]] = {}
    columns = ("integration_id", "kind", "state")
    for pk, kind, state, n in (
        rows.order_by().values(*columns).annotate(n=Count("pk")).values_list(*columns, "n")
    ):
        what = "remission" if kind == "remission" else "draft" if state == State.CREATED else "sent"
        of_one = counted.setdefault(pk, dict.fromkeys(("draft", "sent", "remission"), 0))
        of_one[what] += n
    return {pk: _told(of_one) for pk, of_one in counted.items()}


def _told(counts: dict[str, int]) -> str:
    """«3 borradores · 1 remisión»."""
    drafts, sent, remissions = counts["draft"], counts["sent"], counts["remission"]
    parts = [
        (drafts, ngettext("%(n)s borrador", "%(n)s borradores", drafts)),
        (sent, ngettext("%(n)s factura", "%(n)s facturas", sent)),
        (remissions, ngettext("%(n)s remisión", "%(n)s remisiones", remissions)),
    ]
    return " · ".join(text % {"n": number(n)} for n, text in parts if n)


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
