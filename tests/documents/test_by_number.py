"""*Ya tiene documento*: the number is compared with what Alegra has, and what is odd asks twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.connections.models import Integration
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.scoping.search_key import normalised
from tests.cast import make_integration
from tests.confirming import word_in
from tests.documents.engine import full_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(engine, cast, login):
    """ask("FE 318") → the page after *Comprobar en Alegra*; the order waits meanwhile."""
    with scope(engine.integration.organization_id):
        Integration.objects.update(paused_reason="staff")
    order = engine.order()
    address = reverse("order_external", args=[cast.organization.slug, order.pk])
    client = login(cast.accountant)

    def posted(number, **more):
        answer = client.post(address, {"number": number, "check": "1", **more})
        assert engine.document(order).state == "pending"
        return answer.content.decode()

    return posted


@pytest.fixture
def save(engine, cast, login):
    """save("FE 318") → (order, the page after *Guardar*); `order` saves for that one again."""
    with scope(engine.integration.organization_id):
        Integration.objects.update(paused_reason="staff")

    def posted(number, *, order=None, **more):
        order = order or engine.order()
        address = reverse("order_external", args=[cast.organization.slug, order.pk])
        answer = login(cast.accountant).post(address, {"number": number, **more}, follow=True)
        return order, answer.content.decode()

    return posted


def entry(engine) -> dict:
    with scope(engine.integration.organization_id):
        return AuditEntry.objects.get(action="document.mark_external").after


def buyer_in_alegra(engine, number="52998117") -> str:
    """A contact with the order's own identification, or another."""
    body = {
        "nameObject": {"firstName": "Marta", "lastName": "Rojas"}, "kindOfPerson": "PERSON_ENTITY",
        "identificationObject": {"type": "CC", "number": number}, "type": ["client"],
        "regime": "SIMPLIFIED_REGIME",
    }  # fmt: skip
    return str(engine.as_person("POST", "/contacts", body)["id"])


def open_invoice(engine, *, price, client=""):
    """An invoice typed by hand and emitted, so that it has a number."""
    item = next(iter(engine.items.values()))
    client = client or engine.ledger()["contacts"][0]["id"]
    body = {
        "date": "2026-11-20", "dueDate": "2026-11-20", "client": {"id": client}, "status": "open",
        "items": [{"id": item, "price": price, "quantity": 1}],
        "paymentForm": "CASH", "paymentMethod": "CASH",
    }  # fmt: skip
    return engine.as_person("POST", "/invoices", body)


@pytest.mark.parametrize(("price", "said"), [(159_800, "El mismo total"), (1_000, "Otro total")])
def test_a_number_that_alegra_knows_is_shown_with_client_and_total(engine, ask, price, said):
    made = open_invoice(engine, price=price)
    number = full_number(made)
    page = ask(f"{number[:2].lower()} {number[2:]}")
    assert number in page
    assert made["client"]["name"] in page
    assert said in page
    # What was typed is still there to be saved.
    assert f'value="{number[:2].lower()} {number[2:]}"' in page


def test_a_number_that_alegra_does_not_know_may_still_be_saved(ask):
    assert "Alegra no tiene ninguna factura ni remisión con ese número" in ask("FE 999999")
    assert "Alegra no tiene ninguna" in ask("???")


def test_a_plan_without_remissions_still_shows_the_invoice(engine, ask):
    made = open_invoice(engine, price=159_800)
    engine.switch({"fault": "status", "status": 402, "method": "GET", "path": "/remissions"})
    assert "El mismo total" in ask(full_number(made))
    # Nobody could look among the remissions.
    assert "No pudimos comprobarlo en Alegra" in ask("FE 999999")
    engine.switch({"fault": "status", "status": 402, "method": "GET"})
    assert "No pudimos comprobarlo en Alegra" in ask(full_number(made))


def test_when_alegra_does_not_answer_the_page_says_so_and_keeps_the_number(engine, ask):
    engine.switch({"fault": "status", "status": 503, "method": "GET"})
    page = ask("FE 318")
    assert "No pudimos comprobarlo en Alegra" in page
    assert 'value="FE 318"' in page


# --- Saving ----------------------------------------------------------------------------------


def test_a_document_of_this_client_and_total_is_saved_at_once(engine, save):
    client = buyer_in_alegra(engine, "52.998.117")
    made = open_invoice(engine, price=159_800, client=client)
    order, page = save(full_number(made))
    assert engine.document(order).state == "external"
    assert "Guardado." in page
    (told,) = entry(engine)["alegra"]
    assert (told["id"], told["same_client"], told["same_total"]) == (str(made["id"]), True, True)
    assert entry(engine)["confirmed"] is False


