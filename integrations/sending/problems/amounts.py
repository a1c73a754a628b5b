"""Amounts of an order that cannot be read to its total, or that need the merchant's word."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

_ANSWER = _("Responder la pregunta")
_OR_ELSE = _(
    "No se envió. Al responder, el pedido sale solo; también si lo corriges en MasterShop. Si ya "
    "lo facturaste a mano, di que ya tiene documento."
)

KINDS = (
    ProblemKind(
        code="total_mismatch",
        of_amounts=True,
        title=_("Pedidos cuyo total no cuadra con sus productos"),
        sentence=_("El pedido {order} suma {lines} y su total es {total}"),
        cure_label=_ANSWER,
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_OR_ELSE,
        icon="scale",
        tone="ask",
        asks="total_mismatch",
        per_order=True,
    ),
    ProblemKind(
        code="total_missing",
        of_amounts=True,
        title=_("Pedidos sin un total que se pueda leer"),
        sentence=_("El pedido {order} llegó sin un total que se pueda leer"),
        cure_label=_ANSWER,
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_OR_ELSE,
        icon="scale",
        tone="ask",
        asks="total_missing",
        per_order=True,
    ),
    ProblemKind(
        code="no_lines",
        of_amounts=True,
        title=_("Pedidos que llegaron sin productos"),
        sentence=_("El pedido {order} llegó sin productos"),
        cure_label=_ANSWER,
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_OR_ELSE,
        icon="box",
        tone="ask",
        asks="no_lines",
        per_order=True,
    ),
    ProblemKind(
        code="line_wrong",
        of_amounts=True,
        title=_("Pedidos con una línea que no se puede leer"),
        sentence=_("El pedido {order} no se puede documentar así: {why}"),
        cure_label=_ANSWER,
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_OR_ELSE,
        icon="box",
        tone="ask",
        asks="line_wrong",
        per_order=True,
    ),
    ProblemKind(
        code="charges_disabled",
        of_amounts=True,
        title=_("Cobros adicionales sin producto"),
        sentence=_("Hay pedidos que cobran envío u otros cargos y no hay un producto para ellos"),
        cure_label=_("Habilitar cobros adicionales"),
        cured_by=CuredBy.SETTINGS,
        icon="truck",
        screen="settings",
        anchors={"": "id_charges_enabled"},
    ),
    ProblemKind(
        code="short_total",
        of_amounts=True,
        title=_("Totales menores que los productos"),
        sentence=_("El pedido {order} vende {lines} y su total es {total}: faltan {rest}"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        icon="scale",
        tone="ask",
        asks="short_total",
        retry=Retry.NO,
        per_order=True,
        advice=_("No se envió. Di si lo que falta es descuento o ya estaba pagado, y sale solo."),
    ),
    ProblemKind(
        code="total_zero",
        title=_("Pedidos con productos y total $ 0"),
        sentence=_("El pedido {order} vende {lines} y su total es $ 0"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        icon="scale",
        tone="ask",
        asks="total_zero",
        retry=Retry.NO,
        per_order=True,
        advice=_("No se envió. Di por qué no cobra nada, y sigue solo."),
    ),
    ProblemKind(
        code="amounts_two_ways",
        title=_("Totales que dan con dos lecturas"),
        sentence=_("El total del pedido {order} da con dos lecturas que no tienen el mismo IVA"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.ORDER,
        icon="scale",
        tone="ask",
        asks="amounts_two_ways",
        retry=Retry.NO,
        per_order=True,
        advice=_("No se envió. Di cuál lectura es, y sale solo."),
    ),
    ProblemKind(
        code="gift_line",
        title=_("Productos en $ 0"),
        sentence=_("Hay pedidos con productos en $ 0 y falta decir qué hacer con ellos"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS,
        icon="box",
        tone="ask",
        asks="gift_line",
        screen="settings",
    ),
    ProblemKind(
        code="gift_rate",
        title=_("Regalos con otro IVA que lo pagado"),
        sentence=_(
            "El regalo {name} tiene otro IVA que los productos pagados: repartir el valor lo "
            "cambiaría"
        ),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS,
        icon="box",
        tone="ask",
        asks="gift_rate",
        screen="settings",
        anchors={"": "id_gift_lines"},
    ),
    ProblemKind(
        code="prices_tax",
        of_amounts=True,
        title=_("¿Los precios incluyen IVA?"),
        sentence=_(
            "¿Los precios incluyen IVA? Hay pedidos cuyo total solo cuadra si {how}, al contrario "
            "de la configuración"
        ),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS,
        icon="scale",
        tone="ask",
        asks="prices_tax",
        screen="settings",
        anchors={"": "id_prices_include_tax"},
    ),
)
