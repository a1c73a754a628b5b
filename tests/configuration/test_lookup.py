import pytest

from integrations.configuration.lookup import account_for, settings_of
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.scoping.context import scope
from tests import cast as casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    organization = casting.make_organization()
    made = casting.make_integration(organization, settings={"cod_account": "wallet"})
    with scope(organization.pk):
        yield made


def rows(integration, **accounts):
    for method, account in accounts.items():
        method = {"rest": "*", "pago_anticipado": "pago anticipado"}.get(method, method)
        family = "cod" if method == "cod" else "prepaid"
        BankEquivalence.objects.create(
            integration=integration, method=method, family=family, account=account
        )


@pytest.mark.parametrize(
    ("method", "family", "expected"),
    [
        ("addi", "prepaid", "addi-account"),
        ("  ADDI ", "prepaid", "addi-account"),
        ("bank", "prepaid", "family"),  # its family's row
        ("wompi", "prepaid", "family"),
        ("cod", "cod", "wallet"),
        ("Contra entrega", "cod", "wallet"),
    ],
)
def test_the_method_then_its_family_then_the_default(integration, method, family, expected):
    rows(integration, addi="addi-account", pago_anticipado="family", rest="rest")
    found = account_for(integration, integration.document_settings, method, family)
    assert found.account == expected


def test_without_a_row_of_the_family_all_others_take_it(integration):
    rows(integration, addi="addi-account", rest="rest")
    settings = integration.document_settings
    assert account_for(integration, settings, "wompi", "prepaid").account == "rest"
    assert account_for(integration, settings, "", "prepaid").account == "rest"


def test_all_others_is_never_for_contraentrega(integration):
    rows(integration, rest="rest")
    settings = integration.document_settings
    settings.cod_account = ""
    assert account_for(integration, settings, "cod", "cod") is None
    settings.cod_account, settings.cod_enabled = "wallet", False
    assert account_for(integration, settings, "cod", "cod") is None


def test_a_row_for_cod_itself_wins_over_the_default(integration):
    rows(integration, cod="own")
    assert account_for(integration, integration.document_settings, "COD", "cod").account == "own"


def test_an_empty_row_does_not_hide_the_next(integration):
    rows(integration, addi="", rest="rest")
    found = account_for(integration, integration.document_settings, "addi", "prepaid")
    assert found.account == "rest"


def test_only_contraentrega_is_cash(integration):
    rows(integration, rest="rest")
    settings = integration.document_settings
    assert account_for(integration, settings, "wompi", "prepaid").means == "CREDIT_TRANSFER"
    assert account_for(integration, settings, "cod", "cod").means == "CASH"


def test_reading_settings_writes_none(integration):
    DocumentSettings.objects.all().delete()
    found = settings_of(type(integration).objects.get(pk=integration.pk))
    assert found.saved_at is None
    assert not DocumentSettings.objects.exists()
