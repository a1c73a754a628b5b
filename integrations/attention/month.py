"""What became of the orders of this month, in one sentence that adds up.

A draft is not an invoice: it is counted as what it is (product rules, *Seeing it*).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.colombia.dates import bogota
from integrations.colombia.peso_text import number
from integrations.orders.models import Order
from integrations.sending.states import State

# In the order of the sentence; each part reads the same in singular and plural.
_WORDS = {
    "accepted": gettext_lazy("%(n)s con factura aceptada"),
    "at_dian": gettext_lazy("%(n)s en la DIAN"),
    "rejected": gettext_lazy("%(n)s que la DIAN rechazó"),
    "draft": gettext_lazy("%(n)s con borrador por emitir"),
    "remission": gettext_lazy("%(n)s con remisión"),
    "external": gettext_lazy("%(n)s con documento hecho por fuera"),
    "for_approval": gettext_lazy("%(n)s por aprobar"),
    "blocked": gettext_lazy("%(n)s por atender"),
    "under_way": gettext_lazy("%(n)s en camino"),
    "waiting": gettext_lazy("%(n)s en espera"),
    "without": gettext_lazy("%(n)s sin documento"),
}
_BUCKETS = {
    State.ISSUED: "accepted",
    State.EMITTING: "at_dian",
    State.REJECTED: "rejected",
    State.EXTERNAL: "external",
    State.AWAITING_APPROVAL: "for_approval",
    State.BLOCKED: "blocked",
    State.PENDING: "under_way",
    State.SENDING: "under_way",
    State.UNCONFIRMED: "under_way",
}


def month_in_words(now: datetime) -> str:
    """«Este mes llegaron 12 pedidos: 7 con borrador por emitir y 5 en espera.»; '' without any."""
    begins = bogota(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Order.objects.filter(first_seen_at__gte=begins)
        .order_by()
        .values_list("document__state", "document__kind", "document__reason")
        .annotate(n=Count("pk"))
    )
    counts = dict.fromkeys(_WORDS, 0)
    for state, kind, reason, n in rows:
        counts[_bucket(state, kind, reason)] += n
    total = sum(counts.values())
    if not total:
        return ""
    parts = [str(_WORDS[code]) % {"n": number(n)} for code, n in counts.items() if n]
    listed = _(" y ").join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    text = ngettext(
        "Este mes llegó %(n)s pedido: %(parts)s.",
        "Este mes llegaron %(n)s pedidos: %(parts)s.",
        total,
    )
    return text % {"n": number(total), "parts": listed}


def _bucket(state: str | None, kind: str | None, reason: str | None) -> str:
    if state is None or (state == State.SKIPPED and reason == "back_to_waiting"):
        return "waiting"
    if state == State.CREATED:
        return "draft" if kind == "invoice" else "remission"
    return _BUCKETS.get(State(state), "without")
