from __future__ import annotations

import pytest

from integrations.audit.models import AuditEntry
from integrations.catalog import links
from integrations.catalog.links import LinkRefused, link, unlink
from integrations.catalog.models import ProductLink
from integrations.connections.hold import Hold
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import ScopeError
from tests.catalog.conftest import NOW
from tests.catalog.test_variants import line


@pytest.fixture
def released(monkeypatch):
    """What was released, and a switch for how many that frees."""
    calls = []

    def fake(code, subject_key, *, integration, by=""):
        calls.append((code, subject_key))
        return fake.count

    fake.count = 0
    fake.calls = calls
    monkeypatch.setattr(links, "release", fake)
    return fake


def test_a_link_frees_exactly_what_waited_for_the_variant(make_variant, make_item, released):
    released.count = 37
    made = link(variant=make_variant(), item=make_item(), by="Ana")
    assert released.calls == [("product_unlinked", "101/1")]
    assert made.released == 37
    assert (made.linked_by, made.units_per_sale, made.shared) == ("Ana", 1, False)


def test_a_new_link_frees_what_the_old_item_held_back(make_variant, make_item, released):
    variant = make_variant()
    link(variant=variant, item=make_item("Uno", "1"), by="Ana")
    released.calls.clear()
    link(variant=variant, item=make_item("Dos", "2"), by="Ana")
    assert ProductLink.objects.get().item.alegra_id == "2"
    assert ("item_unusable", "1") in released.calls


def test_linking_the_nameless_variant_says_nothing_of_lines_that_name_none(
    integration, make_variant, make_item, released
):
    nobody = line(integration, "101")
    link(variant=make_variant(variant=""), item=make_item(), by="Ana")
    nobody.refresh_from_db()
    assert nobody.variant is None
    assert released.calls == [("product_unlinked", "101/")]


def test_an_item_serves_one_variant_unless_a_person_says_otherwise(
    make_variant, make_item, released
):
    item = make_item("Termo")
    first = link(variant=make_variant("Termo negro"), item=item, by="Ana")
    other = make_variant("Termo verde", product="102")
    with pytest.raises(LinkRefused) as refusal:
        link(variant=other, item=item, by="Ana")
    assert refusal.value.other == first
    assert str(refusal.value.sentence) == "«Termo» ya está vinculado con «Termo negro»."
    second = link(variant=other, item=item, shared=True, units_per_sale=2, by="Ana")
    first.refresh_from_db()
    assert (first.shared, second.shared, second.units_per_sale) == (True, True, 2)


def test_the_last_one_on_an_item_shares_it_no_more(make_variant, make_item, released):
    item = make_item()
    kept = link(variant=make_variant(), item=item, by="Ana")
    other = make_variant("Otro", product="102")
    link(variant=other, item=item, shared=True, by="Ana")
    unlink(variant=other, by="Ana")
    kept.refresh_from_db()
    assert kept.shared is False


def test_a_yes_to_sharing_with_nobody_shares_nothing(make_variant, make_item, released):
    assert link(variant=make_variant(), item=make_item(), shared=True, by="Ana").shared is False


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"type": "variantParent"}, "variantes"),
        ({"is_active": False}, "inactivo"),
        ({"missing_since": NOW}, "no existe"),
    ],
)
def test_what_cannot_be_invoiced_cannot_be_linked(make_variant, make_item, released, facts, words):
    with pytest.raises(LinkRefused) as refusal:
        link(variant=make_variant(), item=make_item(**facts), by="Ana")
    assert words in str(refusal.value.sentence)
    assert not ProductLink.objects.exists()


def test_an_item_of_another_company_is_refused(scoped, make_variant, make_item, released):
    item = make_item()
    item.company = AlegraCompany.objects.create(nit="901", name="Otra")
    item.save()
    with pytest.raises(LinkRefused) as refusal:
        link(variant=make_variant(), item=item, by="Ana")
    assert refusal.value.code == "other_company"


def test_every_act_leaves_a_trace(make_variant, make_item, released):
    variant = make_variant()
    link(variant=variant, item=make_item("Uno", "1"), by="Ana")
    link(variant=variant, item=make_item("Dos", "2"), by="Ana")
    unlink(variant=variant, by="Ana")
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [entry.action for entry in entries] == [
        "product_link.create",
        "product_link.change",
        "product_link.delete",
    ]
    assert (entries[1].before["item"], entries[1].after["item"]) == ("Uno", "Dos")
    assert entries[2].before["item"] == "Dos"


def test_nothing_is_unlinked_twice(make_variant, released):
    assert unlink(variant=make_variant(), by="Ana") is None


def test_the_sentence_says_when_nothing_leaves_now(integration, monkeypatch):
    assert links.released_sentence(0, integration) == ""
    assert links.released_sentence(1, integration) == "El pedido que esperaba ya sale."
    assert links.released_sentence(37, integration) == "Los 37 pedidos que esperaban ya salen."
    off = Hold("off", "La integración está apagada.")
    monkeypatch.setattr(Integration, "hold", lambda *args: off)
    said = links.released_sentence(37, integration)
    assert "ya salen" not in said
    assert said.endswith("La integración está apagada.")


def test_a_variant_is_not_linked_from_outside_its_scope(make_variant, make_item, released):
    from integrations.scoping.context import scope

    variant, item = make_variant(), make_item()
    with scope(variant.organization_id + 1), pytest.raises((ScopeError, type(item).DoesNotExist)):
        link(variant=variant, item=item, by="Ana")
