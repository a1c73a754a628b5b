"""A cause is repaired right on *Por atender*: its answer is kept, audited, and frees its orders."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.states import State
from tests.attention.curing import bank_account, post
from tests.history.factories import make_order, make_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]


def fresh(cause) -> Cause:
    with scope(cause.organization_id):
        return Cause.objects.get(pk=cause.pk)


def test_an_account_chosen_here_is_saved_and_its_orders_go(cast, login, shop):
    bank_account(shop)
    orders = [make_order(shop, method="pse", family="prepaid") for _each in range(2)]
    for order in orders:
        cause = make_problem(order, "account_missing", "pse", {"method": "pse"})
    client = login(cast.editor)
    address = reverse("attention", args=[cast.organization.slug])
    assert "Guardar y enviar 2" in client.get(address).content.decode()
    body = post(client, cast, "attention_account", cause, account="7").content.decode()
    assert "Guardado. 2 pedidos ya van en camino." in body
    with scope(cast.organization.pk):
        assert BankEquivalence.objects.get(integration=shop, method="pse").account == "7"
        assert {each.state for each in Document.objects.all()} == {State.PENDING}
    assert fresh(cause).state == "solved"


def test_an_account_that_is_not_offered_is_refused(cast, login, shop):
    cause = make_problem(make_order(shop), "account_missing", "pse", {"method": "pse"})
    body = post(login(cast.editor), cast, "attention_account", cause, account="666")
    assert "Esa cuenta ya no existe en Alegra o está inactiva." in body.content.decode()
    assert fresh(cause).state == "open"


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("gift_line", "gift_lines", "spread"),
        ("gift_rate", "gift_lines", "leave_out"),
    ],
)
def test_an_answer_is_kept_audited_and_frees_the_orders(cast, login, shop, code, field, value):
    cause = make_problem(make_order(shop), code)
    body = post(login(cast.editor), cast, "attention_answer", cause, respuesta=value)
    assert "Guardado. 1 pedido ya va en camino." in body.content.decode()
    with scope(cast.organization.pk):
        settings = DocumentSettings.objects.get(integration=shop)
        entry = AuditEntry.objects.get(action="settings.save")
    assert getattr(settings, field) == value
    assert settings.version == 2
    assert entry.after == {field: value}
    assert fresh(cause).state == "solved"


def test_an_answer_is_kept_before_anybody_saved_the_settings(cast, login, shop):
    cause = make_problem(make_order(shop), "gift_line")
    with scope(cast.organization.pk):
        DocumentSettings.objects.filter(integration=shop).delete()
    body = post(login(cast.editor), cast, "attention_answer", cause, respuesta="spread")
    assert "Guardado." in body.content.decode()
    with scope(cast.organization.pk):
        settings = DocumentSettings.objects.get(integration=shop)
    assert (settings.gift_lines, settings.saved_at) == ("spread", None)


@pytest.mark.parametrize(("value", "includes"), [("included", True), ("excluded", False)])
def test_how_prices_come_is_answered_once_for_every_order(cast, login, shop, value, includes):
    one = make_problem(make_order(shop), "prices_tax", "excluded", {"how": "no lo incluyen"})
    other = make_problem(make_order(shop), "prices_tax", "included", {"how": "lo incluyen"})
    body = post(login(cast.editor), cast, "attention_answer", one, respuesta=value)
    assert "Guardado. 2 pedidos ya van en camino." in body.content.decode()
    with scope(cast.organization.pk):
        settings = DocumentSettings.objects.get(integration=shop)
    assert (settings.prices_include_tax, settings.prices_told) == (includes, True)
    assert (fresh(one).state, fresh(other).state) == ("solved", "solved")


def test_only_the_answers_offered_are_answers(cast, login, shop):
    cause = make_problem(make_order(shop), "gift_line")
    body = post(login(cast.editor), cast, "attention_answer", cause, respuesta="otra")
    assert "Elige una de las respuestas." in body.content.decode()
    assert fresh(cause).state == "open"


def test_what_alegra_alone_ends_is_tried_with_one_order(cast, login, shop):
    held = [make_order(shop) for _each in range(3)]
    for order in held:
        params = {"action": "crear facturas de venta", "said": "Tu plan venció"}
        cause = make_problem(order, "plan", "crear facturas de venta", params)
    url = reverse("attention", args=[cast.organization.slug])
    page = login(cast.editor).get(url).content.decode()
    assert "Alegra dijo: «Tu plan venció»" in page
    assert "Probar otra vez" in page
    assert "Reintentar estos" not in page
    assert "Probar otra vez" not in login(cast.viewer).get(url).content.decode()

    body = post(login(cast.editor), cast, "attention_retry", cause).content.decode()
    assert "Si Alegra lo recibe, los demás salen solos." in body
    with scope(cast.organization.pk):
        states = sorted(Document.objects.values_list("state", flat=True))
    assert states == ["blocked", "blocked", "pending"]
    # The cause keeps its orders until Alegra has answered.
    assert (fresh(cause).state, fresh(cause).open_count) == ("open", 3)
    again = post(login(cast.editor), cast, "attention_retry", cause).content.decode()
    assert "Ya estamos probando con un pedido" in again


def test_a_refusal_that_another_choice_ends_leads_to_the_choice_as_well(cast, login, shop):
    params = {"name": "FEHA", "why": "x", "reference": "number_template"}
    cause = make_problem(make_order(shop), "numbering_refused", "number_template:12", params)
    page = login(cast.editor).get(reverse("attention", args=[cast.organization.slug]))
    body = page.content.decode()
    place = reverse("settings", args=[cast.organization.slug, shop.pk])
    assert "Reintentar este pedido" in body
    assert f'href="{place}#id_number_template">Elegir la numeración' in body
    # What only Alegra or the order ends leads nowhere else.
    with scope(cast.organization.pk):
        Cause.objects.filter(pk=cause.pk).update(code="emission_refused")
    page = login(cast.editor).get(reverse("attention", args=[cast.organization.slug]))
    assert "Elegir la numeración" not in page.content.decode()


def test_all_orders_of_a_refusal_are_tried_again_and_no_others(cast, login, shop):
    held = [make_order(shop) for _each in range(3)]
    for order in held:
        cause = make_problem(order, "rejected", "f", {"message": "no"})
    other = make_order(shop)
    make_problem(other, "cod_disabled")
    client = login(cast.editor)
    url = reverse("attention_retry", args=[cast.organization.slug, cause.pk])
    assert "Reintentar 3 pedidos" in client.get(url).content.decode()
    body = client.post(url, follow=True).content.decode()
    assert "3 pedidos salen otra vez ahora." in body
    with scope(cast.organization.pk):
        states = dict(Document.objects.values_list("order_id", "state"))
    assert {states[order.pk] for order in held} == {State.PENDING}
    assert states[other.pk] == State.BLOCKED
    assert (
        "Mientras tanto esta causa ya se resolvió." in client.get(url, follow=True).content.decode()
    )


def test_cures_are_for_editors(cast, login, shop):
    cause = make_problem(make_order(shop), "gift_line")
    for role in ("viewer", "accountant"):
        client = login(cast.member(role))
        for name in ("attention_account", "attention_answer", "attention_retry"):
            assert post(client, cast, name, cause, respuesta="spread").status_code == 403


def test_a_cure_of_another_kind_of_cause_does_not_exist(cast, login, shop):
    cause = make_problem(make_order(shop), "cod_disabled")
    client = login(cast.editor)
    for name in ("attention_account", "attention_answer"):
        assert post(client, cast, name, cause).status_code == 404
