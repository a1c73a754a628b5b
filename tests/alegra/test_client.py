"""The client on a good day, and what it tells its pace and its journal."""

import base64
import traceback
from decimal import Decimal

import pytest
import requests

from integrations.alegra.client import AlegraClient, Call
from integrations.alegra.errors import (
    BudgetExhausted,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
)

from .conftest import BASE, EMAIL, TOKEN

RATE = {
    "X-Rate-Limit-Limit": "150",
    "X-Rate-Limit-Remaining": "120",
    "X-Rate-Limit-Reset": "31",
}


class Pace:
    def __init__(self, refuse=None, broken=False):
        self.taken, self.answers, self.refuse, self.broken = [], [], refuse, broken

    def take(self, call):
        if self.refuse:
            raise self.refuse
        self.taken.append(call.call_id)

    def saw(self, rate, status):
        self.answers.append((rate and rate.remaining, status))
        if self.broken:
            raise RuntimeError("the database went away")


class Journal:
    def __init__(self):
        self.lines = []

    def opened(self, call):
        self.lines.append(("opened", call.call_id))

    def leaves(self, call):
        pass

    def closed(self, call, answer=None, error=None):
        self.lines.append(("closed", call.call_id, answer and answer.status, type(error).__name__))


def test_an_answer_brings_status_body_rate_and_time(alegra, client):
    alegra.get("/company", body='{"total": 112000.010000000001}', headers=RATE)
    answer = client.send(Call("GET", "/company"))
    assert answer.status == 200
    assert answer.body == {"total": Decimal("112000.010000000001")}
    assert answer.rate.remaining == 120
    assert 0 <= answer.elapsed < 5


def test_a_request_carries_basic_auth_json_and_our_name(alegra, client):
    alegra.post("/invoices", json={"id": "1"}, status=201)
    client.send(Call("POST", "/invoices", json={}))
    headers = alegra.calls[0].request.headers
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode() == (
        f"{EMAIL}:{TOKEN}"
    )
    assert headers["Accept"] == "application/json"
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("mastershop-alegra/")


def test_a_name_beyond_latin_is_still_a_credential(alegra):
    alegra.get("/company", json={})
    with AlegraClient(BASE, "niña-ł@example.com", TOKEN) as client:
        assert client.send(Call("GET", "/company")).status == 200


def test_decimals_leave_with_exactly_their_digits(alegra, client):
    alegra.post("/invoices", json={"id": "1"})
    client.send(Call("POST", "/invoices", json={"price": Decimal("41932.773109")}))
    assert alegra.calls[0].request.body == b'{"price":41932.773109}'


def test_a_float_never_leaves(alegra, client):
    with pytest.raises(TypeError):
        client.send(Call("POST", "/invoices", json={"price": 0.1}))
    assert not alegra.calls


def test_parameters_without_value_are_left_out(alegra, client):
    alegra.get("/items", json=[])
    client.send(Call("GET", "/items", params={"query": None, "start": 0}))
    assert alegra.calls[0].request.url == BASE + "/items?start=0"


@pytest.mark.parametrize("limit", [31, "31", 100])
def test_a_page_above_thirty_cannot_even_be_written(limit):
    with pytest.raises(ValueError, match="30"):
        Call("GET", "/items", params={"limit": limit})


def test_a_path_that_is_not_below_the_base_is_refused():
    with pytest.raises(ValueError, match="slash"):
        Call("GET", "@evil.example.com/")


@pytest.mark.parametrize("base", ["ftp://example.com", "", "example.com"])
def test_a_base_that_is_not_http_is_refused(base):
    with pytest.raises(ValueError, match="http"):
        AlegraClient(base, EMAIL, TOKEN)


def test_only_reading_is_no_write():
    assert not Call("GET", "/invoices").is_write
    assert all(Call(verb, "/invoices").is_write for verb in ("POST", "PUT", "DELETE"))


def test_each_call_has_its_own_id_unless_it_is_given():
    assert Call("GET", "/a").call_id != Call("GET", "/a").call_id
    assert Call("GET", "/a", call_id="x").call_id == "x"


