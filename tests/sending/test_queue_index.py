"""The queue is read by its index, so that what is due costs the same behind years of documents."""

from __future__ import annotations

import pytest
from django.db import connection

from integrations.documents.models import Document
from integrations.payments.models import Payment
from integrations.scoping import statistics
from integrations.scoping.context import unscoped
from integrations.sending.rows import candidates
from integrations.sending.states import State
from tests.cast import make_integration
from tests.history.factories import NOW, make_document, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    """How the database finds the rows of each SELECT that is asked."""
    found: list[str] = []

    def note(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor = context["connection"].connection.cursor()
            text = sql if connection.vendor != "sqlite" else sql.replace("%s", "?")
            given = [getattr(each, "value", each) for each in params]
            rows = cursor.execute(f"{how} {text}", given).fetchall()
            found.append("\n".join(str(row[-1]) for row in rows))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


@pytest.fixture
def many_sent(cast):
    for _ in range(4):
        integration = make_integration(cast.organization)
        for at in range(10):
            order = make_order(integration)
            make_document(order, State.PENDING if at == 0 else State.CREATED)
    statistics.gather()
    if connection.vendor == "postgresql":
        # Of so few rows it reads all; what counts is whether it could do otherwise.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return integration


@pytest.mark.parametrize("needs_contact", [False, True])
@pytest.mark.parametrize("kind", [Document, Payment])
def test_the_next_rows_of_a_user_are_found_by_the_index_of_the_queue(
    many_sent, plans, kind, needs_contact
):
    user = many_sent.credential.alegra_user_id
    with unscoped("a test"):
        candidates(kind, NOW, alegra_user=user, needs_contact=needs_contact)
    [plan] = plans
    assert f"{kind._meta.model_name}_due" in plan
    # In its order, so that no more rows are read than are asked for.
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
