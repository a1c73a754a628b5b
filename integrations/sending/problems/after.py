"""What happened to an order after its document was made. The document keeps its state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="changed_after",
        title=_("Pedidos que cambiaron después de su documento"),
        happened=_("El pedido cambió después de su documento"),
        sentence=_("El pedido {order} cambió después de su documento: {difference}"),
        cure_label=_("Comparar y decidir"),
        cured_by=CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "Míralo en el pedido: un borrador se reemplaza desde ahí o se corrige en Alegra; una "
            "remisión se corrige allá; una factura emitida, con una nota crédito; un documento "
            "hecho por fuera, donde se hizo."
        ),
        icon="scale",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
        urgent=True,
    ),
    ProblemKind(
        code="reversed_after",
        title=_("Pedidos cancelados, devueltos o en reclamaciones que tienen documento"),
        happened=_("El pedido dejó de ser una venta después de su documento"),
        sentence=_("El pedido {order} {happened} y {stays}"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "Míralo en el pedido: un borrador se borra desde ahí; una remisión se anula en Alegra; "
            "a una factura emitida se le hace una nota crédito; un reclamo espera a MasterShop."
        ),
        icon="hand",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
        urgent=True,
    ),
)
