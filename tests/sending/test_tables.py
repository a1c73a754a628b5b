"""The tables of the sending room say what the product promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.alegra import errors
from integrations.sending import back_off
from integrations.sending.marker import (
    MARKER,
    any_marker,
    carries,
    make_marker,
    observations,
    signed,
)
from integrations.sending.outcomes import RULES, outcome_of
from integrations.sending.states import ALLOWED, EXISTS_IN_ALEGRA, LIVE, Outcome, State
from integrations.timekeeping.timing import Timing


def test_every_state_has_its_exits_listed():
    assert set(ALLOWED) == set(State)
    assert all(after in set(State) for exits in ALLOWED.values() for after in exits)


def test_only_a_withdrawal_or_an_invoice_ends_what_exists_in_alegra():
    for state in EXISTS_IN_ALEGRA:
        assert ALLOWED[state] - LIVE <= {State.WITHDRAWN, State.CONVERTED}


def test_what_may_have_been_sent_is_never_put_aside_by_a_worker():
    for state in (State.SENDING, State.UNCONFIRMED):
        assert not ALLOWED[state] & {State.SKIPPED, State.DISMISSED, State.EXTERNAL}


def test_every_outcome_has_its_rule():
    assert set(RULES) == set(Outcome)


@pytest.mark.parametrize(
    ("error", "creating", "reading"),
    [
        (errors.NotSent("x"), Outcome.TRANSIENT, Outcome.TRANSIENT),
        (errors.OutcomeUnknown("x"), Outcome.UNCONFIRMED, Outcome.TRANSIENT),
        (errors.RateLimited(3), Outcome.RATE_LIMITED, Outcome.RATE_LIMITED),
        (errors.BudgetExhausted(3), Outcome.RATE_LIMITED, Outcome.RATE_LIMITED),
        (errors.Unauthorized("x"), Outcome.CREDENTIALS, Outcome.CREDENTIALS),
        (errors.PlanExcludes("x"), Outcome.PLAN, Outcome.PLAN),
        (errors.Forbidden("x"), Outcome.PLAN, Outcome.PLAN),
        (errors.Rejected("x"), Outcome.REJECTED, Outcome.REJECTED),
        (errors.NotFound("x"), Outcome.REJECTED, Outcome.REJECTED),
        (errors.Rejected("x", document={"id": "1"}), Outcome.UNCONFIRMED, Outcome.REJECTED),
        (ZeroDivisionError(), Outcome.INTERNAL, Outcome.INTERNAL),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_class_of_an_error_decides(error, creating, reading):
    assert outcome_of(error, creates=True) is creating
    assert outcome_of(error, creates=False) is reading


def test_a_marker_is_the_same_each_time_and_another_for_each_order_and_cycle():
    marker = make_marker("fuente", "100245", 0)
    assert MARKER.fullmatch(marker)
    assert marker == make_marker("fuente", "100245", 0)
    others = {
        make_marker("fuente", "10024", 0),
        make_marker("fuente", "100245", 1),
        make_marker("otra", "100245", 0),
        # Where one part ends and the next begins must not be a matter of luck.
        make_marker("fuente1", "00245", 0),
    }
    assert marker not in others
    assert len(others) == 4


def test_a_marker_is_found_only_whole():
    marker = make_marker("fuente", "100245", 0)
    text = observations("Pedido 100245", marker)
    assert carries(text, marker)
    assert any_marker(text)
    assert not carries(text[:-1], marker)
    assert not carries(None, marker)


def test_the_marker_survives_a_long_text():
    marker = make_marker("fuente", "100245", 0)
    text = signed({"date": "2026-11-20", "observations": "x" * 600}, marker)["observations"]
    assert len(text) == 500
    assert text.endswith(marker)
    assert signed({"date": "2026-11-20"}, marker)["observations"] == marker


def test_the_pause_grows_and_is_capped():
    timing = Timing()
    most = [back_off.delay(n, timing, draw=lambda: 1.0).total_seconds() for n in range(1, 20)]
    assert most[:3] == [30, 60, 120]
    assert most == sorted(most)
    assert most[-1] == timing.back_off_cap
    assert back_off.delay(5, timing, draw=lambda: 0.0).total_seconds() == 1


def test_it_gives_up_after_three_days():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert not back_off.has_given_up(None, now, Timing())
    assert not back_off.has_given_up(now - timedelta(hours=71), now, Timing())
    assert back_off.has_given_up(now - timedelta(hours=73), now, Timing())
