"""A work's state has one writer, and what it writes can be told afterwards."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending import rows
from integrations.sending.states import ALLOWED, State, Why
from integrations.sending.transition import LeaseLost, TransitionError, move_all
from integrations.timekeeping.timing import timing
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order

PACKAGE = Path(__file__).resolve().parents[2] / "integrations"
WRITER = PACKAGE / "sending" / "transition.py"
_WRITES = {"update", "create", "update_or_create", "get_or_create", "bulk_create", "setattr"}


def _writes_a_state(node: ast.AST) -> bool:
    """`….update(state=State.X)`, `work.state = State.X`, `Document(state=State.X)`."""

    def is_state(value: ast.AST) -> bool:
        # `Integration.State` and `Cause.State` are other things.
        return any(isinstance(each, ast.Name) and each.id == "State" for each in ast.walk(value))

    match node:
        case ast.Assign(targets=[ast.Attribute(attr="state")], value=value):
            return is_state(value)
        case ast.Call(func=ast.Attribute(attr=name), keywords=keywords) if name in _WRITES:
            # `live` and `state_since` are columns of works alone.
            return any(
                each.arg in ("live", "state_since")
                or (each.arg == "state" and is_state(each.value))
                for each in keywords
            )
        case ast.Dict(keys=keys):
            names = {key.value for key in keys if isinstance(key, ast.Constant)}
            return names >= {"state", "live"}
    return False


def _offenders() -> list[str]:
    return [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        if path != WRITER
        and not {"migrations", "simulators"} & set(path.parts)
        and "integrations.sending" in path.read_text()
        for node in ast.walk(ast.parse(path.read_text()))
        if _writes_a_state(node)
    ]


def test_no_other_module_writes_the_state_of_a_work():
    assert _offenders() == []


@pytest.mark.parametrize(
    "code",
    [
        "rows.update(state=State.PENDING)",
        "work.state = State.PENDING",
        "rows.update(live=True)",
        "columns = {'state': to, 'live': True}",
        "Document.objects.create(state=State.BLOCKED)",
    ],
)
def test_another_writer_would_be_seen(code):
    assert any(_writes_a_state(node) for node in ast.walk(ast.parse(code)))


def test_the_writer_itself_is_seen_so_the_search_finds_something():
    tree = ast.parse(WRITER.read_text())
    assert any(_writes_a_state(node) for node in ast.walk(tree))


@pytest.fixture
def document(cast, db):
    order = make_order(casting.make_integration(cast.organization), number="7001")
    with scope(cast.organization.pk):
        document = make_document(order, State.BLOCKED)
        document.refresh_from_db()
        yield document


def _told(document: Document) -> list[tuple[str, str, str, str]]:
    rows = document.changes.order_by("id")
    return list(rows.values_list("from_state", "to_state", "why", "by"))


def test_an_act_says_who_did_it_and_takes_the_row_from_whoever_read_it_before(document):
    read_before = Document.objects.get(pk=document.pk)
    assert document.transition(State.PENDING, now=NOW, why=Why.PERSON, by="Diana Ospina")
    assert _told(document)[-1] == ("blocked", "pending", "person", "Diana Ospina")
    assert not read_before.transition(State.DISMISSED, now=NOW, why=Why.PERSON)
    assert Document.objects.get(pk=document.pk).state == State.PENDING
    assert len(_told(document)) == 3


def test_an_act_leaves_a_row_that_a_worker_holds(document):
    Document.objects.filter(pk=document.pk).update(lease_until=NOW + timedelta(seconds=30))
    assert not document.transition(State.PENDING, now=NOW, why=Why.PERSON)
    assert document.transition(State.PENDING, now=NOW + timedelta(minutes=1), why=Why.PERSON)


def test_a_worker_that_lost_its_lease_writes_nothing(document):
    held = Document.objects.get(pk=document.pk)
    assert document.transition(State.PENDING, now=NOW, why=Why.PERSON)
    with pytest.raises(LeaseLost):
        held.move(State.PENDING, now=NOW, why=Why.CURED)
    assert [why for *_states, why, _by in _told(document)].count("cured") == 0


def test_a_worker_that_was_away_moves_no_row_that_another_one_holds(document):
    """Its state is the same: only the generation tells that it is no longer its own."""
    assert document.transition(State.PENDING, now=NOW, why=Why.PERSON, next_attempt_at=NOW)
    away = Document.objects.get(pk=document.pk)
    assert rows.claim(away, NOW)
    later = NOW + 2 * timing().delta("lease")
    other = Document.objects.get(pk=document.pk)
    assert rows.claim(other, later)
    with pytest.raises(LeaseLost):
        away.move(State.SENDING, now=later, why=Why.SENT, keep_lease=True)
    assert Document.objects.get(pk=document.pk).state == State.PENDING


def test_a_state_that_may_not_follow_is_refused_and_leaves_no_trace(document):
    before = _told(document)
    for to in set(State) - ALLOWED[State.BLOCKED] - {State.BLOCKED}:
        with pytest.raises(TransitionError):
            document.transition(to, now=NOW, why=Why.PERSON)
    assert _told(document) == before


def test_what_changes_beside_the_state_is_no_change_of_the_state(document):
    since, before = document.state_since, _told(document)
    later = NOW + timedelta(hours=1)
    assert document.transition(State.BLOCKED, now=later, why=Why.PERSON, reason_text="Otro")
    document.refresh_from_db()
    assert (document.state_since, document.reason_text) == (since, "Otro")
    assert _told(document) == before


def test_many_rows_move_together_and_each_says_so(document, cast):
    shop = document.integration
    others = [
        make_document(make_order(shop, number=f"70{n}"), State.BLOCKED) for n in range(10, 13)
    ]
    left = make_document(make_order(shop), State.CREATED)
    rows = Document.objects.filter(integration=shop)
    moved = move_all(rows, State.BLOCKED, State.PENDING, now=NOW, why=Why.CURED, by="Ana")
    assert moved == 4
    for each in [document, *others]:
        assert _told(each)[-1] == ("blocked", "pending", "cured", "Ana")
        # A worker that read it before finds it gone.
        assert Document.objects.get(pk=each.pk).generation == each.generation + 1
    assert Document.objects.get(pk=left.pk).state == State.CREATED


def test_the_sweep_takes_no_row_whose_worker_came_back(document):
    Document.objects.filter(pk=document.pk).update(lease_until=NOW + timedelta(seconds=5))
    assert not document.take_from_the_dead(State.PENDING, now=NOW, why=Why.DIED)
