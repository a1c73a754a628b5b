"""Whole stories on a live portal, told over HTTP only: login, webhook, pages, mails, ledger."""

from __future__ import annotations

import email
import email.policy
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest

from tests.confirming import word_in
from tests.flows.browsing import form_values
from tests.flows.live import line

COOKED = "%Y-%m-%dT%H:%M:%SZ"


def moment(**back) -> str:
    return (datetime.now(UTC) - timedelta(**back)).strftime(COOKED)


def order_page(portal, session, number) -> str:
    """The address of an order's page, found as a person would: by its number."""
    return portal.wait_for(
        lambda: _page_that_says(portal, session, number, ""), f"order {number} in the history"
    )


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("&nbsp;", " ")


def mails(portal, since: float) -> list[email.message.EmailMessage]:
    from pathlib import Path

    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(Path(portal.demo["mail_dir"]).glob("*.eml"))
        if path.stat().st_mtime >= since
    ]


def body_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_a_cod_order_carries_everything_onto_its_draft(portal):
    rates = [portal.products(iva=iva)[0] for iva in ("19", "5", "exempt", "excluded")]
    lines = [line(product, price=40_000 + 100 * n, quantity=2) for n, product in enumerate(rates)]
    portal.post_order(
        710_001,
        order_items=lines,
        additional_charge=[{"name": "Envío", "amount": 15_100}],
    )
    invoice = portal.wait_for_document(710_001)
    assert invoice["status"] == "draft"
    assert abs(float(invoice["total"]) - (2 * (160_600) + 15_100)) < 0.5
    assert len(invoice["items"]) >= 5
    assert invoice["seller"]
    assert invoice["costCenter"]
    assert invoice["warehouse"]
    assert str(invoice["client"]["identification"]) == "52447813"
    assert invoice["observations"].endswith(f"{invoice['_marker']}")
    assert invoice["_stock"] == []


def test_the_same_event_fifty_times_at_once_makes_one(portal):
    body = portal.order(710_002)
    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda _n: portal.post_event(body).status_code, range(50)))
    assert set(answers) == {200}
    portal.wait_for_document(710_002)
    time.sleep(1)
    assert len(portal.documents(710_002)) == 1


def test_statuses_in_any_order_of_arrival_make_one(portal):
    arrivals = Random(7).sample(list(permutations([3, 4, 5, 6, 8])), 6)
    for n, arrival in enumerate(arrivals):
        for status in arrival:
            portal.post_order(
                710_100 + n, id_status=status, date_update_order=moment(minutes=30 - status)
            )
    for n in range(len(arrivals)):
        portal.wait_for_document(710_100 + n)
    time.sleep(1)
    assert all(len(portal.documents(710_100 + n)) == 1 for n in range(len(arrivals)))


def test_an_order_undone_before_sending_makes_none_and_says_why(portal):
    # Held back while both events arrive, so that the newest status meets the gate.
    portal.switches(faults=[{"fault": "status", "status": 503,
                             "path": "/contacts", "times": 40}])  # fmt: skip
    session = portal.login("owner")
    said = {9: "Omitida", 10: "Omitida", 11: "Por atender"}
    for status in said:
        buyer = {"documentNumber": f"5210{status:02}99"}
        portal.post_order(710_200 + status, date_update_order=moment(minutes=5), customer=buyer)
        portal.post_order(
            710_200 + status, date_update_order=moment(minutes=1), customer=buyer, id_status=status
        )
    portal.switches(faults=[])
    for status, word in said.items():
        page = order_page(portal, session, 710_200 + status)
        portal.wait_for(lambda p=page, w=word: w in text_of(session.get(p)), word)
        assert portal.documents(710_200 + status) == []


def test_an_unlinked_product_waits_is_mailed_once_and_linking_lets_it_through(portal):
    product = portal.products(iva=None, linked=False)[0]
    began = time.time()
    for number in (710_301, 710_302):
        portal.post_order(number, order_items=[line(product, price=30_000)])
    session = portal.login("editor")
    attention = portal.integration()["urls"]["attention"]
    portal.wait_for(
        lambda: product["name"].split(" · ")[0] in text_of(session.get(attention)), "the cause"
    )

    def told():
        return [m for m in mails(portal, began) if "vinculad" in m["subject"]]

    portal.wait_for(told, "the mail")
    time.sleep(2)
    per_person = {}
    for mail in told():
        per_person[mail["to"]] = per_person.get(mail["to"], 0) + 1
        assert "710301" in body_of(mail) or "710302" in body_of(mail)
        assert portal.url in body_of(mail)
    assert set(per_person.values()) == {1}

    _link(portal, session, product)
    for number in (710_301, 710_302):
        portal.wait_for_document(number)


