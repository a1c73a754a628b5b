"""Of any number of workers one gets a row, and a dead one keeps nobody waiting."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import F, Q

from integrations.connections.models import AlegraSlot, AlegraUser
from integrations.timekeeping import clock
from integrations.timekeeping.lease import Lease
from integrations.timekeeping.timing import timing

APP = Path(__file__).resolve().parents[2] / "integrations"
# Where a moment is also due, none means that there is nothing to do.
FREE_UNTIL_TAKEN = [AlegraSlot.lease, Lease("slot_lease")]
EVERY = [*FREE_UNTIL_TAKEN, Lease("slot_lease", is_due=True)]
NOW = datetime(2026, 11, 8, 15, tzinfo=UTC)
WHOLE = timing().delta("slot_lease")


def later(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def workers(db):
    """The same row, read by two workers when it was due."""
    user = AlegraUser.objects.create(fingerprint="a")
    row = AlegraSlot.objects.create(alegra_user=user, number=0, lease_until=NOW)
    return row, AlegraSlot.objects.get()


def stored() -> AlegraSlot:
    return AlegraSlot.objects.get()


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_one_of_two_workers_gets_the_row(workers, lease):
    first, second = workers
    assert lease.acquire(first, now=NOW)
    assert not lease.acquire(second, now=NOW)
    assert not lease.acquire(stored(), now=later(1))
    assert lease.is_held(stored(), later(1))


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_a_dead_worker_keeps_the_row_for_its_time_and_no_longer(workers, lease):
    first, _second = workers
    assert lease.acquire(first, now=NOW)
    assert not lease.acquire(stored(), now=NOW + WHOLE - timedelta(microseconds=1))
    assert AlegraSlot.objects.filter(lease.over(NOW + WHOLE)).exists()
    assert lease.acquire(stored(), now=NOW + WHOLE)


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_a_worker_that_overran_its_time_changes_nothing_any_more(workers, lease):
    late, _second = workers
    assert lease.acquire(late, now=NOW)
    heir = stored()
    assert lease.acquire(heir, now=NOW + WHOLE)
    assert not lease.renew(late, now=NOW + WHOLE)
    assert not lease.release(late, number=1)
    assert (stored().lease_until, stored().number) == (NOW + 2 * WHOLE, 0)
    assert lease.renew(heir, now=later(100))
    assert lease.release(heir, number=1)
    assert (stored().lease_until, stored().number) == (None, 1)


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_a_worker_keeps_its_row_as_long_as_it_renews_it(workers, lease):
    mine, _other = workers
    assert lease.acquire(mine, now=NOW)
    for seconds in (60, 120, 180):
        assert lease.renew(mine, now=later(seconds))
        assert not lease.acquire(stored(), now=later(seconds + 1))


@pytest.mark.parametrize("lease", FREE_UNTIL_TAKEN, ids=str)
def test_what_is_given_back_is_taken_at_once(workers, lease):
    mine, _other = workers
    assert lease.acquire(mine, now=NOW)
    assert lease.release(mine)
    assert lease.acquire(stored(), now=NOW)


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_what_is_given_back_for_later_rests_until_then(workers, lease):
    mine, _other = workers
    assert lease.acquire(mine, now=NOW)
    assert lease.release(mine, at=later(10))
    assert not lease.acquire(stored(), now=later(9))
    assert lease.acquire(stored(), now=later(10))


def test_nobody_takes_what_is_not_due_at_all(workers):
    AlegraSlot.objects.update(lease_until=None)
    assert not Lease("slot_lease", is_due=True).acquire(stored(), now=NOW)


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_a_row_that_changed_since_it_was_read_is_not_taken(workers, lease):
    mine, _other = workers
    assert not lease.acquire(mine, now=NOW, where=Q(number=1))
    assert lease.acquire(mine, now=NOW, where=Q(number=0), number=F("number") + 1)
    assert stored().number == 1


def test_a_counted_right_is_lost_to_whoever_raises_the_count(workers):
    mine, _other = workers
    assert AlegraSlot.lease.acquire(mine, now=NOW)
    AlegraSlot.objects.update(generation=F("generation") + 1)
    assert not AlegraSlot.lease.renew(mine, now=NOW)


def test_one_call_may_need_a_longer_time(workers):
    mine, _other = workers
    assert AlegraSlot.lease.acquire(mine, now=NOW, lasts=2 * WHOLE)
    assert stored().lease_until == NOW + 2 * WHOLE


@pytest.mark.parametrize("lease", EVERY, ids=str)
def test_who_was_stopped_asks_how_long_its_right_still_lasts(workers, lease):
    first, second = workers
    with clock.frozen(NOW) as at:
        assert lease.acquire(first, now=NOW)
        assert lease.lasts_beyond(first, WHOLE / 2)
        assert not lease.lasts_beyond(second, WHOLE / 2)
        at.advance(seconds=WHOLE.total_seconds() / 2)
        assert not lease.lasts_beyond(first, WHOLE / 2)
        at.advance(seconds=WHOLE.total_seconds())
        assert lease.acquire(stored(), now=at.now())
        assert not lease.lasts_beyond(first, timedelta(0))


# --- Every right of the product is one of these --------------------------------------------


def _leases():
    for model in apps.get_app_config("integrations").get_models():
        for name in dir(model):
            if isinstance(lease := getattr(model, name, None), Lease):
                yield pytest.param(model, lease, id=f"{model.__name__}.{name}")


LEASES = list(_leases())


@pytest.mark.parametrize(("model", "lease"), LEASES)
def test_every_lease_names_its_column_and_its_time(model, lease):
    columns = {field.name for field in model._meta.concrete_fields}
    assert lease.until in columns
    assert not lease.counted or "generation" in columns
    assert timing().delta(lease.lasts) > timedelta(0)


# Who ends a right that may be another's, because the row needs no holder any more.
ENDS_IT = {
    "sending/transition.py": "a state that is written ends the right to the row",
    "intake/interpret.py": "an interpreted delivery has its verdict, whoever interpreted it",
    "orders/reread.py": "the answer of the source is an interpreted delivery",
    "orders/deliveries.py": "a copy makes a delivery wait again",
    "configuration/company_facts.py": "a company that was read may be asked again",
    "connections/reads.py": "what a reader began with was put right: another begins anew",
}


def _named(node: ast.AST) -> set[str]:
    """The columns that a call or a dictionary sets, or compares with a moment."""
    if isinstance(node, ast.Call):
        return {
            word.arg.partition("__")[0]
            for word in node.keywords
            if word.arg and not word.arg.endswith("__isnull")
        }
    if isinstance(node, ast.Dict):
        return {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return set()


def test_no_right_is_taken_kept_or_given_back_by_hand():
    columns = {param.values[1].until for param in LEASES if not param.values[1].is_due}
    found = {
        str(path.relative_to(APP))
        for path in APP.rglob("*.py")
        if path.parent.name not in ("migrations", "timekeeping")
        for node in ast.walk(ast.parse(path.read_text()))
        if _named(node) & columns
    }
    assert found == set(ENDS_IT)
