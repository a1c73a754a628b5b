"""What keeps a payment from being registered: one cause each, with its cure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from integrations.configuration.curing import release_closed_periods, release_cured
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.documents.acts import NotPossible
from integrations.documents.models import Document
from integrations.payments import acts
from integrations.payments.far_side import PaymentSide
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending import trying
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence
from integrations.sending.states import State
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db
CREATE = {"method": "POST", "path": "/payments", "times": 1}


@pytest.fixture
def act(books, cast):
    """act("go", order, …) by the editor."""

    def do(name, order, **words) -> None:
        with scope(order.organization_id):
            getattr(acts, name)(books.payment(order), by=cast.editor, **words)
        books.engine.run()

    return do


def refuses(books, status: int, body: object) -> None:
    fault = {**CREATE, "fault": "status", "status": status, "body": body}
    books.engine.switch(fault, stamp_old_date="accepted")


# --- Somebody was there first ----------------------------------------------------------------


def test_one_that_is_paid_by_hand_is_asked_about_and_never_paid_twice(books, act):
    order = books.issue()
    books.pay_by_hand(order, float(books.total(order)))
    posts = books.posts()
    books.engine.run()
    found = books.problems(order)
    assert set(found) == {"payment_by_hand"}
    assert "ya está pagada en Alegra" in sentence("payment_by_hand", found["payment_by_hand"])
    act("say_fine", order)
    assert books.state(order) == State.EXTERNAL
    assert (len(books.payments()), books.posts()) == (1, posts)
    with scope(order.organization_id):
        assert not Cause.objects.open().exists()


def test_one_that_is_paid_in_part_gets_what_is_missing_only_after_a_yes(books, act):
    order = books.issue()
    books.pay_by_hand(order, 100_000)
    books.engine.run()
    words = books.problems(order)["payment_partly"]
    assert words["paid"].replace("\N{NO-BREAK SPACE}", " ") == "$ 100.000"
    act("go", order)
    assert books.state(order) == State.CREATED
    assert Decimal(str(books.invoice(order)["balance"])) == 0
    assert sorted(Decimal(str(row["amount"])) for row in books.payments()) == [
        books.total(order) - 100_000,
        100_000,
    ]


def test_a_yes_is_about_exactly_what_was_asked(books, act, cast):
    order = books.issue()
    books.pay_by_hand(order, 100_000)
    books.engine.run()
    books.pay_by_hand(order, 50_000)
    act("go", order)
    assert set(books.problems(order)) == {"payment_partly"}
    assert len(books.payments()) == 2


def test_one_that_looked_paid_and_was_voided_is_registered_after_a_retry(books, cast):
    order = books.issue()
    row = books.pay_by_hand(order, float(books.total(order)))
    books.engine.run()
    books.call("POST", f"/payments/{row['id']}/void", {})
    books.again(order, cast.editor)
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == 1


# --- The invoice is another one by now -------------------------------------------------------


def test_an_invoice_with_another_total_holds_its_payment(books, act):
    order = books.engine.order()
    books.engine.run()
    document = books.engine.document(order)
    items = [{**row, "price": 50_000} for row in books.invoice(order)["items"]]
    books.call("PUT", f"/invoices/{document.alegra_id}", {"items": items})
    books.call("POST", "/invoices/stamp", {"ids": [document.alegra_id]})
    books.becomes_issued(order)
    books.engine.run()
    words = books.problems(order)["payment_invoice_differs"]
    assert "en vez de" in words["how"]
    assert books.posts() == 0
    act("go", order)
    assert books.state(order) == State.CREATED
    (row,) = books.payments()
    assert Decimal(str(row["amount"])) == books.total(order) != Decimal(159_800)


def test_an_invoice_of_another_client_holds_its_payment(books, act):
    order = books.issue()
    with scope(order.organization_id):
        document = books.engine.document(order)
        Document.objects.filter(pk=document.pk).update(
            buyer_contact=None, built={**document.built, "client": "987654"}
        )
    books.engine.run()
    assert "otro cliente" in books.problems(order)["payment_invoice_differs"]["how"]
    assert books.posts() == 0
    act("dismiss", order, reason="Se corrige con nota crédito")
    assert books.state(order) == State.DISMISSED


def test_a_void_invoice_is_not_paid(books, act):
    """Alegra voids none that the DIAN has: it was voided on its way there."""
    order = books.engine.order()
    books.engine.run()
    invoice = books.engine.document(order).alegra_id
    books.call("POST", f"/invoices/{invoice}/void", {"cause": "prueba"})
    books.becomes_issued(order)
    books.engine.run()
    assert "anulada" in books.problems(order)["payment_invoice_not_open"]["how"]
    assert books.posts() == 0


def test_an_invoice_that_alegra_does_not_have_any_more_is_asked_about(books):
    order = books.issue()
    with scope(order.organization_id):
        Document.objects.update(alegra_id="404404")
    books.engine.run()
    assert "ya no está en Alegra" in books.problems(order)["payment_invoice_not_open"]["how"]
    assert books.posts() == 0


# --- The order is no sale any more -----------------------------------------------------------


@pytest.mark.parametrize("status", [10, 9, 11], ids=["returned", "cancelled", "claim"])
def test_an_order_that_stopped_being_a_sale_is_asked_about_before_it_is_paid(books, act, status):
    order = books.issue()
    books.engine.order(number=int(order.number), status=status, updated="2026-11-20T19:59:00Z")
    books.engine.run()
    assert set(books.problems(order)) == {"payment_reversed"}
    assert books.posts() == 0
    act("go", order)
    assert books.state(order) == State.CREATED


# --- The settings ----------------------------------------------------------------------------


def test_without_an_account_they_wait_and_exactly_these_go_when_it_is_chosen(books, cast):
    shop = books.engine.integration
    with scope(shop.organization_id):
        rest = BankEquivalence.objects.get(method="*")
        account = rest.account
    by_cod = books.issue()
    orders = books.issue_many(2, method="transfer", status=6)
    with scope(shop.organization_id):
        rest.delete()
    books.engine.run()
    assert books.state(by_cod) == State.CREATED
    assert {code for order in orders for code in books.problems(order)} == {"account_missing"}
    with scope(shop.organization_id):
        cause = Cause.objects.open().get()
        assert cause.open_count == 2
        BankEquivalence.objects.create(
            integration=shop, method="*", family="prepaid", account=account
        )
        assert release_cured(shop, settings_of(shop), by="Diana") == 2
    books.engine.run()
    assert {books.state(order) for order in orders} == {State.CREATED}
    assert len(books.payments()) == 3


def test_never_leaves_those_that_wait_and_on_issue_lets_them_go(books):
    shop = books.engine.integration
    orders = books.issue_many(2)
    with scope(shop.organization_id):
        DocumentSettings.objects.update(register_payment="never")
    books.engine.run()
    assert [set(books.problems(order)) for order in orders] == [{"payment_off"}] * 2
    assert books.posts() == 0
    with scope(shop.organization_id):
        DocumentSettings.objects.update(register_payment="on_issue")
        assert release_cured(shop, settings_of(shop), by="Diana") == 2
    books.engine.run()
    assert {books.state(order) for order in orders} == {State.CREATED}


# --- Alegra says no --------------------------------------------------------------------------


def test_an_inactive_account_holds_them_on_its_name_and_no_other_is_tried(books):
    first, second = books.issue_many(2)
    account = books.accounts()["Billetera Mastershop"]
    books.call("PUT", f"/bank-accounts/{account}", {"status": "inactive"})
    books.engine.run()
    for order in (first, second):
        words = books.problems(order)["reference_missing"]
        assert (words["reference"], words["why"]) == ("bank_account", "está inactiva en Alegra")
    assert (books.posts(), books.payments()) == (1, [])


def test_a_plan_without_banks_is_tried_with_one_and_lets_all_go(books):
    orders = books.issue_many(3)
    body = {"code": 907, "message": "Tu plan no incluye el módulo de bancos"}
    refuses(books, 402, body)
    books.engine.run()
    assert [set(books.problems(order)) for order in orders] == [{"plan"}] * 3
    assert books.posts() == 1
    with scope(orders[0].organization_id):
        cause = Cause.objects.open().get()
        words = sentence(cause.code, cause.params)
        assert "no permite registrar pagos" in words
        assert "Tu plan no incluye el módulo de bancos" in words
        assert cause.open_count == 3
    with scope(orders[0].organization_id):
        books.engine.at.advance(seconds=timing().order_tried_every + 1)
        assert trying.try_due(books.engine.at.now()) == 1
    books.engine.run(2)
    assert {books.state(order) for order in orders} == {State.CREATED}


def test_a_permission_that_is_missing_is_named(books):
    order = books.issue()
    refuses(books, 403, {"message": "No tienes permisos"})
    books.engine.run()
    assert books.problems(order)["forbidden"]["action"] == "registrar pagos"


def test_a_closed_month_is_dated_anew_when_the_books_say_so(books):
    order = books.issue()
    books.engine.switch(stamp_old_date="accepted", closed_until="2026-11-20")
    books.engine.run()
    words = books.problems(order)["payment_period_closed"]
    assert words["day"] == "20/11/2026"
    assert "cerrado" in words["said"]
    books.engine.at.advance(seconds=2 * 24 * 3600)
    with scope(order.organization_id):
        company = AlegraCompany.objects.get()
        AlegraCompany.objects.update(books_closed_until=date(2026, 11, 20))
        assert release_closed_periods(company, by="Luz") == 1
    books.engine.run()
    (row,) = books.payments()
    assert row["date"] == "2026-11-21"


def test_what_alegra_refuses_for_no_reason_we_know_shows_its_words(books, cast):
    order = books.issue()
    refuses(books, 400, {"code": 1, "message": "No se pudo guardar"})
    books.engine.run()
    assert books.problems(order)["payment_refused"]["message"] == "No se pudo guardar"
    books.again(order, cast.editor)
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == 1


def test_more_than_is_owed_is_found_by_reading(books, monkeypatch):
    """Somebody pays between our reading and our call."""
    order = books.issue()
    create = PaymentSide.create

    def after_somebody(client, body):
        books.pay_by_hand(order, 1_000)
        monkeypatch.setattr(PaymentSide, "create", staticmethod(create))
        return create(client, body)

    monkeypatch.setattr(PaymentSide, "create", staticmethod(after_somebody))
    books.engine.run()
    assert set(books.problems(order)) == {"payment_partly"}
    assert len(books.payments()) == 1


# --- What was received before ----------------------------------------------------------------


def test_what_was_received_before_is_not_put_on_the_wallet(books, act):
    """A deposit came in elsewhere: of the invoice the wallet gets what the carrier collects."""
    order = books.issue(total=109_800, deposit=50_000)
    books.engine.run()
    (row,) = books.payments()
    assert Decimal(str(row["amount"])) == books.total(order) - 50_000
    words = books.problems(order)["payment_rest"]
    assert "50.000" in words["rest"]
    books.pay_by_hand(order, 50_000)
    books.again(order, None)
    assert books.state(order) == State.CREATED
    assert Decimal(str(books.invoice(order)["balance"])) == 0


def test_what_was_received_before_and_is_registered_already_is_no_question(books):
    order = books.issue(total=109_800, deposit=50_000)
    books.pay_by_hand(order, 50_000)
    books.engine.run()
    assert books.state(order) == State.CREATED
    assert Decimal(str(books.invoice(order)["balance"])) == 0


# --- What a person may do --------------------------------------------------------------------


def test_one_that_is_not_to_be_registered_says_why_and_can_be_taken_back(books, act):
    order = books.issue()
    act("dismiss", order, reason="Ya se llevó en otra cuenta")
    assert books.payment(order).reason_text == "Ya se llevó en otra cuenta"
    assert books.posts() == 0
    act("restore", order)
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == 1


def test_one_that_a_person_registered_is_never_sent(books, act):
    order = books.issue()
    act("mark_external", order, number="RC 55")
    books.settle(2)
    assert (books.state(order), books.posts()) == (State.EXTERNAL, 0)


def test_one_that_is_in_alegra_is_not_put_aside(books, act):
    order = books.issue()
    books.engine.run()
    with pytest.raises(NotPossible, match="ya está en Alegra"):
        act("dismiss", order, reason="x")


def test_one_that_is_looked_for_is_not_put_aside(books, act):
    order = books.issue()
    books.engine.switch({**CREATE, "fault": "answer_lost_after_commit"}, stamp_old_date="accepted")
    books.engine.run()
    with pytest.raises(NotPossible, match="Estamos buscando"):
        act("mark_external", order, number="x")


def test_one_that_waits_in_alegra_s_own_pause_leaves_no_trace_of_the_buyer(books):
    order = books.issue()
    refuses(books, 400, {"code": 1, "message": "El cliente Marta Elena Rojas Pinto no sirve"})
    books.engine.run()
    with scope(order.organization_id):
        assert "Rojas" not in str(list(Payment.objects.get().problems.values_list("params")))


def test_an_account_that_is_active_again_lets_its_payments_go(books):
    order = books.issue()
    account = books.accounts()["Billetera Mastershop"]
    books.call("PUT", f"/bank-accounts/{account}", {"status": "inactive"})
    books.engine.run()
    assert set(books.problems(order)) == {"reference_missing"}
    books.call("PUT", f"/bank-accounts/{account}", {"status": "active"})
    with scope(order.organization_id):
        assert ReferenceEntry.objects.filter(kind="bank_account", alegra_id=account).exists()
    books.engine.at.advance(seconds=timedelta(minutes=5).total_seconds())
    books.refused_again()
    books.engine.run()
    assert books.state(order) == State.CREATED
