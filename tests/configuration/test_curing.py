import pytest

from integrations.configuration import curing
from integrations.configuration.models import BankEquivalence
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests import cast as casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    organization = casting.make_organization()
    made = casting.make_integration(organization, settings={"cod_account": "wallet"})
    with scope(organization.pk):
        yield made


@pytest.fixture
def released(monkeypatch):
    found = []

    def note(code, subject, *, integration, by=""):
        found.append((code, subject))
        return 1

    monkeypatch.setattr(curing, "release", note)
    return found


def open_cause(integration, code, subject=""):
    now = clock.now()
    Cause.objects.create(
        integration=integration,
        code=code,
        subject_key=subject,
        label=code,
        first_at=now,
        last_at=now,
    )


def cure(integration, **changes) -> int:
    settings = integration.document_settings
    for name, value in changes.items():
        setattr(settings, name, value)
    return curing.release_cured(integration, settings, by="Diana")


def test_exactly_the_methods_that_have_an_account_now_are_freed(integration, released):
    open_cause(integration, "account_missing", "addi")
    open_cause(integration, "account_missing", "wompi")
    BankEquivalence.objects.create(
        integration=integration, method="addi", family="prepaid", account="1"
    )
    assert cure(integration) == 1
    assert released == [("account_missing", "addi")]


def test_without_payments_no_account_is_missing(integration, released):
    open_cause(integration, "account_missing", "wompi")
    assert cure(integration, register_payment="never") == 1


@pytest.mark.parametrize(
    ("code", "still", "cured"),
    [
        ("cod_disabled", {"cod_enabled": False}, {"cod_enabled": True}),
        ("gift_line", {"gift_lines": ""}, {"gift_lines": "spread"}),
        ("settings_missing", {"saved_at": None}, {"saved_at": casting.LONG_AGO}),
        (
            "charges_disabled",
            {"charges_enabled": True, "charges_item": ""},
            {"charges_enabled": True, "charges_item": "9"},
        ),
    ],
)
def test_a_question_is_settled_by_its_answer_only(integration, released, code, still, cured):
    open_cause(integration, code)
    assert cure(integration, **still) == 0
    assert cure(integration, **cured) == 1
    assert released == [(code, "")]


def test_a_gift_of_another_rate_is_settled_by_not_sharing_value(integration, released):
    open_cause(integration, "gift_rate")
    assert cure(integration, gift_lines="spread") == 0
    assert cure(integration, gift_lines="zero") == 1


@pytest.mark.parametrize(
    ("reads", "includes"), [("excluded", False), ("included", True)], ids=["without", "with"]
)
def test_how_prices_come_is_settled_by_the_setting_or_by_saying_so(
    integration, released, reads, includes
):
    open_cause(integration, "prices_tax", reads)
    assert cure(integration, prices_include_tax=not includes) == 0
    assert cure(integration, prices_include_tax=includes) == 1
    assert cure(integration, prices_include_tax=not includes, prices_told=True) == 1


def test_another_product_for_charges_or_none_frees_what_waited_for_the_old_one(
    integration, released
):
    open_cause(integration, "charges_item_unusable", "55")
    assert cure(integration, charges_enabled=True, charges_item="55") == 0
    assert cure(integration, charges_enabled=True, charges_item="56") == 1
    assert cure(integration, charges_enabled=False, charges_item="55") == 1


def test_a_vanished_seller_is_cured_by_choosing_another_or_none(integration, released):
    open_cause(integration, "reference_missing", "seller:3")
    assert cure(integration, seller="3") == 0
    assert cure(integration, seller="") == 1


def test_a_vanished_bodega_is_not_settled_here(integration, released):
    open_cause(integration, "reference_missing", "warehouse:1")
    assert cure(integration) == 0


def test_what_comes_back_in_alegra_frees_its_orders(integration, released):
    curing.release_returned(integration.company, [("warehouse", "1")])
    assert released == [("reference_missing", "warehouse:1")]
