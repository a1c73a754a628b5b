"""The statuses of an order, as data.

MasterShop reference: order statuses. The numbers were transcribed from live traffic by third
parties, one of whom first had four of them wrong; so they stand here once, with a table test.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from . import values


@dataclass(frozen=True, slots=True)
class Status:
    """`rank` orders the way to the buyer; None means the status never fires a rule."""

    id: int | None
    code: str
    label: str
    group: str
    rank: int | None
    may_trigger: bool
    reverses: bool
    is_terminal: bool


@dataclass(frozen=True, slots=True)
class SubStatus:
    """What an order "in transit" is doing; not a status of its own at MasterShop."""

    code: str
    label: str
    carrier_code: str


def _status(
    number: int,
    code: str,
    label: str,
    group: str,
    *,
    rank: int | None = None,
    may_trigger: bool = False,
    reverses: bool = False,
    is_terminal: bool = False,
) -> Status:
    return Status(number, code, label, group, rank, may_trigger, reverses, is_terminal)


_PREPARE, _PACK, _TRANSIT, _DONE = "Por preparar", "En preparación", "En tránsito", "Finalizadas"

STATUSES: tuple[Status, ...] = (
    _status(1, "to_confirm", "Por Confirmar", _PREPARE, rank=1),
    _status(2, "pending", "Pendiente", _PREPARE, rank=2),
    _status(3, "to_pack", "Por Alistar", _PACK, rank=3, may_trigger=True),
    _status(4, "to_collect", "Por Recolectar", _PACK, rank=4, may_trigger=True),
    _status(5, "collected", "Recolectada", _TRANSIT, rank=5, may_trigger=True),
    _status(6, "in_transit", "En Tránsito", _TRANSIT, rank=6, may_trigger=True),
    _status(7, "unknown", "Sin nombre (7)", ""),
    _status(8, "delivered", "Entregada", _DONE, rank=8, may_trigger=True, is_terminal=True),
    _status(9, "cancelled", "Cancelada", _DONE, reverses=True, is_terminal=True),
    _status(10, "returned", "Devuelta", _DONE, reverses=True, is_terminal=True),
    _status(11, "claim", "Reclamaciones", _DONE, is_terminal=True),
)

UNKNOWN = Status(None, "unknown", "Estado desconocido", "", None, False, False, False)

# What the screen Acciones offers, in its order.
TRIGGERS: tuple[Status, ...] = tuple(status for status in STATUSES if status.may_trigger)

SUB_STATUSES: tuple[SubStatus, ...] = (
    SubStatus("out_for_delivery", "En reparto", "OUT_FOR_DELIVERY"),
    SubStatus("at_office", "En oficina", "AT_OFFICE"),
    SubStatus("incident", "Novedad", ""),
)
INCIDENT = SUB_STATUSES[2]

# The characters of a label that are compared. No status, method or event has a longer name.
_LONGEST_LABEL = 2_000


def fold(label: str) -> str:
    """A label for comparing: without accents, capitals or doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", label[:_LONGEST_LABEL])
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


_BY_ID = {status.id: status for status in STATUSES}
_BY_CODE = {status.code: status for status in STATUSES} | {UNKNOWN.code: UNKNOWN}
_BY_LABEL = {fold(status.label): status for status in STATUSES} | {
    # The masculine forms of the event names ("Pedido Entregado").
    "entregado": _BY_ID[8],
    "recolectado": _BY_ID[5],
    "cancelado": _BY_ID[9],
    "devuelto": _BY_ID[10],
    "reclamacion": _BY_ID[11],
    # Sub-states that a list may show in place of the status.
    "en reparto": _BY_ID[6],
    "en oficina": _BY_ID[6],
    "novedad": _BY_ID[6],
}
_SUB_BY_CODE = {sub.code: sub for sub in SUB_STATUSES}
_SUB_BY_CARRIER_CODE = {sub.carrier_code: sub for sub in SUB_STATUSES if sub.carrier_code}


def by_id(number: Any) -> Status:
    """The status with MasterShop's number, given as a number or its text; else `UNKNOWN`."""
    exact = values.quantity(number)
    if exact is None or exact != exact.to_integral_value():
        return UNKNOWN
    return _BY_ID.get(int(exact), UNKNOWN)


def by_code(code: str) -> Status:
    """The status with our own code; `UNKNOWN` for any other text."""
    return _BY_CODE.get(code, UNKNOWN)


def by_label(label: Any) -> Status:
    """The status with this label, capitals and accents apart; else `UNKNOWN`."""
    return _BY_LABEL.get(fold(values.text(label, limit=60)), UNKNOWN)


def sub_status_by_code(code: str) -> SubStatus | None:
    """The sub-state with our own code, or None."""
    return _SUB_BY_CODE.get(code)


def sub_status(*, carrier_code: Any, has_incident: bool, event_name: Any) -> str:
    """Our code of the sub-state, or ''. An incident counts before the carrier's own code, and
    the code before the event's name, which is only a label."""
    name = fold(values.text(event_name, limit=80))
    if has_incident or name.endswith("con novedad"):
        return INCIDENT.code
    sub = _SUB_BY_CARRIER_CODE.get(values.text(carrier_code, limit=60).upper())
    if sub is None:
        sub = next((one for one in SUB_STATUSES if name.endswith(fold(one.label))), None)
    return sub.code if sub else ""
