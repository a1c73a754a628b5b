"""A token that stops working: one pause, one mail, nothing lost; the right one resumes."""

from __future__ import annotations

import time

import pytest

from tests.flows.test_stories import body_of, mails, text_of

pytestmark = pytest.mark.xdist_group("live")


@pytest.fixture
def portal(own_portal):
    return own_portal


def refusals(portal, integration) -> list[dict]:
    user = integration["alegra_user"]
    return [call for call in portal.calls() if call["status"] == 401 and call["user"] == user]


def test_a_refused_token_pauses_and_a_new_one_resumes_by_itself(portal):
    integration = portal.integration()
    session = portal.login("owner")
    began = time.time()
    portal.switches(
        faults=[{"fault": "unauthorized", "method": method, "path": "/", "probability": 1}
                for method in ("GET", "POST")]
    )  # fmt: skip
    for number in (720_001, 720_002, 720_003):
        portal.post_order(number)
    listed = f"{portal.url}/c/{portal.demo['organization']}/integraciones/"
    portal.wait_for(lambda: "Credenciales rechazadas" in text_of(session.get(listed)), "the pause")
    portal.wait_for(
        lambda: [m for m in mails(portal, began) if "token" in body_of(m).lower()], "the mail"
    )
    time.sleep(2)
    refused = refusals(portal, integration)
    time.sleep(2)
    # One for each login and person: the other integration may have met the refusal too.
    told = [
        (m["to"], m["subject"], body_of(m))
        for m in mails(portal, began)
        if "token" in body_of(m).lower()
    ]
    assert len(told) == len(set(told))
    assert len(told) <= 4
    assert refusals(portal, integration) == refused
    # Each of the two slots may have had a call under way, and each asks once whether it is so.
    assert len(refused) <= 6

    portal.switches(faults=[])
    # The token of another company is refused, and nothing of it is kept.
    other = portal.integration("remission")
    answer = session.post(
        integration["urls"]["credentials"],
        {"action": "token", "email": other["alegra_user"], "token": other["alegra_token"]},
    )
    assert answer.status_code == 200
    assert "otra empresa" in text_of(answer)
    assert other["alegra_token"] not in answer.text

    for each in (integration, other):
        answer = session.post(
            each["urls"]["credentials"],
            {"action": "token", "email": each["alegra_user"], "token": each["alegra_token"]},
        )
        assert answer.status_code == 302, text_of(answer)[:800]
    for number in (720_001, 720_002, 720_003):
        portal.wait_for_document(number)
