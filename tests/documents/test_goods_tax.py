"""Goods that do not fit what the company is towards IVA are a red line with its cure."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.catalog import refreshing
from integrations.catalog.models import AlegraItem, ProductLink
from integrations.catalog.refreshing import refresh_items
from integrations.configuration import set_up
from integrations.configuration.models import Answer
from integrations.configuration.questions import GOODS_UNTAXED
from integrations.configuration.references import refresh_company
from integrations.connections.models import Integration
from integrations.documents import goods_tax
from tests.configuration.lists import FILLED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
Standing = Integration.VatStanding


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch):
    """The list is read page after page with a rest between them: nothing else is asked here."""
    monkeypatch.setattr(refreshing.time, "sleep", lambda _seconds: None)


@pytest.fixture
def shop(engine):
    def now_is() -> Integration:
        return Integration.objects.select_related("company", "organization").get(
            pk=engine.integration.pk
        )

    return now_is


@pytest.fixture
def editor(cast, login):
    return login(cast.editor)


def is_now(engine, standing: str) -> None:
    Integration.objects.filter(pk=engine.integration.pk).update(
        vat_standing=standing, vat_told=engine.integration.company.told_standing
    )


def answer(editor, shop, value: str):
    [asked] = set_up.open_questions(shop())
    assert asked.question.code == GOODS_UNTAXED
    where = reverse("set_up_answer", args=[shop().organization.slug, shop().pk])
    return editor.post(where, {"desde": "atender", asked.name: value}, follow=True)


def attention(editor, shop) -> str:
    return editor.get(reverse("attention", args=[shop().organization.slug])).content.decode()


def put_rate(engine, item: AlegraItem, rate: str) -> None:
    """Somebody changes the product in Alegra ("" is without any tax), and its list is read."""
    taxes = [
        {"id": tax["id"]}
        for tax in engine.as_person("GET", "/taxes")
        if rate and float(tax["percentage"]) == float(rate) and tax["type"] == "IVA"
    ]
    engine.as_person("PUT", f"/items/{item.alegra_id}", {"tax": taxes[:1]})
    assert refresh_items(engine.integration.company, engine.integration.credential) == ""


def link(engine, number: str, *, rate: str) -> AlegraItem:
    """A variant linked with a product that has this IVA in Alegra."""
    item = engine.link(number, f"{number}1", rate="19")
    put_rate(engine, item, rate)
    item.refresh_from_db()
    return item


def test_goods_of_every_rate_fit_a_company_that_is_responsible(engine, shop):
    link(engine, "2", rate="5")
    link(engine, "3", rate="0")
    assert goods_tax.gap_of(shop()) is None
    assert (goods_tax.goods(shop()).tone, goods_tax.goods(shop()).blocks) == ("ok", False)


def test_a_linked_product_without_iva_is_red_until_a_person_calls_it_excluded(engine, shop, editor):
    item = link(engine, "4", rate="")
    line = goods_tax.goods(shop())
    assert (line.tone, line.blocks) == ("fail", True)
    assert item.name in line.text
    assert item.name in attention(editor, shop)
    assert "Guardado." in answer(editor, shop, "excluded").content.decode()
    assert goods_tax.gap_of(shop()) is None
    assert "Nada por atender" in attention(editor, shop)
    # Another one is asked about by itself.
    other = link(engine, "5", rate="")
    gap = goods_tax.gap_of(shop())
    assert other.name in gap.text
    assert item.name not in gap.text
    answer(editor, shop, "excluded")
    assert goods_tax.gap_of(shop()) is None


def test_what_lacks_its_iva_stays_red_until_alegra_has_it(engine, shop, editor):
    taxed = AlegraItem.objects.get(links__integration=engine.integration)
    fine = link(engine, "3", rate="")
    answer(editor, shop, "excluded")
    item = link(engine, "4", rate="")
    answer(editor, shop, "lacking")
    line = goods_tax.goods(shop())
    assert (line.tone, line.blocks) == ("fail", True)
    assert item.name in line.text
    assert fine.name not in line.text
    assert line.url.endswith("?estado=sin-iva")
    listed = editor.get(line.url).content.decode()
    assert item.name in listed
    assert taxed.name not in listed
    assert "Les falta el IVA en Alegra" in attention(editor, shop)
    put_rate(engine, item, "19")
    assert goods_tax.gap_of(shop()) is None


def test_a_product_that_loses_its_iva_in_alegra_is_asked_about(engine, shop):
    item = AlegraItem.objects.get(links__integration=engine.integration)
    put_rate(engine, item, "")
    assert item.name in goods_tax.gap_of(shop()).text


def test_no_responsable_with_goods_that_carry_iva_is_red_with_a_link_to_them(engine, shop, editor):
    item = AlegraItem.objects.get(links__integration=engine.integration)
    excluded = link(engine, "4", rate="")
    is_now(engine, Standing.NOT_RESPONSIBLE)
    line = goods_tax.goods(shop())
    assert (line.tone, line.blocks) == ("fail", True)
    assert item.name in line.text
    assert line.url.endswith("?estado=con-iva")
    listed = editor.get(line.url).content.decode()
    assert item.name in listed
    assert excluded.name not in listed
    text = attention(editor, shop)
    assert item.name in text
    assert "Ver la respuesta sobre el IVA" in text
    # It is On and sends on.
    order = engine.order()
    engine.run()
    assert engine.problems(order) == set()
    assert len(engine.invoices()) == 1
    put_rate(engine, item, "")
    assert goods_tax.gap_of(shop()) is None
    assert "Ninguna causa detiene pedidos" in attention(editor, shop)


def test_exempt_is_iva_and_a_consumption_tax_is_none(engine, shop):
    is_now(engine, Standing.NOT_RESPONSIBLE)
    ProductLink.objects.all().delete()
    link(engine, "3", rate="0")
    assert goods_tax.gap_of(shop()) is not None
    item = AlegraItem.objects.get(links__integration=engine.integration)
    item.taxes = [{"id": "9", "name": "INC", "percentage": "8"}]
    item.save()
    assert goods_tax.gap_of(shop()) is None
    is_now(engine, Standing.RESPONSIBLE)
    assert goods_tax.gap_of(shop()) is None


def test_products_for_charges_are_looked_at_too(engine, shop):
    is_now(engine, Standing.NOT_RESPONSIBLE)
    linked = ProductLink.objects.values_list("item", flat=True)
    taxed = AlegraItem.objects.exclude(taxes=[]).exclude(pk__in=list(linked)).first()
    ProductLink.objects.all().delete()
    assert goods_tax.gap_of(shop()) is None
    settings = engine.integration.document_settings
    settings.charges_enabled, settings.charges_item = True, taxed.alegra_id
    settings.save()
    assert taxed.name in goods_tax.gap_of(shop()).text
    settings.charges_enabled = False
    settings.save()
    assert goods_tax.gap_of(shop()) is None


def test_products_of_another_integration_and_those_gone_are_not_counted(engine, shop):
    item = link(engine, "4", rate="")
    AlegraItem.objects.filter(pk=item.pk).update(is_active=False)
    assert goods_tax.gap_of(shop()) is None
    AlegraItem.objects.filter(pk=item.pk).update(is_active=True)
    assert goods_tax.gap_of(shop()) is not None
    ProductLink.objects.filter(item=item).delete()
    assert goods_tax.gap_of(shop()) is None


def test_another_standing_of_the_company_is_noticed_when_it_is_read(engine, shop, editor):
    company = engine.integration.company
    refresh_company(company, engine.integration.credential)
    company.refresh_from_db()
    is_now(engine, Standing.RESPONSIBLE)
    assert set_up.gaps_of(shop()) == []
    engine.switch(regime="SIMPLIFIED_REGIME")
    refresh_company(company, engine.integration.credential)
    [gap] = set_up.gaps_of(shop())
    assert "ahora Alegra dice «No responsable de IVA»" in gap.text
    engine.switch(regime="")
    refresh_company(company, engine.integration.credential)
    assert set_up.gaps_of(shop()) == []


def test_the_answer_is_shown_and_changed_in_the_settings(engine, shop, editor):
    item = link(engine, "4", rate="")
    answer(editor, shop, "excluded")
    where = reverse("settings", args=[shop().organization.slug, shop().pk])
    text = editor.get(where).content.decode()
    row = Answer.objects.get(question=GOODS_UNTAXED)
    assert f"no tienen IVA: «{item.name}»" in text
    assert f"Lo respondió {row.by}" in text
    # Taken back, it is asked again.
    name = f"answer_{row.pk}"
    filled = FILLED | {"register_payment": "never", "cod_account": ""}
    editor.post(where, filled | {name: "_otra_vez"})
    assert goods_tax.gap_of(shop()).asked is not None
