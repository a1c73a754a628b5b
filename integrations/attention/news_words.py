"""Sentences for mails, without anything of the buyer's that a problem may quote."""

from __future__ import annotations

from integrations.colombia.masking import mask_text
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence

# What is quoted from orders and from Alegra's answers; everything else is our own words,
# names of goods and order numbers.
_QUOTED = ("message", "why", "what", "said")

_CURES = {
    Integration.Pause.PRECISION: (
        "Ponle 2 decimales en Alegra, en Configuración › Empresa, y los envíos siguen solos."
    ),
    Integration.Pause.STAFF: "Escríbele al equipo de soporte si tienes dudas.",
}


def headline(cause: Cause) -> str:
    masked = {
        name: mask_text(value) if name in _QUOTED and isinstance(value, str) else value
        for name, value in cause.params.items()
    }
    return sentence(cause.code, masked)


def what_to_do(paused_reason: str) -> str:
    return _CURES.get(Integration.Pause(paused_reason), "")
