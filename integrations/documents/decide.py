"""Is a document due for this order, and if not, why not?

One function answers for intake, for the gate right before sending, for the plan of past
orders and for the order's page. It reads the order's newest truth; it writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from integrations.configuration.answers import answer_of
from integrations.configuration.questions import (
    ANOTHER,
    CREATE,
    LEAVE_OUT,
    NUMBER_TWICE,
    OLD_SALES,
    PAYMENT_METHOD,
    PAYMENT_OF_ORDER,
    STATUS_OF_ORDER,
)
from integrations.connections.models import Integration
from integrations.mastershop import payment_methods, statuses
from integrations.mastershop.statuses import Status
from integrations.orders import reached
from integrations.orders.contradiction import contradiction_of
from integrations.orders.models import Order
from integrations.timekeeping.timing import LONGEST_ROAD
from integrations.triggers.models import TriggerRule
from integrations.triggers.rules import Decision as RuleDecision
from integrations.triggers.rules import decide as ask_rules
from integrations.triggers.rules import rules_of


@dataclass(frozen=True)
class Decision:
    """`verdict`: due · waiting (no row, or back to waiting) · skip · ask (a person decides).

    `code` says why; it is what `Order.decision` and a skipped document's reason hold.
    """

    verdict: str
    code: str
    reached_at: datetime | None = None


# The same sale as another order of its number.
TOLD_AGAIN = "told_again"

# What each code reads like on screen.
REASONS = {
    "due": _("Se crea su documento"),
    "not_reached": _("Se crea cuando llegue a su disparador"),
    "no_rule": _("Falta guardar la acción de esta forma de pago"),
    "never": _("La acción de esta forma de pago es «No crear»"),
    "off": _("La integración está apagada"),
    "before_start": _("Llegó a su disparador antes de «Procesar pedidos desde»"),
    "backlog": _("Es un pedido anterior: espera tu confirmación"),
    PAYMENT_METHOD: _("Falta decir si su forma de pago es contraentrega o pago anticipado"),
    PAYMENT_OF_ORDER: _("No sabemos si es contraentrega o pago anticipado"),
    OLD_SALES: _("Se creó más de 60 días antes de llegar a su disparador"),
    NUMBER_TWICE: _("Su número llegó dos veces y no se sabe si es otra venta"),
    TOLD_AGAIN: _("Es la misma venta que otro pedido de ese número"),
    STATUS_OF_ORDER: _("MasterShop avisó dos estados con fechas que se contradicen"),
    "test": _("Es un pedido de prueba"),
    "country": _("Es un pedido de otro país"),
    "currency": _("Es un pedido en otra moneda"),
    "cancelled": _("Se canceló antes de documentarse"),
    "returned": _("Se devolvió antes de documentarse"),
    "claim": _("Está en reclamaciones"),
    "other_seller": _("Otro le vende al consumidor final"),
    "back_to_waiting": _("Volvió a un estado anterior; se crea cuando llegue a su disparador"),
    "zero_total": _("Nada de lo que trae tiene precio: no hay qué facturar"),
    "exchange": _("Es cambio o garantía: lo dijo una persona"),
    "full_discount": _("Tiene descuento total: lo dijo una persona"),
    "unknown_status": _("Su estado no es conocido"),
}


def reason_text(code: str) -> str:
    return str(REASONS.get(code, ""))


def decide(order: Order, *, confirmed: bool = False) -> Decision:
    """`confirmed`: a person said yes to documenting this past order."""
    if order.same_as_id is not None:
        return Decision("skip", TOLD_AGAIN)
    if skipped := _never_ours(order, order.integration):
        return Decision("skip", skipped)
    found = _by_status(order, confirmed=confirmed)
    if found.verdict == "due" and _may_be_another(order):
        return Decision("ask", NUMBER_TWICE, found.reached_at)
    return found


def _may_be_another(order: Order) -> bool:
    """Whether it is open, and unanswered, that it is another sale of its number."""
    if order.may_be_id is None:
        return False
    return answer_of(order.integration, NUMBER_TWICE, order.key) != ANOTHER


def _by_status(order: Order, *, confirmed: bool) -> Decision:
    found = _in_status(order, order.status, confirmed=confirmed)
    contradiction = contradiction_of(order)
    if contradiction is None:
        return found
    other = _in_status(order, contradiction.status, confirmed=confirmed)
    if other.verdict == found.verdict:
        return found
    return Decision("ask", STATUS_OF_ORDER, other.reached_at or found.reached_at)


def _in_status(order: Order, code: str, *, confirmed: bool) -> Decision:
    """What the rules say of the order in the status of this code."""
    status = statuses.by_code(code)
    if status.reverses:
        return Decision("skip", code)
    rules = rules_of(order.integration)
    if order.family != payment_methods.UNKNOWN:
        return _by_rule(order, order.family, status, rules, confirmed=confirmed)
    return _of_unknown_payment(order, status, rules, confirmed=confirmed)


def _of_unknown_payment(
    order: Order, status: Status, rules: list[TriggerRule], *, confirmed: bool
) -> Decision:
    """A question as soon as a document would be due under either family; else what waits most.

    Never a document on a guessed family (MasterShop reference, payment methods).
    """
    families = (payment_methods.COD, payment_methods.PREPAID)
    answers = [_by_rule(order, each, status, rules, confirmed=confirmed) for each in families]
    due = next((each for each in answers if each.verdict == "due"), None)
    if due is not None:
        return Decision("ask", PAYMENT_METHOD if order.method else PAYMENT_OF_ORDER, due.reached_at)
    return min(answers, key=lambda each: (each.verdict != "ask", _MOST_PRESSING.index(each.code)))


# Which of two answers is told of an order: what may still come before what is settled.
_MOST_PRESSING = (
    *(OLD_SALES, "claim", "backlog", "off", "not_reached", "back_to_waiting"),
    *("before_start", "no_rule", "never"),
)


def _by_rule(
    order: Order, family: str, status: Status, rules: list[TriggerRule], *, confirmed: bool
) -> Decision:
    integration = order.integration
    rule = ask_rules(rules, family=family, status=status.code, rank_max=order.rank_max)
    if status.code == "claim":
        # Only an order that may have come as far as its trigger is worth a question.
        asked = rule.code == "reached" or _may_have_reached(order, rule)
        return Decision("ask" if asked else "waiting", "claim")
    if rule.code == "never":
        return Decision("skip", "never")
    if rule.code != "reached":
        return Decision("waiting", rule.code)
    trigger = rule.trigger_status
    at = reached.reached_at(order, trigger)
    if status.rank is not None and status.rank < statuses.by_code(trigger).rank:
        # The newest truth took the order back before anything was sent.
        return Decision("waiting", "back_to_waiting", at)
    if integration.state != Integration.State.ON:
        return Decision("waiting", "off", at)
    if integration.process_from is not None and at is not None and at < integration.process_from:
        return Decision("waiting", "before_start", at)
    last = reached.last_step_at(order, trigger)
    cut = max(filter(None, [integration.automatic_from, rule.rule.changed_at]), default=None)
    if not confirmed and cut is not None and last is not None and last < cut:
        return Decision("waiting", "backlog", at)
    if is_old_sale(order, at):
        answer = answer_of(integration, OLD_SALES)
        if answer == LEAVE_OUT:
            return Decision("skip", OLD_SALES, at)
        if answer != CREATE and not confirmed:
            return Decision("ask", OLD_SALES, at)
    return Decision("due", "due", at)


def is_old_sale(order: Order, reached: datetime | None) -> bool:
    """Created so long before it reached its trigger that it may be no sale of today: a shop's
    past, told anew. `reached` is the trigger's own date or, without one, when it was seen."""
    created = order.source_created_at
    return created is not None and reached is not None and reached - created > LONGEST_ROAD


def _may_have_reached(order: Order, rule: RuleDecision) -> bool:
    """Seen first in claims, nobody knows how far it came. Past orders raise no question."""
    integration = order.integration
    if order.rank_max or rule.code != "not_reached" or not integration.is_on:
        return False
    at = min((time.at for time in order.status_times.all()), default=None)
    cuts = (integration.automatic_from, integration.process_from, rule.rule.changed_at)
    return at is not None and all(cut is None or at >= cut for cut in cuts)


def _never_ours(order: Order, integration: Integration) -> str:
    if order.is_test:
        return "test"
    if order.country and order.country.strip().casefold() not in ("co", "col", "colombia"):
        return "country"
    if order.currency and order.currency.strip().upper() != "COP":
        return "currency"
    if integration.who_sells == Integration.Seller.OTHER:
        return "other_seller"
    return ""
