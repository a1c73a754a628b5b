import pytest

from integrations.mastershop.statuses import TRIGGERS
from integrations.triggers.models import TriggerRule
from integrations.triggers.rules import RECOMMENDED, decide


def rule(family="cod", status="delivered", active=True) -> TriggerRule:
    return TriggerRule(family=family, status=status, active=active)


@pytest.mark.parametrize(
    ("status", "rank_max", "code"),
    [
        ("in_transit", 6, "not_reached"),
        ("delivered", 8, "reached"),
        ("delivered", 0, "reached"),  # first seen at the end: passed on the way
        ("to_confirm", 8, "reached"),  # a late lower status undoes nothing
        ("unknown", 0, "not_reached"),
        ("cancelled", 6, "not_reached"),
        ("returned", 8, "reached"),  # what a return means is not asked here
        ("an invented one", 3, "not_reached"),
    ],
)
def test_reached_or_passed(status, rank_max, code):
    decision = decide([rule()], family="cod", status=status, rank_max=rank_max)
    assert (decision.code, decision.trigger_status) == (code, "delivered")


def test_each_family_has_its_own_rule():
    rules = [rule(), rule("prepaid", "in_transit")]
    assert decide(rules, family="prepaid", status="in_transit", rank_max=6).code == "reached"
    assert decide(rules, family="cod", status="in_transit", rank_max=6).code == "not_reached"


def test_until_it_is_saved_nothing_is_created():
    assert decide([], family="cod", status="delivered", rank_max=8).code == "no_rule"
    off = [rule(active=False)]
    assert decide(off, family="cod", status="delivered", rank_max=8).code == "no_rule"


def test_no_crear_is_an_answer_and_not_a_missing_rule():
    decision = decide([rule(status="")], family="cod", status="delivered", rank_max=8)
    assert decision.code == "never"
    assert decision.trigger_status == ""


def test_what_is_recommended_can_be_chosen():
    assert set(RECOMMENDED.values()) <= {status.code for status in TRIGGERS}
    assert set(RECOMMENDED) == set(TriggerRule.Family)


@pytest.mark.parametrize(
    ("rank_max", "code"), [(5, "not_reached"), (6, "reached"), (8, "reached"), (0, "not_reached")]
)
def test_of_an_unknown_family_the_rule_that_has_come_furthest_counts(rank_max, code):
    rules = [rule(), rule("prepaid", "in_transit")]
    assert decide(rules, family="unknown", status="unknown", rank_max=rank_max).code == code


def test_an_unknown_family_without_rules_reaches_nothing():
    assert decide([], family="unknown", status="delivered", rank_max=8).code == "no_rule"
    never = [rule(status=""), rule("prepaid", "")]
    assert decide(never, family="unknown", status="delivered", rank_max=8).code == "never"
