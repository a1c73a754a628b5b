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
from integrations.documents import buckets
from integrations.documents.buckets import COLUMNS, bucket_by
from integrations.orders.models import Order

# In the order of the sentence; each part reads the same in singular and plural. What is not
# named has no document.
_WORDS = {
    buckets.ACCEPTED: gettext_lazy("%(n)s con factura aceptada"),
    buckets.AT_DIAN: gettext_lazy("%(n)s en la DIAN"),
    buckets.EMITTED_THERE: gettext_lazy("%(n)s con factura emitida que la DIAN no ha aceptado"),
    buckets.OPEN_THERE: gettext_lazy("%(n)s con factura abierta sin emitir"),
    buckets.REJECTED: gettext_lazy("%(n)s que la DIAN rechazó"),
    buckets.DRAFT: gettext_lazy("%(n)s con borrador por emitir"),
    buckets.REMISSION: gettext_lazy("%(n)s con remisión"),
    buckets.EXTERNAL: gettext_lazy("%(n)s con documento hecho por fuera"),
    buckets.FOR_APPROVAL: gettext_lazy("%(n)s por aprobar"),
    buckets.TO_ATTEND: gettext_lazy("%(n)s por atender"),
    buckets.QUEUED: gettext_lazy("%(n)s en camino"),
    buckets.BEING_CHECKED: gettext_lazy("%(n)s que estamos verificando en Alegra"),
    buckets.WAITING: gettext_lazy("%(n)s en espera"),
    None: gettext_lazy("%(n)s sin documento"),
}


def month_in_words(now: datetime) -> str:
    """«Este mes llegaron 12 pedidos: 7 con borrador por emitir y 5 en espera.»; '' without any."""
    begins = bogota(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Order.objects.filter(first_seen_at__gte=begins)
        .order_by()
        .values_list(*(f"document__{column}" for column in COLUMNS))
        .annotate(n=Count("pk"))
    )
    counts = dict.fromkeys(_WORDS, 0)
    for *columns, n in rows:
        bucket = bucket_by(*columns)
        counts[bucket if bucket in counts else None] += n
    total = sum(counts.values())
    if not total:
        return ""
    parts = [str(_WORDS[bucket]) % {"n": number(n)} for bucket, n in counts.items() if n]
    listed = _(" y ").join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    text = ngettext(
        "Este mes llegó %(n)s pedido: %(parts)s.",
        "Este mes llegaron %(n)s pedidos: %(parts)s.",
        total,
    )
    return text % {"n": number(total), "parts": listed}
