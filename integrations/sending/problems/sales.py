"""Orders of which it is unclear whether, or in which status, they are a sale to document."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="number_twice",
        title=_("Números que llegaron dos veces"),
        sentence=_(
            "El número {order} llegó dos veces, creado el {first} y creado el {again}, y no se "
            "sabe si son dos ventas"
        ),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_(
            "Mira el pedido en MasterShop y responde. Si después llegan su comprador y sus "
            "productos, se resuelve solo."
        ),
        icon="copy",
        tone="ask",
        asks="number_twice",
        retry=Retry.NO,
        per_order=True,
    ),
    ProblemKind(
        code="old_sales",
        title=_("Ventas viejas que llegan como nuevas"),
        sentence=_(
            "Ventas creadas del {first} al {last}, más de 60 días antes de llegar a su disparador"
        ),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_("No se creó nada. Una sola respuesta vale para todas."),
        icon="clock",
        tone="ask",
        asks="old_sales",
        retry=Retry.NO,
        screen="settings",
        anchors={"": "t-preg"},
    ),
    ProblemKind(
        code="status_contradicted",
        title=_("Estados con fechas que se contradicen"),
        sentence=_(
            "El pedido {order} quedó «{further}» con una fecha anterior a la de «{dated}»: un "
            "reloj está mal o MasterShop lo devolvió a ese estado"
        ),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_(
            "Mira en MasterShop cómo está hoy y responde. Si MasterShop avisa otro estado, el "
            "pedido sigue solo."
        ),
        icon="clock",
        tone="ask",
        asks="status_contradicted",
        retry=Retry.NO,
        per_order=True,
    ),
)
