"""The list: filters in the address, pages that hold still, figures that are true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.history import cursor
from integrations.inventory.models import Bodega
from integrations.scoping.context import scope
from integrations.sending.states import State
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def page(cast, login):
    """page(estado="por-atender") → the history as the viewer sees it."""
    client = login(cast.viewer)

    def get(**query):
        return client.get(reverse("history", args=[cast.organization.slug]), query)

    return get


def numbers(response) -> list[str]:
    return [row.order.number for row in response.context["page"].rows]


def test_orders_with_and_without_a_document_are_listed_newest_first(page, shop):
    first, second = make_order(shop), make_order(shop, first_seen_at=NOW + timedelta(hours=1))
    make_document(first, State.CREATED)
    assert numbers(page()) == [second.number, first.number]


def test_an_outsider_is_told_nothing_exists(cast, login, shop):
    make_order(shop)
    client = login(cast.outsider)
    slug = cast.organization.slug
    for name in ("history", "history_export"):
        assert client.get(reverse(name, args=[slug])).status_code == 404
    assert client.post(reverse("history_approve", args=[slug])).status_code == 404


@pytest.mark.parametrize(
    ("state", "bucket", "word"),
    [
        (State.BLOCKED, "por-atender", "Por atender"),
        (State.AWAITING_APPROVAL, "por-aprobar", "Por aprobar"),
        (State.PENDING, "en-cola", "En cola"),
        (State.UNCONFIRMED, "verificando", "Verificando en Alegra"),
        (State.CREATED, "borrador", "Borrador en Alegra"),
        (State.ISSUED, "aceptada", "Aceptada por la DIAN"),
        (State.REJECTED, "rechazada", "Rechazada"),
        (State.EXTERNAL, "por-fuera", "Documentado por fuera"),
        (State.SKIPPED, "omitida", "Omitida"),
        (State.DISMISSED, "no-facturar", "No facturar"),
        (None, "en-espera", "En espera"),
    ],
)
def test_every_order_is_in_the_bucket_of_its_state_and_in_no_other(page, shop, state, bucket, word):
    from integrations.documents.buckets import BUCKETS

    order = make_order(shop)
    if state is not None:
        make_document(order, state, reason="cancelled")
    found = [code for code in BUCKETS if numbers(page(estado=code))]
    assert found == [bucket]
    assert word in page().content.decode()


def test_an_order_taken_back_by_its_newest_status_waits_and_is_not_omitted(page, shop):
    make_document(make_order(shop), State.SKIPPED, reason="back_to_waiting")
    assert len(numbers(page(estado="en-espera"))) == 1
    assert numbers(page(estado="omitida")) == []


def test_an_omitted_order_says_why(page, shop):
    make_document(make_order(shop), State.SKIPPED, reason="cancelled")
    assert "Se canceló antes de documentarse" in page().content.decode()


def test_what_holds_the_integration_is_shown_beside_the_orders_that_wait(page, cast):
    shop = casting.make_integration(cast.organization, state="off")
    make_document(make_order(shop), State.PENDING)
    body = page().content.decode()
    assert "En pausa" in body
    assert "La integración está apagada." in body


@pytest.mark.parametrize("field", ["number", "external_number", "buyer_name"])
def test_one_box_finds_by_the_beginning_of_any_name(page, shop, field):
    value = {"number": "MS-77001", "external_number": "#4471", "buyer_name": "Ñáñez Mosquera"}
    wanted = make_order(shop, **{field: value[field]})
    make_order(shop)
    assert numbers(page(q=value[field][:4].lower())) == [wanted.number]


def test_one_box_finds_by_the_number_of_the_document(page, shop):
    wanted = make_order(shop)
    make_document(wanted, State.CREATED, number="FEHA 4318", alegra_id="12")
    make_order(shop)
    assert numbers(page(q="feha 43")) == [wanted.number]
    assert numbers(page(numero="FEHA 4318")) == [wanted.number]
    assert numbers(page(numero="yuliana")) == []


def test_signs_of_a_pattern_are_plain_text(page, shop):
    make_order(shop)
    for text in ("%", "_", "' OR 1=1 --", "\\"):
        assert numbers(page(q=text)) == []


def test_days_are_days_in_bogota(page, shop):
    # 23:30 of the 20th in Bogotá is already the 21st in UTC.
    late = make_order(shop, first_seen_at=NOW.replace(day=21, hour=4, minute=30))
    early = make_order(shop, first_seen_at=NOW.replace(day=21, hour=5, minute=30))
    assert numbers(page(desde="2026-11-20", hasta="2026-11-20")) == [late.number]
    assert numbers(page(desde="2026-11-21")) == [early.number]


def test_amounts_are_read_as_they_are_written(page, shop):
    cheap, dear = make_order(shop, total=50_000), make_order(shop, total=174_900)
    assert numbers(page(minimo="$ 174.900")) == [dear.number]
    assert numbers(page(maximo="50000")) == [cheap.number]


def test_the_other_filters_narrow_too(page, cast, shop):
    other = casting.make_integration(cast.organization)
    prepaid = make_order(shop, family="prepaid")
    make_order(other, bodega_id="7", bodega_name="Bogotá")
    remission = make_order(shop)
    make_document(remission, State.CREATED, kind="remission")
    with scope(cast.organization.pk):
        bodega = Bodega.objects.create(
            integration=other, source_id="7", name="Bogotá", source="order", seen_at=NOW
        )
    assert numbers(page(pago="prepaid")) == [prepaid.number]
    assert len(numbers(page(integracion=other.pk))) == 1
    assert len(numbers(page(bodega=bodega.pk))) == 1
    assert numbers(page(documento="remission")) == [remission.number]
    assert numbers(page(cliente="zzz")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"estado": "inventado"},
        {"desde": "ayer"},
        {"desde": "2026-11-21", "hasta": "2026-11-01"},
        {"minimo": "mucho"},
        {"minimo": "9" * 30},
        {"integracion": "999999"},
        {"bodega": "x"},
        {"causa": "99999999"},
        {"causa": "inventada"},
        {"q": "a\x00b"},
    ],
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(page, shop, query):
    make_order(shop)
    response = page(**query)
    assert response.status_code == 200
    assert numbers(response) == []
    body = response.content.decode()
    assert "Un filtro no se puede leer." in body
    assert 'class="wrong"' in body


def test_integrations_of_another_organization_are_no_choice(page, cast, shop):
    make_order(shop)
    foreign = casting.make_integration(cast.other)
    assert numbers(page(integracion=foreign.pk)) == []


def test_a_cause_leads_to_exactly_the_orders_it_holds(page, cast, shop):
    held, other = make_order(shop), make_order(shop)
    cause = make_problem(held, "account_missing", "addi", {"method": "addi"})
    make_problem(other, "cod_disabled")
    response = page(causa=cause.pk)
    assert numbers(response) == [held.number]
    assert "La forma de pago «addi» no tiene cuenta asociada" in response.content.decode()
    assert numbers(page(causa="cod_disabled")) == [other.number]


def test_a_cause_of_another_organization_is_an_unknown_one(page, cast, shop):
    foreign = make_problem(make_order(casting.make_integration(cast.other)), "cod_disabled")
    response = page(causa=foreign.pk)
    assert "Esa causa no existe en este comercio." in response.content.decode()


def test_each_active_filter_is_a_chip_that_removes_itself_alone(page, shop):
    chips = page(estado="por-atender", minimo="1.000", q="ms").context["chips"]
    assert [chip.text for chip in chips] == ["«ms»", "Por atender", "desde $\u00a01.000"]
    assert "estado" not in chips[1].url
    assert "q=ms" in chips[1].url
    assert "minimo=1.000" in chips[1].url


def test_count_and_sum_are_those_of_the_filter_not_of_the_page(page, shop):
    for _each in range(30):
        make_order(shop, total=1_000)
    totals = page().context["totals"]
    assert (totals.count, totals.pesos) == (30, 30_000)


def test_counting_ends_at_ten_thousand(page, shop, monkeypatch):
    monkeypatch.setattr("integrations.history.listing.COUNT_CAP", 3)
    for _each in range(4):
        make_order(shop)
    response = page()
    assert response.context["totals"].pesos is None
    assert "más de 10.000 pedidos" in response.content.decode()


def test_pages_hold_still_while_new_orders_arrive(page, shop):
    made = [make_order(shop, first_seen_at=NOW - timedelta(minutes=n)) for n in range(60)]
    seen, after = [], ""
    while True:
        response = page(despues=after) if after else page()
        seen += numbers(response)
        after = response.context["page"].next
        if not after:
            break
        make_order(shop, first_seen_at=NOW + timedelta(minutes=len(seen)))
    assert seen == [order.number for order in made]


def test_orders_of_the_same_moment_are_neither_lost_nor_repeated(page, shop):
    made = {make_order(shop, first_seen_at=NOW).number for _each in range(27)}
    first = page()
    second = page(despues=first.context["page"].next)
    assert set(numbers(first)) | set(numbers(second)) == made
    assert second.context["page"].first == 26


def test_the_next_page_keeps_the_filters(page, shop):
    for _each in range(26):
        make_order(shop, family="prepaid")
    assert "pago=prepaid" in page(pago="prepaid").context["next_url"]


def test_a_cursor_that_was_tampered_with_shows_the_first_page(page, cast, shop):
    newest = make_order(shop, first_seen_at=NOW)
    genuine = cursor.Cursor(NOW, newest.pk, 25).text(cast.organization.pk)
    foreign = cursor.Cursor(NOW, newest.pk, 25).text(cast.other.pk)
    assert numbers(page(despues=genuine)) == []
    for text in (genuine[:-1] + "x", foreign, "1.2.3", "\x00", "9" * 400):
        assert numbers(page(despues=text)) == [newest.number]


@pytest.mark.parametrize("count", [10, 50])
def test_the_list_needs_the_same_few_queries_for_any_number_of_orders(
    cast, login, shop, count, django_assert_max_num_queries
):
    for index in range(count):
        order = make_order(shop)
        if index % 3 == 0:
            make_problem(order, "account_missing", f"m{index}", {"method": f"m{index}"})
        elif index % 3 == 1:
            make_document(order, State.PENDING)
    client = login(cast.viewer)
    with django_assert_max_num_queries(10):
        client.get(reverse("history", args=[cast.organization.slug]))


def test_what_an_order_says_is_text_on_the_page(page, shop):
    evil = "<script>alert(1)</script>"
    make_order(shop, buyer_name=evil, number="<b>1</b>", lines=[(evil, 1, 1000)])
    body = page(q=evil).content.decode() + page().content.decode()
    assert evil not in body
    assert "&lt;script&gt;" in body


def test_nobody_has_orders_yet(page, shop):
    assert "Todavía no ha llegado ningún pedido." in page().content.decode()
    assert "Ningún pedido coincide." in page(q="zzz").content.decode()


def test_an_order_can_be_brought_in_where_there_is_a_key(cast, login, shop):
    with_key = casting.make_integration(cast.organization, key="k", key_last4="1234")
    url = reverse("order_bring", args=[cast.organization.slug, with_key.pk])
    address = reverse("history", args=[cast.organization.slug])
    assert url in login(cast.editor).get(address).content.decode()
    assert url not in login(cast.viewer).get(address).content.decode()
    without = reverse("order_bring", args=[cast.organization.slug, shop.pk])
    assert without not in login(cast.editor).get(address).content.decode()
