"""What a document names is inactive or gone in Alegra: said by name, and freed by itself."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from integrations.catalog.models import AlegraItem
from integrations.catalog.tasks import read_again_what_orders_wait_for as read_items_again
from integrations.configuration.curing import release_cured
from integrations.configuration.references import refresh_company
from integrations.configuration.tasks import read_again_what_orders_wait_for as read_choices_again
from integrations.connections.models import ReferenceEntry
from integrations.inventory.models import WarehouseLink
from integrations.inventory.tasks import refresh_due as refresh_bodegas
from integrations.scoping.context import scope
from integrations.sending.problem_kinds import sentence

pytestmark = pytest.mark.django_db

PATHS = {
    "seller": "sellers",
    "cost_center": "cost-centers",
    "number_template": "number-templates",
}
CALLED = {
    "seller": ("El vendedor", "está inactivo en Alegra"),
    "cost_center": ("El centro de costos", "está inactivo en Alegra"),
    "number_template": ("La numeración", "está inactiva en Alegra"),
}
every_choice = pytest.mark.parametrize("kind", list(PATHS))


@pytest.fixture
def alegra(engine, simulators):
    """alegra("PUT", "/sellers/3", {...}): what the merchant does in Alegra's own screens."""
    return engine.as_person


@pytest.fixture
def inside(engine):
    with scope(engine.integration.organization_id):
        yield engine.integration


@pytest.fixture
def lists(engine, inside):
    """The lists as they were read while everything was still active."""
    refresh_company(inside.company, inside.credential)
    engine.at.advance(minutes=5)


def chosen(integration, kind) -> str:
    return getattr(integration.document_settings, kind)


def why(engine, order) -> str:
    (problem,) = engine.document(order).problems.filter(closed_at=None)
    return sentence(problem.code, problem.params)


def deactivate(alegra, integration, kind, status="inactive"):
    alegra("PUT", f"/{PATHS[kind]}/{chosen(integration, kind)}", {"status": status})


def posts(engine) -> int:
    return engine.calls("POST", "/invoices")


@every_choice
def test_a_choice_that_became_inactive_is_named_and_no_other_order_is_refused(
    engine, alegra, inside, lists, kind
):
    deactivate(alegra, inside, kind)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"reference_missing"}
    called, words = CALLED[kind]
    entry = ReferenceEntry.objects.get(kind=kind, alegra_id=chosen(inside, kind))
    ours, theirs = why(engine, order).split(". Alegra dijo: ")
    assert ours == f"{called} «{entry.name}» {words}"
    assert theirs.startswith("«")
    assert posts(engine) == 1
    other = engine.order()
    engine.run()
    assert engine.problems(other) == {"reference_missing"}
    assert posts(engine) == 1


@every_choice
def test_active_again_in_alegra_frees_all_orders_within_minutes(
    engine, alegra, inside, lists, kind
):
    deactivate(alegra, inside, kind)
    orders = [engine.order(), engine.order()]
    engine.run()
    read_choices_again()
    engine.run()
    assert engine.invoices() == []
    deactivate(alegra, inside, kind, "active")
    assert read_choices_again() == 2
    engine.run()
    assert [engine.document(order).state for order in orders] == ["created", "created"]
    assert len(engine.invoices()) == 2


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("kind", ["seller", "cost_center"])
def test_a_choice_that_is_gone_is_named_and_choosing_another_frees_its_orders(
    engine, alegra, inside, lists, kind, status
):
    engine.switch(gone_choice_status=status)
    alegra("DELETE", f"/{PATHS[kind]}/{chosen(inside, kind)}")
    order = engine.order()
    engine.run()
    assert "ya no existe en Alegra. Alegra dijo: «" in why(engine, order)
    settings = inside.document_settings
    setattr(settings, kind, "")
    settings.save()
    assert release_cured(inside, settings, by="Diana") == 1
    engine.run()
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_a_choice_that_was_never_copied_is_found_gone_too(engine, inside):
    settings = inside.document_settings
    settings.seller = "987654"
    settings.save()
    order = engine.order()
    engine.run()
    assert why(engine, order) == (
        "El vendedor «987654» ya no existe en Alegra. "
        "Alegra dijo: «El vendedor seleccionado no existe»"
    )


def test_two_choices_at_once_are_both_named(engine, alegra, inside, lists):
    deactivate(alegra, inside, "seller")
    deactivate(alegra, inside, "cost_center")
    order = engine.order()
    engine.run()
    found = engine.document(order).problems.filter(closed_at=None)
    assert {problem.params["reference"] for problem in found} == {"seller", "cost_center"}
    deactivate(alegra, inside, "seller", "active")
    assert read_choices_again() == 0
    deactivate(alegra, inside, "cost_center", "active")
    assert read_choices_again() == 1


def test_a_choice_read_as_inactive_counts_as_missing_before_anything_is_sent(
    engine, alegra, inside
):
    deactivate(alegra, inside, "seller")
    refresh_company(inside.company, inside.credential)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"reference_missing"}
    assert posts(engine) == 0


def test_where_alegra_accepts_inactive_choices_nobody_is_asked(engine, alegra, inside, lists):
    engine.switch(inactive_choices="accepted")
    deactivate(alegra, inside, "seller")
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "created"


