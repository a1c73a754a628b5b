"""Every reason for which a person is needed, as data: its sentence, its cure, its icon.

One table for builder, worker, screens and mails. A sentence names the culprit; the cure is
the screen on which it is repaired. Templates take `params` by name; what is missing in
them reads as «—», never as an error.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.sending.states import Outcome


@dataclass(frozen=True)
class Found:
    """One problem as the builder or a step found it.

    `subject_key` says whose problem it is: problems of one integration with the same code
    and subject share a cause, because the same act repairs them.
    """

    code: str
    subject_key: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProblemKind:
    code: str
    sentence: str
    cure_label: str
    # Name of the address that cures it; its arguments are those of the cause.
    cure: str
    icon: str = "warn"
    outcome: Outcome = Outcome.CONFIGURATION
    # The cure lets the orders go by itself; otherwise a person retries.
    heals_itself: bool = True
    # One cause for one order: grouping more would hide what differs.
    per_order: bool = False


def _kind(code: str, sentence: str, cure_label: str, cure: str, **extra) -> ProblemKind:
    return ProblemKind(code, sentence, cure_label, cure, **extra)


_ORDER = {"icon": "user", "per_order": True}
_ASK = {"icon": "search", "per_order": True, "heals_itself": False}

KINDS: dict[str, ProblemKind] = {
    kind.code: kind
    for kind in [
        _kind(
            "product_unlinked",
            _("{name} no está vinculado con un producto de Alegra"),
            _("Vincular el producto"),
            "products",
            icon="unlink",
        ),
        _kind(
            "variation_missing",
            _("Falta la variación: el pedido trae {name} sin decir cuál"),
            _("Vincular el producto"),
            "products",
            icon="unlink",
        ),
        _kind(
            "item_unusable",
            _("El producto de Alegra «{item}» no se puede facturar: {why}"),
            _("Elegir otro producto"),
            "products",
            icon="unlink",
        ),
        _kind(
            "warehouse_unlinked",
            _("La bodega {bodega} no está relacionada"),
            _("Relacionar la bodega"),
            "warehouses",
            icon="box",
        ),
        _kind(
            "default_warehouse_missing",
            _("Falta la bodega por defecto para los pedidos que no nombran una"),
            _("Elegir la bodega"),
            "warehouses",
            icon="box",
        ),
        _kind(
            "account_missing",
            _("La forma de pago «{method}» no tiene cuenta asociada"),
            _("Asociar la cuenta"),
            "settings",
            icon="card",
        ),
        _kind(
            "cod_disabled",
            _("El pago contraentrega no está habilitado"),
            _("Habilitar contraentrega"),
            "settings",
            icon="card",
        ),
        _kind(
            "reference_missing",
            _("{kind} «{name}» ya no existe en Alegra"),
            _("Elegir otro valor"),
            "settings",
            icon="unlink",
        ),
        _kind(
            "settings_missing",
            _("Falta guardar la configuración general"),
            _("Completar la configuración"),
            "settings",
        ),
        _kind(
            "identity_ambiguous",
            _("¿NIT o cédula? El número del pedido {order} puede ser cualquiera de los dos"),
            _("Corregir datos"),
            "order_correct",
            **_ORDER,
        ),
        _kind(
            "identity_wrong",
            _("La identificación del pedido {order} no es válida: {why}"),
            _("Corregir datos"),
            "order_correct",
            **_ORDER,
        ),
        _kind(
            "total_mismatch",
            _("El pedido {order} suma {lines} y su total es {total}"),
            _("Revisar el pedido"),
            "order",
            icon="scale",
            per_order=True,
            heals_itself=False,
        ),
        _kind(
            "total_missing",
            _("El pedido {order} llegó sin un total que se pueda leer"),
            _("Revisar el pedido"),
            "order",
            icon="scale",
            per_order=True,
        ),
        _kind(
            "no_lines",
            _("El pedido {order} llegó sin productos"),
            _("Revisar el pedido"),
            "order",
            icon="box",
            per_order=True,
        ),
        _kind(
            "line_wrong",
            _("El pedido {order} no se puede documentar así: {why}"),
            _("Revisar el pedido"),
            "order",
            icon="box",
            per_order=True,
        ),
        _kind(
            "charges_disabled",
            _("Hay pedidos que cobran envío u otros cargos y no hay un producto para ellos"),
            _("Habilitar cobros adicionales"),
            "settings",
            icon="truck",
        ),
        _kind(
            "short_total",
            _("Hay pedidos cuyo total es menor que sus productos y falta decir si es descuento"),
            _("Responder la pregunta"),
            "settings",
            icon="scale",
        ),
        _kind(
            "gift_line",
            _("Hay pedidos con productos en $ 0 y falta decir qué hacer con ellos"),
            _("Responder la pregunta"),
            "settings",
            icon="box",
        ),
        _kind(
            "order_unreadable",
            _("No se pudo leer el pedido {order} en MasterShop"),
            _("Revisar el pedido"),
            "order",
            icon="search",
            per_order=True,
            outcome=Outcome.TRANSIENT,
        ),
        _kind(
            "claim",
            _("El pedido {order} está en reclamaciones y aún no tiene documento"),
            _("Decidir"),
            "order",
            icon="hand",
            per_order=True,
            heals_itself=False,
        ),
        _kind(
            "rejected",
            _("Alegra no lo aceptó: {message}"),
            _("Ver el motivo"),
            "order",
            icon="x",
            outcome=Outcome.REJECTED,
            heals_itself=False,
        ),
        _kind(
            "plan",
            _("Tu plan de Alegra no incluye {action}"),
            _("Ver qué hacer"),
            "order",
            icon="key",
            outcome=Outcome.PLAN,
            heals_itself=False,
        ),
        _kind(
            "forbidden",
            _("El usuario de Alegra no tiene permiso para {action}"),
            _("Ver qué hacer"),
            "order",
            icon="key",
            outcome=Outcome.PLAN,
            heals_itself=False,
        ),
        _kind(
            "total_differs",
            _("El pedido {order} vale {expected} y en Alegra quedó en {found}: {what}"),
            _("Revisar el documento"),
            "order",
            icon="scale",
            per_order=True,
            heals_itself=False,
        ),
        _kind(
            "look_alike",
            _("En Alegra ya está {name}: no salió de aquí y es igual a la del pedido {order}"),
            _("Decidir cuál es"),
            "order",
            **_ASK,
        ),
        _kind(
            "two_found",
            _("Alegra tiene dos documentos para el pedido {order}"),
            _("Elegir el bueno"),
            "order",
            icon="copy",
            per_order=True,
            heals_itself=False,
        ),
        _kind(
            "gone",
            _("El documento del pedido {order} ya no está en Alegra"),
            _("Decidir"),
            "order",
            **_ASK,
        ),
        _kind(
            "unconfirmed_too_long",
            _("Llevamos un día buscando en Alegra el documento del pedido {order}"),
            _("Revisar el pedido"),
            "order",
            **_ASK,
        ),
        _kind(
            "gave_up",
            _("Alegra no respondió durante tres días y el pedido {order} sigue esperando"),
            _("Reintentar"),
            "order",
            icon="retry",
            per_order=True,
            heals_itself=False,
            outcome=Outcome.TRANSIENT,
        ),
        _kind(
            "poison",
            _("Algo falló de nuestro lado al enviar el pedido {order}; ya lo estamos viendo"),
            _("Ver el pedido"),
            "order",
            per_order=True,
            heals_itself=False,
            outcome=Outcome.INTERNAL,
        ),
        _kind(
            "internal",
            _("Algo falló de nuestro lado; ya lo estamos viendo"),
            _("Ver el pedido"),
            "order",
            heals_itself=False,
            outcome=Outcome.INTERNAL,
        ),
    ]
}


def kind_of(code: str) -> ProblemKind:
    return KINDS.get(code, KINDS["internal"])


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """The problem in one Spanish sentence, culprit included."""
    words = defaultdict(lambda: "—", params or {})
    return str(kind_of(code).sentence).format_map(words)


def cure_label(code: str) -> str:
    return str(kind_of(code).cure_label)


def cure_url(
    code: str, *, organization: str, integration: int, params: dict[str, Any] | None = None
) -> str:
    """Where the problem is repaired, as a path of the portal.

    `organization` is the slug. Kinds that are repaired on the order's page need
    `params["order_id"]`; without it the page is *Por atender*.
    """
    params = params or {}
    cure = kind_of(code).cure
    if cure in ("order", "order_correct"):
        if "order_id" not in params:
            return reverse("attention", args=[organization])
        return reverse(cure, args=[organization, params["order_id"]])
    path = reverse(cure, args=[organization, integration])
    if cure == "products" and params.get("sku_or_name"):
        return f"{path}?variante={params.get('variant', '')}"
    return path