def test_a_lost_answer_is_verified_and_adopted(portal):
    portal.switches(
        faults=[{"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices",
                 "times": 1}]
    )  # fmt: skip
    portal.post_order(710_401)
    session = portal.login("viewer")
    page = None

    def verifying():
        nonlocal page
        page = page or order_page(portal, session, 710_401)
        return "Verificando en Alegra" in text_of(session.get(page))

    portal.wait_for(verifying, "Verificando en Alegra")
    portal.wait_for(
        lambda: "Borrador en Alegra" in text_of(session.get(page)), "its adoption", seconds=40
    )
    assert len(portal.documents(710_401)) == 1


def test_what_was_documented_by_hand_is_never_sent(portal):
    portal.post_order(710_501, customer={"documentType": None, "documentNumber": "900123456"})
    session = portal.login("accountant")
    page = portal.wait_for(
        lambda: _page_that_says(portal, session, 710_501, "NIT o cédula"), "the question"
    )
    asked = session.post(f"{page}ya-tiene-documento/", {"number": "FE-4102"})
    assert "Alegra no conoce ese número." in asked.text
    confirmed = {"number": "FE-4102", "confirmed": word_in(asked.text)}
    answer = session.post(f"{page}ya-tiene-documento/", confirmed)
    assert answer.status_code == 302, answer.text[:500]
    editor = portal.login("editor")
    editor.post(
        f"{page}corregir/",
        {"doc_type": "CC", "doc_number": "52447813", "name": "Luz Dary Peña", "email": "",
         "city": "Medellín", "department": "Antioquia"},
    )  # fmt: skip
    portal.post_order(710_501, eventName="Pedido Entregado")
    time.sleep(2)
    assert portal.documents(710_501) == []
    assert "FE-4102" in text_of(session.get(page))


def test_delivered_blocked_returned_then_linked_makes_none(portal):
    product = portal.products(iva=None, linked=False)[1]
    lines = [line(product, price=20_000)]
    portal.post_order(710_601, order_items=lines, date_update_order=moment(minutes=9))
    session = portal.login("owner")
    portal.wait_for(lambda: _page_that_says(portal, session, 710_601, "Por atender"), "the block")
    portal.post_order(710_601, order_items=lines, id_status=10, date_update_order=moment(minutes=1))
    portal.wait_for(lambda: _page_that_says(portal, session, 710_601, "Omitida"), "Omitida")
    _link(portal, session, product)
    time.sleep(2)
    assert portal.documents(710_601) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"esto no es json", 400),
        (b"[1, 2]", 400),
        (b'"texto"', 400),
        (b"{}", 200),
        (b'{"id_order": {"a": [1]}, "order_items": "x", "customer": 7}', 200),
        (b'{"id_order": 1, "id_status": "nueve", "order_transaction": []}', 200),
        (b'{"id_business": 999999, "id_order": 5, "id_status": 8}', 403),
        (b"{" + b" " * (300 * 1024) + b"}", 413),
    ],
)
def test_broken_bodies_get_their_answer_and_never_a_500(portal, body, expected):
    if b"id_business" not in body and body.startswith(b'{"id'):
        business = portal.integration()["business_id"]
        body = body[:-1] + f', "id_business": {business}}}'.encode()
    assert portal.post_event(body).status_code == expected


def test_a_form_that_was_refused_keeps_what_was_typed(portal):
    session = portal.login("owner")
    url = portal.integration()["urls"]["settings"]
    page = session.get(url)
    values = form_values(page.text)
    values["unidentified_number"] = "no-es-un-numero"
    answer = session.post(url, values)
    assert answer.status_code == 200
    assert "no-es-un-numero" in answer.text


# --- Small helpers of this page -------------------------------------------------------------


def _page_that_says(portal, session, number, words):
    listed = session.get(portal.integration()["urls"]["history"], params={"q": str(number)})
    found = re.search(r'href="(/c/[^"]+/pedidos/\d+/)"', listed.text)
    if found and words in text_of(session.get(found.group(1))):
        return found.group(1)
    return None


def _variant_of(session, url, product) -> int:
    """Our id of a variant, as the page of products links it."""
    page = session.get(url, params={"q": product["sku"] or product["name"]})
    found = re.findall(r"productos/(\d+)/vincular/", page.text) or re.findall(
        r"variante=(\d+)", page.text
    )
    assert found, "the product is not on the page"
    return int(found[0])


def _link(portal, session, product) -> None:
    """Link the product with whatever Alegra product the search offers first."""
    products = portal.integration()["urls"]["products"]
    variant = _variant_of(session, products, product)
    word = product["name"].split()[0]
    page = session.get(f"{products}buscar/", params={"variante": variant, "q": word})
    offered = re.findall(r"producto=(\d+)", page.text)
    assert offered, text_of(page)[:600]
    for item in offered:
        answer = session.post(f"{products}{variant}/vincular/", {"item": item})
        if answer.status_code == 302:
            return
    raise AssertionError("no product could be linked")
