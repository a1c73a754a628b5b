"""Orders of which nobody knows whether they are paid at the door or were paid before."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="payment_method_unknown",
        title=_("Formas de pago por definir"),
        sentence=_("Falta decir si «{method}» es contraentrega o pago anticipado"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_("No se creó nada. Al responder, estos pedidos siguen su acción."),
        icon="card",
        tone="ask",
        asks="payment_method_unknown",
        retry=Retry.NO,
        screen="settings",
        anchors={"": "t-preg"},
    ),
    ProblemKind(
        code="payment_unknown",
        title=_("No sabemos cómo se pagaron estos pedidos"),
        sentence=_("No sabemos cómo se pagó el pedido {order}: llegó sin forma de pago"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_("No se creó nada. Al responder, el pedido sigue su acción."),
        icon="card",
        tone="ask",
        asks="payment_unknown",
        retry=Retry.NO,
        per_order=True,
    ),
)
