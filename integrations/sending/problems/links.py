"""Products and bodegas without their counterpart in Alegra."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind

KINDS = (
    ProblemKind(
        code="product_unlinked",
        title=_("Productos sin vincular"),
        sentence=_("{name} no está vinculado con un producto de Alegra"),
        cure_label=_("Vincular el producto"),
        cured_by=CuredBy.LINK,
        icon="unlink",
        screen="products",
        on_line=_("Sin vincular"),
    ),
    ProblemKind(
        code="variation_missing",
        title=_("Pedidos que no dicen la variación"),
        sentence=_("Falta la variación: el pedido {order} trae {name} {how}"),
        cure_label=_("Elegir la variación"),
        cured_by=CuredBy.CORRECTION | CuredBy.ORDER,
        icon="unlink",
        tone="ask",
        per_order=True,
        screen="order_lines",
        on_line=_("Falta la variación"),
    ),
    ProblemKind(
        code="product_missing",
        title=_("Pedidos con una línea que no dice su producto"),
        sentence=_("El pedido {order} trae {name} sin decir qué producto es"),
        cure_label=_("Elegir el producto"),
        cured_by=CuredBy.CORRECTION | CuredBy.ORDER,
        icon="unlink",
        tone="ask",
        per_order=True,
        screen="order_lines",
        on_line=_("Falta el producto"),
    ),
    ProblemKind(
        code="another_article",
        title=_("Productos que llegan como otro artículo"),
        sentence=_("Puede ser otro artículo: {why}"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS | CuredBy.LINK | CuredBy.ORDER,
        advice=_(
            "No se envió. Di qué artículo es y los pedidos salen solos; si cambió para todos, "
            "cambia el vínculo en Productos."
        ),
        icon="unlink",
        tone="ask",
        asks="another_article",
        screen="settings",
    ),
    ProblemKind(
        code="item_unusable",
        title=_("Productos de Alegra que no se pueden facturar"),
        sentence=_("El producto de Alegra «{item}» no se puede facturar: {why}"),
        cure_label=_("Elegir otro producto"),
        cured_by=CuredBy.LINK,
        advice=_(
            "Elige otro, o corrígelo en Alegra: en unos minutos lo notamos y los pedidos salen "
            "solos."
        ),
        icon="unlink",
        screen="products",
        on_line=_("No se puede facturar"),
    ),
    ProblemKind(
        code="warehouse_unlinked",
        title=_("Bodegas sin relacionar"),
        sentence=_("La bodega {bodega} no está relacionada"),
        cure_label=_("Relacionar la bodega"),
        cured_by=CuredBy.LINK,
        icon="box",
        screen="warehouses",
    ),
    ProblemKind(
        code="warehouse_gone",
        title=_("Bodegas de Alegra que ya no se pueden usar"),
        sentence=_("La bodega de Alegra «{warehouse}», pareja de {bodega}, {why}"),
        cure_label=_("Relacionar con otra"),
        cured_by=CuredBy.LINK,
        advice=_(
            "Relaciona otra, o actívala otra vez en Alegra: en unos minutos lo notamos y los "
            "pedidos salen solos."
        ),
        icon="box",
        screen="warehouses",
    ),
    ProblemKind(
        code="default_warehouse_missing",
        title=_("Falta la bodega por defecto"),
        sentence=_("Falta la bodega por defecto para los pedidos que no nombran una"),
        cure_label=_("Elegir la bodega"),
        cured_by=CuredBy.LINK,
        icon="box",
        screen="warehouses",
    ),
)
