"""What people and senders do while Redis is killed or hangs: all of it answers soon and is done."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import requests

from tests.flows.browsing import Session
from tests.flows.live import LivePortal
from tests.flows.own_redis import OwnRedis
from tests.flows.test_stories import body_of, mails, text_of

# What is promised.
ANSWERED = 3.0
REFUSAL = {"message": "El centro de costos no se puede usar en este documento", "code": 7788}


@contextmanager
def gone(broker: OwnRedis, how: str) -> Iterator[None]:
    """`how`: killed or hung."""
    if how == "killed":
        broker.kill()
    else:
        broker.hang()
    try:
        yield
    finally:
        if how == "killed":
            broker.start()
        else:
            broker.go_on()


@dataclass
class Story:
    """A portal whose pages are asked with a watch in the hand; `took`: seconds by name.

    Its orders have the numbers from `first`, which ends with 000: drafts, then thousands apart
    those that are refused and those that come alone.
    """

    portal: LivePortal
    first: int
    took: dict[str, float] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._alone = count(self.first + 2000)
        everyone = {"per_minute": 100_000, "window": "fixed", "per": "user", "headers": True}
        self.portal.switches(rate_limit=everyone)

    def timed(self, name: str, ask: Callable[[], requests.Response]) -> requests.Response:
        began = time.monotonic()
        answer = ask()
        took = time.monotonic() - began
        self.took[name] = max(self.took.get(name, 0.0), took)
        assert answer.status_code < 400, f"{name}: {answer.status_code} {answer.text[:500]}"
        return answer

    def all_answered_soon(self) -> None:
        assert self.took
        assert {name: took for name, took in self.took.items() if took > ANSWERED} == {}

    # --- Before it is gone ---------------------------------------------------------------

    def drafts(self, how_many: int) -> list[int]:
        """Drafts in Alegra, to be emitted."""
        numbers = self.orders(self.first, how_many)
        self.wait_for_documents(numbers)
        # The last one is verified.
        time.sleep(3)
        return numbers

    def refused(self, how_many: int) -> list[int]:
        """Orders that Alegra refused for one reason, which is mended there afterwards."""
        self.portal.switches(
            faults=[
                {"fault": "status", "method": "POST", "path": "/invoices", "status": 400,
                 "body": REFUSAL}
            ]
        )  # fmt: skip
        numbers = self.orders(self.first + 1000, how_many)
        session = self.portal.login("owner")
        self.portal.wait_for(
            lambda: time.sleep(0.5) or self._blocked(session) >= how_many,
            f"{how_many} orders that wait",
            seconds=240,
        )
        self.portal.switches(faults=[])
        return numbers

    # --- While it is gone ----------------------------------------------------------------

    def sign_in(self, role: str = "owner") -> Session:
        user, url = self.portal.user(role), self.portal.demo["login_url"]
        session = Session(self.portal.url)
        session.get(url)
        login = {"login": user["email"], "password": user["password"]}
        answer = self.timed("sign-in", lambda: session.post(url, login))
        assert answer.status_code == 302
        wrong = Session(self.portal.url)
        wrong.get(url)
        login["password"] = "none-of-theirs"
        answer = self.timed("sign-in, wrong", lambda: wrong.post(url, login))
        assert answer.status_code == 200
        return session

    def asks_for_a_new_password(self) -> None:
        email = self.portal.user("viewer")["email"]
        url, began = "/cuenta/password/reset/", time.time()
        session = Session(self.portal.url)
        session.get(url)
        self.timed("password reset", lambda: session.post(url, {"email": email}))
        mail = self.portal.wait_for(
            lambda: next((m for m in mails(self.portal, began) if m["to"] == email), None),
            "the mail with the new password",
        )
        assert "/cuenta/password/reset/key/" in body_of(mail)

    def validates(self, session: Session) -> None:
        """*Validar y reemplazar*, with the login that it has."""
        integration = self.portal.integration()
        page = integration["urls"]["credentials"]
        session.get(page)
        login = {"email": integration["alegra_user"], "token": integration["alegra_token"]}
        answer = self.timed("Validar", lambda: session.post(page, {"action": "token", **login}))
        assert answer.status_code == 302, text_of(answer)[:600]

    def emits(self, session: Session, numbers: list[int]) -> float:
        """*Emitir* of all these drafts; seconds until the last one is emitted."""
        root = f"/c/{self.portal.demo['organization']}/historial"
        which = f"?integracion={self.portal.integration()['id']}&numero={str(self.first)[:-3]}"
        session.get(f"{root}/{which}")
        run = self.timed(
            "Emitir", lambda: session.post(f"{root}/emitir-facturas/{which}", {"todos": "1"})
        ).headers["Location"]
        began = time.monotonic()
        self.portal.wait_for(
            lambda: time.sleep(0.5) or "Qué va a pasar" in text_of(session.get(run)),
            "a plan",
            seconds=90,
        )
        assert f"Emitir {len(numbers)} facturas" in text_of(session.get(run)).replace("\xa0", " ")
        self.timed("Emitir, yes", lambda: session.post(run, {}))
        wanted = set(numbers)
        self.portal.wait_for(
            lambda: time.sleep(0.5) or wanted <= self._emitted(), "all emitted", seconds=240
        )
        return time.monotonic() - began

    def retries(self, session: Session, numbers: list[int]) -> float:
        """*Reintentar* of the one cause; seconds until the last one is in Alegra."""
        cause = self._cause(session)
        session.get(cause)
        began = time.monotonic()
        answer = self.timed("Reintentar", lambda: session.post(cause))
        assert answer.status_code == 302
        self.wait_for_documents(numbers)
        return time.monotonic() - began

    def order_becomes_document(self) -> float:
        """Seconds from the webhook to the document, of an order that comes alone."""
        number = next(self._alone)
        self.taken.append(number)
        began = time.monotonic()
        self.timed("webhook", lambda: self.portal.post_event(self.portal.order(number)))
        while not self.portal.documents(number):
            assert time.monotonic() - began < 60, self.portal.said()
            time.sleep(0.05)
        took = time.monotonic() - began
        self.portal.wait_for_document(number)
        return took

    # --- At the end ----------------------------------------------------------------------

    def each_once(self) -> int:
        """Whatever was taken has one document; how many there are."""
        found = Counter(row["_number"] for row in self._rows())
        assert set(found) == set(self.taken), set(self.taken) ^ set(found)
        assert set(found.values()) == {1}, found.most_common(3)
        return len(found)

    # --- Looking -------------------------------------------------------------------------

    def orders(self, first: int, how_many: int) -> list[int]:
        numbers = list(range(first, first + how_many))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.portal.post_order, numbers))
        self.taken += numbers
        return numbers

    def _rows(self) -> list[dict]:
        rows = []
        for row in self.portal.ledger()["invoices"]:
            words = (row["observations"] or "").split()
            if not row["_deleted_at"] and len(words) > 1 and words[1].isdigit():
                rows.append(row | {"_number": int(words[1])})
        return [row for row in rows if row["_number"] >= self.first]

    def _emitted(self) -> set[int]:
        return {row["_number"] for row in self._rows() if row["status"] != "draft"}

    def wait_for_documents(self, numbers: list[int], *, seconds: float = 240) -> None:
        wanted = set(numbers)
        self.portal.wait_for(
            lambda: time.sleep(0.5) or wanted <= {row["_number"] for row in self._rows()},
            f"{len(numbers)} documents",
            seconds=seconds,
        )

    def _cause(self, session: Session) -> str:
        page = session.get(self.portal.integration()["urls"]["attention"]).text
        return re.search(r'href="([^"]*/por-atender/\d+/reintentar/)"', page).group(1)

    def _blocked(self, session: Session) -> int:
        page = session.get(self.portal.integration()["urls"]["attention"])
        found = re.search(r"Reintentar est[oe]s? (\d+)?", text_of(page))
        return int(found.group(1) or 1) if found else 0
