from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.alegra import items as alegra_items
from integrations.alegra.errors import NotFound
from integrations.catalog import items
from integrations.catalog.models import AlegraItem
from integrations.timekeeping import clock
from tests.catalog.conftest import NOW, make_integration

LATER = NOW + timedelta(hours=6)


def told(alegra_id="881", name="Termo", **facts):
    row = {
        "id": alegra_id,
        "name": name,
        "reference": "TER-1",
        "status": "active",
        "type": "simple",
        "tax": [{"id": "3", "name": "IVA", "percentage": "19.00"}],
        "inventory": {"unit": "unit", "unitCost": "20000.0000000000"},
    }
    return alegra_items.from_row({**row, **facts})


def test_a_copy_keeps_what_documents_are_built_from(company):
    [copy] = items.copy_of(company, [told()], now=NOW)
    assert copy.taxes == [{"id": "3", "name": "IVA", "percentage": "19.00"}]
    assert (copy.unit, copy.has_stock, copy.unit_cost) == ("unit", True, Decimal("20000.00"))
    assert (copy.search_key, copy.reference_key) == ("termo", "ter-1")


def test_no_tax_is_not_a_tax_of_zero(company):
    excluded, exempt = items.copy_of(
        company,
        [told("1", tax=[]), told("2", tax=[{"id": "9", "name": "IVA", "percentage": "0.00"}])],
    )
    assert excluded.taxes == []
    assert exempt.taxes[0]["percentage"] == "0.00"


def test_copying_again_changes_the_same_row(company):
    [first] = items.copy_of(company, [told()], now=NOW)
    AlegraItem.objects.update(missing_since=NOW)
    [again] = items.copy_of(company, [told(name="Termo nuevo", status="inactive")], now=LATER)
    assert again.pk == first.pk
    assert (again.name, again.is_active, again.missing_since) == ("Termo nuevo", False, None)


def test_an_item_that_can_be_invoiced_again_frees_its_orders(
    company, make_variant, make_link, monkeypatch
):
    calls = []
    monkeypatch.setattr(
        items, "release", lambda code, key, integration: calls.append((code, key, integration.pk))
    )
    [item] = items.copy_of(company, [told(status="inactive")])
    link = make_link(make_variant(), item)
    items.copy_of(company, [told(status="inactive")])
    assert calls == []
    items.copy_of(company, [told()])
    # Linked, or chosen for additional charges.
    assert calls == [
        ("item_unusable", "881", link.integration_id),
        ("charges_item_unusable", "881", link.integration_id),
        ("charge_product_unusable", "881", link.integration_id),
    ]


@pytest.fixture
def reads(monkeypatch):
    """Alegra's answers by id; what is not in it is unknown there."""
    answers = {}

    def read(client, alegra_id):
        if alegra_id not in answers:
            raise NotFound("No existe.", status=404)
        return answers[alegra_id]

    monkeypatch.setattr(alegra_items, "read", read)
    return answers


def test_one_item_is_read_anew_or_said_to_be_gone(company, reads):
    items.copy_of(company, [told()], now=NOW)
    reads["881"] = told(name="Termo 2")
    assert items.refresh_one(company, None, "881").name == "Termo 2"
    reads.clear()
    assert items.refresh_one(company, None, "881") is None
    assert AlegraItem.objects.get().missing_since is not None


def test_what_a_whole_read_did_not_show_is_gone_but_linked_items_are_asked_for(
    company, make_variant, make_link, reads
):
    linked, _gone, _loose = items.copy_of(
        company, [told("1", "Uno"), told("2", "Dos"), told("3", "Tres")], now=NOW
    )
    make_link(make_variant(), linked)
    make_link(make_variant(product="102"), _gone)
    reads["1"] = told("1", "Uno")
    with clock.frozen(LATER):
        assert items.mark_missing(company, None, began=LATER) == 2
    missing = AlegraItem.objects.filter(missing_since__isnull=False)
    assert sorted(missing.values_list("alegra_id", flat=True)) == ["2", "3"]


def test_search_by_beginning_of_name_and_reference(company, make_item):
    termo = make_item("Termo acero", "1", reference="AC-750")
    make_item("Vaso", "2", reference="VA-1")
    assert items.search(company, "TÉRMO") == [termo]
    assert items.search(company, "ac-7") == [termo]
    assert items.search(company, "  ") == []


def test_search_by_words_inside_the_name_where_the_beginning_finds_little(company, make_item):
    termo = make_item("Termo acero inoxidable", "1")
    assert items.search(company, "inoxidable termo") == [termo]


def test_search_stays_inside_the_company_and_shows_what_cannot_be_linked_last(
    company, make_item, scoped
):
    parent = make_item("Faja", "1", type="variantParent")
    child = make_item("Faja talla S", "2")
    make_item("Faja vieja", "3", missing_since=NOW)
    other = make_integration(
        type(company).objects.create(nit="1", name="Otra"), name="otra"
    ).company
    AlegraItem.objects.create(company=other, alegra_id="1", name="Faja ajena", fetched_at=NOW)
    assert items.search(company, "faja") == [child, parent]
