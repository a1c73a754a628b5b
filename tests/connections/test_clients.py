import pytest
import responses

from integrations.alegra import company
from integrations.alegra.client import Call
from integrations.alegra.errors import NotSent, OutcomeUnknown
from integrations.connections import clients
from integrations.connections.models import AlegraUser
from integrations.scoping.context import scope
from tests import cast as casting
from tests.connections.alegra_answers import BASE, LEFT
from tests.connections.alegra_answers import company as company_row

pytestmark = pytest.mark.django_db


class Journal:
    def __init__(self):
        self.lines = []

    def opened(self, call):
        self.lines.append("opened")

    def leaves(self, call):
        pass

    def closed(self, call, answer=None, error=None):
        self.lines.append(type(error).__name__ if error else "answered")


@pytest.fixture
def credential():
    return casting.make_credential(casting.make_organization())


def test_a_call_takes_a_token_keeps_evidence_and_counts_for_the_breaker(credential, alegra):
    alegra.get(f"{BASE}/company", json=company_row(), headers=LEFT)
    journal = Journal()
    with clients.alegra_client(credential, journal=journal) as client:
        company.read(client)
    user = AlegraUser.objects.get(pk=credential.alegra_user_id)
    assert user.left == 140  # what the header says; the block is granted already
    assert journal.lines == ["opened", "answered"]


def test_a_lost_answer_counts_as_a_failure_of_the_user(credential, alegra):
    alegra.post(f"{BASE}/invoices", status=502, body="<html></html>")
    with clients.alegra_client(credential) as client, pytest.raises(OutcomeUnknown):
        client.send(Call("POST", "/invoices", json={}))
    assert AlegraUser.objects.get(pk=credential.alegra_user_id).breaker_failures == 1


def test_a_trial_goes_to_the_stand_in_and_never_to_alegra(credential, alegra, settings):
    settings.SIMULATED_ALEGRA_URL = "http://127.0.0.1:9/api/v1"
    credential.mode = "trial"
    alegra.get("http://127.0.0.1:9/api/v1/company", json=company_row())
    with clients.alegra_client(credential) as client:
        assert company.read(client).nit
    assert {call.request.url.split("/api")[0] for call in alegra.calls} == {"http://127.0.0.1:9"}


def test_a_trial_without_stand_ins_is_refused_before_any_call(credential, settings):
    settings.SIMULATED_ALEGRA_URL = ""
    credential.mode = "trial"
    with pytest.raises(clients.NoStandIn):
        clients.alegra_client(credential)


def test_the_breaker_is_fed_by_connections_that_fail(credential, alegra):
    with clients.alegra_client(credential) as client, pytest.raises((NotSent, OutcomeUnknown)):
        client.send(Call("GET", "/nowhere"))
    assert AlegraUser.objects.get(pk=credential.alegra_user_id).breaker_failures == 1


def test_the_key_and_address_of_mastershop_follow_the_mode(settings):
    settings.SIMULATED_MASTERSHOP_URL = "http://127.0.0.1:9/api"
    organization = casting.make_organization()
    integration = casting.make_integration(organization, key="llave-1")
    with responses.RequestsMock() as mock, scope(organization.pk):
        mock.get("http://127.0.0.1:9/api/products", json={"results": []})
        integration.mode = "trial"
        with clients.mastershop_client(integration) as client:
            client.check()
        assert mock.calls[0].request.headers["ms-api-key"] == "llave-1"
