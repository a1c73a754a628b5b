"""Every lease and every wait is in `Timing`, where a proof divides it and a reader finds it.

The walk finds a duration by how it is written: a `timedelta` of a literal, a literal time limit
of a call, a literal nap, a constant or a default that is named after time. What it may find
elsewhere is no lease and no wait of the product, and is listed here with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.timekeeping.timing import Timing

APP = Path(__file__).resolve().parents[2] / "integrations"
# The far sides have times of their own; a migration keeps what was true once.
LEFT_OUT = {"simulators", "migrations"}
LIMITS = {"timeout", "expires", "countdown", "soft_time_limit", "time_limit"}
OF_TIME = {
    *("SECONDS", "MINUTES", "HOURS", "LEASE", "CLAIM", "LIVES", "WAIT", "WAITS", "REST", "RESTS"),
    *("PAUSE", "PATIENCE", "TIMEOUT", "EVERY", "STALE", "QUIET", "SLEEP", "DELAY", "TTL"),
    *("EXPIRES", "WINDOW", "RESET", "INTERVAL", "PERIOD", "DEADLINE", "BELIEVED", "CLOSED"),
}

CALENDAR = "days of the calendar, which no proof shortens"
PROTOCOL = "what the far side's interface says, or the most that a header of it is believed"
SUPERVISOR = "the supervisor of processes, which starts before there is a database"
ALLOWED = {
    "alegra/client.py::Deadlines": "defaults for scripts: the product hands in its own",
    "alegra/errors.py::LONGEST_WAIT": PROTOCOL,
    "alegra/errors.py::SHORTEST_WAIT": PROTOCOL,
    "alegra/errors.py::DEFAULT_WAIT": PROTOCOL,
    "alegra/rate_limit.py::WINDOW_SECONDS": PROTOCOL,
    "alegra/rate_limit.py::_SAME_WINDOW": PROTOCOL,
    "alegra/rate_limit.py::_LONGEST_RESET": PROTOCOL,
    "alegra/rate_limit.py::observe": PROTOCOL,
    "colombia/dates.py::end_of_midnight": CALENDAR,
    "connections/background.py::rest_of": "a minute, divided by the calls that it allows",
    "connections/limits.py::may_try": "the count of a minute outlives it in the cache",
    "connections/pace.py::_SAME_END": PROTOCOL,
    "connections/pace.py::_may_tell_more": PROTOCOL,
    "demo/setting_up.py::LONG_AGO": "the age of the demo's world",
    "demo/setting_up.py::_switch_on": "the age of the demo's world",
    "demo/stand_ins.py::_TIMEOUT": "the demo's own calls to the stand-ins",
    "documents/contact_reads.py::rest": "a minute, divided by the calls that it allows",
    "documents/copies.py::_day_before": CALENDAR,
    "history/cursor.py::_MICROSECOND": "the least that two moments differ by",
    "history/fields.py::day_ends": CALENDAR,
    "intake/passes.py::_last_night": CALENDAR,
    "intake/passes.py::covers_since": CALENDAR,
    "intake/passes.py::ranges_of": CALENDAR,
    "management/children.py::LONGEST_REST": SUPERVISOR,
    "management/children.py::PATIENCE": SUPERVISOR,
    "management/children.py::RESTARTS_WINDOW": SUPERVISOR,
    "management/children.py::_wait": SUPERVISOR,
    "management/commands/up.py::START_PATIENCE": SUPERVISOR,
    "management/commands/up.py::_wait_for": SUPERVISOR,
    "management/silence.py::_PATIENCE": SUPERVISOR,
    "mastershop/client.py::LONGEST_RANGE": PROTOCOL,
    "mastershop/client.py::every_order": PROTOCOL,
    "mastershop/limits.py::_LONGEST_WAIT": PROTOCOL,
    "mastershop/transport.py::Deadlines": "defaults for scripts: the product hands in its own",
    "notifications/grouping.py::_MORNING": CALENDAR,
    "notifications/wording.py::since_words": CALENDAR,
    "orders/newest.py::_AFTER_EVERY_RANK": "a rank",
    "orders/number_twice.py::free_occurrence": "the next minute that no other sale has",
    "payments/steps.py::day_of_payment": CALENDAR,
    "timekeeping/clock.py::REFRESH_SECONDS": "how long the database's time is carried on",
    "timekeeping/words.py::ago": "how a moment is put into words",
}


def _is_number(node: ast.AST) -> bool:
    """A literal number that is not nothing, or arithmetic that has one."""
    return any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, int | float)
        and not isinstance(each.value, bool)
        and each.value != 0
        for each in ast.walk(node)
    )


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_duration(node: ast.Call) -> bool:
    given = [*node.args, *(word.value for word in node.keywords)]
    if _called(node) in ("timedelta", "sleep"):
        return any(map(_is_number, given))
    return any(word.arg in LIMITS and _is_number(word.value) for word in node.keywords)


def _names_of_time(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [
        each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
    ]
    return [name for name in names if name.isupper() and OF_TIME & set(name.split("_"))]


def _found(tree: ast.AST, place: str = "") -> Iterator[str]:
    """The names under which durations are written."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            if _is_number(node.value):
                yield from _names_of_time(node)
            if isinstance(node, ast.AnnAssign) and place == "Deadlines":
                yield place
        here = place
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            here = node.name
        elif not place and isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            here = getattr(target, "id", "")
        if isinstance(node, ast.Call) and _is_duration(node):
            yield here
        yield from _found(node, here)


