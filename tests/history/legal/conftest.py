"""A shop whose orders have each of the documents, and what its screens say."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.sending.states import State
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem
from tests.history.legal.cases import CASES


@pytest.fixture(autouse=True)
def _half_past_ten(half_past_ten):
    """The day and the hour that the cases are of."""


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization, activated_at=NOW - timedelta(days=9))


@pytest.fixture
def make(shop):
    ids = itertools.count(41)

    def make(name):
        shown, order = CASES[name], make_order(shop)
        if shown.state is not None:
            fields = dict(shown.fields)
            if "alegra_id" in fields:
                fields["alegra_id"] = str(next(ids))
            make_document(order, shown.state, **fields)
        if shown.state == State.BLOCKED:
            make_problem(order, "cod_disabled")
        return order

    return make


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


@pytest.fixture
def in_file(read):
    """in_file(estado="borrador"): the rows of the downloaded file, by its columns."""

    def rows(**query) -> list[dict[str, str]]:
        text = read("history_export", **query).removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    return rows
