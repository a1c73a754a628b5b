"""*Reached or passed*: does an order's family have a rule, and has the order come that far?

MasterShop reference: trigger evaluation. Pure, but for `rules_of`, which reads the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from integrations.connections.models import Integration
from integrations.mastershop import payment_methods, statuses
from integrations.scoping.prepared import Prepared
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
    return _rules(integration=integration.pk)


_rules = Prepared(lambda integration: TriggerRule.objects.filter(integration_id=integration))


def decide(rules: Iterable[TriggerRule], *, family: str, status: str, rank_max: int) -> Decision:
    """`rank_max` is the highest rank the order was ever seen at, 0 for none.

    Statuses without a rank (cancelled, returned, claim, unknown) neither fire a rule nor undo
    what was reached; what they mean for a document is not asked here. Of an unknown family the
    rule that has come furthest counts: either of them may turn out to be the order's.
    """
    rank = max(rank_max, statuses.by_code(status).rank or 0)
    working = [rule for rule in rules if rule.active]
    if family != payment_methods.UNKNOWN:
        return _follow(next((rule for rule in working if rule.family == family), None), rank)
    answers = [_follow(rule, rank) for rule in working]
    return max(answers, key=lambda one: _FURTHEST.index(one.code), default=Decision("no_rule"))


_FURTHEST: tuple[Code, ...] = ("no_rule", "never", "not_reached", "reached")


def _follow(rule: TriggerRule | None, rank: int) -> Decision:
    if rule is None:
        return Decision("no_rule")
    if rule.status == "":
        return Decision("never", rule)
    trigger = statuses.by_code(rule.status)
    if trigger.rank is None:
        return Decision("no_rule", rule)
    return Decision("reached" if rank >= trigger.rank else "not_reached", rule, rule.status)
