"""*Emitir* over hundreds of drafts: the plan adds up, and a killed worker changes nothing of it.

315 drafts, of which a person edited 12 in Alegra and deleted 3, and 5 orders were returned: 295 are
planned, and exactly these are emitted, each once.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.flows.test_stories import text_of

pytestmark = pytest.mark.timeout(420)

DRAFTS, EDITED, DELETED, RETURNED = 315, 12, 3, 5
GOES = DRAFTS - EDITED - DELETED - RETURNED
FIRST = 770_000
KILLED_AT = (40, 150)


@pytest.fixture(scope="module")
def _live_portal(rough_portal):
    return rough_portal


def test_all_drafts_that_may_go_are_emitted_once_whoever_dies(portal):
    portal.switches(rate_limit={"per_minute": 100_000, "window": "fixed", "per": "user",
                                "headers": True})  # fmt: skip
    books = Books(portal)
    began = time.monotonic()
    made = make_drafts(portal, books)
    edited, deleted, returned = disturb(portal, made)
    goes = [number for number in made if number not in edited | deleted | returned]
    assert len(goes) == GOES
    took = {"drafts": time.monotonic() - began}

    session = portal.login("editor")
    root = f"/c/{portal.demo['organization']}"
    history = f"{root}/historial/?integracion={portal.integration()['id']}&numero=77"
    session.get(history)
    run = session.post(
        history.replace("historial/", "historial/emitir-facturas/"), {"todos": "1"}
    ).headers["Location"]

    def planned():
        page = text_of(session.get(run)).replace("\xa0", " ")
        return page if "Qué va a pasar" in page else ""

    began = time.monotonic()
    page = portal.wait_for(planned, "a plan", seconds=90)
    took["plan"] = time.monotonic() - began
    pesos = f"{sum(prices(goes)):,}".replace(",", ".")
    assert f"Emitir {GOES} facturas por $ {pesos}" in page, page
    shown = {
        "Alguien cambió el borrador en Alegra": EDITED,
        "Su borrador ya no está en Alegra": DELETED,
        "Su pedido se devolvió": RETURNED,
    }
    for why, count in shown.items():
        assert re.search(rf"{why} {count} facturas", page), (why, page)
    before = len(portal.calls(method="POST", path="/invoices/stamp"))
    assert session.post(run, {}).status_code == 302

    began, died = time.monotonic(), 0
    for progress in KILLED_AT:
        portal.wait_for(
            lambda p=progress: time.sleep(0.3) or len(books.emitted(made)) >= p,
            f"{progress} emitted", seconds=240,
        )  # fmt: skip
        portal.kill_worker()
        died += 1
    portal.wait_for(
        lambda: time.sleep(1) or "Terminada" in text_of(session.get(run)),
        "the end of all of them", seconds=180,
    )  # fmt: skip
    took["emission"] = time.monotonic() - began
    page = text_of(session.get(run)).replace("\xa0", " ")
    assert f"{GOES} de {GOES} listas" in page
    assert re.search(rf"Aceptadas por la DIAN {GOES} facturas", page), page
    assert Counter(books.emitted(made)) == Counter(goes)
    stamps = len(portal.calls(method="POST", path="/invoices/stamp")) - before
    print(f"\n{took} seconds, {stamps} stamp calls, {died} workers killed")
    # It was one act.
    assert text_of(session.get(f"{root}/emisiones/")).count(f"{GOES} de {GOES} facturas") == 1


class Books:
    """What the simulated Alegra holds."""

    def __init__(self, portal) -> None:
        self._portal = portal

    def rows(self, numbers) -> dict[int, dict]:
        """The order's number → its one document, deleted ones left out."""
        found = {}
        for row in self._portal.ledger()["invoices"]:
            number = _number(row)
            if number in numbers and not row["_deleted_at"]:
                assert number not in found, f"{number} has two"
                found[number] = row
        return found

    def emitted(self, numbers) -> list[int]:
        return [
            number for number, row in self.rows(set(numbers)).items() if row["status"] != "draft"
        ]


def prices(numbers) -> list[int]:
    return [20_000 + (number - FIRST) * 10 for number in numbers]


def make_drafts(portal, books) -> list[int]:
    numbers = list(range(FIRST, FIRST + DRAFTS))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _post(portal, number), numbers))
    portal.wait_for(
        lambda: time.sleep(0.5) or len(books.rows(set(numbers))) == DRAFTS, "drafts", seconds=150
    )
    # The last one is verified.
    time.sleep(3)
    return numbers


def _post(portal, number: int, **changes) -> None:
    [price] = prices([number])
    body = portal.order(number)
    line = {**body["order_items"][0], "price": price}
    portal.post_order(number, order_items=[line], **changes)


def disturb(portal, numbers) -> tuple[set[int], set[int], set[int]]:
    """A person works in Alegra, and MasterShop takes orders back."""
    rows = Books(portal).rows(set(numbers))
    some = numbers[:: DRAFTS // (EDITED + DELETED + RETURNED)]
    edited, deleted = some[:EDITED], some[EDITED : EDITED + DELETED]
    returned = some[EDITED + DELETED :][:RETURNED]
    for number in edited:
        row = rows[number]
        [item] = row["items"]
        line = {"id": item["id"], "price": float(item["price"]) + 100, "quantity": 1}
        tax = [{"id": each["id"]} for each in item.get("tax", [])]
        portal.alegra("PUT", f"/invoices/{row['id']}", json={"items": [{**line, "tax": tax}]})
    for number in deleted:
        portal.alegra("DELETE", f"/invoices/{rows[number]['id']}")
    for number in returned:
        _post(portal, number, id_status=10, eventName="Devuelto")
    time.sleep(2)
    return set(edited), set(deleted), set(returned)


def _number(row) -> int:
    words = (row["observations"] or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
