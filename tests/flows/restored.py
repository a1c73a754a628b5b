"""The story of a restore: a copy of the database is loaded again after Alegra moved on."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import count

from tests.flows.live import LivePortal, TooLate, names_order
from tests.flows.restores import CopyOfDatabase

# Draft invoices, remissions, and invoices that are emitted and paid.
KINDS = ("invoice", "remission", "definitive")
_numbers = count(760_000)


def some(many: int) -> list[int]:
    """Numbers of new orders."""
    return [next(_numbers) for _ in range(many)]


def post(portal: LivePortal, numbers: Iterable[int]) -> None:
    for number in numbers:
        for kind in KINDS:
            portal.post_order(number, kind=kind)


class Books:
    """What the simulated Alegra holds, read once."""

    def __init__(self, portal: LivePortal) -> None:
        ledgers = {kind: portal.ledger(kind) for kind in KINDS}
        self._documents = {
            kind: _texts(ledgers[kind]["remissions" if kind == "remission" else "invoices"])
            for kind in KINDS
        }
        self._payments = _texts(ledgers["definitive"]["payments"])

    def of(self, number: int) -> list[int]:
        """How many documents of each kind an order has, and how many payments."""
        found = [_naming(texts, number) for texts in self._documents.values()]
        return [*found, _naming(self._payments, number)]


def _texts(rows: list[dict]) -> list[str]:
    return [row["observations"] or "" for row in rows if not row["_deleted_at"]]


def _naming(texts: list[str], number: int) -> int:
    return sum(names_order(text, number) for text in texts)


def all_made(portal: LivePortal, numbers: list[int], *, seconds: float = 120) -> None:
    """Wait until each order has one document of each kind and one payment."""
    wanted = [1] * (len(KINDS) + 1)

    def is_so() -> bool:
        # The whole ledger is much to ask for ten times a second.
        time.sleep(0.5)
        books = Books(portal)
        return all(books.of(each) == wanted for each in numbers)

    try:
        portal.wait_for(is_so, "one of each for every order", seconds=seconds)
    except TooLate as late:
        books = Books(portal)
        other = {each: books.of(each) for each in numbers if books.of(each) != wanted}
        raise TooLate(f"{other}\n{late}") from None


def stands(portal: LivePortal, numbers: list[int], *, seconds: float) -> None:
    """Nothing is made a second time of any of them for so long."""
    time.sleep(seconds)
    books = Books(portal)
    assert {each: books.of(each) for each in numbers} == {
        each: [1] * (len(KINDS) + 1) for each in numbers
    }


def page_of_the_check(portal: LivePortal) -> str:
    session = portal.login("owner")
    slug, integration = portal.demo["organization"], portal.integration()["id"]
    path = f"c/{slug}/integraciones/{integration}/comprobacion/"
    answer = session.get(f"{portal.url.rstrip('/')}/{path}")
    assert answer.status_code == 200
    return answer.text


def mails(portal: LivePortal) -> str:
    return " ".join(path.read_text(errors="replace") for path in portal.var.glob("mail/*.eml"))


def restored_after(portal: LivePortal, *, more: int, settle: float) -> None:
    """`more` orders are documented after the copy, in which events wait; then it is restored.

    `settle`: seconds in which a worker would have sent a second one.
    """
    before, waiting, after = some(3), some(3), some(more)
    post(portal, before)
    all_made(portal, before)
    # Whatever is asked to be made waits in the copy.
    paths = ("/invoices", "/remissions")
    portal.switches(
        faults=[{"fault": "status", "method": "POST", "path": path, "status": 429,
                 "probability": 1, "seed": 1} for path in paths]
    )  # fmt: skip
    post(portal, waiting)
    portal.stop()
    copy = CopyOfDatabase(portal)
    portal.start()
    portal.switches(faults=[])
    post(portal, after)
    everything = [*before, *waiting, *after]
    all_made(portal, everything, seconds=120 + 3 * more)
    portal.stop()
    copy.restore()
    portal.start()
    post(portal, after)
    portal.wait_for(lambda: "Qué encontramos" in page_of_the_check(portal), "what was found")
    fresh = some(2)
    post(portal, fresh)
    everything += fresh
    all_made(portal, everything, seconds=300)
    stands(portal, everything, seconds=settle)
    portal.wait_for(
        lambda: "Nada por comprobar" in page_of_the_check(portal), "its end", seconds=300
    )
    portal.wait_for(lambda: "comprobaci" in mails(portal), "the mail about it", seconds=60)


def goes_back_under_workers(portal: LivePortal, *, more: int, settle: float) -> None:
    """The dump is loaded while web and worker run."""
    before, after = some(3), some(more)
    post(portal, before)
    all_made(portal, before)
    copy = CopyOfDatabase(portal)
    # Long enough for a sweep that the copy does not know.
    time.sleep(2)
    post(portal, after)
    all_made(portal, [*before, *after], seconds=120 + 3 * more)
    copy.restore()
    fresh = some(2)
    post(portal, [*after, *fresh])
    everything = [*before, *after, *fresh]
    all_made(portal, everything, seconds=300)
    stands(portal, everything, seconds=settle)
