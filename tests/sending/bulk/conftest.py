"""A run of wraps: chosen, planned, started."""

from __future__ import annotations

import pytest
from django.db.models import Q

from integrations.scoping.context import scope
from integrations.sending.bulk import acts, runs
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests.sending.bulk.wraps import (
    NAME,
    plan,
    read,
    unwrap,
    work,
    wrap,
)
from tests.sending.toy.models import Toy


@pytest.fixture
def act(monkeypatch):
    made = acts.Act(
        name=NAME, work=Toy, plan=plan, do=wrap, pesos="order__total_pesos",
        under_way=Q(state__in=[State.PENDING, State.SENDING]), take_back=unwrap,
    )  # fmt: skip
    monkeypatch.setattr(acts, "_acts", {NAME: made})
    return made


@pytest.fixture
def request_of(rf, cast):
    def make(user=None):
        request = rf.post("/")
        request.user = user or cast.editor
        return request

    return make


@pytest.fixture
def inside(cast):
    with scope(cast.organization.pk):
        yield


@pytest.fixture
def some(toys):
    """some(7, 2) → seven toys that may be wrapped, and two that may not."""

    def make(count, big=0):
        texts = ["small"] * count + ["big"] * big
        return [toys.make(text, State.BLOCKED) for text in texts]

    return make


@pytest.fixture
def chosen(act, cast, inside):
    def choose(by=None):
        return runs.choose(act, Toy.objects.all(), by=by or cast.editor, now=clock.now())

    return choose


@pytest.fixture
def planned(chosen):
    def make():
        run = chosen()
        work(run)
        return read(run)

    return make


@pytest.fixture
def started(planned, request_of):
    def make():
        run = planned()
        assert runs.start(run, now=clock.now(), request=request_of())
        return run

    return make
