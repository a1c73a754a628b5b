"""What is unclear about an order itself: its buyer, its reading, its claim."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

# Of a question that *Corregir datos* answers too.
_ASKED = _("Elige una de las respuestas o corrige los datos: el pedido sale solo.")

KINDS = (
    ProblemKind(
        code="identity_ambiguous",
        title=_("¿NIT o cédula?"),
        sentence=_("Pedido {order}: {why}"),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        tone="ask",
        asks="identity_ambiguous",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="identity_wrong",
        title=_("Identificaciones por corregir"),
        sentence=_("La identificación del pedido {order} no es válida: {why}"),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        asks="identity_wrong",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="name_of_another",
        title=_("Nombre y número que no parecen de la misma persona"),
        sentence=_("El nombre y la identificación del pedido {order} no parecen del mismo: {why}"),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        tone="ask",
        asks="name_of_another",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="buyer_lost",
        title=_("Compradores cuya identificación se perdió"),
        sentence=_(
            "El pedido {order} traía la identificación de su comprador y ya no la trae: {why}"
        ),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.SETTINGS | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        tone="ask",
        asks="buyer_lost",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="name_unusable",
        title=_("Nombres por corregir"),
        sentence=_("El nombre del comprador del pedido {order} no sirve: {why}"),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.ORDER,
        icon="user",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="order_unreadable",
        title=_("Pedidos que no se pudieron leer en MasterShop"),
        sentence=_("No se pudo leer el pedido {order} en MasterShop"),
        cure_label=_("Revisar el pedido"),
        cured_by=CuredBy.ORDER,
        advice=_("Volvemos a leerlo; también puedes reintentar."),
        icon="search",
        per_order=True,
    ),
    ProblemKind(
        code="claim",
        title=_("Pedidos en reclamaciones, sin documento"),
        sentence=_("El pedido {order} está en reclamaciones y aún no tiene documento"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "Si se resuelve a tu favor y MasterShop lo vuelve a poner como entregado, se documenta "
            "solo. Si no, decide: ya tiene documento, o no se factura."
        ),
        icon="hand",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
    ),
    ProblemKind(
        code="sale_again",
        title=_("Pedidos que vuelven a ser una venta, sin documento"),
        sentence=_(
            "El documento del pedido {order} se borró o se anuló porque ya no era una venta, y "
            "ahora vuelve a serlo"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Reintenta para crear otro documento, o di que ya tiene documento o que no se factura."
        ),
        icon="hand",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="same_sale",
        title=_("Pedidos que parecen la misma venta"),
        sentence=_(
            "¿Es la misma venta? El pedido {order} trae la misma referencia ({reference}), el "
            "mismo comprador y el mismo total ({total}) que el pedido {other}"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Si son dos ventas, dilo: el pedido sale y no volvemos a preguntar por ellas. Si es la "
            "misma, di que ya tiene documento o que no se factura."
        ),
        retry_label=_("Son dos ventas"),
        icon="copy",
        tone="ask",
        per_order=True,
    ),
)
