"""A question is asked once, where its orders wait, and its answer is kept and can be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration import checklist
from integrations.configuration.lookup import payment_family
from integrations.configuration.models import Answer, BankEquivalence
from integrations.connections.checklist import Line
from integrations.connections.models import Integration
from integrations.documents.models import Document
from integrations.orders.models import Order, OrderStatusTime
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule
from tests import cast as casting
from tests.attention.test_attention import bank_account
from tests.configuration.test_settings_screen import FILLED
from tests.history.factories import make_order, make_problem

pytestmark = pytest.mark.django_db


def shop_again(cast) -> Integration:
    with scope(cast.organization.pk):
        return Integration.objects.select_related("company").get()


def accounts(integration) -> Line:
    with scope(integration.organization_id):
        return checklist.accounts(integration)


@pytest.fixture
def editor(cast, login):
    return login(cast.member("editor"))


def unpaid(shop, *, method="Addi", **fields):
    order = make_order(shop, family="unknown", method=method, status="in_transit", **fields)
    if method:
        make_problem(order, "payment_method_unknown", "addi", {"method": method})
    else:
        about = {"order": order.number, "order_id": order.pk}
        make_problem(order, "payment_unknown", order.number, about)
    return order


def respond(client, cast, code, value, **more):
    with scope(cast.organization.pk):
        cause = Cause.objects.filter(code=code, state="open").first()
    address = reverse("attention_answer", args=[cast.organization.slug, cause.pk])
    return client.post(address, {"respuesta": value, **more}, follow=True)


def state(order) -> str:
    with scope(order.organization_id):
        return Document.objects.get(order=order).state


def test_a_payment_method_is_asked_about_in_place_with_what_each_answer_does(cast, shop, editor):
    unpaid(shop)
    page = editor.get(reverse("attention", args=[cast.organization.slug])).content.decode()
    assert "¿Cómo se paga «Addi»?" in page
    assert "el documento se crea con la acción de contraentrega" in page
    assert "Guardar y enviar" not in page


def test_one_answer_frees_all_orders_of_the_method_and_is_its_equivalence(cast, shop, editor):
    orders = [unpaid(shop), unpaid(shop)]
    page = respond(editor, cast, "payment_method_unknown", "prepaid").content.decode()
    assert "2 pedidos ya no esperan esta respuesta." in page
    assert {state(order) for order in orders} == {State.PENDING}
    with scope(cast.organization.pk):
        assert BankEquivalence.objects.get(method="addi").family == "prepaid"
        assert set(Order.objects.values_list("family", flat=True)) == {"prepaid"}
        assert AuditEntry.objects.get(action="equivalence.create").actor is not None


@pytest.mark.parametrize("spelled", ["Addí", "A d d i", "ADDI.", "a-d-d-i", "addi"])
def test_a_method_spelled_another_way_is_the_same_method(cast, shop, editor, spelled):
    unpaid(shop)
    respond(editor, cast, "payment_method_unknown", "prepaid")
    with scope(cast.organization.pk):
        assert payment_family(shop, spelled) == "prepaid"
        assert payment_family(shop, "Addi Plus") == "unknown"
        assert BankEquivalence.objects.get().method == "addi", "shown as it was written first"


def test_orders_that_spell_a_method_otherwise_are_freed_by_one_answer(cast, shop, editor):
    orders = [unpaid(shop, method=method) for method in ("Addi", "Addí", "A D D I")]
    respond(editor, cast, "payment_method_unknown", "cod")
    assert {state(order) for order in orders} == {State.PENDING}
    with scope(cast.organization.pk):
        assert set(Order.objects.values_list("family", flat=True)) == {"cod"}


def test_an_order_without_payment_method_is_answered_in_one_click(cast, shop, editor):
    order, other = unpaid(shop, method=""), unpaid(shop, method="")
    page = editor.get(reverse("attention", args=[cast.organization.slug])).content.decode()
    assert page.count('name="respuesta" value="cod"') == 2
    with scope(cast.organization.pk):
        cause = Cause.objects.get(subject_key=order.number)
    address = reverse("attention_answer", args=[cast.organization.slug, cause.pk])
    editor.post(address, {"respuesta": "cod"})
    assert (state(order), state(other)) == (State.PENDING, State.BLOCKED)
    with scope(cast.organization.pk):
        row = Answer.objects.get()
        assert Order.objects.get(pk=order.pk).family == "cod"
    assert (row.subject_key, row.value) == (order.number, "cod")
    assert row.by


def test_on_the_orders_page_it_is_asked_and_answered_too(cast, shop, editor):
    order = unpaid(shop, method="")
    page = reverse("order", args=[cast.organization.slug, order.pk])
    assert f"¿Cómo se pagó el pedido {order.number}?" in editor.get(page).content.decode()
    answered = respond(editor, cast, "payment_unknown", "prepaid", pedido=str(order.pk))
    assert answered.redirect_chain[-1][0] == page
    assert state(order) == State.PENDING


def test_who_may_only_read_is_not_asked(cast, shop, login):
    order = unpaid(shop, method="")
    reader = login(cast.viewer)
    for name, arguments in (("attention", []), ("order", [order.pk])):
        page = reader.get(reverse(name, args=[cast.organization.slug, *arguments]))
        assert 'name="respuesta"' not in page.content.decode()
    assert respond(reader, cast, "payment_unknown", "cod").status_code == 403


def test_another_organizations_question_cannot_be_answered(cast, login, shop):
    unpaid(shop)
    with scope(cast.organization.pk):
        cause = Cause.objects.get()
    outsider = login(cast.outsider)
    address = reverse("attention_answer", args=[cast.organization.slug, cause.pk])
    assert outsider.post(address, {"respuesta": "cod"}).status_code == 404


@pytest.fixture
def settings_page(cast, shop, editor):
    with scope(cast.organization.pk):
        shop.company.has_banks = False
        shop.company.save()
    where = reverse("settings", args=[cast.organization.slug, shop.pk])
    filled = {
        **{key: value for key, value in FILLED.items() if value is not None},
        **{"register_payment": "never", "account_rest": "", "cod_account": ""},
    }

    def post(**changes):
        return editor.post(where, {**filled, **changes}, follow=True).content.decode()

    post.shown = lambda: editor.get(where).content.decode()
    return post


def test_an_open_question_is_answered_in_the_settings_too(cast, shop, settings_page):
    order = unpaid(shop)
    with scope(cast.organization.pk):
        cause = Cause.objects.get()
    assert "¿Cómo se paga «Addi»?" in settings_page.shown()
    settings_page(**{f"question_{cause.pk}": "prepaid"})
    assert state(order) == State.PENDING
    with scope(cast.organization.pk):
        assert BankEquivalence.objects.get().family == "prepaid"


def test_an_answer_is_shown_and_changed_in_the_settings(cast, shop, editor, settings_page):
    unpaid(shop)
    respond(editor, cast, "payment_method_unknown", "prepaid")
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get()
    assert f'name="family_{row.pk}"' in settings_page.shown()
    settings_page(**{f"family_{row.pk}": "cod"})
    with scope(cast.organization.pk):
        assert BankEquivalence.objects.get(pk=row.pk).family == "cod"
        assert Order.objects.get().family == "cod"
        entry = AuditEntry.objects.filter(action="settings.save").latest("pk")
    assert entry.after["family addi"] == "cod"


def test_another_answer_says_how_many_orders_became_past_ones(cast, shop, editor, settings_page):
    order = unpaid(shop)
    respond(editor, cast, "payment_method_unknown", "prepaid")
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get()
        Integration.objects.update(automatic_from=clock.now() + timedelta(days=1))
        TriggerRule.objects.create(
            integration=shop, family="cod", status="in_transit", changed_at=casting.LONG_AGO
        )
        OrderStatusTime.objects.create(
            order=order, status="in_transit", at=clock.now(), seen_at=clock.now()
        )
    saved = settings_page(**{f"family_{row.pk}": "cod"})
    with scope(cast.organization.pk):
        assert Order.objects.get().decision == "backlog"
    assert "1 pedido queda como pedido anterior y espera tu confirmación" in saved
    assert f'href="{reverse("backlog", args=[cast.organization.slug, shop.pk])}"' in saved


def test_every_question_that_was_answered_stands_among_the_others(
    cast, shop, editor, settings_page
):
    """Also those whose answer is a field of the page, or a method's row: with a way there."""
    unpaid(shop)
    respond(editor, cast, "payment_method_unknown", "prepaid")
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get()
    settings_page(prices_include_tax="", prices_told="on", gift_lines="zero")
    questions = settings_page.shown().split('id="t-preg"')[1].split("</section>")[0]
    for text, answer, field in (
        ("¿Cómo se paga «addi»?", "Pago anticipado", f"#id_family_{row.pk}"),
        (
            "¿Los precios de tus pedidos incluyen IVA?",
            "No, el IVA se suma",
            "#id_prices_include_tax",
        ),
        ("Productos en $ 0", "Facturar", "#id_gift_lines"),
    ):
        told = questions.split(text)[1].split("</li>")[0]
        assert answer in told
        assert f'href="{field}"' in told
        assert f'id="{field[1:]}' in settings_page.shown()


