"""Toys as Alegra knows them: drafts whose observations are the text and the marker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from integrations.alegra import invoices
from integrations.alegra.invoices import Invoice
from integrations.sending import look_alike
from integrations.sending.about import about
from integrations.sending.create_once import create_once
from integrations.sending.decided import Decided, blocked
from integrations.sending.exactly_once import advance
from integrations.sending.far_side import Differences, FarSide
from integrations.sending.problem_kinds import Found
from tests.sending.toy.account import Account
from tests.sending.toy.models import Toy

# What a toy waits for until a person has bought it.
LACKING = Found("plan", "hacer juguetes", {"action": "hacer juguetes"})


class ToySide(FarSide[Toy, Invoice]):
    action = "crear juguetes"
    reading = "leer juguetes"
    create = staticmethod(invoices.create)
    read = staticmethod(invoices.read)
    candidates = staticmethod(invoices.on_day)

    def differences(self, work: Toy, found: Invoice, *, is_read: bool) -> Differences | None:
        if found.observations is None and not is_read:
            return None
        if str(found.observations).startswith(work.text):
            return Differences(output=found.observations)
        asked = about(work, "total_differs", what="el texto", expected="", found="")
        return Differences([asked], ["el texto es otro"])

    def question(self, work: Toy, rows: Iterable[Invoice]) -> Found | None:
        denied = look_alike.denied(work)
        for row in rows:
            if row.observations == work.text and ("toy", row.id) not in denied:
                return look_alike.asked_about(work, row.id, kind="toy", name=work.text)
        return None


@dataclass
class Workshop:
    """How toys are made: `lacking` while something is missing for them."""

    account: Account
    lacking: bool = False

    def __post_init__(self) -> None:
        self.side = ToySide()

    def __call__(self, turn: Any, toy: Toy) -> Decided:
        return advance(turn, toy, far=self.side, make=self.make)

    def make(self, turn: Any, toy: Toy) -> Decided:
        if self.lacking:
            return blocked([LACKING])
        return create_once(turn, toy, far=self.side, body=self.account.note(toy.text))
