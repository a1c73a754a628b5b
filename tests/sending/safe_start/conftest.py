"""A worker that looks at each company first, and toys that a restored database forgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from integrations.connections.models import AlegraCompany
from integrations.documents.models import Document
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending import registry
from integrations.sending.safe_start import before, checking, process
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.sending.conftest import Toys
from tests.sending.toy.account import Account
from tests.sending.toy.far_side import Workshop
from tests.sending.toy.models import Toy


@dataclass
class World:
    """Toys of one company, and what a restore does to them."""

    toys: Toys
    account: Account

    def made(self, *texts: str) -> list[Toy]:
        """Toys that are in Alegra, and known to be."""
        toys = [self.toys.make(text) for text in texts] if texts else [self.toys.make()]
        self.toys.run()
        found = [self.toys.read(toy) for toy in toys]
        assert {toy.state for toy in found} == {State.CREATED}
        return found

    def forget_that_it_was_sent(self, toy: Toy) -> None:
        """The row as a copy has it from before it was sent."""
        toy.changes.exclude(to_state=State.PENDING).delete()
        toy.steps.all().delete()
        Toy.objects.filter(pk=toy.pk).update(
            state=State.PENDING, alegra_id="", sends=0, payload=None, payload_digest="",
            doc_date=None, sent_at=None, deadline_at=None, next_attempt_at=clock.now(),
            state_since=toy.created_at,
        )  # fmt: skip

    def forget(self, toy: Toy) -> None:
        """The copy is from before the row itself."""
        toy.delete()

    def start(self) -> None:
        """A worker starts anew."""
        self.toys.at.advance(seconds=20)
        before.forget()
        process.begin_anew(clock.now())

    def reads(self) -> list[str]:
        """The paths that were asked for since the last time this was asked."""
        asked = self.toys.engine.asked()
        fresh, self._told = asked[getattr(self, "_told", 0) :], len(asked)
        return [path.rpartition("/api/v1")[2] for method, path in fresh if method == "GET"]

    def later(self, seconds: float) -> None:
        """Time passes, the schedule looks, a worker serves."""
        self.toys.at.advance(seconds=seconds)
        checking.check_due(clock.now())
        self.toys.run()

    def check_ends(self) -> None:
        self.later(timing().first_look_up)
        self.later(timing().between_look_ups)
        assert not self.look.is_checking

    @property
    def look(self) -> CompanyLook:
        return CompanyLook.objects.get(company=self.toys.integration.company)

    @property
    def company(self) -> AlegraCompany:
        return AlegraCompany.objects.get(pk=self.toys.integration.company_id)

    def found(self) -> list[str]:
        return sorted(Forgotten.objects.values_list("marker", flat=True))

    def state(self, toy: Toy) -> str:
        return self.toys.read(toy).state

    def switch(self, *faults: Any, **facts: Any) -> None:
        self.toys.engine.switch(*faults, **facts)


@pytest.fixture
def watched(at):
    """This process serves turns as a worker does that has just started."""
    process.looks_first = True
    process.begin_anew(at.now())


@pytest.fixture
def world(engine, with_toys, watched):
    toys = with_toys(engine.integration, engine.at)
    toys.engine = engine
    # Only toys: what is told of the others is told with them.
    for kind in (Document, Payment):
        registry._kinds.pop(kind)
    account = Account(engine)
    toys.perform = Workshop(account)
    with scope(engine.integration.organization_id):
        yield World(toys, account)
