"""Where Alegra does not keep the bodega of its documents it is asked once, not once per order."""

from __future__ import annotations

import pytest

from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS
from integrations.connections.models import ReferenceEntry
from integrations.documents.models import Document, DocumentProblem
from integrations.inventory.models import WarehouseLink
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db
QUESTION = QUESTIONS["warehouse_not_kept"]
LOST = [{"warehouse_kept": False}, {"warehouse_shown": False}]


@pytest.fixture
def shop(engine):
    """Its orders go to a bodega that is not Alegra's principal one."""
    with scope(engine.integration.organization_id):
        principal = WarehouseLink.objects.get()
        other = next(
            row["id"] for row in engine.warehouses() if str(row["id"]) != principal.warehouse
        )
        WarehouseLink.objects.update(warehouse=str(other))
        yield engine


def say(shop, value):
    freed = answer(shop.integration, QUESTION, "", value)
    shop.run(3)
    return freed


def states() -> set[str]:
    return set(Document.objects.values_list("state", flat=True))


@pytest.mark.parametrize("fact", LOST, ids=lambda fact: next(iter(fact)))
def test_one_question_for_all_its_documents(shop, fact):
    shop.switch(**fact)
    orders = [shop.order() for _each in range(3)]
    shop.run(3)
    assert [shop.problems(order) for order in orders] == [{"warehouse_not_kept"}] * 3
    cause = Cause.objects.get()
    assert cause.open_count == 3
    assert str(cause.label).startswith("Alegra no guardó la bodega «")


@pytest.mark.parametrize("fact", LOST, ids=lambda fact: next(iter(fact)))
def test_the_answer_settles_those_that_wait_and_later_ones_do_not_ask(shop, fact):
    shop.switch(**fact)
    shop.order()
    shop.order()
    shop.run(2)
    assert say(shop, "accept") == 2
    shop.order()
    shop.run()
    assert states() == {"created"}
    assert DocumentProblem.objects.count() == 2
    assert len(shop.invoices()) == 3


def test_each_is_looked_at_where_a_person_wants_that(shop):
    shop.switch(warehouse_kept=False)
    first = shop.order()
    shop.run()
    say(shop, "check_each")
    second = shop.order()
    shop.run()
    assert shop.problems(first) == shop.problems(second) == {"total_differs"}
    # With the other answer nothing is left to look at.
    say(shop, "accept")
    assert states() == {"created"}
    assert len(shop.invoices()) == 2


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ({"warehouse_kept": False}, "la bodega es «Principal» y debe ser «Bodega norte»"),
        ({"warehouse_shown": False}, "está sin bodega y debe estar en «Bodega norte»"),
    ],
)
def test_both_bodegas_are_named(shop, fact, told):
    rows = {str(row["id"]): row for row in shop.warehouses()}
    sent = WarehouseLink.objects.get().warehouse
    for alegra_id, row in rows.items():
        name = "Bodega norte" if alegra_id == sent else "Principal"
        ReferenceEntry.objects.create(
            company=shop.integration.company, kind=ReferenceEntry.Kind.WAREHOUSE,
            fetched_at=clock.now(), alegra_id=alegra_id,
            name=name if alegra_id == sent or row["isDefault"] else "Otra",
        )  # fmt: skip
    shop.switch(**fact)
    say(shop, "check_each")
    order = shop.order()
    shop.run()
    problem = DocumentProblem.objects.get(closed_at=None)
    assert told in sentence(problem.code, problem.params)
    say(shop, "accept")
    assert shop.problems(order) == set()


def test_where_the_bodega_is_kept_nobody_is_asked(shop):
    shop.order()
    shop.run()
    assert states() == {"created"}
    assert not DocumentProblem.objects.exists()