def test_the_pace_is_asked_before_and_told_after(alegra):
    pace = Pace()
    alegra.get("/company", json={}, headers=RATE)
    alegra.get("/items/9", json={"code": 404, "message": "No existe"}, status=404)
    with AlegraClient(BASE, EMAIL, TOKEN, pace=pace) as client:
        client.send(Call("GET", "/company"))
        with pytest.raises(NotFound):
            client.send(Call("GET", "/items/9"))
    assert len(pace.taken) == 2
    assert pace.answers == [(120, 200), (None, 404)]


def test_without_budget_nothing_is_sent_and_nothing_is_journalled(alegra):
    journal = Journal()
    pace = Pace(refuse=BudgetExhausted(12.5))
    with (
        AlegraClient(BASE, EMAIL, TOKEN, pace=pace, journal=journal) as client,
        pytest.raises(BudgetExhausted) as caught,
    ):
        client.send(Call("POST", "/invoices", json={}))
    assert caught.value.retry_after == 12.5
    assert not alegra.calls
    assert journal.lines == []


def test_a_pace_that_fails_afterwards_does_not_cost_the_answer(alegra):
    alegra.post("/invoices", json={"id": "5821"}, status=201)
    with AlegraClient(BASE, EMAIL, TOKEN, pace=Pace(broken=True)) as client:
        assert client.send(Call("POST", "/invoices", json={})).body == {"id": "5821"}


@pytest.mark.parametrize(
    ("answer", "raised", "closing"),
    [
        ({"json": {"id": "1"}}, None, (200, "NoneType")),
        ({"status": 429}, RateLimited, (None, "RateLimited")),
        ({"status": 502, "body": "<html>"}, OutcomeUnknown, (None, "OutcomeUnknown")),
        ({"body": requests.ConnectionError()}, OutcomeUnknown, (None, "OutcomeUnknown")),
        ({"body": requests.ConnectTimeout()}, NotSent, (None, "NotSent")),
        ({"body": requests.ReadTimeout()}, OutcomeUnknown, (None, "OutcomeUnknown")),
        ({"body": ZeroDivisionError()}, ZeroDivisionError, (None, "OutcomeUnknown")),
    ],
)
def test_whatever_happens_the_journal_is_closed_once(alegra, answer, raised, closing):
    journal = Journal()
    alegra.post("/invoices", **answer)
    call = Call("POST", "/invoices", json={})
    with AlegraClient(BASE, EMAIL, TOKEN, journal=journal) as client:
        if raised:
            with pytest.raises(raised):
                client.send(call)
        else:
            client.send(call)
    assert journal.lines == [("opened", call.call_id), ("closed", call.call_id, *closing)]


def test_a_worker_stopped_in_mid_call_leaves_the_outcome_unknown(monkeypatch):
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("requests.Session.send", stopped)
    journal = Journal()
    with (
        AlegraClient(BASE, EMAIL, TOKEN, journal=journal) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        client.send(Call("POST", "/invoices", json={}))
    assert [line[0] for line in journal.lines] == ["opened", "closed"]
    assert journal.lines[1][-1] == "OutcomeUnknown"


def test_an_error_knows_its_call(alegra, client):
    alegra.post("/invoices", status=500)
    call = Call("POST", "/invoices", json={})
    with pytest.raises(OutcomeUnknown) as caught:
        client.send(call)
    assert caught.value.call is call


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": {"message": f"bad {TOKEN}", "code": 1}},
        {"status": 500, "body": f"<html>{TOKEN}</html>"},
        {"body": requests.ConnectionError("reset")},
    ],
)
def test_the_token_shows_up_nowhere(alegra, client, answer):
    encoded = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
    alegra.get("/company", **answer)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any of them
        client.send(Call("GET", "/company"))
    error = caught.value
    shown = [repr(client), str(error), repr(error), error.excerpt, error.message]
    shown += traceback.format_exception(error)
    shown += [str(vars(link)) for link in (error, error.__cause__) if link is not None]
    assert not [text for text in shown if TOKEN in text or encoded in text]
    assert getattr(error.__cause__, "request", None) is None


def test_a_call_and_an_answer_show_no_personal_data(alegra, client):
    alegra.get("/contacts", json=[{"name": "Ana Ruiz"}])
    call = Call("GET", "/contacts", params={"identification": "1020304050"}, json={"n": "Ana"})
    assert "Ana" not in repr(client.send(call))
    assert "1020304050" not in repr(call)
    assert "Ana" not in repr(call)
