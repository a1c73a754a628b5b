from datetime import UTC, datetime

import pytest

from integrations.connections.models import AlegraUser
from integrations.connections.validation import Probe, probe
from integrations.timekeeping import clock
from tests.connections.alegra_answers import BASE, LEFT, NUMBERING, answer_everything, company

pytestmark = pytest.mark.django_db
EMAIL, TOKEN = "facturacion@ejemplo.test", "un-token-muy-secreto"


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen(datetime(2026, 11, 20, 15, 0, tzinfo=UTC)):
        yield


def tones(found: Probe) -> dict[str, str]:
    return {each.title: each.tone for each in found.findings}


def test_a_good_account_is_described_and_blocks_nothing(alegra):
    answer_everything(alegra)
    found = probe(EMAIL, TOKEN, "real")
    assert not found.blocks
    assert (found.name, found.nit_text, found.user_name) == (
        "Hogar Andino S.A.S.",
        "901482337-2",
        "Diana Marcela Ospina",
    )
    assert set(tones(found).values()) == {"ok"}
    assert AlegraUser.objects.get().left <= 140
    assert Probe.from_dict(found.as_dict()) == found
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"applicationVersion": "mexico"}, "País y moneda"),
        ({"currency": {"code": "USD"}}, "País y moneda"),
        ({"decimalPrecision": "0"}, "Decimales"),
        ({"decimalPrecision": 1}, "Decimales"),
    ],
)
def test_what_makes_right_documents_impossible_blocks(alegra, changes, title):
    answer_everything(alegra, company=company(**changes))
    found = probe(EMAIL, TOKEN, "real")
    assert found.blocks
    assert tones(found)[title] == "fail"


@pytest.mark.parametrize(
    ("numbering", "says"),
    [
        ([], "No hay numeración electrónica"),
        ([{**NUMBERING, "isElectronic": False}], "No hay numeración electrónica"),
        ([{**NUMBERING, "status": "inactive"}], "No hay numeración electrónica"),
        ([{**NUMBERING, "endDate": "2026-12-09"}], "vence el 9 de diciembre"),
        ([{**NUMBERING, "endDate": "2026-11-19"}], "venció"),
        ([{**NUMBERING, "maxInvoiceNumber": 4500}], "quedan 182 números"),
        ([{**NUMBERING, "maxInvoiceNumber": 4318}], "ya no quedan números"),
    ],
)
def test_a_numbering_that_will_stop_is_named_but_does_not_block(alegra, numbering, says):
    answer_everything(alegra, number_templates=numbering)
    found = probe(EMAIL, TOKEN, "real")
    assert not found.blocks
    finding = next(each for each in found.findings if each.title == "Numeración electrónica")
    assert finding.tone == "ask"
    assert says in finding.text


def test_what_the_plan_lacks_is_remembered(alegra):
    answer_everything(alegra, warehouses=402, bank_accounts=402)
    found = probe(EMAIL, TOKEN, "real")
    assert not found.blocks
    assert (found.has_warehouses, found.has_banks, found.to_review) == (False, False, 2)


def test_a_list_that_fails_does_not_pass_for_a_missing_plan(alegra):
    answer_everything(alegra, warehouses=500, bank_accounts=403)
    found = probe(EMAIL, TOKEN, "real")
    assert (found.has_warehouses, found.has_banks, found.to_review) == (True, True, 2)


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (401, "unauthorized", "copia el token de nuevo"),
        (402, "plan", "plan de Alegra"),
        (403, "forbidden", "Dale permiso"),
        (429, "slow_down", "Vuelve a validar en 40 segundos"),
        (503, "unreachable", "Alegra no respondió"),
    ],
)
def test_each_failure_says_what_to_do(alegra, status, code, says):
    alegra.get(f"{BASE}/company", status=status, json={"message": "Unauthorized"}, headers=LEFT)
    found = probe(EMAIL, TOKEN, "real")
    assert found.blocks
    assert found.failure_code == code
    assert says in found.failure


def test_a_company_without_nit_cannot_be_told_from_another(alegra):
    body = company(identification="", identificationObject={})
    alegra.get(f"{BASE}/company", json=body)
    assert "NIT" in probe(EMAIL, TOKEN, "real").failure
