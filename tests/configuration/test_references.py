from datetime import UTC, datetime

import pytest

from integrations.configuration import references, tasks
from integrations.connections import reads
from integrations.connections.models import Credential, Integration, ReferenceEntry
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests import cast as casting
from tests.connections.alegra_answers import BASE, answer_everything, company

pytestmark = pytest.mark.django_db
Kind = ReferenceEntry.Kind
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def fresh():
    """An integration whose lists were never read."""
    with clock.frozen(NOW):
        yield casting.make_integration(casting.make_organization())


@pytest.fixture
def inside(fresh):
    with scope(fresh.organization_id):
        yield fresh


def read(row: Integration, **changes):
    return references.refresh_company(row.company, row.credential)


def test_every_list_is_copied(inside, alegra):
    answer_everything(alegra)
    done = read(inside)
    assert done.failure is None
    assert done.unread == []
    for kind in Kind:
        assert len(references.active(inside.company, kind)) >= 1, kind
    template = references.active(inside.company, Kind.NUMBER_TEMPLATE)[0]
    assert template.data["max_number"] == 50000
    known = reads.state_of(reads.Kind.REFERENCES, inside.company)
    assert (known.read_at, known.failed_at, known.lease_until) == (NOW, None, None)


def test_what_vanishes_stays_marked_and_what_returns_is_told(inside, alegra):
    answer_everything(alegra)
    read(inside)
    alegra.replace("GET", f"{BASE}/sellers", json=[])
    read(inside)
    gone = ReferenceEntry.objects.get(kind=Kind.SELLER)
    assert gone.missing_since == NOW
    assert references.active(inside.company, Kind.SELLER) == []
    assert "ya no existe en Alegra" in references.label(gone, gone.alegra_id)
    alegra.replace(
        "GET", f"{BASE}/sellers", json=[{"id": "3", "name": "Julián Ortiz", "status": "active"}]
    )
    assert read(inside).back == [("seller", "3")]
    assert references.is_choosable(inside.company, Kind.SELLER, "3")


def test_a_list_that_fails_changes_nothing(inside, alegra):
    answer_everything(alegra)
    read(inside)
    alegra.replace("GET", f"{BASE}/sellers", status=502, body="<html></html>")
    assert read(inside).unread == ["seller"]
    assert len(references.active(inside.company, Kind.SELLER)) == 1


def test_a_plan_without_bodegas_or_banks_is_remembered_and_forgotten(inside, alegra):
    answer_everything(alegra, warehouses=402, bank_accounts=402)
    read(inside)
    inside.company.refresh_from_db()
    assert (inside.company.has_warehouses, inside.company.has_banks) == (False, False)
    alegra.reset()
    answer_everything(alegra)
    read(inside)
    inside.company.refresh_from_db()
    assert (inside.company.has_warehouses, inside.company.has_banks) == (True, True)


def test_a_precision_that_drops_holds_the_integration(inside, alegra):
    answer_everything(alegra, company=company(decimalPrecision="0"))
    read(inside)
    inside.refresh_from_db()
    assert inside.paused_reason == Integration.Pause.PRECISION


@pytest.mark.parametrize(("status", "code"), [(401, "unauthorized"), (402, "plan")])
def test_a_login_that_the_company_refuses_is_paused(inside, alegra, status, code):
    alegra.get(f"{BASE}/company", status=status, json={"message": "Unauthorized"})
    read(inside)
    credential = Credential.objects.get()
    assert (credential.state, credential.paused_code) == ("paused", code)


def test_lists_that_could_not_be_read_are_not_called_read(fresh, alegra):
    alegra.get(f"{BASE}/company", status=401, json={"message": "Unauthorized"})
    with clock.frozen(NOW) as now:
        assert tasks.refresh_due() == 0
        with scope(fresh.organization_id):
            known = reads.state_of(reads.Kind.REFERENCES, fresh.company)
        assert (known.read_at, known.failed_at, known.lease_until) == (None, NOW, None)
        assert "token" in known.error
        # The login is paused now; nobody asks again before an hour is over.
        now.advance(minutes=59)
        assert tasks.refresh_due() == 0
        with scope(fresh.organization_id):
            assert reads.state_of(reads.Kind.REFERENCES, fresh.company).failed_at == NOW


def test_the_task_reads_old_lists_once_an_hour_and_never_for_the_bin(fresh, alegra):
    answer_everything(alegra)
    other = casting.make_integration(casting.make_organization(), state="archived")
    with clock.frozen(NOW) as now:
        assert tasks.refresh_due() == 1
        assert tasks.refresh_due() == 0
        now.advance(minutes=61)
        assert tasks.refresh_due() == 1
    with scope(other.organization_id):
        assert not ReferenceEntry.objects.exists()
