from __future__ import annotations

from django.template.loader import render_to_string

from integrations.catalog.cure import cure_for, cures_for
from integrations.sending.models import Cause
from tests.catalog.conftest import NOW


def cause(integration, code, subject, **extra):
    return Cause.objects.create(
        integration=integration,
        code=code,
        subject_key=subject,
        label="…",
        first_at=NOW,
        last_at=NOW,
        open_count=4,
        **extra,
    )


def test_a_cure_brings_variant_suggestion_and_target(integration, make_variant, make_item):
    variant, item = make_variant(sku="TER-1"), make_item(reference="TER-1")
    cure = cure_for(cause(integration, "product_unlinked", "101/1"), organization="hogar-andino")
    assert (cure.variant, cure.suggestion.item, cure.reason) == (variant, item, "mismo SKU")
    assert cure.post_url.endswith(f"/productos/{variant.pk}/vincular/")
    html = render_to_string("catalog/_cure_product.html", {"cure": cure, "can_edit": True})
    assert "Vincular y enviar 4" in html
    html = render_to_string("catalog/_cure_product.html", {"cure": cure, "can_edit": False})
    assert "<button" not in html


def test_each_kind_of_product_cause_finds_its_variant(
    integration, make_variant, make_item, make_link
):
    faja = make_variant("Faja", product="7", variant="71")
    linked = make_variant("Termo", product="8")
    make_link(linked, make_item(alegra_id="881", is_active=False))
    missing = cause(integration, "product_unlinked", "7/71")
    unusable = cause(integration, "item_unusable", "881")
    other = cause(integration, "cod_disabled", "")
    found = cures_for([missing, unusable, other], organization="hogar-andino")
    assert {pk: cure.variant for pk, cure in found.items()} == {
        missing.pk: faja,
        unusable.pk: linked,
    }


def test_a_cause_of_a_variant_nobody_knows_has_no_cure_here(integration):
    assert cure_for(cause(integration, "product_unlinked", "1/2"), organization="x") is None


def test_many_causes_cost_few_queries(integration, make_variant, django_assert_max_num_queries):
    causes = []
    for number in range(20):
        make_variant(f"Producto {number}", product=str(number))
        causes.append(cause(integration, "product_unlinked", f"{number}/1"))
    with django_assert_max_num_queries(4):
        assert len(cures_for(causes, organization="hogar-andino")) == 20
