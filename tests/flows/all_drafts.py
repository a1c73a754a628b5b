"""*Emitir* over all drafts while people edit and delete some, and while the worker is killed."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from tests.flows.live import LivePortal
from tests.flows.test_stories import text_of

FIRST = 770_000


@dataclass(frozen=True)
class Story:
    """`drafts` are made; a person edits and deletes some, and some orders are returned. The worker
    is killed when each number of `killed_at` is emitted."""

    drafts: int
    edited: int
    deleted: int
    returned: int
    killed_at: tuple[int, ...]

    @property
    def goes(self) -> int:
        return self.drafts - self.edited - self.deleted - self.returned


def exactly_these_are_emitted(portal: LivePortal, story: Story) -> None:
    """The plan adds up, and what it names is emitted, each once, whoever dies."""
    portal.switches(rate_limit={"per_minute": 100_000, "window": "fixed", "per": "user",
                                "headers": True})  # fmt: skip
    books = Books(portal)
    began = time.monotonic()
    made = make_drafts(portal, books, story.drafts)
    edited, deleted, returned = disturb(portal, made, story)
    goes = [number for number in made if number not in edited | deleted | returned]
    assert len(goes) == story.goes
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
    assert f"Emitir {story.goes} facturas por $ {pesos}" in page, page
    shown = {
        "Alguien cambió el borrador en Alegra": story.edited,
        "Su borrador ya no está en Alegra": story.deleted,
        "Su pedido se devolvió": story.returned,
    }
    for why, count in shown.items():
        assert re.search(rf"{why} {count} facturas", page), (why, page)
    before = len(portal.calls(method="POST", path="/invoices/stamp"))
    assert session.post(run, {}).status_code == 302

    began = time.monotonic()
    for progress in story.killed_at:
        portal.wait_for(
            lambda p=progress: time.sleep(0.3) or len(books.emitted(made)) >= p,
            f"{progress} emitted", seconds=240,
        )  # fmt: skip
        portal.kill_worker()
        assert "Terminada" not in text_of(session.get(run))
    portal.wait_for(
        lambda: time.sleep(1) or "Terminada" in text_of(session.get(run)),
        "the end of all of them", seconds=180,
    )  # fmt: skip
    took["emission"] = time.monotonic() - began
    page = text_of(session.get(run)).replace("\xa0", " ")
    assert f"{story.goes} de {story.goes} listas" in page
    assert re.search(rf"Aceptadas por la DIAN {story.goes} facturas", page), page
    assert Counter(books.emitted(made)) == Counter(goes)
    stamps = len(portal.calls(method="POST", path="/invoices/stamp")) - before
    print(f"\n{took} seconds, {stamps} stamp calls, {len(story.killed_at)} workers killed")
    # It was one act.
    emissions = text_of(session.get(f"{root}/emisiones/"))
    assert emissions.count(f"{story.goes} de {story.goes} facturas") == 1


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


def make_drafts(portal, books, count: int) -> list[int]:
    numbers = list(range(FIRST, FIRST + count))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _post(portal, number), numbers))
    portal.wait_for(
        lambda: time.sleep(0.5) or len(books.rows(set(numbers))) == count, "drafts", seconds=150
    )
    # The last one is verified.
    time.sleep(3)
    return numbers


def _post(portal, number: int, **changes) -> None:
    [price] = prices([number])
    body = portal.order(number)
    line = {**body["order_items"][0], "price": price}
    portal.post_order(number, order_items=[line], **changes)


def disturb(portal, numbers, story: Story) -> tuple[set[int], set[int], set[int]]:
    """A person works in Alegra, and MasterShop takes orders back."""
    rows = Books(portal).rows(set(numbers))
    some = iter(numbers[:: story.drafts // (story.drafts - story.goes)])
    edited = list(islice(some, story.edited))
    deleted = list(islice(some, story.deleted))
    returned = list(islice(some, story.returned))
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