def test_an_answer_is_taken_back_in_the_settings(cast, shop, editor, settings_page):
    order = make_order(shop)
    make_problem(order, "charge_unknown", "empaque", {"name": "Empaque", "order": order.number})
    respond(editor, cast, "charge_unknown", "own")
    with scope(cast.organization.pk):
        row = Answer.objects.get()
    shown = settings_page.shown()
    assert "¿Qué es «Empaque», que cobran algunos pedidos?" in shown
    assert "Quitar la respuesta" in shown
    settings_page(**{f"answer_{row.pk}": "_otra_vez"})
    with scope(cast.organization.pk):
        assert not Answer.objects.exists()
        assert AuditEntry.objects.filter(action="question.take_back").exists()


def test_without_its_equivalence_a_method_is_asked_about_again(cast, shop, editor):
    unpaid(shop)
    respond(editor, cast, "payment_method_unknown", "prepaid")
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get()
    remove = reverse("equivalence_remove", args=[cast.organization.slug, shop.pk, row.pk])
    assert "Volveremos a preguntar" in editor.get(remove).content.decode()
    editor.post(remove)
    with scope(cast.organization.pk):
        assert Order.objects.get().family == "unknown"


def test_a_new_equivalence_of_an_unknown_name_says_how_it_is_paid(cast, shop, editor):
    order = unpaid(shop)
    new = reverse("equivalence_new", args=[cast.organization.slug, shop.pk])
    typed = {"method": "Addi", "account": "", "means": "CREDIT_TRANSFER"}
    assert "El nombre no lo dice" in editor.post(new, typed).content.decode()
    with scope(cast.organization.pk):
        assert not BankEquivalence.objects.exists()
    assert state(order) == State.BLOCKED


