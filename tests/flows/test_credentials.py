"""A token that stops working: one pause, one mail, nothing lost; the right one resumes."""

from __future__ import annotations

import time

from tests.flows.test_stories import body_of, mails, text_of

NUMBERS = (720_001, 720_002, 720_003)


def refusals(portal, integration) -> list[dict]:
    user = integration["alegra_user"]
    return [call for call in portal.calls() if call["status"] == 401 and call["user"] == user]


def enter_token(session, integration, *, of):
    """Type the login of one integration into the form of another, or of itself."""
    login = {"email": of["alegra_user"], "token": of["alegra_token"]}
    return session.post(integration["urls"]["credentials"], {"action": "token", **login})


def test_a_refused_token_pauses_and_a_new_one_resumes_by_itself(portal):
    integration = portal.integration()
    session = portal.login("owner")
    began = time.time()
    portal.switches(faults=[{"fault": "unauthorized", "user": integration["alegra_user"]}])
    try:
        for number in NUMBERS:
            portal.post_order(number)
        listed = f"{portal.url}/c/{portal.demo['organization']}/integraciones/"
        portal.wait_for(
            lambda: "Credenciales rechazadas" in text_of(session.get(listed)), "the pause"
        )
        portal.wait_for(lambda: told(portal, began), "the mail")
        time.sleep(2)
        refused = refusals(portal, integration)
        time.sleep(2)
        assert len(told(portal, began)) == len(set(told(portal, began))), "one mail a person"
        assert refusals(portal, integration) == refused
        assert len(refused) <= 3

        portal.switches(faults=[])
        # The token of another company is refused, and nothing of it is kept.
        other = portal.integration("remission")
        answer = enter_token(session, integration, of=other)
        assert answer.status_code == 200
        assert "otra empresa" in text_of(answer)
        assert other["alegra_token"] not in answer.text
    finally:
        portal.switches(faults=[])
        answer = enter_token(session, integration, of=integration)
    assert answer.status_code == 302, text_of(answer)[:800]
    for number in NUMBERS:
        portal.wait_for_document(number)


def told(portal, since: float) -> list[str]:
    """To whom the refused token was mailed."""
    return [m["to"] for m in mails(portal, since) if "token" in body_of(m).lower()]
