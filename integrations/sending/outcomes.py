"""How a failed call is classed, and what each class means: one table for all.

The class decides everything: whether the row tries again by itself, waits for a person, or
must be looked for first (reliability reference, classify).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from integrations.alegra import errors
from integrations.sending.states import Outcome


@dataclass(frozen=True)
class Rule:
    """What follows. `retry`: back_off · at_reset · person · look_up · pause."""

    sentence: str
    retry: str
    counts: bool = True


RULES: dict[Outcome, Rule] = {
    Outcome.OK: Rule(_("Exitoso"), "none"),
    Outcome.TRANSIENT: Rule(
        _("Alegra no respondió. Volvemos a intentar; no tienes que hacer nada."), "back_off"
    ),
    Outcome.RATE_LIMITED: Rule(
        _("Alegra pidió ir más despacio. Sale en un momento; no tienes que hacer nada."),
        "at_reset",
        counts=False,
    ),
    Outcome.CONFIGURATION: Rule(_("Falta algo por configurar."), "person"),
    Outcome.REJECTED: Rule(_("Alegra no lo aceptó."), "person"),
    Outcome.CREDENTIALS: Rule(
        _("Alegra ya no acepta el token. Al guardar uno nuevo, los pedidos salen solos."),
        "pause",
        counts=False,
    ),
    Outcome.PLAN: Rule(_("El plan o los permisos de Alegra no lo permiten."), "person"),
    Outcome.UNCONFIRMED: Rule(
        _(
            "La respuesta de Alegra se perdió: el documento puede existir o no. Lo buscamos "
            "antes de enviarlo otra vez, para que nunca quede duplicado."
        ),
        "look_up",
    ),
    Outcome.TOLD_ERROR: Rule(
        _("Alegra respondió un error. Antes de creerlo miramos allá si el documento quedó."),
        "look_up",
    ),
    Outcome.INTERNAL: Rule(_("Algo falló de nuestro lado. Ya lo estamos viendo."), "back_off"),
}


def outcome_of(error: Exception, *, creates: bool) -> Outcome:
    """Class of what a call raised. `creates`: it might have made something in Alegra."""
    match error:
        case errors.RateLimited() | errors.BudgetExhausted():
            return Outcome.RATE_LIMITED
        case errors.NoTimeLeft():
            return Outcome.INTERNAL
        case errors.NotSent():
            return Outcome.TRANSIENT
        case errors.Unauthorized():
            return Outcome.CREDENTIALS
        case errors.PlanExcludes() | errors.Forbidden():
            return Outcome.PLAN
        case errors.Rejected() if error.document is not None and creates:
            # A refused stamp left the draft behind: it exists and must be looked at. The refusal
            # of a change repeats what was there before.
            return Outcome.UNCONFIRMED
        case errors.Rejected() | errors.NotFound():
            return Outcome.REJECTED
        case errors.ErrorInSuccess():
            # Of what is not looked for it is as good as a refusal.
            return Outcome.TOLD_ERROR if creates else outcome_of(error.refusal, creates=False)
        case errors.AlegraError():
            return Outcome.UNCONFIRMED if creates else Outcome.TRANSIENT
        case _:
            return Outcome.INTERNAL
