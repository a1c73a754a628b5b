"""The states of a piece of work, which of them are live, and which may follow which.

Data, not code: the models' check constraints, the screens and the tests read it. Meaning
of each state: `docs/architecture.md`, *States of a document*.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PENDING = "pending", _("En cola")
    SENDING = "sending", _("Enviando")
    UNCONFIRMED = "unconfirmed", _("Verificando en Alegra")
    CREATED = "created", _("Creado en Alegra")
    EMITTING = "emitting", _("En la DIAN")
    ISSUED = "issued", _("Aceptada por la DIAN")
    REJECTED = "rejected", _("Rechazada por la DIAN")
    BLOCKED = "blocked", _("Por atender")
    AWAITING_APPROVAL = "awaiting_approval", _("Por aprobar")
    EXTERNAL = "external", _("Documentado por fuera")
    SKIPPED = "skipped", _("Omitida")
    DISMISSED = "dismissed", _("No facturar")
    WITHDRAWN = "withdrawn", _("Anulada")
    CONVERTED = "converted", _("Facturada")


NOT_LIVE = frozenset({State.SKIPPED, State.DISMISSED, State.WITHDRAWN, State.CONVERTED})
LIVE = frozenset(State) - NOT_LIVE
# Where a row is whose write is under way, and where that goes when the answer was lost …
LOOKED_FOR: dict[State, State] = {
    State.SENDING: State.UNCONFIRMED,
    # Whether it was emitted is read from the document itself.
    State.EMITTING: State.EMITTING,
}
# … or when nothing was sent, or it was refused for the moment.
UNSENT: dict[State, State] = {State.SENDING: State.PENDING, State.EMITTING: State.CREATED}
IN_FLIGHT = frozenset(LOOKED_FOR)
# Looking for it or reading it is all that follows: nothing that holds writes holds it.
READING = frozenset({State.UNCONFIRMED, State.EMITTING})
# States a worker may pick up when their time has come.
DUE = READING | {State.PENDING, State.CREATED}
# The outcome of a write is not known: nothing is written again without a look.
UNSETTLED = IN_FLIGHT | READING
# A person is needed: it goes no further before somebody has acted.
ATTENDED = frozenset({State.BLOCKED, State.REJECTED})
EXISTS_IN_ALEGRA = frozenset({State.CREATED, State.EMITTING, State.ISSUED, State.REJECTED})

ALLOWED: dict[State, frozenset[State]] = {
    State.PENDING: frozenset(
        {
            State.SENDING,
            State.BLOCKED,
            State.AWAITING_APPROVAL,
            State.EXTERNAL,
            State.SKIPPED,
            State.DISMISSED,
            State.UNCONFIRMED,
            # Sent before, and found by the look that precedes a re-send.
            State.CREATED,
            # What is in Alegra was deleted, because a person wanted it …
            State.WITHDRAWN,
            # … or was to be, and a person had emitted it before.
            State.REJECTED,
        }
    ),
    State.SENDING: frozenset({State.PENDING, State.UNCONFIRMED, State.CREATED, State.BLOCKED}),
    State.UNCONFIRMED: frozenset({State.PENDING, State.CREATED, State.BLOCKED}),
    State.CREATED: frozenset(
        {
            State.EMITTING,
            State.BLOCKED,
            State.WITHDRAWN,
            State.CONVERTED,
            # A person emitted it in Alegra.
            State.ISSUED,
            State.REJECTED,
        }
    ),
    State.EMITTING: frozenset({State.ISSUED, State.REJECTED, State.CREATED, State.BLOCKED}),
    State.ISSUED: frozenset({State.WITHDRAWN, State.BLOCKED}),
    State.REJECTED: frozenset(
        {
            # Put right, and to be emitted once more …
            State.CREATED,
            # … or emitted by a person in Alegra.
            State.EMITTING,
            State.ISSUED,
            State.WITHDRAWN,
            State.BLOCKED,
        }
    ),
    State.BLOCKED: frozenset(
        {
            State.PENDING,
            State.UNCONFIRMED,
            State.EXTERNAL,
            State.SKIPPED,
            State.DISMISSED,
            State.AWAITING_APPROVAL,
            State.CREATED,
            State.WITHDRAWN,
            # What is asked about here was emitted by a person in Alegra.
            State.EMITTING,
            State.ISSUED,
            State.REJECTED,
        }
    ),
    State.AWAITING_APPROVAL: frozenset(
        {State.PENDING, State.BLOCKED, State.EXTERNAL, State.SKIPPED, State.DISMISSED}
    ),
    State.EXTERNAL: frozenset({State.PENDING, State.SKIPPED, State.DISMISSED}),
    State.SKIPPED: frozenset(
        {State.PENDING, State.BLOCKED, State.EXTERNAL, State.DISMISSED, State.AWAITING_APPROVAL}
    ),
    State.DISMISSED: frozenset({State.PENDING, State.EXTERNAL}),
    State.WITHDRAWN: frozenset(),
    State.CONVERTED: frozenset(),
}


class Why(models.TextChoices):
    """What changed a work's state."""

    DECIDED = "decided", _("Lo decidió su regla")
    PERSON = "person", _("Lo pidió una persona")
    CURED = "cured", _("Ya está lo que le faltaba")
    PROBLEM = "problem", _("Hace falta una persona")
    WORTHLESS = "worthless", _("No hay nada que cobrar")
    APPROVAL = "approval", _("Está listo y espera el visto bueno")
    SENT = "sent", _("Se envió")
    NOT_SENT = "not_sent", _("No alcanzó a salir")
    ANSWERED = "answered", _("Alegra respondió")
    LOST = "lost", _("Se perdió la respuesta")
    FAILED = "failed", _("No se pudo; se intenta otra vez")
    REFUSED = "refused", _("Alegra no lo aceptó")
    ABSENT = "absent", _("Se buscó y no está en Alegra")
    READ = "read", _("Se leyó en Alegra")
    REMOVED = "removed", _("Se borró el borrador")
    DIED = "died", _("Se interrumpió el trabajo")
    TRIED = "tried", _("Se prueba otra vez")


class StepState(models.TextChoices):
    WAITING = "waiting", _("Pendiente")
    RUNNING = "running", _("Enviando")
    DONE = "done", _("Exitoso")
    FAILED = "failed", _("Fallido")
    SKIPPED = "skipped", _("No hizo falta")


class Outcome(models.TextChoices):
    """How a call ended: the class that decides everything that follows."""

    OK = "ok", _("Exitoso")
    TRANSIENT = "transient", _("Alegra no respondió")
    RATE_LIMITED = "rate_limited", _("Límite de llamadas")
    CONFIGURATION = "configuration", _("Falta configurar")
    REJECTED = "rejected", _("Alegra no lo aceptó")
    CREDENTIALS = "credentials", _("Credenciales rechazadas")
    PLAN = "plan", _("El plan de Alegra no lo incluye")
    UNCONFIRMED = "unconfirmed", _("Se perdió la respuesta")
    TOLD_ERROR = "told_error", _("Alegra respondió un error")
    INTERNAL = "internal", _("Algo falló de nuestro lado")
