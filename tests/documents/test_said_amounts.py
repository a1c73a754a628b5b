"""An order whose amounts cannot be read is cured inside the portal: a person says what it is."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from integrations.catalog.models import AlegraItem
from integrations.configuration.answers import answer
from integrations.configuration.curing import release_cured
from integrations.configuration.questions import QUESTIONS
from integrations.documents import acts
from integrations.documents.models import DocumentProblem
from integrations.scoping.context import scope
from integrations.sending.states import State

pytestmark = pytest.mark.django_db
D = Decimal
LINE = {"id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo",
        "quantity": 1, "price": 50_000}  # fmt: skip


@pytest.fixture
def shop(engine):
    integration = engine.integration
    with scope(integration.organization_id):
        own, other = [
            item
            for item in AlegraItem.objects.order_by("pk")
            if item.can_be_invoiced and item.alegra_id != engine.items["11"] and item.taxes
        ][:2]
        settings = integration.document_settings
        settings.charges_enabled, settings.charges_item = True, own.alegra_id
        settings.save()

    def respond(order, code, value, line=None, **picked):
        """As a person does it where the order waits; returns how many orders it freed."""
        with scope(integration.organization_id):
            problems = DocumentProblem.objects.filter(order=order, code=code, closed_at=None)
            if line is not None:
                problems = problems.filter(subject_key=f"{order.number}/{line}")
            problem = problems.get()
            freed = answer(
                integration, QUESTIONS[code].offered(problem.params), problem.subject_key, value,
                picked=picked, params=problem.params,
            )  # fmt: skip
        engine.run()
        return freed

    return SimpleNamespace(own=own, other=other, respond=respond)


def waiting(engine, **told):
    order = engine.order(**told)
    engine.run()
    return order


def rows(engine, order) -> list[tuple[str, Decimal, list]]:
    """Product, price with its taxes, taxes; of the invoice that Alegra has."""
    document = engine.document(order)
    assert document.state == State.CREATED, engine.problems(order)
    invoice = next(row for row in engine.invoices() if str(row["id"]) == document.alegra_id)
    return [(str(row["id"]), D(str(row["total"])), row["tax"]) for row in invoice["items"]]


def total_of(engine, order) -> Decimal:
    document = engine.document(order)
    assert document.state == State.CREATED, engine.problems(order)
    invoice = next(row for row in engine.invoices() if str(row["id"]) == document.alegra_id)
    return D(str(invoice["total"]))


# --- More than the lines ------------------------------------------------------------------------


def far_over(engine):
    return waiting(engine, lines=[LINE], total=120_000)


@pytest.mark.parametrize("value", ["own", "product", "third_party"])
def test_what_is_over_the_lines_goes_as_what_a_person_says_it_is(engine, shop, value):
    order = far_over(engine)
    assert engine.problems(order) == {"total_mismatch"}
    picked = {"item": shop.other.alegra_id, "name": shop.other.name} if value == "product" else {}
    assert shop.respond(order, "total_mismatch", value, **picked) == 1
    assert total_of(engine, order) == 120_000
    last = rows(engine, order)[-1]
    assert last[0] == (shop.other if value == "product" else shop.own).alegra_id
    assert bool(last[2]) is (value != "third_party")


def test_the_total_itself_may_be_wrong(engine, shop):
    order, other = far_over(engine), far_over(engine)
    shop.respond(order, "total_mismatch", "as_lines")
    assert total_of(engine, order) == 50_000
    assert engine.problems(other) == {"total_mismatch"}, "of this order alone"
    shop.respond(other, "total_mismatch", "as_told", pesos="62000")
    # Twelve thousand more are within the limits of the settings.
    assert total_of(engine, other) == 62_000


@pytest.mark.parametrize(("price", "total"), [(50_000, 300_000), (30_000, 120_000)])
def test_an_answer_is_about_the_amounts_it_was_asked_with(engine, shop, price, total):
    """Another total, or the same total over other lines."""
    order = far_over(engine)
    with scope(engine.integration.organization_id):
        settings = engine.integration.document_settings
        settings.charges_enabled = False
        settings.save()
    shop.respond(order, "total_mismatch", "own")
    assert engine.problems(order) == {"charges_disabled"}
    later = {"number": order.number, "updated": "2026-11-20T19:55:00Z"}
    engine.order(total=total, lines=[{**LINE, "price": price}], **later)
    with scope(engine.integration.organization_id):
        settings.charges_enabled = True
        settings.save()
        release_cured(engine.integration, settings, by="")
    engine.run()
    assert engine.problems(order) == {"total_mismatch"}, "another remainder is another question"
    shop.respond(order, "total_mismatch", "as_lines")
    assert total_of(engine, order) == price


# --- No total, no lines -------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "picked"), [("as_lines", {}), ("as_told", {"pesos": "50000"})])
def test_a_total_that_was_not_told_is_said(engine, shop, value, picked):
    order = waiting(engine, lines=[LINE], total="por definir")
    assert engine.problems(order) == {"total_missing"}
    shop.respond(order, "total_missing", value, **picked)
    assert total_of(engine, order) == 50_000


def test_an_order_without_products_is_the_one_that_is_chosen(engine, shop, cast):
    order = waiting(engine, lines=[], total=80_000)
    assert engine.problems(order) == {"order_unreadable"}
    with scope(engine.integration.organization_id):
        acts.retry(engine.document(order), by=cast.editor)
    engine.run()
    assert engine.problems(order) == {"no_lines"}
    shop.respond(order, "no_lines", "product", item=shop.other.alegra_id, name=shop.other.name)
    assert [row[0] for row in rows(engine, order)] == [shop.other.alegra_id]
    assert total_of(engine, order) == 80_000


# --- Lines that cannot be read ------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"price": "gratis"}, {"quantity": 1.5}, {"quantity": None}])
@pytest.mark.parametrize("value", ["the_rest", "product"])
def test_a_line_that_cannot_be_read_is_worth_what_is_left(engine, shop, wrong, value):
    second = engine.link("2", "22", rate="19")
    bad = {**LINE, "id_product": 2, "id_variant": 22, "name": "Faja", "sku": "F", **wrong}
    order = waiting(engine, lines=[LINE, bad], total=140_000)
    assert engine.problems(order) == {"line_wrong"}
    picked = {"item": shop.other.alegra_id, "name": shop.other.name} if value == "product" else {}
    shop.respond(order, "line_wrong", value, **picked)
    wanted = shop.other if value == "product" else second
    assert [row[0] for row in rows(engine, order)] == [engine.items["11"], wanted.alegra_id]
    assert total_of(engine, order) == 140_000


def test_without_what_cannot_be_read_the_rest_is_asked_about(engine, shop):
    order = waiting(engine, lines=[LINE, {**LINE, "price": "gratis"}], total=140_000)
    shop.respond(order, "line_wrong", "without")
    assert engine.problems(order) == {"total_mismatch"}
    exact = waiting(engine, lines=[LINE, {**LINE, "price": "gratis"}], total=50_000)
    shop.respond(exact, "line_wrong", "without")
    assert total_of(engine, exact) == 50_000
    assert engine.document(exact).built["notes"] == [
        "«Termo» no se pudo leer: no va en el documento."
    ]


GORRA = {**LINE, "id_product": 2, "id_variant": 22, "name": "Gorra", "sku": "G"}
FAJA = {**LINE, "id_product": 3, "id_variant": 33, "name": "Faja", "sku": "F"}


def two_unread(engine, **told):
    engine.link("2", "22", rate="19")
    engine.link("3", "33", rate="19")
    lines = [LINE, {**GORRA, "price": "gratis"}, {**FAJA, "quantity": "varias"}]
    return waiting(engine, lines=lines, total=140_000, **told)


def asked_of(engine, order) -> dict[str, dict]:
    with scope(engine.integration.organization_id):
        return {
            each.subject_key: each.params
            for each in DocumentProblem.objects.filter(order=order, closed_at=None)
        }


def test_each_line_that_cannot_be_read_is_asked_about_by_itself(engine, shop):
    order = two_unread(engine)
    asked = asked_of(engine, order)
    assert set(asked) == {f"{order.number}/1", f"{order.number}/2"}
    assert "«Gorra»: no trae un precio" in asked[f"{order.number}/1"]["why"]
    assert "«Faja»: la cantidad debe ser" in asked[f"{order.number}/2"]["why"]
    assert shop.respond(order, "line_wrong", "without", line=1) == 0
    assert shop.respond(order, "line_wrong", "the_rest", line=2) == 1
    assert [row[0] for row in rows(engine, order)] == [engine.items["11"], engine.items["33"]]
    assert total_of(engine, order) == 140_000
    notes = engine.document(order).built["notes"]
    assert "«Gorra» no se pudo leer: no va en el documento." in notes
    assert not any("«Faja» no se pudo leer" in note for note in notes)


def test_a_line_is_worth_what_a_person_types_and_another_one_the_rest(engine, shop):
    order = two_unread(engine)
    shop.respond(order, "line_wrong", "worth", line=1, pesos="25000")
    shop.respond(order, "line_wrong", "product", line=2, item=shop.other.alegra_id, name="Otro")
    ids = [row[0] for row in rows(engine, order)]
    assert ids == [engine.items["11"], engine.items["22"], shop.other.alegra_id]
    assert [round(row[1]) for row in rows(engine, order)] == [50_000, 25_000, 65_000]
    assert total_of(engine, order) == 140_000


def test_only_one_line_can_be_worth_the_rest(engine, shop):
    order = two_unread(engine)
    shop.respond(order, "line_wrong", "the_rest", line=1)
    shop.respond(order, "line_wrong", "the_rest", line=2)
    (asked,) = asked_of(engine, order).values()
    assert "otra línea ya vale lo que falta" in asked["why"]
    assert asked["offers"] == ["worth", "without"]
    assert shop.respond(order, "line_wrong", "worth", pesos="40000") == 1
    assert [round(row[1]) for row in rows(engine, order)] == [50_000, 40_000, 50_000]


def test_a_line_told_otherwise_since_it_was_answered_is_asked_about_again(engine, shop):
    order = two_unread(engine)
    shop.respond(order, "line_wrong", "without", line=2)
    lines = [LINE, {**GORRA, "price": "gratis"}, {**FAJA, "quantity": 1.5}]
    engine.order(number=order.number, updated="2026-11-20T19:55:00Z", total=140_000, lines=lines)
    engine.run()
    assert set(asked_of(engine, order)) == {f"{order.number}/1", f"{order.number}/2"}


def test_a_line_that_does_not_go_needs_no_product(engine, shop):
    order = waiting(engine, lines=[LINE, {**GORRA, "quantity": 1.5}], total=50_000)
    assert engine.problems(order) == {"line_wrong", "product_unlinked"}
    shop.respond(order, "line_wrong", "without")
    with scope(engine.integration.organization_id):
        document = engine.document(order)
        acts.retry(document, by=None)
    engine.run()
    assert total_of(engine, order) == 50_000


def test_its_own_product_is_linked_first_where_it_is_worth_the_rest(engine, shop):
    order = waiting(engine, lines=[LINE, {**GORRA, "quantity": None}], total=90_000)
    assert engine.problems(order) == {"line_wrong", "product_unlinked"}
    shop.respond(order, "line_wrong", "the_rest")
    assert engine.problems(order) == {"product_unlinked"}


# --- Units given back -----------------------------------------------------------------------------


def test_units_given_back_are_taken_off_what_the_order_sells(engine, shop):
    order = waiting(engine, lines=[{**LINE, "quantity": 3}, {**LINE, "quantity": -1}],
                    total=100_000)  # fmt: skip
    assert total_of(engine, order) == 100_000
    (line,) = engine.document(order).built["lines"]
    assert D(line["quantity"]) == 2
    assert engine.document(order).built["notes"] == [
        "El mismo pedido devuelve 1 de «Termo»: va lo que queda."
    ]


def test_all_units_given_back_leave_the_other_products(engine, shop):
    engine.link("2", "22", rate="19")
    order = waiting(engine, lines=[LINE, {**LINE, "quantity": -1}, GORRA], total=50_000)
    assert [row[0] for row in rows(engine, order)] == [engine.items["22"]]


@pytest.mark.parametrize(
    "back",
    [
        {**FAJA, "quantity": -1},  # of nothing that the order sells
        {**LINE, "quantity": -2},  # of more than it sells
        {**LINE, "quantity": -1, "price": 30_000},  # at another price
    ],
)
@pytest.mark.parametrize("value", ["given_back", "without"])
def test_units_given_back_of_something_else_are_asked_about(engine, shop, back, value):
    engine.link("2", "22", rate="19")
    engine.link("3", "33", rate="19")
    off = -back["quantity"] * back["price"] if value == "given_back" else 0
    order = waiting(engine, lines=[LINE, {**GORRA, "quantity": 3}, back], total=200_000 - off)
    (asked,) = asked_of(engine, order).values()
    assert "devuelve" in asked["why"]
    assert asked["offers"] == ["given_back", "without"]
    shop.respond(order, "line_wrong", value)
    assert round(total_of(engine, order)) == 200_000 - off


def test_a_charge_or_a_discount_that_cannot_be_read_is_left_out(engine, shop):
    for told in (
        {"charges": [{"name": "Envío", "amount": "?"}]},
        {"order_transaction": {"total": 50_000, "payment_method": "cod", "discount": "mucho"}},
    ):
        order = waiting(engine, lines=[LINE], total=50_000, **told)
        assert engine.problems(order) == {"line_wrong"}
        shop.respond(order, "line_wrong", "without")
        assert total_of(engine, order) == 50_000


def test_what_is_told_anew_counts_before_what_was_said(engine, shop):
    order = waiting(engine, lines=[LINE, {**LINE, "price": "gratis"}], total=140_000)
    shop.respond(order, "line_wrong", "without")
    engine.order(
        number=order.number, updated="2026-11-20T19:55:00Z", total=140_000,
        lines=[LINE, {**LINE, "price": 90_000}],
    )  # fmt: skip
    engine.run()
    assert total_of(engine, order) == 140_000
    assert len(rows(engine, order)) == 2


def test_what_was_said_is_no_change_of_the_order(engine, shop):
    """The document is compared with what the order tells, and not with what a person said."""
    order = far_over(engine)
    shop.respond(order, "total_mismatch", "as_lines")
    wrong = waiting(engine, lines=[LINE, {**LINE, "price": "gratis"}], total=50_000)
    shop.respond(wrong, "line_wrong", "without")
    again = {"updated": "2026-11-20T19:57:00Z", "notes": ["Portería"]}
    engine.order(number=order.number, lines=[LINE], total=120_000, **again)
    lines = [LINE, {**LINE, "price": "gratis"}]
    engine.order(number=wrong.number, lines=lines, total=50_000, **again)
    assert engine.problems(order) == engine.problems(wrong) == set()


def test_a_chosen_product_that_is_gone_is_named(engine, shop):
    order = far_over(engine)
    with scope(engine.integration.organization_id):
        AlegraItem.objects.filter(pk=shop.other.pk).update(is_active=False)
    shop.respond(order, "total_mismatch", "product", item=shop.other.alegra_id, name="Faja")
    assert engine.problems(order) == {"charge_product_unusable"}
