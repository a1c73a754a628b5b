"""An order's page: what is happening, what was bought and documented, and everything so far."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.connections.models import ReferenceEntry
from integrations.inventory.models import Bodega
from integrations.mastershop.parser import parse_order
from integrations.orders.models import OrderCorrection, OrderEvent, OrderStatusTime
from integrations.orders.record import record_order
from integrations.scoping.context import scope
from integrations.sending.states import State, StepState
from tests import cast as casting
from tests.history.factories import (
    BUILT,
    NOW,
    make_attempt,
    make_document,
    make_order,
    make_problem,
    make_step,
)
from tests.orders.tellings import moment, telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]


def test_the_page_says_how_dates_without_a_zone_were_read(shop, page):
    said = "sin zona horaria; se leen como hora de Bogotá"
    told = telling(1, "2026-11-07 14:41:55", id_order=77, date_created_order="2026-11-03 09:05:12")
    for number, body in ((77, told), (78, telling(1, id_order=78))):
        read = parse_order(body)
        with scope(shop.organization_id):
            order = record_order(
                shop, read.order, now=NOW, signed=True, source="webhook", problems=read.problems
            ).order
        assert order.source_created_at == moment("3 14:05") + timedelta(seconds=12)
        assert page(order).count(said) == (number == 77)


def test_an_order_of_another_organization_does_not_exist(cast, login, shop):
    foreign = make_order(casting.make_integration(cast.other))
    client = login(cast.owner)
    for name in ("order", "order_correct", "order_external", "order_dismiss"):
        url = reverse(name, args=[cast.organization.slug, foreign.pk])
        assert client.get(url).status_code == 404, name
    for name in ("order_retry", "order_approve", "order_restore", "order_look_now"):
        url = reverse(name, args=[cast.organization.slug, foreign.pk])
        assert client.post(url).status_code == 404, name


def test_a_viewer_sees_the_buyer_masked(page, shop):
    body = page(make_order(shop), "viewer")
    for secret in ("1020334455", "3005550142", "yuliana@example.com", "Calle 10"):
        assert secret not in body
    assert "***4455" in body


@pytest.mark.parametrize("role", ["editor", "accountant", "owner"])
def test_who_works_with_orders_sees_the_buyer_in_full(page, shop, role):
    body = page(make_order(shop), role)
    for told in ("1020334455", "3005550142", "yuliana@example.com", "Calle 10"):
        assert told in body


def test_a_bodega_named_by_its_id_is_shown_with_its_name(page, shop):
    with scope(shop.organization_id):
        Bodega.objects.create(integration=shop, source_id="71", name="Bodega Fontibón", seen_at=NOW)
    assert "Bodega Fontibón" in page(make_order(shop, bodega_id="71"))


@pytest.mark.parametrize(
    ("there", "says"), [("Principal", "En Alegra: Principal"), ("BODEGA FONTIBÓN", "")]
)
def test_a_bodega_that_alegra_calls_otherwise_is_shown_by_both_names(page, shop, there, says):
    order = make_order(shop, bodega_name="Bodega Fontibón")
    make_document(order, State.CREATED, built={**BUILT, "warehouse": "4"}, alegra_id="1")
    with scope(shop.organization_id):
        ReferenceEntry.objects.update_or_create(
            company=shop.company,
            kind=ReferenceEntry.Kind.WAREHOUSE,
            alegra_id="4",
            defaults={"name": there, "fetched_at": NOW},
        )
    body = page(order)
    assert "Bodega Fontibón" in body
    assert says in body if says else "En Alegra: " not in body
    assert "<dd>72</dd>" in page(make_order(shop, bodega_id="72"))


def test_the_order_stands_beside_its_document_and_fits_to_the_peso(page, shop):
    order = make_order(shop)
    make_document(order, State.CREATED, built=BUILT, alegra_id="15204")
    body = page(order)
    assert "El pedido y su borrador de factura" in body
    assert "Termo acero inox 750 ml negro" in body
    assert "27.925,21" in body
    assert "Cuadra al peso" in body


def test_a_draft_that_waits_for_a_person_is_still_called_a_draft(shop, page):
    order = make_order(shop)
    problem = make_problem(order, "certificate", "emit", {"why": "está vencido"})
    with scope(shop.organization_id):
        order.document = order.documents.get()
        for columns, told in (
            (
                {"alegra_id": "15204", "alegra_status": "draft"},
                "El pedido y su borrador de factura",
            ),
            ({"alegra_status": "open"}, "El pedido y su factura"),
        ):
            type(order.document).objects.filter(pk=order.document.pk).update(**columns)
            assert told in page(order)
    assert problem is not None


def test_a_remission_is_not_called_the_end_of_it(page, shop):
    order = make_order(shop)
    make_document(order, State.CREATED, kind="remission", built=BUILT, alegra_id="1", number="7")
    body = page(order)
    assert "No es una factura: lo entregado hay que facturarlo después." in body
    assert "No tienes que hacer nada más" not in body


def test_what_does_not_fit_is_not_said_to_fit(page, shop):
    order = make_order(shop)
    wrong = {**BUILT, "total": "174899.00"}
    make_document(order, State.CREATED, built=wrong, alegra_id="15204")
    assert "Cuadra al peso" not in page(order)


def test_before_there_is_a_document_the_page_shows_what_is_missing(page, shop):
    body = page(make_order(shop))
    assert "Lo que le falta" in body
    assert "1 × Termo acero 750 ml · Negro" in body


def test_the_timeline_tells_everything_in_its_order(page, shop, cast):
    order = make_order(shop)
    document = make_document(order, State.BLOCKED, created_at=NOW - timedelta(minutes=3))
    with scope(cast.organization.pk):
        OrderStatusTime.objects.create(
            order=order, status="delivered", at=NOW - timedelta(minutes=5), seen_at=NOW
        )
        OrderEvent.objects.create(
            integration=shop,
            order=order,
            body_digest="x",
            verdict="applied",
            received_at=NOW - timedelta(minutes=4),
            last_received_at=NOW,
            copies=3,
        )
        OrderCorrection.objects.create(
            order=order,
            field="doc_number",
            before="1",
            after="2",
            by=cast.editor,
            at=NOW + timedelta(minutes=1),
        )
    make_step(document, "contact", 1, note="Ya existía en Alegra.")
    failed = make_step(document, "create", 2, StepState.FAILED, note="No la aceptó.")
    make_attempt(failed, outcome="rejected", request_excerpt='{"a": 1}', response_excerpt="no")
    body = page(order)
    told = [
        "Pedido: Entregada",
        "Interpretado · llegó 3 veces, cuenta una sola",
        "Llegó a su disparador",
        "1. Contacto",
        "Exitoso",
        "2. Crear en Alegra",
        "Fallido",
        "Datos de entrada",
        "Datos de salida",
        "Diana Ospina corrigió los datos del comprador",
        "3. Verificar el total",
        "Pendiente",
    ]
    places = [body.index(text) for text in told]
    assert places == sorted(places)


def test_a_correction_shows_what_was_received_beside_it(page, shop, cast):
    order = make_order(shop)
    with scope(cast.organization.pk):
        OrderCorrection.objects.create(
            order=order, field="doc_number", before="", after="900123456", by=cast.editor, at=NOW
        )
    body = page(order)
    assert "900123456" in body
    assert "1020334455" in body
    masked = page(order, "viewer")
    assert "900123456" not in masked
    assert "1020334455" not in masked


def test_what_was_cut_or_repaired_is_shown_as_it_arrived(page, shop):
    told = telling(
        1,
        "2026-11-07T14:41:55Z",
        id_order=79,
        customer={
            "full_name": "MarÃ­a MuÃ±oz (portería 310 555 0142)",
            "email": "maria@example.com.",
            "phone": "555 0142",
        },
        order_items=[
            {"id_product": 1, "id_variant": 2, "name": "CafÃ© molido", "quantity": 1, "price": 9}
        ],
    )
    read = parse_order(told)
    with scope(shop.organization_id):
        order = record_order(
            shop, read.order, now=NOW, signed=True, source="webhook", problems=read.problems
        ).order
    body = page(order)
    assert "<dd>María Muñoz</dd>" in body
    assert "Llegó como «MarÃ\xada MuÃ±oz (portería 310 555 0142)»".replace("\xad", "") in body
    assert "Llegó como «maria@example.com.»" in body
    assert "No va así en el documento." in body
    assert "Llegó como «CafÃ© molido» y se lee «Café molido»." in body
    masked = page(order, "viewer")
    assert "María Muñoz" in masked
    assert "555 0142" not in masked
    assert "maria@example" not in masked


def test_alegra_is_one_click_away_real_or_simulated(page, cast, settings):
    settings.SIMULATED_ALEGRA_URL = "http://localhost:8001/api/v1"
    settings.ALEGRA_APP_URL = "https://app.ejemplo.test"
    real = make_order(casting.make_integration(cast.organization))
    make_document(real, State.CREATED, alegra_id="15204", built=BUILT)
    assert 'href="https://app.ejemplo.test/invoice/view/id/15204"' in page(real)
    trial = make_order(casting.make_integration(cast.organization, mode="draft", kind="remission"))
    with scope(cast.organization.pk):
        trial.integration.mode = "trial"
        trial.integration.save()
    nit = trial.integration.company.nit
    make_document(trial, State.CREATED, kind="remission", alegra_id="77", built=BUILT)
    assert f'href="http://localhost:8001/app/remission/77?company={nit}"' in page(trial)


def test_what_arrived_is_text_on_the_page(page, shop):
    evil = "<img src=x onerror=alert(1)>"
    order = make_order(shop, buyer_name=evil, ship_address=evil, bodega_name=evil, guide=evil)
    document = make_document(order, State.BLOCKED)
    make_problem(order, "rejected", "x", {"message": evil})
    make_step(document, "create", 2, StepState.FAILED, note=evil, input=evil, output=evil)
    body = page(order)
    assert evil not in body
    assert "&lt;img" in body


def test_the_page_is_never_kept_by_the_browser(cast, login, shop):
    url = reverse("order", args=[cast.organization.slug, make_order(shop).pk])
    assert login(cast.editor).get(url).headers["Cache-Control"] == "no-store"


def test_the_page_shows_nothing_to_write_to_a_viewer(page, shop):
    order = make_order(shop)
    make_problem(order, "rejected", "x", {"message": "no"})
    body = page(order, "viewer")
    assert 'method="post"' not in body
    for word in ("Corregir datos", "Ya tiene documento", "No facturar", "Reintentar"):
        assert f">{word}<" not in body


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_needs_the_same_few_queries_however_much_happened(
    cast, login, shop, count, django_assert_max_num_queries
):
    order = make_order(shop)
    document = make_document(order, State.CREATED, built=BUILT, alegra_id="1")
    step = make_step(document, "create", 2)
    with scope(cast.organization.pk):
        for index in range(count):
            make_attempt(step, number=index)
            OrderEvent.objects.create(
                integration=shop,
                order=order,
                body_digest=str(index),
                received_at=NOW,
                last_received_at=NOW,
            )
            OrderCorrection.objects.create(
                order=order, field="name", after=str(index), by=cast.editor, at=NOW
            )
    client = login(cast.editor)
    with django_assert_max_num_queries(11):
        client.get(reverse("order", args=[cast.organization.slug, order.pk]))


@pytest.mark.parametrize("state", [State.SKIPPED, State.PENDING])
def test_a_step_that_never_began_does_not_cost_the_page(page, shop, state):
    """Slow contacts, and the order came back before its creation could begin."""
    order = make_order(shop, status="returned")
    document = make_document(order, state, reason="returned" if state == State.SKIPPED else "")
    make_step(document, "contact", 1, note="Ya existía en Alegra.")
    make_step(document, "create", 2, StepState.WAITING, intent_at=None)
    body = page(order)
    told = body[body.index("2. Crear en Alegra") :]
    assert ("No se hizo" in told) == (state == State.SKIPPED)
    assert ("Pendiente" in told) == (state == State.PENDING)


def test_what_was_asked_before_a_step_began_stands_where_it_happened(page, shop):
    order = make_order(shop)
    document = make_document(order, State.BLOCKED, created_at=NOW - timedelta(minutes=3))
    make_step(document, "contact", 1, intent_at=NOW - timedelta(minutes=2))
    looked = make_step(document, "create", 2, StepState.WAITING, intent_at=None)
    make_attempt(looked, method="GET", outcome="ok", started_at=NOW - timedelta(minutes=1))
    body = page(order)
    places = [body.index(text) for text in ("1. Contacto", "2. Crear en Alegra", "3. Verificar")]
    assert places == sorted(places)
    assert "21 nov 10:30" in body
