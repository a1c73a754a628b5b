"""An order that changed, or came back, after its document says so wherever it is shown."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from django.urls import reverse

from integrations.documents import beside
from integrations.documents.explain import explain
from integrations.documents.made_of import as_it_is
from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import BUILT, NOW, make_document, make_order

pytestmark = pytest.mark.django_db
WAS_DRAFT = "su factura (cuando la leímos era un borrador)"


@pytest.fixture(autouse=True)
def time(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.frozen(NOW) as frozen:
        yield frozen


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def make(shop):
    """An order with its draft, and what MasterShop told of it since."""

    def build(state=State.CREATED, kind="invoice", told="draft", **since) -> Order:
        order = make_order(shop)
        with scope(shop.organization_id):
            before = as_it_is(order)
            document = make_document(
                order, state, kind=kind, alegra_id=order.number, built=BUILT, made_of=before,
                alegra_status=told,
            )  # fmt: skip
            tell_of(order, document, **since)
        return order

    return build


def tell_of(order, document, **since):
    if "total" in since:
        since |= {"total": Decimal(since["total"]), "total_pesos": since["total"]}
    Order.objects.filter(pk=order.pk).update(**since)
    beside.refresh(document, Order.objects.get(pk=order.pk), now=clock.now())


@pytest.fixture
def read(cast, login):
    def get(name, *args, role="editor", **query) -> str:
        url = reverse(name, args=[cast.organization.slug, *args])
        response = login(cast.member(role)).get(url, query)
        assert response.status_code == 200
        if response.streaming:
            return b"".join(response.streaming_content).decode()
        return response.content.decode().replace("\xa0", " ")

    return get


# --- The order's page ----------------------------------------------------------------------
def test_the_page_says_old_and_new_and_never_that_it_agrees(make, read):
    body = read("order", make(total=6_990_000).pk)
    assert "El pedido cambió después de su documento" in body
    assert "el total era $ 174.900 y ahora es $ 6.990.000" in body
    assert "Cuadra al peso" not in body
    assert "cuando quieras" not in body
    assert "Ya lo arreglé en Alegra" in body
    assert "Está bien así" in body
    # What the document was made of stands beside it, under its own name.
    assert "El pedido de entonces y su borrador de factura" in body
    assert body.count("$ 6.990.000") == 2


def test_a_return_with_an_older_date_does_not_invite_to_emit(make, read):
    told = {"status": "returned", "at": "2026-11-20T10:00:00+00:00"}
    order = make(contradiction=told | {"arrived_at": "2026-11-20T16:00:00+00:00"})
    body = read("order", order.pk)
    assert "El pedido se devolvió (lo avisó MasterShop con una fecha anterior" in body
    assert "Emítela" not in body
    assert "Cuadra al peso" not in body


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("cancelled", "El pedido se canceló después de su documento"),
        ("returned", "El pedido se devolvió después de su documento"),
        ("claim", "El pedido está en reclamaciones y ya tiene documento"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "noun", "advice"),
    [
        ("invoice", WAS_DRAFT, "No lo emitas ni lo cobres: bórralo con «Borrar borrador»"),
        ("remission", "su remisión", "No la factures. Anúlala en Alegra"),
    ],
)
def test_a_draft_of_what_is_no_sale_any_more_warns_first(
    make, read, status, says, kind, noun, advice
):
    body = read("order", make(kind=kind, status=status).pk)
    assert says in body
    assert f"{noun} sigue en Alegra" in body
    assert "cuando quieras" not in body
    # What a claim comes to is not decided yet.
    assert (advice in body) == (status != "claim")
    assert ("espera la decisión de MasterShop" in body) == (status == "claim")
    assert "Cuadra al peso" not in body


@pytest.mark.parametrize(
    ("since", "advice"),
    [
        ({"status": "returned"}, "Haz en Alegra una nota crédito"),
        ({"status": "claim"}, "espera la decisión de MasterShop"),
        ({"total": 60_000}, "Haz en Alegra una nota crédito"),
        ({"total": 6_990_000}, "haz en Alegra otra factura por la diferencia"),
    ],
)
@pytest.mark.parametrize("told", ["open", "closed"])
def test_an_emitted_invoice_is_called_so_and_nobody_is_sent_to_delete_it(
    make, read, since, advice, told
):
    order = make(told=told, **since)
    # What was decided at first stays in its steps.
    page = read("order", order.pk).split("<main")[1].split("Paso a paso")[0]
    row = read("history").split("<tbody>")[1]
    assert "Factura emitida" in row
    for body in (page, row):
        for wrong in ("borrador", "Borrador", "o lo emitas", "orra", "núlala"):
            assert wrong not in body
    assert advice in page
    if "status" in since:
        assert "su factura emitida sigue en Alegra" in page
        assert "su factura emitida sigue en Alegra" in row


def test_what_nobody_has_read_is_not_called_a_draft(make, read):
    body = read("order", make(told="", status="returned").pk)
    assert "su factura sigue en Alegra" in body


def test_an_emitted_invoice_whose_order_did_not_change_is_not_to_be_emitted(make, read):
    order = make(told="open")
    body = read("order", order.pk)
    assert "Alegra la muestra emitida." in body
    assert "cuando quieras" not in body
    assert f"/pedidos/{order.pk}/" in read("history", estado="emitida")
    assert f"/pedidos/{order.pk}/" not in read("history", estado="borrador")


def test_nobody_who_only_reads_is_offered_an_answer(make, read):
    body = read("order", make(status="returned").pk, role="viewer")
    assert "El pedido se devolvió después de su documento" in body
    assert 'method="post"' not in body
    assert "esta-bien" not in body


def test_a_changed_buyer_is_masked_for_who_may_not_see_it(make, read):
    order = make(buyer_name="Carlos Duque", buyer_doc_number="71222333")
    body = read("order", order.pk, role="viewer")
    assert "Y•••• R••••, CC ***4455" in body
    assert "***2333" in body
    assert "1020334455" not in body
    assert "71222333" not in body


def test_the_page_takes_few_queries(make, cast, login, django_assert_max_num_queries):
    order = make(total=6_990_000, status="returned")
    client = login(cast.editor)
    with django_assert_max_num_queries(11):
        client.get(reverse("order", args=[cast.organization.slug, order.pk]))


def test_a_blocked_document_still_says_that_its_order_changed(make, read):
    body = read("order", make(state=State.BLOCKED, total=6_990_000).pk)
    assert "El pedido cambió después" in body
    assert "Ya lo arreglé en Alegra" in body


# --- Está bien así -------------------------------------------------------------------------
def fine_url(cast, order):
    return reverse("order_fine", args=[cast.organization.slug, order.pk])


def seen_on(body: str) -> str:
    return body.split('name="seen" value="')[1].split('"')[0]


def test_a_reason_is_needed_and_stays_in_sight(make, read, cast, login):
    order = make(total=6_990_000)
    page = read("order_fine", order.pk, role="accountant")
    assert "$ 6.990.000" in page
    client, url = login(cast.accountant), fine_url(cast, order)
    refused = client.post(url, {"seen": seen_on(page), "reason": ""})
    assert "Escribe la razón." in refused.content.decode()
    client.post(url, {"seen": seen_on(page), "reason": "Lo acordamos"})
    body = read("order", order.pk)
    assert "Luz Arboleda dijo que está bien así: «Lo acordamos»." in body
    assert "Cuadra al peso" not in body
    assert "cuando quieras" not in body
    assert "Ya lo arreglé en Alegra" not in body
    assert "Cambió después" not in read("history").split("<tbody>")[1]


def test_an_answer_to_what_was_not_shown_is_not_taken(make, read, cast, login):
    order = make(total=6_990_000)
    page = read("order_fine", order.pk)
    with scope(cast.organization.pk):
        tell_of(order, order.document, total=7_000_000)
    answer = login(cast.editor).post(
        fine_url(cast, order), {"seen": seen_on(page), "reason": "Sí"}, follow=True
    )
    assert "cambió otra vez" in answer.content.decode()
    assert "Cambió después" in read("history").split("<tbody>")[1]


def test_there_is_nothing_to_answer_where_nothing_changed(make, cast, login):
    order = make()
    answer = login(cast.editor).get(fine_url(cast, order), follow=True)
    assert "Mientras tanto ya se resolvió." in answer.content.decode()
    again = reverse("order_mended", args=[cast.organization.slug, order.pk])
    answer = login(cast.editor).post(again, follow=True)
    assert "Mientras tanto ya se resolvió." in answer.content.decode()


def test_without_an_answer_of_alegra_the_page_says_so(make, cast, login, settings):
    settings.ALEGRA_URL = "http://127.0.0.1:9/api/v1"
    order = make(total=6_990_000)
    again = reverse("order_mended", args=[cast.organization.slug, order.pk])
    answer = login(cast.editor).post(again, follow=True)
    assert "No pudimos leerlo en Alegra." in answer.content.decode()


# --- List, filter, file --------------------------------------------------------------------
def test_the_list_warns_before_the_state(make, read):
    make(total=6_990_000)
    make(status="returned")
    make(status="claim")
    make()
    body = read("history").split("<tbody>")[1]
    rows = body.split("</tr>")
    found = [
        word for word in ("Cambió después", "Devuelta después", "Reclamaciones") if word in body
    ]
    assert len(found) == 3
    for row in rows[:3]:
        assert row.index("state is-ask") < row.index("Borrador en Alegra")
        assert "state is-ok" not in row
    assert "el total era $ 174.900 y ahora es $ 6.990.000" in body
    assert f"se devolvió y {WAS_DRAFT} sigue en Alegra" in body
    assert "state is-ok" in rows[3]


def test_the_list_asks_no_more_for_many(make, cast, login, django_assert_max_num_queries):
    for _each in range(12):
        make(total=6_990_000, status="returned")
    client = login(cast.editor)
    with django_assert_max_num_queries(10):
        client.get(reverse("history", args=[cast.organization.slug]))


@pytest.mark.parametrize(
    ("chosen", "expected"), [("cambio", {0, 2}), ("no-es-venta", {1, 2}), ("todo", {0, 1, 2})]
)
def test_the_filter_finds_them(make, read, chosen, expected):
    orders = [
        make(total=6_990_000), make(status="returned"), make(total=1, status="claim"), make(),
    ]  # fmt: skip
    body = read("history", cambio=chosen)
    assert {i for i, order in enumerate(orders) if f"/pedidos/{order.pk}/" in body} == expected


def test_the_file_has_what_changed_before_and_now(make, read):
    changed = make(total=6_990_000, buyer_name="Carlos Duque")
    back = make(status="returned")
    same = make()
    lines = list(
        csv.DictReader(read("history_export").lstrip("\ufeff").splitlines(), delimiter=";")
    )
    rows = {row["Pedido"]: row for row in lines}
    row = rows[changed.number]
    assert row["Cambió"] == "Total | Comprador"
    assert row["Antes"].replace("\xa0", " ") == "$ 174.900 | Y•••• R••••, CC ***4455"
    assert row["Ahora"].replace("\xa0", " ") == "$ 6.990.000 | C•••• D••••, CC ***4455"
    assert "Cambió después" in row["Motivo"]
    assert f"y {WAS_DRAFT} sigue en Alegra" in rows[back.number]["Motivo"]
    assert rows[back.number]["Cambió"] == "Estado"
    assert [rows[same.number][name] for name in ("Cambió", "Antes", "Ahora", "Motivo")] == [""] * 4


# --- Por atender, mails, staff -------------------------------------------------------------
def test_por_atender_says_orders_and_pesos_and_that_nothing_is_held(make, read, cast):
    make(total=6_990_000)
    make(status="returned")
    body = read("attention")
    assert "2 pedidos por" in body
    assert "$ 7.164.900" in body
    assert "ya no son lo que dice su documento" in body
    assert "Pedidos que cambiaron después de su documento" in body
    assert "Pedidos cancelados, devueltos o en reclamaciones que tienen documento" in body
    assert "causas detienen" not in body
    assert "Nada por atender" not in body
    assert '<span class="count is-fail">2<' in body


def test_an_order_that_changed_and_came_back_counts_once(make, read):
    make(total=6_990_000, status="returned")
    body = read("attention")
    assert '<em>1 pedido por <span class="num">$ 6.990.000</span></em>' in body
    assert '<span class="count is-fail">1<' in body


@pytest.mark.parametrize(
    ("since", "says"),
    [
        ({"total": 6_990_000}, "el total era $ 174.900 y ahora es $ 6.990.000"),
        ({"status": "returned"}, f"se devolvió y {WAS_DRAFT} sigue en Alegra"),
        ({"buyer_name": "Carlos Duque"}, "el comprador es otro"),
    ],
)
def test_it_is_mailed_within_a_minute_without_the_buyers_data(make, mailoutbox, time, since, says):
    order = make(**since)
    time.advance(seconds=30)
    tell(clock.now())
    outbox.send_due()
    mail = next(mail for mail in mailoutbox if mail.to == ["owner@example.com"])
    body = mail.body.replace("\xa0", " ")
    assert says in body
    assert f"/pedidos/{order.pk}/" in body
    assert "espera su documento" not in body
    assert "detenido" not in mail.subject
    assert "sale solo" not in body
    for secret in ("Duque", "Restrepo", "1020334455"):
        assert secret not in body
        assert secret not in mail.alternatives[0][0]


def test_staff_are_told_why_as_well(make, shop):
    order = make(total=6_990_000, status="returned")
    with scope(shop.organization_id):
        lines = " ".join(explain(order.document)).replace("\xa0", " ")
    assert "el total era $ 174.900 y ahora es $ 6.990.000" in lines
    assert f"se devolvió y {WAS_DRAFT} sigue en Alegra" in lines


def test_a_rejected_invoice_is_not_called_emitted_because_alegra_leaves_it_open(make, read, shop):
    order = make_order(shop, status="returned")
    document = make_document(
        order, State.REJECTED, alegra_id="77", alegra_status="open", legal_state="rejected"
    )
    with scope(shop.organization_id):
        beside.refresh(document, Order.objects.get(pk=order.pk), now=clock.now())
    for body in (read("order", order.pk).split("Paso a paso")[0], read("history")):
        assert "su factura, que la DIAN rechazó, sigue en Alegra" in body
        assert "factura emitida" not in body.split("<tbody>")[-1]
        assert "nota crédito" not in body