def _everywhere() -> set[str]:
    return {
        f"{path.relative_to(APP)}::{name}"
        for path in APP.rglob("*.py")
        if path.relative_to(APP).parts[0] not in LEFT_OUT
        and path.relative_to(APP) != Path("timekeeping/timing.py")
        for name in _found(ast.parse(path.read_text()))
    }


def test_no_lease_and_no_wait_is_outside_of_timing():
    assert _everywhere() - set(ALLOWED) == set()


def test_what_is_allowed_elsewhere_is_still_there():
    assert set(ALLOWED) - _everywhere() == set()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LEASE = 60", "LEASE"),
        ("_BETWEEN_SECONDS: float = 1.5", "_BETWEEN_SECONDS"),
        ("STEP = timedelta(minutes=2)", "STEP"),
        ("def act():\n    wait(clock.now() + timedelta(seconds=60))", "act"),
        ("def act():\n    send(task, expires=30)", "act"),
        ("def act():\n    time.sleep(2.0 * failed)", "act"),
    ],
)
def test_the_walk_sees_what_is_written_by_hand(written, name):
    assert set(_found(ast.parse(written))) == {name}


@pytest.mark.parametrize(
    "written",
    ["MOST = 60", "def act():\n    timedelta(0)", "def act():\n    time.sleep(timing().rest)"],
)
def test_the_walk_lets_other_numbers_be(written):
    assert set(_found(ast.parse(written))) == set()


# --- Timing itself -------------------------------------------------------------------------


def test_a_proof_divides_what_is_ours_and_leaves_the_far_sides_time():
    whole, short = Timing(), Timing().divided_by(20)
    for field in fields(Timing):
        divisor = 1 if field.metadata.get("real") else 20
        assert getattr(short, field.name) == pytest.approx(getattr(whole, field.name) / divisor)
    assert whole.event_lease / 20 == short.event_lease
    assert short.delta("mail_lease") == timedelta(minutes=4)


def test_leases_outlast_what_is_done_under_them():
    times = Timing()
    assert times.lease > times.call + times.lease_margin
    assert times.contact_lease >= 3 * times.call
    assert times.follow_lease >= times.lease + 3 * times.call
    assert times.reread_lease >= times.call + times.lease_margin
    assert times.orders_lease > times.pull_longest + 2 * times.call
    assert times.event_lease + times.sweep_every <= 15