def test_an_answer_about_one_order_is_shown_on_its_page_and_changed_there(cast, shop, editor):
    order = unpaid(shop, method="")
    respond(editor, cast, "payment_unknown", "cod")
    page = reverse("order", args=[cast.organization.slug, order.pk])
    shown = editor.get(page).content.decode()
    assert "Cambiar la respuesta" in shown
    assert "respondió: Contraentrega" in shown
    change = reverse("order_answer", args=[cast.organization.slug, order.pk])
    sent = {"pregunta": "payment_unknown", "respuesta": "prepaid"}
    assert "Guardado." in editor.post(change, sent, follow=True).content.decode()
    with scope(cast.organization.pk):
        assert Order.objects.get().family == "prepaid"
        trail = AuditEntry.objects.filter(action="question.answer").order_by("pk")
        assert [entry.after["value"] for entry in trail] == ["cod", "prepaid"]


def test_an_answer_does_not_change_once_the_document_exists(cast, shop, editor):
    order = unpaid(shop, method="")
    respond(editor, cast, "payment_unknown", "cod")
    with scope(cast.organization.pk):
        Document.objects.update(state="created", alegra_id="77")
    page = reverse("order", args=[cast.organization.slug, order.pk])
    assert "Cambiar la respuesta" not in editor.get(page).content.decode()
    change = reverse("order_answer", args=[cast.organization.slug, order.pk])
    editor.post(change, {"pregunta": "payment_unknown", "respuesta": "prepaid"})
    with scope(cast.organization.pk):
        assert Order.objects.get().family == "cod"


@pytest.mark.parametrize("question", ["payment_unknown", "gift_line", "", "no existe"])
def test_what_was_never_asked_of_an_order_has_no_answer_to_change(cast, shop, editor, question):
    order = make_order(shop)
    change = reverse("order_answer", args=[cast.organization.slug, order.pk])
    sent = {"pregunta": question, "respuesta": "cod"}
    assert editor.post(change, sent).status_code == 404


def test_the_orders_page_claims_no_trigger_before_it_is_known_which(cast, shop, editor):
    order = unpaid(shop, method="")
    page = reverse("order", args=[cast.organization.slug, order.pk])
    shown = editor.get(page).content.decode()
    assert "falta saber cómo se pagó" in shown
    assert "Llegó a su disparador" not in shown
    respond(editor, cast, "payment_unknown", "cod")
    with scope(cast.organization.pk):
        Document.objects.update(state="skipped", live=False, reason="back_to_waiting")
        Order.objects.update(decision="not_reached")
    shown = editor.get(page).content.decode()
    assert "Se crea cuando llegue a su disparador" in shown
    assert "Volvió a un estado anterior" not in shown


def test_an_answer_needs_no_account_and_holds_up_no_set_up(cast, shop, editor):
    unpaid(shop)
    bank_account(shop)
    with scope(cast.organization.pk):
        BankEquivalence.objects.create(integration=shop, method="*", family="prepaid", account="7")
        shop.document_settings.cod_account = "7"
        shop.document_settings.save()
    respond(editor, cast, "payment_method_unknown", "prepaid")
    assert accounts(shop_again(cast)).tone == "ok"


def test_where_no_payment_is_registered_an_equivalence_may_go_without_account(cast, shop, editor):
    with scope(cast.organization.pk):
        shop.document_settings.register_payment = "never"
        shop.document_settings.save()
    new = reverse("equivalence_new", args=[cast.organization.slug, shop.pk])
    editor.post(new, {"method": "Addi", "family": "cod", "account": "", "means": "CASH"})
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get()
    assert (row.method, row.family, row.account) == ("addi", "cod", "")
