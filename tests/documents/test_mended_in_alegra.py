"""*Ya lo arreglé en Alegra* finds what the eye would miss, and what the builder cannot build."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.documents import beside
from integrations.documents.beside import CHANGED
from integrations.documents.gather import gather
from integrations.inventory.models import Bodega
from tests.documents.changing import again, in_alegra, line, read_again, what_changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def change_contact(engine, order, **body):
    client = engine.invoices()[0]["client"]["id"]
    engine.as_person("PUT", f"/contacts/{client}", body)


def test_a_client_that_still_has_the_old_name_does_not_agree(engine, made, cast):
    again(engine, made, customer={"full_name": "Carlos Mario Duque"})
    result = read_again(engine, made, cast.editor)
    assert result.left == ("el cliente tiene otro nombre en Alegra",)
    assert engine.problems(made) == {CHANGED}
    name = {"firstName": "Carlos Mario", "lastName": "Duque"}
    change_contact(engine, made, name="Carlos Mario Duque", nameObject=name)
    assert read_again(engine, made, cast.editor).agrees
    assert engine.problems(made) == set()


def test_a_name_that_was_only_completed_agrees(engine, made, cast):
    again(engine, made, customer={"full_name": "Marta Rojas Pinto de Gómez"})
    assert engine.problems(made) == {CHANGED}
    assert read_again(engine, made, cast.editor).agrees


def test_a_draft_that_still_has_the_old_payment_does_not_agree(engine, made, cast):
    again(engine, made, method="addi")
    assert what_changed(engine, made) == ["payment"]
    document = engine.document(made)
    wanted = gather(document.order, now=engine.at.now()).payment_means
    result = read_again(engine, made, cast.editor)
    assert wanted != "CASH"
    assert result.left == (f"el medio de pago es CASH y debe ser {wanted}",)
    in_alegra(engine, "PUT", made, paymentMethod=wanted)
    assert read_again(engine, made, cast.editor).agrees
    assert engine.problems(made) == set()


def in_alegra_items(engine, order, **changes):
    """The draft's one line with these changes."""
    items = engine.invoices()[0]["items"]
    in_alegra(engine, "PUT", order, items=[
        {"id": item["id"], "price": item["price"], "quantity": item["quantity"],
         "tax": [{"id": tax["id"]} for tax in item["tax"]], **changes}
        for item in items
    ])  # fmt: skip


def test_an_order_whose_lines_do_not_add_up_is_compared_by_its_total(engine, made, cast):
    again(engine, made, total=8_100_500)
    result = read_again(engine, made, cast.editor)
    (left,) = result.left
    told = left.replace("\xa0", " ")
    assert told.startswith("el total del documento es $ 159.")
    assert told.endswith(" y el del pedido $ 8.100.500")
    item = engine.invoices()[0]["items"][0]
    rate = 1 + sum(Decimal(str(tax["percentage"])) for tax in item["tax"]) / 100
    price = (Decimal(8_100_500) / Decimal(str(item["quantity"])) / rate).quantize(Decimal("0.01"))
    in_alegra_items(engine, made, price=float(price))
    result = read_again(engine, made, cast.editor)
    assert result.agrees, result.left
    assert engine.problems(made) == set()
    document = engine.document(made)
    assert (document.total, document.total_pesos) == (Decimal("8100500.00"), 8_100_500)
    assert len(document.built["lines"]) == 1


def test_a_product_that_is_not_linked_is_not_said_to_agree(engine, made, cast):
    again(engine, made, lines=[line(id_product=2, id_variant=22, sku="OTRO-1", name="Otro")])
    left = read_again(engine, made, cast.editor).left
    assert any(each.startswith("no pudimos comprobar los productos") for each in left), left
    assert engine.problems(made) == {CHANGED}


@pytest.mark.parametrize(
    ("changes", "what", "says"),
    [
        ({"is_test": True}, "test", "el pedido ahora es de prueba"),
        ({"shipping_address": {"country": "PE"}}, "country", "el país era CO y ahora es PE"),
        (
            {"order_transaction": {"total": 159800, "currency": "USD", "payment_method": "cod"}},
            "currency",
            "la moneda era COP y ahora es USD",
        ),
    ],
)
def test_what_is_to_have_no_document_is_a_change(engine, made, cast, changes, what, says):
    again(engine, made, **changes)
    assert what in what_changed(engine, made)
    assert engine.problems(made) == {CHANGED}
    assert says in engine.document(made).problems.get(closed_at=None).params["difference"]
    assert says in read_again(engine, made, cast.editor).left
    in_alegra(engine, "DELETE", made)
    assert read_again(engine, made, cast.editor).withdrawn
    assert engine.document(made).state == "withdrawn"


def test_a_bodega_known_by_its_id_is_told_by_its_name(engine):
    for key, name in (("61", "Bodega Sabaneta"), ("62", "Bodega Itagüí")):
        Bodega.objects.update_or_create(
            integration=engine.integration,
            source_id=key,
            defaults={"name": name, "seen_at": engine.at.now()},
        )
    order = engine.order(id_warehouse="61")
    engine.run()
    again(engine, order, id_warehouse="62")
    (change,) = beside.after_of(engine.document(order), engine.document(order).order).changes
    assert change.sentence == "la bodega era Bodega Sabaneta y ahora es Bodega Itagüí"
