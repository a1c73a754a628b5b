"""*Por atender*: true figures, the dearest first, each cause with what repairs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.attention.month import month_in_words
from integrations.catalog.models import Variant
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.causes import open_problems
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import Found
from integrations.sending.states import State
from tests import cast as casting
from tests.attention.curing import bank_account, post
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]


@pytest.fixture
def page(cast, login):
    def get(role="editor") -> str:
        url = reverse("attention", args=[cast.organization.slug])
        response = login(cast.member(role)).get(url)
        assert response.status_code == 200
        return response.content.decode()

    return get


# --- The verdict ----------------------------------------------------------------------------
def test_the_sentence_says_causes_orders_and_pesos(page, shop):
    for _each in range(2):
        make_problem(make_order(shop, total=100_000), "account_missing", "pse", {"method": "pse"})
    make_problem(make_order(shop, total=50_000), "cod_disabled")
    body = page()
    assert "2 causas detienen" in body
    assert '3 pedidos por <span class="num">$\u00a0250.000</span>' in body


def test_an_order_with_two_problems_counts_once(page, shop):
    order = make_order(shop, total=100_000)
    make_problem(order, "cod_disabled")
    make_problem(order, "account_missing", "pse", {"method": "pse"})
    assert '1 pedido por <span class="num">$\u00a0100.000</span>' in page()


def test_a_good_day_is_quiet_and_calls_a_draft_a_draft(page, shop):
    for _each in range(2):
        make_document(make_order(shop), State.CREATED)
    make_document(make_order(shop), State.CREATED, kind="remission")
    make_document(make_order(shop), State.SKIPPED, reason="back_to_waiting")
    make_document(make_order(shop), State.SKIPPED, reason="returned")
    make_order(shop)
    body = page()
    assert (
        '2 borradores por <span class="num">$\u00a0349.800</span> todavía no son facturas' in body
    )
    assert "Nada por atender" not in body
    told = "2 con borrador por emitir, 1 con remisión, 2 en espera y 1 sin documento."
    assert f"Este mes llegaron 6 pedidos: {told}" in body
    assert "tienen su documento" not in body
    assert "is-fail" not in body


@pytest.mark.parametrize("state", State)
def test_the_sentence_of_the_month_leaves_no_order_out(shop, state):
    make_document(make_order(shop), state)
    with scope(shop.organization_id):
        assert month_in_words(NOW).startswith("Este mes llegó 1 pedido: 1 ")


def test_a_solved_cause_and_one_that_holds_nothing_are_not_shown_as_open(page, shop):
    cause = make_problem(make_order(shop), "cod_disabled")
    with scope(shop.organization_id):
        Cause.objects.filter(pk=cause.pk).update(open_count=0)
        Document.objects.update(state=State.CREATED)
    assert "El pago contraentrega no está habilitado" not in page()


def test_what_was_solved_today_is_told_and_what_was_solved_yesterday_is_not(page, shop):
    cause = make_problem(make_order(shop), "cod_disabled")
    with scope(shop.organization_id):
        solved = Cause.objects.filter(pk=cause.pk)
        solved.update(
            state="solved", solved_at=NOW, solved_by="Diana Ospina", solved_count=22, open_count=0
        )
        body = page()
        assert "Resueltas hoy" in body
        assert "Diana Ospina la resolvió" in body
        assert "22 pedidos" in body
        solved.update(solved_at=NOW - timedelta(days=1))
    assert "Resueltas hoy" not in page()


def test_refused_credentials_come_first_with_what_waits_behind_them(cast, page, shop):
    with scope(cast.organization.pk):
        shop.credential.state = "paused"
        shop.credential.paused_since = NOW - timedelta(hours=3)
        shop.credential.save()
    make_document(make_order(shop, total=1_204_600), State.PENDING)
    make_problem(make_order(shop), "cod_disabled")
    body = page("owner")
    assert "Los envíos están en pausa:" in body
    assert "$\u00a01.204.600" in body
    assert body.index("Alegra ya no acepta el token.") < body.index("El pago contraentrega")
    cure = reverse("integration_credentials", args=[cast.organization.slug, shop.pk])
    assert cure in body
    assert cure in page("accountant")
    assert cure not in page("editor")


def test_an_integration_that_is_off_is_told_while_orders_wait_for_it(cast, page):
    shop = casting.make_integration(cast.organization, state="off")
    make_document(make_order(shop), State.PENDING)
    assert "La integración está apagada." in page()


# --- The panels -----------------------------------------------------------------------------
def test_what_is_worth_most_comes_first(page, shop):
    make_problem(make_order(shop, total=1_000), "cod_disabled")
    make_problem(make_order(shop, total=9_000), "account_missing", "pse", {"method": "pse"})
    make_problem(
        make_order(shop, total=5_000), "identity_wrong", "1", {"order": "1", "why": "falta"}
    )
    body = page()
    titles = ["«pse» no tiene cuenta", "Identificaciones por corregir", "contraentrega no está"]
    places = [body.index(title) for title in titles]
    assert places == sorted(places)


def test_a_cause_links_to_exactly_its_orders(page, shop):
    cause = make_problem(make_order(shop), "cod_disabled")
    assert f"?causa={cause.pk}" in page()


def test_what_alegra_said_of_one_order_is_not_cut(page, shop):
    words = f"Regla FAK24: {'largo ' * 60}fin de la frase"
    params = {"order": "7", "reasons": "el NIT no corresponde", "said": words}
    document = make_document(make_order(shop), State.BLOCKED)
    with scope(shop.organization_id):
        open_problems(document, [Found("dian_rejected", "1", params)], now=NOW)
        assert Cause.objects.get().label.endswith("largo…")
    assert "fin de la frase»" in page()


def test_problems_of_single_orders_are_told_together_with_their_cure(page, shop):
    orders = [make_order(shop) for _each in range(12)]
    for order in orders:
        params = {"order": order.number, "order_id": order.pk}
        make_problem(order, "identity_ambiguous", order.number, params)
    body = page()
    assert body.count("<article") == 1
    assert "1 causa detiene" in body
    assert "Ver los 2 que faltan" in body
    assert reverse("order_correct", args=[shop.organization.slug, orders[0].pk]) in body


def test_a_product_is_linked_right_here(page, shop):
    with scope(shop.organization_id):
        variant = Variant.objects.create(
            integration=shop,
            product_id="501",
            variant_id="9001",
            product_name="Termo acero",
            seen_at=NOW,
        )
    params = {"name": "Termo acero", "variant": variant.pk}
    make_problem(make_order(shop), "product_unlinked", variant.subject_key, params)
    body = page()
    assert "Termo acero no está vinculado con un producto de Alegra" in body
    assert 'class="cure"' in body
    assert f"variante={variant.pk}" in body


def test_a_missing_seller_leads_to_its_very_field(page, shop):
    params = {"kind": "El vendedor", "name": "Laura", "reference": "seller"}
    make_problem(make_order(shop), "reference_missing", "seller:4", params)
    settings = reverse("settings", args=[shop.organization.slug, shop.pk])
    assert f'href="{settings}#id_seller"' in page()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("numbering_exhausted", "Nunca tomamos otra numeración por nuestra cuenta."),
        ("item_without_unit", "Ponle la unidad en Alegra"),
    ],
)
def test_what_is_repaired_elsewhere_says_how(page, shop, code, advice):
    make_problem(make_order(shop), code, "12", {"name": "FEHA", "item": "Termo"})
    assert advice in page()


def test_remissions_for_approval_are_a_decision_not_a_cause(page, shop):
    make_document(make_order(shop), State.AWAITING_APPROVAL, kind="remission")
    body = page()
    assert "Revisar y emitir" in body
    assert "1 remisión" in body
    assert "Nada por atender" in body
    assert "1 por aprobar" in body


def test_a_viewer_sees_everything_and_finds_nothing_to_press(page, shop):
    bank_account(shop)
    make_problem(make_order(shop), "account_missing", "pse", {"method": "pse"})
    make_problem(make_order(shop), "gift_line")
    make_problem(make_order(shop), "rejected", "f", {"message": "no"})
    order = make_order(shop)
    params = {"order": order.number, "order_id": order.pk, "why": "falta"}
    make_problem(order, "identity_wrong", order.number, params)
    body = page("viewer")
    assert "corregir/" not in body
    assert reverse("order", args=[shop.organization.slug, order.pk]) in body
    assert "Alegra no lo aceptó: no" in body
    assert 'type="submit"' not in body
    assert "reintentar/" not in body


def test_what_alegra_said_is_text_on_the_page(page, shop):
    evil = "<script>alert(1)</script>"
    make_problem(make_order(shop), "rejected", "f", {"message": evil})
    body = page()
    assert evil not in body
    assert "&lt;script&gt;" in body


def test_nothing_of_another_organization_is_seen_or_touched(cast, login, page):
    foreign_shop = casting.make_integration(cast.other)
    foreign = make_problem(make_order(foreign_shop), "account_missing", "pse", {"method": "pse"})
    assert "«pse»" not in page()
    client = login(cast.owner)
    for name in ("attention_account", "attention_answer", "attention_retry"):
        assert post(client, cast, name, foreign, account="7").status_code == 404
    address = reverse("attention", args=[cast.organization.slug])
    assert login(cast.outsider).get(address).status_code == 404


@pytest.mark.parametrize("count", [10, 50])
def test_the_page_needs_the_same_queries_for_any_number_of_causes(
    cast, login, shop, count, django_assert_max_num_queries
):
    for index in range(count):
        params = {"kind": "El vendedor", "name": str(index), "reference": "seller"}
        make_problem(make_order(shop), "reference_missing", f"seller:{index}", params)
        order = make_order(shop)
        make_problem(order, "identity_wrong", order.number, {"order": order.number, "why": "x"})
    client = login(cast.editor)
    with django_assert_max_num_queries(18):
        client.get(reverse("attention", args=[cast.organization.slug]))
