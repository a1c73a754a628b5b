"""The article of each line is compared with the one that a person linked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from integrations.catalog import links
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.answers import answer, take_back
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db
QUESTION = QUESTIONS["another_article"]
TERMO = {"id_product": 7, "id_variant": 71, "sku": "TER-750", "name": "Termo acero 750 ml"}
GORRA = {"id_product": 8, "id_variant": 81, "sku": "GOR-AZ", "name": "Gorra lona azul"}


@pytest.fixture
def shop(engine):
    """Two products, each linked by a person with an item that is called quite otherwise."""
    integration = engine.integration
    with scope(integration.organization_id):
        engine.items.clear()
        ProductLink.objects.all().delete()
        free = [item for item in AlegraItem.objects.order_by("pk") if item.can_be_invoiced]
        AlegraItem.objects.update(price=None)

        def link(line, item):
            variant, _made = Variant.objects.get_or_create(
                integration=integration,
                product_id=str(line["id_product"]),
                variant_id=str(line["id_variant"]),
                defaults={
                    "product_name": line["name"], "sku": line["sku"], "seen_at": clock.now(),
                },
            )  # fmt: skip
            return links.link(variant=variant, item=item, by="ana")

        bottle, cap, blender = free[0], free[1], free[2]
        for number, item in enumerate((bottle, cap, blender)):
            item.name, item.reference = f"Artículo {'xyz'[number] * 4}", f"R-{number}00"
            item.save()
        link(TERMO, bottle)
        link(GORRA, cap)
    return SimpleNamespace(
        engine=engine, integration=integration, bottle=bottle, cap=cap, blender=blender, link=link
    )


def sold(shop, *lines, run=True, **told):
    lines = [{"quantity": 1, "price": 50_000, **line} for line in lines]
    order = shop.engine.order(lines=lines, total=sum(line["price"] for line in lines), **told)
    if run:
        shop.engine.run(2)
    return order


def items_of(shop, order) -> list[str]:
    document = shop.engine.document(order)
    rows = [row for row in shop.engine.invoices() if str(row["id"]) == document.alegra_id]
    return [str(each["id"]) for row in rows for each in row["items"]]


def causes(shop) -> list[Cause]:
    with scope(shop.integration.organization_id):
        return list(Cause.objects.filter(code="another_article", state="open").order_by("pk"))


def respond(shop, cause, value, item=None):
    picked = {"item": item.alegra_id, "name": item.name} if item else {}
    with scope(shop.integration.organization_id):
        freed = answer(
            shop.integration, QUESTION, cause.subject_key, value, picked=picked, params=cause.words
        )
    shop.engine.run(3)
    return freed


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"sku": " ter 750 "},
        {"sku": "TER0750"},
        {"name": "TERMO ACERO"},
        {"name": "Botella para agua"},  # the SKU says that it is the same
        {"sku": "NUEVO-1"},  # the name says it
        {"sku": "", "name": ""},
        {"sku": "R-000", "name": "Botella para agua"},  # the reference of its item in Alegra
        {"sku": "sin-sku", "name": "Artículo XXXX"},
    ],
)
def test_what_is_called_like_the_linked_article_leaves(shop, told):
    order = sold(shop, {**TERMO, **told})
    assert shop.engine.problems(order) == set()
    assert items_of(shop, order) == [shop.bottle.alegra_id]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"sku": "LIC-01", "name": "Licuadora portátil"}, "llegó «Licuadora portátil · LIC-01»"),
        ({"sku": "", "name": "Licuadora portátil"}, "donde se vinculó «Termo acero 750 ml · TER-"),
        ({"sku": "gor az"}, "llegó con el SKU gor az, que es el de «Gorra lona azul»"),
        ({"sku": "R-100"}, "llegó con el SKU R-100, que es el de «Gorra lona azul»"),
    ],
)
def test_another_article_or_the_sku_of_another_one_is_asked_about(shop, told, why):
    order = sold(shop, {**TERMO, **told})
    assert shop.engine.problems(order) == {"another_article"}
    (cause,) = causes(shop)
    assert why in cause.label
    assert shop.engine.invoices() == []


BLENDER = {**TERMO, "sku": "LIC-01", "name": "Licuadora portátil"}


def test_the_answer_is_valid_for_the_product_as_it_is_called_and_for_no_other(shop):
    plain = sold(shop, TERMO)
    orders = [sold(shop, each) for each in (
        BLENDER, {**BLENDER, "sku": " lic01", "name": "LICUADORA PORTATIL"},
    )]  # fmt: skip
    third = sold(shop, {**TERMO, "sku": "PAR-3", "name": "Paraguas plegable"})
    assert len(causes(shop)) == 2
    blender = next(each for each in causes(shop) if "licuadora" in each.label.casefold())
    assert respond(shop, blender, "other", shop.blender) == 2
    assert [items_of(shop, each) for each in orders] == [[shop.blender.alegra_id]] * 2
    assert items_of(shop, plain) == [shop.bottle.alegra_id]
    assert shop.engine.problems(third) == {"another_article"}
    # Nobody is asked twice, and the link is as it was.
    assert items_of(shop, sold(shop, BLENDER)) == [shop.blender.alegra_id]
    assert items_of(shop, sold(shop, TERMO)) == [shop.bottle.alegra_id]


def test_the_same_article_under_a_new_name_is_not_asked_about_again(shop):
    first = sold(shop, BLENDER)
    assert respond(shop, causes(shop)[0], "same") == 1
    later = sold(shop, {**BLENDER, "sku": "LIC-02", "name": "Licuadora portátil recargable"})
    assert [items_of(shop, each) for each in (first, later)] == [[shop.bottle.alegra_id]] * 2
    assert shop.engine.problems(sold(shop, {**TERMO, "sku": "P", "name": "Paraguas"})) == {
        "another_article"
    }


def test_an_answer_taken_back_changes_nothing_that_was_sent(shop):
    first = sold(shop, BLENDER)
    respond(shop, causes(shop)[0], "same")
    with scope(shop.integration.organization_id):
        take_back(shop.integration, QUESTION, Answer.objects.get().subject_key, request=None)
    assert items_of(shop, first) == [shop.bottle.alegra_id]
    assert shop.engine.problems(sold(shop, BLENDER)) == {"another_article"}


def test_a_product_chosen_in_the_answer_and_gone_since_is_asked_about_again(shop):
    sold(shop, BLENDER)
    respond(shop, causes(shop)[0], "other", shop.blender)
    with scope(shop.integration.organization_id):
        AlegraItem.objects.filter(pk=shop.blender.pk).update(is_active=False)
    order = sold(shop, BLENDER)
    assert shop.engine.problems(order) == {"another_article"}
    (cause,) = causes(shop)
    assert "ya no se puede facturar" in cause.label
    respond(shop, cause, "other", shop.cap)
    assert items_of(shop, order) == [shop.cap.alegra_id]


def test_a_link_made_anew_compares_anew(shop):
    """The catalogue calls it a blender by now, and a person links it as one."""
    order = sold(shop, BLENDER)
    with scope(shop.integration.organization_id):
        variant = Variant.objects.get(variant_id="71")
        variant.product_name, variant.sku = BLENDER["name"], BLENDER["sku"]
        variant.save()
    assert shop.engine.problems(order) == {"another_article"}, "the catalogue alone decides nothing"
    with scope(shop.integration.organization_id):
        made = links.link(variant=variant, item=shop.blender, by="ana")
    assert made.released == 1
    shop.engine.run(2)
    assert items_of(shop, order) == [shop.blender.alegra_id]
    # What was sold under its old name is another article by now.
    assert shop.engine.problems(sold(shop, TERMO)) == {"another_article"}


def test_two_lines_are_asked_about_one_by_one(shop):
    order = sold(shop, BLENDER, {**GORRA, "sku": "PAR-3", "name": "Paraguas plegable"})
    first, second = causes(shop)
    assert respond(shop, first, "same") == 0
    assert respond(shop, second, "other", shop.blender) == 1
    assert items_of(shop, order) == [shop.bottle.alegra_id, shop.blender.alegra_id]


def test_articles_that_changed_places_are_both_asked_about(shop):
    order = sold(shop, {**TERMO, "sku": "GOR-AZ", "name": "Gorra lona azul"},
                 {**GORRA, "sku": "TER-750", "name": "Termo acero 750 ml"})  # fmt: skip
    assert len(causes(shop)) == 2
    assert shop.engine.invoices() == []
    assert shop.engine.problems(order) == {"another_article"}


def test_a_sku_that_all_sizes_share_says_nothing_against_one_of_them(shop):
    with scope(shop.integration.organization_id):
        shop.link({**TERMO, "id_variant": 72, "name": "Termo acero 1000 ml"}, shop.blender)
    order = sold(shop, TERMO, {**TERMO, "id_variant": 72, "name": "Termo acero 1000 ml"})
    assert items_of(shop, order) == [shop.bottle.alegra_id, shop.blender.alegra_id]


def test_it_is_answered_where_its_order_waits_and_shown_in_the_settings(shop, cast, login):
    order = sold(shop, BLENDER)
    browser = login(cast.editor)
    slug = cast.organization.slug
    page = browser.get(reverse("order", args=[slug, order.pk])).content.decode()
    assert "Puede ser otro artículo: llegó «Licuadora portátil · LIC-01»" in page
    # Answered in place: no link leads to the same question elsewhere.
    assert "Responder la pregunta" not in page
    (cause,) = causes(shop)
    answered = browser.post(
        reverse("attention_answer", args=[slug, cause.pk]),
        {
            "respuesta": "other",
            "respuesta_elegido": shop.blender.alegra_id,
            "pedido": str(order.pk),
        },
        follow=True,
    ).content.decode()
    assert "1 pedido ya va en camino" in answered
    shop.engine.run(2)
    assert items_of(shop, order) == [shop.blender.alegra_id]
    settings = browser.get(reverse("settings", args=[slug, shop.integration.pk])).content.decode()
    assert "Esta línea es otro producto" in settings
    assert shop.blender.name in settings
