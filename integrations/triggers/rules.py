"""*Reached or passed*: what the rule of a payment family says of an order's status. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.connections.models import Integration
from integrations.mastershop import statuses
from integrations.triggers.models import TriggerRule


@dataclass(frozen=True)
class Decision:
    """`code`: no_rule · never · not_reached · reached."""

    code: str
    rule: TriggerRule | None = None
    trigger_status: str = ""


def rules_of(integration: Integration) -> list[TriggerRule]:
    return list(TriggerRule.objects.filter(integration=integration))


def decide(rules: Iterable[TriggerRule], *, family: str, status: str, rank_max: int) -> Decision:
    """Whether an order whose highest rank so far is `rank_max` reached its family's trigger."""
    rule = next((rule for rule in rules if rule.family == family and rule.active), None)
    if rule is None:
        return Decision("no_rule")
    if not rule.status:
        return Decision("never", rule)
    wanted = statuses.by_code(rule.status).rank
    reached = wanted is not None and rank_max >= wanted
    return Decision("reached" if reached else "not_reached", rule, rule.status)
