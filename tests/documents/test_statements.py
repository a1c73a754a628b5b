"""How many statements a document costs, so that nobody adds one without noticing.

An order of a known buyer, told for the first time and signed: interpreted, then sent and verified
in a turn that has others to serve. What begins, keeps and ends a transaction is not counted, so
that both databases have the same numbers; nor is what takes calls for several documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from integrations.documents.models import Document
from integrations.intake.interpret import interpret
from integrations.scoping.context import scope

pytestmark = pytest.mark.django_db

AN_INTERPRETATION = 20
A_DOCUMENT = 67
A_TURN = 7
_OF_CALLS = re.compile('(UPDATE|FROM) "integrations_alegrauser"')
_OF_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(_OF_TRANSACTIONS) and not _OF_CALLS.search(sql):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def told(engine) -> int:
    """An event of an order that was not known, kept and not interpreted yet."""
    return engine.kept_event(charges=[], warehouse={"idWarehouse": 61})


def waiting(engine, documents: int) -> None:
    for _ in range(documents):
        assert interpret(told(engine)) == "applied"


def shown(asked: list[str]) -> str:
    return "\n".join(sql[:160] for sql in asked)


@pytest.fixture
def known_buyer(engine):
    """Whoever buys has bought before, and the documents of this company come out right."""
    waiting(engine, 2)
    engine.run()
    return engine


def test_the_statements_of_an_interpretation(known_buyer):
    event_id = told(known_buyer)
    with counted() as asked:
        interpret(event_id)
    assert len(asked) <= AN_INTERPRETATION, shown(asked)


def test_the_statements_of_a_document(known_buyer):
    waiting(known_buyer, 1)
    with counted() as of_one:
        known_buyer.run()
    waiting(known_buyer, 3)
    with counted() as of_three:
        known_buyer.run()
    with scope(known_buyer.integration.organization_id):
        assert {row.state for row in Document.objects.all()} == {"created"}
    each = (len(of_three) - len(of_one)) / 2
    assert each <= A_DOCUMENT, shown(of_three)
    assert len(of_one) - each <= A_TURN, shown(of_one)