def test_an_inactive_numbering_does_not_hold_remissions(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    with scope(engine.integration.organization_id):
        settings = engine.integration.document_settings
        settings.number_template = "16"
        settings.save()
        refresh_company(engine.integration.company, engine.integration.credential)
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "created"


def test_a_refusal_that_nothing_named_explains_stays_a_refusal(engine, inside, lists):
    no = {"code": 400, "message": "Algo no cuadra"}
    engine.switch(
        {"fault": "status", "status": 400, "body": no, "method": "POST", "path": "/invoices"}
    )
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"rejected"}
    before = len(engine.asked())
    other = engine.order()
    engine.run()
    assert engine.problems(other) == {"rejected"}
    # Read a moment ago: many refusals in a row do not read the same lists again.
    after = [path for _method, path in engine.asked()[before:]]
    assert {re.sub("/[0-9]+$", "/…", path) for path in after} == {
        "/api/v1/contacts/…",
        "/api/v1/invoices",
    }


def test_lists_this_user_may_not_see_explain_nothing(engine, alegra, inside, lists):
    deactivate(alegra, inside, "seller")
    engine.switch({"fault": "status", "status": 403, "method": "GET", "path": "/sellers"})
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"rejected"}


def test_without_a_call_left_to_ask_the_order_is_built_anew_later(engine, alegra, inside, lists):
    deactivate(alegra, inside, "seller")
    engine.switch({"fault": "rate_limited", "method": "GET", "path": "/sellers", "times": 1})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "pending"
    engine.later(3700)
    assert engine.problems(order) == {"reference_missing"}
    assert engine.invoices() == []


def test_an_account_that_answers_404_to_everything_marks_nothing_as_gone(
    engine, alegra, inside, lists
):
    engine.switch(
        {"fault": "status", "status": 404, "body": {"code": 404, "message": "Suspendida"}}
    )
    order = engine.order()
    engine.run()
    assert not ReferenceEntry.objects.filter(missing_since__isnull=False).exists()
    assert engine.problems(order) == {"rejected"}


def test_a_bodega_that_became_inactive_is_found_and_frees_its_orders_when_active(
    engine, alegra, inside, lists
):
    other = alegra("POST", "/warehouses", {"name": "Bodega sur"})["id"]
    WarehouseLink.objects.update(warehouse=str(other))
    alegra("PUT", f"/warehouses/{other}", {"status": "inactive"})
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"warehouse_gone"}
    assert "«Bodega sur», pareja de Bodega Fontibón, está inactiva" in why(engine, order)
    assert posts(engine) == 1
    refresh_bodegas()
    engine.run()
    assert engine.invoices() == []
    alegra("PUT", f"/warehouses/{other}", {"status": "active"})
    refresh_bodegas()
    engine.run()
    assert engine.document(order).state == "created"


# --- Products --------------------------------------------------------------------------------


def test_a_product_that_became_inactive_after_its_copy_was_read_is_named(engine, alegra, inside):
    item = engine.items["11"]
    alegra("PUT", f"/items/{item}", {"status": "inactive"})
    engine.at.advance(minutes=5)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"item_unusable"}
    assert "está inactivo en Alegra" in why(engine, order)
    other = engine.order()
    engine.run()
    assert engine.problems(other) == {"item_unusable"}
    assert posts(engine) == 1


def test_a_product_active_again_frees_its_orders_within_minutes(engine, alegra, inside):
    item = engine.items["11"]
    alegra("PUT", f"/items/{item}", {"status": "inactive"})
    engine.at.advance(minutes=5)
    orders = [engine.order(), engine.order()]
    engine.run()
    read_items_again()
    engine.run()
    assert engine.invoices() == []
    alegra("PUT", f"/items/{item}", {"status": "active"})
    read_items_again()
    engine.run()
    assert [engine.document(order).state for order in orders] == ["created", "created"]


def test_the_product_for_charges_is_named_as_such_and_frees_its_orders(engine, alegra, inside):
    chosen_item = next(
        item.alegra_id
        for item in AlegraItem.objects.order_by("pk")
        if item.can_be_invoiced and item.alegra_id != engine.items["11"]
    )
    settings = inside.document_settings
    settings.charges_enabled, settings.charges_item = True, chosen_item
    settings.save()
    alegra("PUT", f"/items/{chosen_item}", {"status": "inactive"})
    engine.at.advance(minutes=5)
    freight = [{"name": "Envío", "amount": 10_000}]
    order = engine.order(total=169_800, charges=freight)
    engine.run()
    assert engine.problems(order) == {"charges_item_unusable"}
    assert why(engine, order).startswith("El producto para cobros adicionales, «")
    alegra("PUT", f"/items/{chosen_item}", {"status": "active"})
    read_items_again()
    engine.run()
    assert engine.document(order).state == "created"


def test_a_product_deleted_in_alegra_is_named(engine, alegra, inside):
    alegra("DELETE", f"/items/{engine.items['11']}")
    engine.at.advance(minutes=5)
    order = engine.order()
    engine.run()
    assert "ya no existe en Alegra" in why(engine, order)


def test_where_alegra_sells_inactive_products_the_order_goes_out(engine, alegra, inside):
    engine.switch(inactive_items="accepted")
    alegra("PUT", f"/items/{engine.items['11']}", {"status": "inactive"})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "created"


# --- On screen -------------------------------------------------------------------------------


def test_the_settings_show_an_inactive_seller_as_such_and_keep_it(
    engine, alegra, inside, lists, cast, login
):
    deactivate(alegra, inside, "seller")
    order = engine.order()
    engine.run()
    client = login(cast.member("editor"))
    settings = reverse("settings", args=[cast.organization.slug, inside.pk])
    page = client.get(settings).content.decode()
    assert "(inactivo en Alegra)" in page
    assert chosen(inside, "seller")
    attention = client.get(reverse("attention", args=[cast.organization.slug])).content.decode()
    assert "está inactivo en Alegra" in attention
    assert f"{settings}#id_seller" in attention
    shown = client.get(reverse("order", args=[cast.organization.slug, order.pk])).content.decode()
    assert "está inactivo en Alegra" in shown
