"""The buckets of documents as buckets of orders, and other words of the filters."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.documents import buckets
from integrations.documents.beside import CHANGED, REVERSED
from integrations.documents.models import Document
from integrations.documents.there import CODES
from integrations.orders.models import Order
from integrations.sending.of_order import orders_held


def orders_in(code: str) -> Q:
    """The orders of a bucket. Each is in the bucket of its document, or waits for a person with
    another work. Needs the scope of the moment."""
    bucket = buckets.BUCKETS[code]
    mine = _waiting() if bucket is buckets.WAITING else bucket.among("document__")
    held = orders_held(but=Document)
    if held is None:
        return mine
    if bucket is not buckets.TO_ATTEND:
        return mine & ~Q(pk__in=held)
    return Q(pk__in=Order.objects.filter(mine).order_by().values("pk").union(held))


def _waiting() -> Q:
    """Without a document, or taken back to waiting: a union, so that each part has its index."""
    orders = Order.objects.order_by().values("pk")
    back = orders.filter(buckets.WAITING.among("document__"))
    return Q(pk__in=orders.filter(document=None).union(back, all=True))


CHOICES = [(bucket.code, bucket.word) for bucket in buckets.BUCKETS.values()]
# A draft is no invoice: what is chosen here is what the settings ask for.
KIND_WORDS = {"invoice": _("Factura o su borrador"), "remission": _("Remisión")}
# What became of an order after its document, and the problems that say so.
AFTER_WORDS = {
    "cambio": _("Cambió después"),
    "no-es-venta": _("Se canceló o devolvió después"),
    "en-alegra": _("Lo cambiaron en Alegra"),
    "todo": _("Cambió o se devolvió después"),
}
AFTER = {
    "cambio": [CHANGED],
    "no-es-venta": [REVERSED],
    "en-alegra": [*CODES],
    "todo": [CHANGED, REVERSED],
}
FAMILY_WORDS = {
    "cod": _("Contraentrega"),
    "prepaid": _("Pago anticipado"),
    "unknown": _("Pago por definir"),
}
