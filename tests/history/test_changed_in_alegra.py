"""What people do with a document in Alegra is said wherever the order is shown."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.documents import beside
from integrations.documents.made_of import as_it_is
from integrations.documents.models import Document
from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import BUILT, NOW, make_document, make_order

pytestmark = pytest.mark.django_db

EDITED = {
    "changes": [
        {
            "what": "total", "name": "Total", "was": "$ 174.900", "now": "$ 262.350",
            "sentence": "total: era $ 174.900 y ahora es $ 262.350",
            "exactly": ["174900", "262350"],
        }
    ],
    "digest": "abc",
}  # fmt: skip
SELLER = {
    "changes": [
        {
            "what": "seller", "name": "Vendedor", "was": "Tienda", "now": "Mayorista",
            "sentence": "vendedor: era Tienda y ahora es Mayorista", "exactly": ["1", "2"],
        }
    ],
    "digest": "def",
}  # fmt: skip
UNSTAMPED = {
    "alegra_status": "open", "number": "FEHA318", "legal_state": Document.LegalState.UNSTAMPED,
}  # fmt: skip
# The columns of its row, and what is said: on the page, in a line of the list, and in *Por
# atender* and the mail.
FOUND = {
    "edited_in_alegra": (
        {"edited": EDITED},
        "Una persona cambió el borrador en Alegra",
        "Cambiado en Alegra",
        "total: era $ 174.900 y ahora es $ 262.350",
    ),
    "emitted_otherwise": (
        {"edited": EDITED, "alegra_status": "open", "state": State.ISSUED},
        "Se emitió en Alegra con otro total o a otro cliente",
        "Emitida distinta",
        "total: era $ 174.900 y ahora es $ 262.350",
    ),
    "open_unstamped": (
        UNSTAMPED,
        "Quedó abierta en Alegra sin emitirse a la DIAN",
        "Sin emitir a la DIAN",
        "nunca fue a la DIAN",
    ),
    "copied_in_alegra": (
        {"copies": ["5822"]},
        "En Alegra hay una copia suya",
        "Tiene una copia",
        "5822",
    ),
}
each_one = pytest.mark.parametrize("code", list(FOUND))


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
    """An order with its document as it was read in Alegra six minutes ago."""

    def build(state=State.CREATED, **columns) -> Order:
        order = make_order(shop)
        with scope(shop.organization_id):
            document = make_document(
                order, state, kind="invoice", alegra_id=order.number, built=BUILT,
                made_of=as_it_is(order), last_read_at=NOW - timedelta(minutes=6),
                **{"alegra_status": "draft", **columns},
            )  # fmt: skip
            beside.refresh(document, order, now=clock.now())
        return order

    return build


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


def line_of(order, read) -> list[str]:
    lines = csv.reader(read("history_export").splitlines(), delimiter=";")
    return next(each for each in lines if each and each[0] == order.number)


@each_one
def test_the_page_says_what_it_is_and_what_to_do(make, read, code):
    columns, heading, _word, more = FOUND[code]
    body = read("order", make(**columns).pk)
    assert heading in body
    assert more in body
    assert "Está bien así" in body
    # Whoever reads that it is another one is not invited to emit it.
    assert "Emítela allá cuando quieras" not in body
    if "edited" in columns:
        assert "Cuadra al peso" not in body


@each_one
def test_the_list_its_filter_and_its_file_say_it(make, read, code):
    columns, _heading, word, _more = FOUND[code]
    order, other = make(**columns), make()
    assert word in read("history")
    found = read("history", cambio="en-alegra")
    assert order.number in found
    assert other.number not in found
    line = line_of(order, read)
    assert word in line[5]
    if "edited" in columns:
        assert line[6:9] == ["Total", "$ 174.900", "$ 262.350"]


@each_one
def test_it_waits_in_por_atender_and_is_mailed(make, read, time, code, mailoutbox):
    columns, *_words, more = FOUND[code]
    order = make(**columns)
    assert more in read("attention")
    time.advance(seconds=60)
    tell(clock.now())
    outbox.send_due()
    mail = next(mail for mail in mailoutbox if mail.to == ["owner@example.com"])
    assert more in mail.body.replace("\xa0", " ")
    assert f"/pedidos/{order.pk}/" in mail.body
    assert "sale solo" not in mail.body


def test_the_page_says_when_a_draft_was_read(make, read):
    body = read("order", make().pk)
    assert "Es un borrador en Alegra" in body
    assert "Leído en Alegra hace 6 minutos" in body


def test_what_was_read_long_ago_is_not_said_to_be_so_now(make, read, time):
    order = make()
    time.advance(seconds=24 * 3600)
    body = read("order", order.pk)
    assert "Leído en Alegra 21 nov" in body or "Leído en Alegra 20 nov" in body


def test_an_open_one_that_the_dian_never_had_is_no_emitted_invoice(make, read):
    order = make(**UNSTAMPED)
    row = read("history").split("<tbody>")[1]
    assert "Abierta sin emitir" in row
    assert "Factura emitida" not in row
    assert order.number in read("history", estado="abierta")
    assert order.number not in read("history", estado="emitida")


def test_said_to_be_fine_it_asks_no_more_and_is_still_shown(make, read, cast, login):
    order = make(edited=EDITED)
    with scope(order.organization_id):
        seen = beside.after_of(Document.objects.get(order=order), order).seen
    url = reverse("order_fine", args=[cast.organization.slug, order.pk])
    asked = login(cast.member("accountant")).get(url).content.decode()
    assert "total: era $ 174.900" in asked.replace("\xa0", " ")
    login(cast.member("accountant")).post(url, {"seen": seen, "reason": "Pidió tres"})
    body = read("order", order.pk)
    assert "Luz Arboleda dijo que está bien así: «Pidió tres»." in body
    assert "Lo que cambiaron en Alegra" in body
    assert "Cambiado en Alegra" in read("history")
    assert "Luz Arboleda la resolvió" in read("attention")
    assert line_of(order, read)[6:9] == ["Total", "$ 174.900", "$ 262.350"]


def test_what_does_not_change_what_is_owed_holds_no_payment(make, read):
    body = read("order", make(State.ISSUED, edited=SELLER, alegra_status="open").pk)
    assert "vendedor: era Tienda y ahora es Mayorista" in body
    assert "pago espera" not in body
