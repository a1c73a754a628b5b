"""What a choice needs besides itself: a product of the tenant's own Alegra, or an amount."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.catalog.models import AlegraItem
from integrations.configuration.answers import answer, picked_of
from integrations.configuration.models import Answer
from integrations.configuration.picking import NotPicked, read_pick
from integrations.configuration.questions import QUESTIONS, Choice, Pick, Question, Subject
from integrations.scoping.context import scope
from integrations.scoping.search_key import normalised
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests import cast as casting
from tests.configuration.test_settings_screen import FILLED
from tests.history.factories import make_order, make_problem

pytestmark = pytest.mark.django_db
CODE = "warehouse_not_kept"
ITEM = Choice("item", "Es otro producto", "Va como línea de ese producto.", picks=Pick.ITEM)
PESOS = Choice("pesos", "Es otro total", "El documento sale por ese valor.", picks=Pick.PESOS)
PLAIN = Choice("no", "Ninguno", "No va.")


@pytest.fixture(autouse=True)
def question(monkeypatch):
    """A question of which two answers need more than a click."""
    made = Question(
        code=CODE, about=Subject.INTEGRATION, text="¿Qué es?", choices=(ITEM, PESOS, PLAIN)
    )
    monkeypatch.setitem(QUESTIONS, CODE, made)
    return made


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


def make_item(shop, alegra_id, name, **fields):
    with scope(shop.organization_id):
        return AlegraItem.objects.create(
            company=shop.company,
            alegra_id=alegra_id,
            name=name,
            search_key=normalised(name),
            fetched_at=clock.now(),
            **fields,
        )


def read(shop, choice, **given):
    with scope(shop.organization_id):
        return read_pick(shop, choice, {f"respuesta_{name}": text for name, text in given.items()},
                         "respuesta")  # fmt: skip


def test_a_product_is_picked_by_its_row_or_by_its_name(shop):
    make_item(shop, "7", "Empaque de regalo")
    make_item(shop, "8", "Empaque de regalo grande")
    assert read(shop, ITEM, elegido="8") == {"item": "8", "name": "Empaque de regalo grande"}
    assert read(shop, ITEM, texto="empaque de regalo") == {"item": "7", "name": "Empaque de regalo"}


def test_none_at_all_several_a_vanished_and_another_tenants_product_are_no_pick(cast, shop):
    make_item(shop, "7", "Empaque rojo")
    make_item(shop, "8", "Empaque verde")
    make_item(shop, "9", "Moño", is_active=False)
    other = casting.make_integration(cast.other)
    make_item(other, "70", "Ajeno")
    for given in ({}, {"texto": "empaque"}, {"elegido": "9"}, {"elegido": "70"}, {"texto": "Aj"}):
        with pytest.raises(NotPicked):
            read(shop, ITEM, **given)


def test_an_amount_is_read_as_a_colombian_writes_it_and_nothing_else_is_one(shop):
    assert read(shop, PESOS, pesos="$ 174.900") == {"pesos": "174900"}
    for text in ("49.900", "49,900", "$ 49.900,00", "49900", "49.900 COP"):
        assert read(shop, PESOS, pesos=text) == {"pesos": "49900"}
    for text in ("", "mucho", "0", "-5", "9" * 15, "49.9", "49.900,50"):
        with pytest.raises(NotPicked):
            read(shop, PESOS, pesos=text)


def test_an_answer_without_its_pick_is_not_kept(shop, question):
    with scope(shop.organization_id):
        for value, picked in (("item", {}), ("no", {"item": "7", "name": "Empaque"})):
            with pytest.raises(ValueError, match=value):
                answer(shop, question, "", value, picked=picked)
        assert not Answer.objects.exists()


def asked(shop):
    make_problem(make_order(shop), CODE, "", {"sent": "Principal"})
    with scope(shop.organization_id):
        return Cause.objects.get()


def test_it_is_picked_in_por_atender_and_kept_in_the_trail(cast, shop, login):
    make_item(shop, "7", "Empaque de regalo")
    cause = asked(shop)
    editor = login(cast.member("editor"))
    slug = cast.organization.slug
    page = editor.get(reverse("attention", args=[slug])).content.decode()
    assert 'name="respuesta_texto"' in page
    assert 'name="respuesta_pesos"' in page
    address = reverse("attention_answer", args=[slug, cause.pk])
    refused = editor.post(address, {"respuesta": "item"}, follow=True).content.decode()
    assert "Elige un producto de Alegra que se pueda facturar" in refused
    editor.post(address, {"respuesta": "item", "respuesta_elegido": "7"})
    with scope(shop.organization_id):
        assert picked_of(shop, CODE) == {"item": "7", "name": "Empaque de regalo"}
        entry = AuditEntry.objects.get(action="question.answer")
    assert entry.after["item"] == "7"


def test_the_found_products_are_offered_while_typing(cast, shop, login):
    make_item(shop, "7", "Empaque de regalo")
    where = reverse("settings_options", args=[cast.organization.slug, shop.pk, "item"])
    sent = {"campo": "respuesta_elegido", "texto": "respuesta_texto", "respuesta_texto": "empa"}
    found = login(cast.member("editor")).get(where, sent).content.decode()
    assert 'name="respuesta_elegido" value="7"' in found


def test_it_is_shown_by_name_and_changed_in_the_settings(cast, shop, login):
    make_item(shop, "7", "Empaque de regalo")
    make_item(shop, "8", "Moño de seda")
    with scope(shop.organization_id):
        answer(shop, QUESTIONS[CODE], "", "item", picked=read(shop, ITEM, elegido="7"))
        row = Answer.objects.get()
    with scope(shop.organization_id):
        shop.company.has_banks = False
        shop.company.save()
    filled = {key: value for key, value in FILLED.items() if value is not None}
    filled |= {"register_payment": "never", "account_rest": "", "cod_account": ""}
    name = f"answer_{row.pk}"
    editor = login(cast.member("editor"))
    where = reverse("settings", args=[cast.organization.slug, shop.pk])
    assert "Elegido: <b>Empaque de regalo</b>" in editor.get(where).content.decode()
    editor.post(where, {**filled, name: "item"})
    with scope(shop.organization_id):
        assert picked_of(shop, CODE)["item"] == "7", "saved as it was, it stays"
    wrong = editor.post(where, {**filled, name: "pesos"}).content.decode()
    assert "Escribe el valor en pesos" in wrong
    editor.post(where, {**filled, name: "item", f"{name}_texto": "moño de seda"})
    with scope(shop.organization_id):
        assert picked_of(shop, CODE)["item"] == "8"
    editor.post(where, {**filled, name: "pesos", f"{name}_pesos": "15.100"})
    with scope(shop.organization_id):
        assert Answer.objects.get().picked == {"pesos": "15100"}


@pytest.mark.parametrize("typed", ["cuarenta mil", "-5", "49,9"])
def test_a_refused_amount_stays_as_it_was_typed_with_its_error_beside_it(
    cast, shop, login, question, typed
):
    cause = asked(shop)
    editor = login(cast.member("editor"))
    slug = cast.organization.slug
    place = f"c{cause.pk}/{CODE}"
    address = reverse("attention_answer", args=[slug, cause.pk])
    assert f'value="{place}"' in editor.get(reverse("attention", args=[slug])).content.decode()
    sent = {"respuesta": "pesos", "respuesta_pesos": typed, "respuesta_lugar": place}
    refused = editor.post(address, sent, follow=True).content.decode()
    assert refused.count("Escribe el valor en pesos enteros") == 1
    assert f'value="{typed}"' in refused
    assert 'value="pesos" checked' in refused
    later = editor.get(reverse("attention", args=[slug])).content.decode()
    assert f'value="{typed}"' not in later
