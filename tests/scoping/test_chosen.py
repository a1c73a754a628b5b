"""Columns of a few known values: what is asked of them finds what it found before."""

from __future__ import annotations

import pytest
from django.db.models import F

from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.states import State
from tests.cast import make_integration
from tests.history.factories import make_document, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents(cast):
    integration = make_integration(cast.organization)
    made = {
        state: make_document(make_order(integration), state)
        for state in (State.PENDING, State.CREATED, State.BLOCKED)
    }
    with scope(cast.organization.pk):
        yield made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": State.CREATED}, {State.CREATED}),
        ({"state": "created"}, {State.CREATED}),
        ({"state__in": [State.PENDING, State.BLOCKED]}, {State.PENDING, State.BLOCKED}),
        ({"state__in": frozenset({"pending", "x' OR '1' = '1"})}, {State.PENDING}),
        ({"state": "x' OR '1' = '1"}, set()),
        ({"state": "100%s"}, set()),
        ({"state__in": []}, set()),
        ({"state": F("state")}, {State.PENDING, State.CREATED, State.BLOCKED}),
    ],
)
def test_it_finds_the_rows_with_these_values(documents, asked, found):
    assert {row.state for row in Document.objects.filter(**asked)} == found
    rest = {row.state for row in Document.objects.exclude(**asked)}
    assert rest == set(documents) - found


def test_a_question_inside_of_it_keeps_its_own_order(documents):
    inner = Document.objects.filter(state="created", kind="invoice").values("state")
    assert Document.objects.get(state__in=inner).state == State.CREATED


def test_known_values_are_written_and_all_others_given(documents):
    sql, values = Document.objects.filter(state="created").query.sql_with_params()
    assert "'created'" in sql
    assert "created" not in values
    sql, values = Document.objects.filter(state="creado").query.sql_with_params()
    assert "creado" not in sql
    assert "creado" in values
