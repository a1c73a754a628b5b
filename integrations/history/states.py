"""The buckets an order can be filtered by: every order is in exactly one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.documents.beside import CHANGED, REVERSED
from integrations.documents.far_status import EMITTED
from integrations.documents.models import Document
from integrations.history.labels import BACK_TO_WAITING
from integrations.orders.models import Order
from integrations.sending.of_order import orders_held
from integrations.sending.states import State

TO_ATTEND = "por-atender"


@dataclass(frozen=True)
class Bucket:
    code: str
    label: Promise
    # Or what makes it, where it needs the scope of the moment.
    which: Q | Callable[[], Q]

    @property
    def condition(self) -> Q:
        """An order is in the bucket of its document, or waits for a person with another work."""
        mine = self.which() if callable(self.which) else self.which
        held = orders_held(but=Document)
        if held is None:
            return mine
        if self.code != TO_ATTEND:
            return mine & ~Q(pk__in=held)
        return Q(pk__in=Order.objects.filter(mine).order_by().values("pk").union(held))


def _in(*states: State, **more: str) -> Q:
    return Q(document__state__in=states, **{f"document__{key}": each for key, each in more.items()})


def _waiting() -> Q:
    """Without a document, or taken back to waiting: a union, so that each part has its index."""
    orders = Order.objects.order_by().values("pk")
    back = orders.filter(document__state=State.SKIPPED, document__reason=BACK_TO_WAITING)
    return Q(pk__in=orders.filter(document=None).union(back, all=True))


BUCKETS: dict[str, Bucket] = {
    bucket.code: bucket
    for bucket in (
        Bucket(TO_ATTEND, _("Por atender"), _in(State.BLOCKED)),
        Bucket("por-aprobar", _("Por aprobar"), _in(State.AWAITING_APPROVAL)),
        Bucket("en-espera", _("En espera"), _waiting),
        Bucket("en-cola", _("En cola o enviando"), _in(State.PENDING, State.SENDING)),
        Bucket("verificando", _("Verificando en Alegra"), _in(State.UNCONFIRMED)),
        Bucket(
            "borrador",
            _("Borrador en Alegra"),
            _in(State.CREATED, kind="invoice") & ~Q(document__alegra_status__in=EMITTED),
        ),
        Bucket(
            "emitida",
            _("Factura emitida"),
            _in(State.CREATED, kind="invoice", alegra_status__in=EMITTED),
        ),
        Bucket("remision", _("Remisión creada"), _in(State.CREATED, kind="remission")),
        Bucket("en-la-dian", _("En validación DIAN"), _in(State.EMITTING)),
        Bucket("aceptada", _("Aceptada por la DIAN"), _in(State.ISSUED)),
        Bucket("rechazada", _("Rechazada por la DIAN"), _in(State.REJECTED)),
        Bucket("por-fuera", _("Documentado por fuera"), _in(State.EXTERNAL)),
        Bucket("omitida", _("Omitida"), _in(State.SKIPPED) & ~Q(document__reason=BACK_TO_WAITING)),
        Bucket("no-facturar", _("No facturar"), _in(State.DISMISSED)),
        Bucket("anulada", _("Anulada o convertida"), _in(State.WITHDRAWN, State.CONVERTED)),
    )
}


CHOICES = [(bucket.code, bucket.label) for bucket in BUCKETS.values()]
KIND_WORDS = {"invoice": _("Factura"), "remission": _("Remisión")}
# What became of an order after its document, and the problems that say so.
AFTER_WORDS = {
    "cambio": _("Cambió después"),
    "no-es-venta": _("Se canceló o devolvió después"),
    "todo": _("Cambió o se devolvió después"),
}
AFTER = {"cambio": [CHANGED], "no-es-venta": [REVERSED], "todo": [CHANGED, REVERSED]}
FAMILY_WORDS = {
    "cod": _("Contraentrega"),
    "prepaid": _("Pago anticipado"),
    "unknown": _("Pago por definir"),
}