@pytest.mark.parametrize(
    ("number", "price", "said", "same_client", "same_total"),
    [
        ("52998118", 159_800, "Otro cliente", False, True),
        ("5299811", 159_800, "Otro cliente", False, True),
        ("52998117", 1_000, "Otro total", True, False),
    ],
)
def test_another_client_or_total_asks_twice_and_keeps_what_was_typed(
    engine, save, number, price, said, same_client, same_total
):
    client = buyer_in_alegra(engine, number)
    made = open_invoice(engine, price=price, client=client)
    typed = full_number(made).lower()
    order, page = save(typed)
    assert engine.document(order).state == "pending"
    assert said in page
    assert f'value="{typed}"' in page
    assert "Todavía no se guardó" in page
    assert "Guardar de todas formas" in page
    # The trail and the page show no more of the other client than is needed to recognise it.
    assert number not in page
    assert f"***{number[-4:]}" in page
    assert ("<dd>Marta Rojas</dd>" in page) is same_client
    assert ("<dd>M•••• R••••</dd>" in page) is not same_client
    save(typed, order=order, confirmed=word_in(page))
    assert engine.document(order).state == "external"
    told = entry(engine)
    assert told["confirmed"] is True
    (row,) = told["alegra"]
    assert (row["same_client"], row["same_total"]) == (same_client, same_total)
    assert number not in str(told)


def test_a_number_that_alegra_does_not_know_asks_twice(engine, save):
    order, page = save("FE 999999")
    assert engine.document(order).state == "pending"
    assert "Alegra no conoce ese número." in page
    _order, done = save("FE 999999", order=order, confirmed=word_in(page))
    assert "Guardado." in done
    assert engine.document(order).state == "external"
    told = entry(engine)
    assert (told["alegra"], told["confirmed"]) == ([], True)


def test_a_yes_is_to_one_number_and_to_what_alegra_said_of_it(engine, save):
    order, page = save("FE 999999")
    yes = word_in(page)
    _order, other = save("FE 999998", order=order, confirmed=yes)
    assert "Todavía no se guardó" in other
    made = open_invoice(engine, price=1_000)
    _order, found = save(full_number(made), order=order, confirmed=word_in(other))
    assert "Otro total" in found
    assert "Todavía no se guardó" in found
    save("FE 999999", order=order, confirmed="1")
    assert engine.document(order).state == "pending"


def test_without_an_answer_of_alegra_it_asks_twice_and_the_trail_says_so(engine, save):
    engine.switch({"fault": "status", "status": 503, "method": "GET"})
    order, page = save("FE 318")
    assert engine.document(order).state == "pending"
    assert "Nadie ha comprobado ese número en Alegra." in page
    save("FE 318", order=order, confirmed=word_in(page))
    assert engine.document(order).state == "external"
    assert entry(engine)["alegra"] == "not asked"


def test_a_void_document_asks_twice(engine, save):
    client = buyer_in_alegra(engine)
    made = open_invoice(engine, price=159_800, client=client)
    engine.as_person("POST", f"/invoices/{made['id']}/void", {"cause": "x"})
    order, page = save(full_number(made))
    assert "Anulada" in page
    assert engine.document(order).state == "pending"


def test_a_person_who_checked_first_confirms_with_one_click(engine, save):
    order, page = save("FE 999999", check="1")
    assert "Todavía no se guardó" not in page
    save("FE 999999", order=order, confirmed=word_in(page))
    assert engine.document(order).state == "external"


# --- One document for two orders -------------------------------------------------------------
def test_a_document_that_another_order_was_given_asks_twice_and_names_it(engine, save, cast):
    client = buyer_in_alegra(engine)
    number = full_number(open_invoice(engine, price=159_800, client=client))
    first, _page = save(number)
    assert engine.document(first).state == "external"
    # Written in another way it is the same document.
    typed = f"{number[:2].lower()}-{number[2:]}"
    order, page = save(typed)
    assert engine.document(order).state == "pending"
    address = reverse("order", args=[cast.organization.slug, first.pk])
    assert f'<a href="{address}">{first.number}</a>' in page
    assert "Todavía no se guardó" in page
    # Client and total are right: nothing else is wrong with it.
    assert "no es de este cliente" not in page
    save(typed, order=order, confirmed=word_in(page))
    assert engine.document(order).state == "external"
    with scope(engine.integration.organization_id):
        told = AuditEntry.objects.filter(action="document.mark_external").latest("pk").after
    assert (told["also_of"], told["confirmed"]) == ([first.number], True)


@pytest.mark.parametrize("is_followed", [True, False], ids=["number known", "not read since"])
def test_the_document_made_for_another_order_asks_twice(engine, save, cast, is_followed):
    with scope(engine.integration.organization_id):
        Integration.objects.update(paused_reason="")
    made = engine.order()
    engine.run()
    document = engine.document(made)
    told = engine.as_person("PUT", f"/invoices/{document.alegra_id}", {"status": "open"})
    number = full_number(told)
    with scope(engine.integration.organization_id):
        Integration.objects.update(paused_reason="staff")
        if is_followed:
            Document.objects.filter(pk=document.pk).update(
                number=number, number_key=normalised(number)
            )
    order, page = save(number)
    assert engine.document(order).state == "pending"
    assert f">{made.number}</a>" in page


def test_a_number_of_another_company_or_taken_back_is_nobodys(engine, save, cast):
    first, page = save("FE 999999")
    save("FE 999999", order=first, confirmed=word_in(page))
    _order, page = save("FE 999999")
    assert f">{first.number}</a>" in page
    other = make_integration(cast.organization)
    with scope(engine.integration.organization_id):
        Document.objects.filter(order=first).update(company=other.company_id, integration=other.pk)
    _order, page = save("FE 999999")
    assert f">{first.number}</a>" not in page
    assert "Alegra no conoce ese número." in page
