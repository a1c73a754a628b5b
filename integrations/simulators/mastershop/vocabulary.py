"""The words MasterShop uses for statuses, events and carriers."""

from __future__ import annotations

# Number -> label, group, specific event (None where only the generic one exists), carrier's word
STATUSES: dict[int, tuple[str, str, str | None, str]] = {
    1: ("Por Confirmar", "Por preparar", "Pedido Creado", ""),
    2: ("Pendiente", "Por preparar", "Pedido Pendiente", ""),
    3: ("Por Alistar", "En preparación", "Pedido Por Alistar", "LABEL_CREATED"),
    4: ("Por Recolectar", "En preparación", "Pedido Por Recolectar", "READY_FOR_PICKUP"),
    5: ("Recolectada", "En tránsito", "Pedido Recolectado", "PICKED_UP"),
    6: ("En Tránsito", "En tránsito", "Pedido En Tránsito", "IN_TRANSIT"),
    8: ("Entregada", "Finalizadas", "Pedido Entregado", "DELIVERED"),
    9: ("Cancelada", "Finalizadas", None, "CANCELLED"),
    10: ("Devuelta", "Finalizadas", None, "RETURNING"),
    11: ("Reclamaciones", "Finalizadas", None, "CLAIM"),
}
GENERIC = "Cambio de Estado del Pedido"
CARRIER_CHANGE = "Cambio de Estado de la Transportadora"
STOCK_MOVEMENT = "Movimiento de inventario"

# Events at status 6 that say more than the status: the carrier's code each comes with.
SUB_STATES = {
    "Pedido En Reparto": "OUT_FOR_DELIVERY",
    "Pedido En Oficina": "AT_OFFICE",
    "Pedido con Novedad": "INCIDENT",
}
SPLIT_BY_PAYMENT = (3, 4, 5, 6, 8)
PAYMENT_SUFFIX = {"cod": "(Contra Entrega)", "prepaid": "(Pago Anticipado)"}

MOVEMENT_REASONS = ("sale", "return", "adjustment", "purchase", "transfer")
CARRIERS = ("Coordinadora", "Interrapidísimo", "Envía", "TCC", "Domina")


def label(status: int) -> str:
    return STATUSES[status][0] if status in STATUSES else f"Estado {status}"


def group(status: int) -> str:
    return STATUSES[status][1] if status in STATUSES else ""


def events_of(status: int) -> list[str]:
    """What one change to this status sends: its own event, if it has one, and the generic one."""
    own = STATUSES[status][2] if status in STATUSES else None
    return [own, GENERIC] if own else [GENERIC]


def statuses_by_event() -> dict[str, int]:
    """Every event that belongs to one status, the split ones too."""
    found = {event: number for number, (_, _, event, _) in STATUSES.items() if event}
    for number in SPLIT_BY_PAYMENT:
        for suffix in PAYMENT_SUFFIX.values():
            found[f"{STATUSES[number][2]} {suffix}"] = number
    return found | dict.fromkeys(SUB_STATES, 6)
