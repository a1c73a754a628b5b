from datetime import UTC, datetime, timedelta

import pytest

from integrations.alegra.client import Call
from integrations.alegra.errors import BudgetExhausted, NotSent
from integrations.alegra.rate_limit import RateHeaders
from integrations.connections import breaker
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.models import AlegraUser, PlatformState
from integrations.connections.pace import Pace
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
READ, WRITE = Call("GET", "/company"), Call("POST", "/invoices")


@pytest.fixture
def user() -> AlegraUser:
    return alegra_user_for("facturacion@ejemplo.test")


@pytest.fixture
def now():
    with clock.frozen(NOW) as frozen:
        yield frozen


def drain(pace: Pace) -> int:
    taken = 0
    while taken < 1000:
        try:
            pace.take(WRITE)
        except BudgetExhausted:
            break
        taken += 1
    return taken


def test_five_requests_cost_one_change_of_the_row(user, now, django_assert_num_queries):
    pace = Pace(user)
    pace.take(READ)
    user.refresh_from_db()
    left = user.left
    with django_assert_num_queries(0):
        for _ in range(4):
            pace.take(READ)
    pace.take(READ)
    user.refresh_from_db()
    assert user.left == left - 5


def test_all_workers_together_stay_below_the_limit(user, now):
    AlegraUser.objects.filter(pk=user.pk).update(
        limit=150, left=150, resets_at=NOW + timedelta(seconds=60)
    )
    workers = [Pace(user) for _ in range(3)]
    assert sum(drain(worker) for worker in workers) <= 147


def test_a_window_that_ended_is_opened_anew_and_an_old_block_is_not_spent_in_it(user, now):
    pace = Pace(user)
    pace.take(READ)
    user.refresh_from_db()
    ended = user.resets_at
    now.advance(seconds=61)
    pace.take(READ)
    user.refresh_from_db()
    assert user.resets_at > ended
    assert user.left == 135


def test_the_reserve_is_for_a_person(user, now):
    AlegraUser.objects.filter(pk=user.pk).update(
        limit=150, left=5, resets_at=NOW + timedelta(seconds=30)
    )
    with pytest.raises(BudgetExhausted) as refusal:
        Pace(user).take(READ)
    assert 0 < refusal.value.retry_after <= 30
    Pace(user, for_person=True).take(READ)


def test_what_others_spent_is_seen_in_the_headers(user, now):
    pace = Pace(user)
    pace.take(READ)
    pace.saw(RateHeaders(limit=150, remaining=20, reset_seconds=30), 200)
    user.refresh_from_db()
    assert (user.limit, user.left) == (150, 20)
    assert user.resets_at == NOW + timedelta(seconds=30)


def test_an_answer_that_tells_nothing_new_writes_nothing(user, now, django_assert_num_queries):
    pace = Pace(user)
    pace.take(READ)
    pace.saw(RateHeaders(limit=150, remaining=149, reset_seconds=60), 200)
    with django_assert_num_queries(0):
        pace.saw(RateHeaders(limit=150, remaining=148, reset_seconds=59), 200)


def test_after_a_429_nobody_calls_until_the_window_ends(user, now):
    pace = Pace(user)
    pace.take(READ)
    pace.saw(RateHeaders(limit=150, remaining=0, reset_seconds=20), 429)
    for each in (pace, Pace(user), Pace(user, for_person=True)):
        with pytest.raises(BudgetExhausted) as refusal:
            each.take(READ)
        assert refusal.value.retry_after == pytest.approx(20)
    now.advance(seconds=21)
    Pace(user).take(READ)


def test_two_takers_at_once_are_settled_by_the_row(user, now, monkeypatch):
    """Between reading and writing another worker took a block: read again, lose nothing."""
    pace = Pace(user)
    read = Pace._read
    other = Pace(user)

    def read_and_be_overtaken(self):
        found = read(self)
        monkeypatch.setattr(Pace, "_read", read)
        other.take(READ)
        return found

    monkeypatch.setattr(Pace, "_read", read_and_be_overtaken)
    pace.take(READ)
    user.refresh_from_db()
    assert user.left == 130


# --- The breaker ---------------------------------------------------------------------------


def fail(pace: Pace, times: int) -> None:
    for _ in range(times):
        pace.finished(answered=False)


def test_half_of_twenty_calls_unanswered_within_a_minute_open_the_breaker(user, now):
    pace = Pace(user)
    for _ in range(10):
        pace.finished(answered=True)
    fail(pace, 9)
    Pace(user).take(READ)
    fail(pace, 1)
    with pytest.raises(BudgetExhausted) as refusal:
        Pace(user).take(READ)
    assert refusal.value.retry_after == pytest.approx(30)


def test_slow_failures_over_many_minutes_do_not(user, now):
    for _ in range(30):
        fail(Pace(user), 1)
        now.advance(seconds=61)
    Pace(user).take(READ)


def test_one_reading_call_probes_and_its_answer_closes_the_breaker(user, now):
    fail(Pace(user), 20)
    now.advance(seconds=31)
    probing = Pace(user)
    probing.take(READ)
    with pytest.raises(BudgetExhausted):
        Pace(user).take(READ)
    probing.finished(answered=True)
    Pace(user).take(READ)
    assert PlatformState.objects.get().breaker_open_until is None


def test_a_probe_without_answer_keeps_it_open(user, now):
    fail(Pace(user), 20)
    now.advance(seconds=31)
    probing = Pace(user)
    probing.take(READ)
    probing.finished(answered=False)
    with pytest.raises(BudgetExhausted):
        Pace(user).take(READ)


def test_a_write_is_never_the_probe(user, now):
    fail(Pace(user), 20)
    now.advance(seconds=31)
    pace = Pace(user)
    asked = []

    def lost():
        asked.append("GET")
        raise NotSent("no")

    pace.probe = lost
    with pytest.raises(BudgetExhausted):
        pace.take(WRITE)
    assert asked == ["GET"]
    now.advance(seconds=31)
    pace.probe = lambda: asked.append("GET")
    pace.take(WRITE)
    assert breaker.open_until(user.pk) is None


def test_alegra_silent_for_one_user_holds_the_others_too_but_the_stand_in_does_not(user, now):
    other = alegra_user_for("otra@ejemplo.test")
    stand_in = Pace(alegra_user_for("prueba@ejemplo.test", mode="trial"))
    stand_in.shared = False
    fail(stand_in, 25)
    Pace(other).take(READ)
    fail(Pace(user), 20)
    with pytest.raises(BudgetExhausted):
        Pace(other).take(READ)


def test_what_a_turn_took_and_did_not_use_is_there_for_the_next_one(user, now):
    AlegraUser.objects.filter(pk=user.pk).update(
        limit=150, left=100, resets_at=NOW + timedelta(seconds=60)
    )
    pace = Pace(user)
    pace.take(WRITE)
    pace.close()
    user.refresh_from_db()
    assert user.left == 99
    pace.close()
    user.refresh_from_db()
    assert user.left == 99


def test_what_is_left_of_a_minute_that_is_over_is_not_given_back(user, now):
    pace = Pace(user)
    pace.take(WRITE)
    AlegraUser.objects.filter(pk=user.pk).update(left=100, resets_at=NOW + timedelta(seconds=120))
    pace.close()
    user.refresh_from_db()
    assert user.left == 100
