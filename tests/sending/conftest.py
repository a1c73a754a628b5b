"""A merchant with work of a kind that no room of the product has."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connections.models import Integration
from integrations.scoping.context import scope
from integrations.sending import registry, sweep, turns
from integrations.sending.decided import Next, StepFunction
from integrations.sending.marker import make_marker
from integrations.sending.states import State, Why
from integrations.sending.transition import begin
from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from tests import cast as casting
from tests.documents.engine import make_engine
from tests.sending.toy.listed import TOYS
from tests.sending.toy.models import Toy

_numbers = itertools.count(1)


@dataclass
class Toys:
    """Toys of one integration. What a worker does with each is `perform`, which a test sets."""

    integration: Integration
    at: clock.FrozenClock
    perform: StepFunction
    served: list[str] = field(default_factory=list)

    def make(self, text: str = "", state: State = State.PENDING, **columns: Any) -> Toy:
        """A toy that is due now, unless `next_attempt_at` says otherwise."""
        number = str(next(_numbers))
        now = clock.now()
        columns.setdefault("next_attempt_at", now)
        source = self.integration.source_key
        columns.setdefault("marker", make_marker(source, f"toy {number}", 0))
        with scope(self.integration.organization_id):
            return begin(
                Toy, state, now=now, why=Why.DECIDED,
                integration=self.integration,
                company=self.integration.company,
                alegra_user=self.integration.credential.alegra_user,
                text=text or f"Nota {number}",
                **columns,
            )  # fmt: skip

    def read(self, toy: Toy) -> Toy:
        with scope(self.integration.organization_id):
            return Toy.objects.get(pk=toy.pk)

    def run(self) -> None:
        """Let a worker serve this Alegra user."""
        turns.serve(self.integration.credential.alegra_user_id)

    def later(self, seconds: float) -> None:
        """Time passes, the sweep runs, a worker serves."""
        self.at.advance(seconds=seconds)
        sweep.sweep()
        self.run()


@pytest.fixture
def at():
    with clock.frozen(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) as frozen:
        yield frozen


@pytest.fixture
def with_toys(monkeypatch):
    """with_toys(integration, at) → its toys, a kind of work that is registered for this test.
    Served ones say so in `served`, and are done."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def register(integration: Integration, at: clock.FrozenClock) -> Toys:
        def done(_turn: Any, toy: Toy) -> Next:
            toys.served.append(toy.text)
            return Next(State.BLOCKED, Why.PROBLEM)

        toys = Toys(integration, at, done)
        registry.register(
            Toy,
            lambda turn, toy: toys.perform(turn, toy),
            far=lambda _toy: toys.perform.side,
            lists=(TOYS,),
        )
        return toys

    return register


@pytest.fixture
def toys(cast, at, with_toys):
    return with_toys(casting.make_integration(cast.organization), at)


@pytest.fixture
def simulators(tmp_path):
    running = start_local(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def engine(cast, simulators, at, settings):
    """The same merchant with an Alegra account of its own in the stand-in."""
    settings.SIMULATED_ALEGRA_URL = simulators.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url
    return make_engine(cast, simulators, at)
