"""A token that stops working: one pause, one mail, nothing lost; the right one resumes."""

from __future__ import annotations

import time

from tests.flows.test_stories import body_of, mails, text_of


def refusals(portal, integration) -> list[dict]:
    user = integration["alegra_user"]
    return [call for call in portal.calls() if call["status"] == 401 and call["user"] == user]


def test_a_refused_token_pauses_and_a_new_one_resumes_by_itself(portal):
    integration = portal.integration()
    session = portal.login("owner")
    began = time.time()
    portal.switches(
        faults=[{"fault": "unauthorized", "user": integration["alegra_user"]}]
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
    told = [m["to"] for m in mails(portal, began) if "token" in body_of(m).lower()]
    assert len(told) == len(set(told)), "one mail a person"
    assert refusals(portal, integration) == refused
    assert len(refused) <= 3

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

    answer = session.post(
        integration["urls"]["credentials"],
        {
            "action": "token",
            "email": integration["alegra_user"],
            "token": integration["alegra_token"],
        },
    )
    assert answer.status_code == 302, text_of(answer)[:800]
    for number in (720_001, 720_002, 720_003):
        portal.wait_for_document(number)
