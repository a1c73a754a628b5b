"""Charges of which nobody knows what they are, or whose product cannot be used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="charge_unknown",
        title=_("Cobros por definir"),
        sentence=_("Falta decir qué es «{name}», que cobra el pedido {order}"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_(
            "No se creó nada. Al responder, salen los pedidos que traen ese cobro; los que lleguen "
            "después ya no preguntan."
        ),
        icon="scale",
        tone="ask",
        asks="charge_unknown",
        retry=Retry.NO,
        screen="settings",
        anchors={"": "t-preg"},
    ),
    ProblemKind(
        code="charge_product_unusable",
        title=_("Productos elegidos para un cobro que no se pueden facturar"),
        sentence=_(
            "El producto que elegiste para «{charge}», «{item}», no se puede facturar: {why}"
        ),
        cure_label=_("Elegir otro producto"),
        cured_by=CuredBy.SETTINGS,
        advice=_(
            "Elige otro en «Preguntas», o corrígelo en Alegra: en unos minutos lo notamos y los "
            "pedidos salen solos."
        ),
        icon="unlink",
        of_amounts=True,
        screen="settings",
        anchors={"": "t-preg"},
    ),
)
