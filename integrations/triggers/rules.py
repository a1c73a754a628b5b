"""*Reached or passed*: does an order's family have a rule, and has the order come that far?

MasterShop reference: trigger evaluation. Pure, but for `rules_of`, which reads the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from integrations.connections.models import Integration
from integrations.mastershop import statuses
from integrations.triggers.models import TriggerRule

Code = Literal["no_rule", "never", "not_reached", "reached"]

# What the screen preselects: the buyer has paid by then, and little can be returned.
RECOMMENDED = {TriggerRule.Family.COD: "delivered", TriggerRule.Family.PREPAID: "in_transit"}


@dataclass(frozen=True)
class Decision:
    """`code`: no_rule (none saved yet) · never (*No crear*) · not_reached · reached.

    `trigger_status` is the rule's status code, '' for the first two.
    """

    code: Code
    rule: TriggerRule | None = None
    trigger_status: str = ""


def rules_of(integration: Integration) -> list[TriggerRule]:
    """The saved rules, at most one for each payment family."""
    return list(TriggerRule.objects.filter(integration=integration))


def decide(rules: Iterable[TriggerRule], *, family: str, status: str, rank_max: int) -> Decision:
    """`rank_max` is the highest rank the order was ever seen at, 0 for none.

    Statuses without a rank (cancelled, returned, claim, unknown) neither fire a rule nor undo
    what was reached; what they mean for a document is not asked here.
    """
    rule = next((each for each in rules if each.family == family and each.active), None)
    if rule is None:
        return Decision("no_rule")
    if rule.status == "":
        return Decision("never", rule)
    trigger = statuses.by_code(rule.status)
    if trigger.rank is None:
        return Decision("no_rule", rule)
    reached = max(rank_max, statuses.by_code(status).rank or 0) >= trigger.rank
    return Decision("reached" if reached else "not_reached", rule, rule.status)
