from datetime import UTC, datetime

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.connections import checklist
from integrations.connections.models import Credential, Integration
from integrations.connections.source_account import SourceAccount
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests import cast as casting
from tests.connections.alegra_answers import BASE, NIT, answer_everything, company

pytestmark = pytest.mark.django_db
TOKEN = "token-que-nadie-ve-4417"


@pytest.fixture
def owner(cast, login):
    return login(cast.owner)


def url(cast, name, *args):
    return reverse(name, args=[cast.organization.slug, *args])


def validate(client, cast, **changes):
    typed = {"name": "Tienda", "email": "ventas@ejemplo.test", "token": TOKEN, **changes}
    return client.post(url(cast, "integration_new"), {"action": "validate", **typed}, follow=True)


def the_integration(cast) -> Integration:
    with scope(cast.organization.pk):
        return Integration.objects.select_related("credential", "company", "source").get()


def test_from_typed_credentials_to_an_integration_without_showing_the_token(cast, owner, alegra):
    answer_everything(alegra)
    page = validate(owner, cast)
    text = page.content.decode()
    assert "Hogar Andino S.A.S." in text
    assert "Todo está en orden." in text
    assert TOKEN not in text
    assert TOKEN not in str(owner.session.items())
    page = owner.post(url(cast, "integration_new"), {"action": "continue"}, follow=True)
    integration = the_integration(cast)
    assert page.redirect_chain[-1][0] == url(cast, "integration_mastershop", integration.pk)
    assert integration.credential.token == TOKEN
    assert integration.company.nit == NIT
    assert f"/webhooks/mastershop/{integration.source.webhook_token}/" in page.content.decode()
    assert "Esperando el primer evento" in page.content.decode()
    assert TOKEN not in str(owner.session.items())


def test_what_was_typed_stays_when_one_leaves_and_comes_back_but_not_the_token(cast, owner, alegra):
    answer_everything(alegra)
    validate(owner, cast)
    text = owner.get(url(cast, "integration_new")).content.decode()
    assert 'value="ventas@ejemplo.test"' in text
    assert "Ya lo tenemos" in text
    assert TOKEN not in text


def test_old_findings_are_asked_for_again(cast, owner, alegra):
    answer_everything(alegra)
    with clock.frozen(datetime(2026, 11, 20, 15, 0, tzinfo=UTC)) as now:
        validate(owner, cast)
        now.advance(minutes=31)
        owner.post(url(cast, "integration_new"), {"action": "continue"})
    with scope(cast.organization.pk):
        assert not Integration.objects.exists()


def test_a_refused_token_says_what_to_do_and_cannot_be_continued(cast, owner, alegra):
    alegra.get(f"{BASE}/company", status=401, json={"message": "Unauthorized"})
    page = validate(owner, cast)
    assert "copia el token de nuevo" in page.content.decode()
    owner.post(url(cast, "integration_new"), {"action": "continue"})
    with scope(cast.organization.pk):
        assert not Integration.objects.exists()


def test_a_blocking_finding_offers_no_way_on(cast, owner, alegra):
    answer_everything(alegra, company=company(decimalPrecision="0"))
    text = validate(owner, cast).content.decode()
    assert "Ponle 2 decimales en Alegra, en Configuración › Empresa" in text
    assert "Continuar" not in text
    owner.post(url(cast, "integration_new"), {"action": "continue"})
    with scope(cast.organization.pk):
        assert not Integration.objects.exists()


def test_nobody_guesses_tokens_here(cast, owner, alegra):
    alegra.get(f"{BASE}/company", status=401, json={"message": "Unauthorized"})
    for _ in range(12):
        page = validate(owner, cast)
    assert "Espera un minuto" in page.content.decode()
    assert len(alegra.calls) <= 6


def test_a_missing_token_is_said_at_its_field(cast, owner, alegra):
    page = validate(owner, cast, token="")
    assert "Pega el token" in page.content.decode()
    assert not alegra.calls


def test_an_archive_of_the_company_is_offered_again(cast, owner, alegra):
    archived = casting.make_integration(
        cast.organization,
        company=casting.make_company(cast.organization, nit=NIT),
        state="archived",
        name="La de antes",
    )
    answer_everything(alegra)
    assert "Sí, reabrir «La de antes»" in validate(owner, cast).content.decode()
    owner.post(url(cast, "integration_new"), {"action": "continue"})
    assert the_integration(cast).state == "archived"
    owner.post(url(cast, "integration_new"), {"action": "continue", "reopen": archived.pk})
    assert the_integration(cast).state == "setup"


def test_the_key_is_checked_at_mastershop_before_it_is_kept(cast, owner, alegra):
    integration = casting.make_integration(cast.organization, state="setup")
    products = "https://prod.api.mastershop.com/api/products"
    where = url(cast, "integration_mastershop", integration.pk)
    alegra.get(products, status=403, json={})
    page = owner.post(where, {"key": "llave-mala-1234"})
    assert "no aceptó esta llave" in page.content.decode()
    assert "llave-mala" not in page.content.decode()
    assert not the_integration(cast).source.key
    alegra.replace("GET", products, status=200, json={"results": []})
    owner.post(where, {"key": "llave-buena-1234"})
    assert the_integration(cast).source.key == "llave-buena-1234"


def test_the_first_event_is_seen_without_reloading(cast, owner):
    integration = casting.make_integration(cast.organization)
    where = url(cast, "integration_first_event", integration.pk)
    assert "hx-trigger" in owner.get(where).content.decode()
    with scope(cast.organization.pk):
        SourceAccount.objects.update(last_event_at=clock.now())
    assert "hx-trigger" not in owner.get(where).content.decode()


# --- The list, the switch, the bin ---------------------------------------------------------


def test_the_list_takes_as_many_queries_for_fifty_as_for_ten(
    cast, owner, django_assert_max_num_queries
):
    for _ in range(12):
        casting.make_integration(cast.organization)
    where = url(cast, "integrations")
    owner.get(where)
    with django_assert_max_num_queries(13):
        text = owner.get(where).content.decode()
    assert text.count("Apagar") >= 12


def test_a_paused_login_is_shown_with_its_cure(cast, owner):
    integration = casting.make_integration(cast.organization)
    with scope(cast.organization.pk):
        Credential.objects.update(
            state="paused", paused_code="unauthorized", paused_since=clock.now()
        )
    text = owner.get(url(cast, "integrations")).content.decode()
    assert "Alegra ya no acepta el token." in text
    assert url(cast, "integration_credentials", integration.pk) in text


def test_switching_says_what_happens_and_refuses_with_the_reason(cast, owner, monkeypatch):
    monkeypatch.setattr(checklist, "_registered", {})
    integration = casting.make_integration(cast.organization, state="setup", activated_at=None)
    where = url(cast, "integration_switch", integration.pk)
    page = owner.post(where, {"to": "on"}, follow=True)
    assert "quedó encendida" in page.content.decode()
    page = owner.post(where, {"to": "off"}, follow=True)
    assert "quedó apagada" in page.content.decode()
    checklist.line(position=1)(lambda _: checklist.Line("fail", "Cuentas bancarias", blocks=True))
    page = owner.post(where, {"to": "on"}, follow=True)
    assert "no se encendió. Falta: Cuentas bancarias." in page.content.decode()
    with scope(cast.organization.pk):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"integration.switch_on", "integration.switch_off"} <= actions


def test_the_bin_asks_first(cast, owner):
    integration = casting.make_integration(cast.organization)
    where = url(cast, "integration_archive", integration.pk)
    assert "siguen en el historial" in owner.get(where).content.decode()
    assert the_integration(cast).is_on
    owner.post(where)
    assert the_integration(cast).state == "archived"
    assert owner.get(url(cast, "integration", integration.pk)).status_code == 404


# --- Credentials ---------------------------------------------------------------------------


def test_an_accountant_enters_a_new_token_and_sending_goes_on(cast, login, alegra):
    integration = casting.make_integration(
        cast.organization, company=casting.make_company(cast.organization, nit=NIT)
    )
    with scope(cast.organization.pk):
        Credential.objects.update(state="paused", paused_code="unauthorized")
    answer_everything(alegra)
    page = login(cast.accountant).post(
        url(cast, "integration_credentials", integration.pk),
        {"action": "token", "email": integration.credential.email, "token": TOKEN},
        follow=True,
    )
    assert "Los envíos siguen solos" in page.content.decode()
    credential = the_integration(cast).credential
    assert (credential.state, credential.token) == ("valid", TOKEN)


def test_a_token_of_another_company_is_named_and_refused(cast, owner, alegra):
    integration = casting.make_integration(cast.organization)
    answer_everything(alegra)
    page = owner.post(
        url(cast, "integration_credentials", integration.pk),
        {"action": "token", "email": "x@ejemplo.test", "token": TOKEN},
    )
    text = page.content.decode()
    assert "Ese token es de otra empresa" in text
    assert TOKEN not in text
    assert the_integration(cast).credential.token == "token-de-prueba"


def test_only_the_owner_touches_mastershops_side(cast, login):
    integration = casting.make_integration(cast.organization)
    where = url(cast, "integration_credentials", integration.pk)
    before = the_integration(cast)
    for role in ("accountant", "editor", "viewer"):
        client = login(cast.member(role))
        assert before.source.webhook_token not in client.get(where).content.decode()
        for action in ("rotate", "drop_secret", "drop_key", "reset_business", "mastershop"):
            assert client.post(where, {"action": action}).status_code == 403
    after = the_integration(cast)
    for name in ("webhook_token", "secret"):
        assert getattr(after.source, name) == getattr(before.source, name)


def test_no_secret_is_ever_shown_again(cast, owner):
    integration = casting.make_integration(
        cast.organization, key="llave-secreta-9999", key_last4="9999", secret="firma-secreta"
    )
    for name in (
        "integrations",
        "integration",
        "integration_credentials",
        "integration_mastershop",
    ):
        args = [] if name == "integrations" else [integration.pk]
        text = owner.get(url(cast, name, *args)).content.decode()
        for secret in ("llave-secreta", "firma-secreta", "token-de-prueba"):
            assert secret not in text


def test_a_new_signing_secret_leaves_the_old_one_a_day(cast, owner):
    integration = casting.make_integration(cast.organization, secret="secreto-viejo")
    where = url(cast, "integration_credentials", integration.pk)
    owner.post(where, {"action": "mastershop", "secret": "secreto-nuevo"})
    row = the_integration(cast)
    assert (row.source.secret, row.source.previous_secret) == ("secreto-nuevo", "secreto-viejo")
    hours = (row.source.previous_secret_until - clock.now()).total_seconds() / 3600
    assert 23.9 < hours <= 24
    owner.post(where, {"action": "drop_secret"})
    row = the_integration(cast)
    assert (row.source.secret, row.source.previous_secret) == ("", "")


def test_the_address_can_be_replaced_and_the_business_forgotten(cast, owner):
    integration = casting.make_integration(cast.organization)
    where = url(cast, "integration_credentials", integration.pk)
    owner.post(where, {"action": "rotate"})
    owner.post(where, {"action": "reset_business"})
    row = the_integration(cast)
    assert row.source.webhook_token_digest != integration.source.webhook_token_digest
    assert row.source.business_id is None


@pytest.mark.parametrize(
    "name",
    [
        "integration",
        "integration_mastershop",
        "integration_first_event",
        "integration_credentials",
        "integration_switch",
        "integration_archive",
    ],
)
def test_the_integration_of_another_comercio_does_not_exist(cast, owner, name):
    theirs = casting.make_integration(cast.other)
    for slug in (cast.organization.slug, cast.other.slug):
        where = reverse(name, args=[slug, theirs.pk])
        assert owner.post(where).status_code in (404, 405)
        assert owner.get(where).status_code in (404, 405)
    with scope(cast.other.pk):
        assert Integration.objects.get().is_on


def test_a_trial_gets_a_company_of_its_own(cast, owner, alegra, settings):
    settings.SIMULATED_ALEGRA_URL = "http://127.0.0.1:8001/api/v1"
    settings.SIMULATED_MASTERSHOP_URL = "http://127.0.0.1:8002/api"
    made = {
        "alegra_user": "contabilidad@empresa.example.com",
        "alegra_token": "t" * 20,
        "business_id": 70001,
        "mastershop_key": "ms-llave-de-prueba",
    }
    alegra.post("http://127.0.0.1:8001/_control/companies", status=201, json=made)
    webhook = alegra.post("http://127.0.0.1:8002/_control/companies", status=201, json={})
    answer_everything(alegra, base="http://127.0.0.1:8001/api/v1")
    page = validate(owner, cast, mode="trial", email="", token="")
    assert "Hogar Andino" in page.content.decode()
    owner.post(url(cast, "integration_new"), {"action": "continue"})
    row = the_integration(cast)
    assert (row.mode, row.credential.mode, row.source.business_id) == ("trial", "trial", "70001")
    assert row.source.key == "ms-llave-de-prueba"
    assert row.source.webhook_token in webhook.calls[0].request.body.decode()
    assert "Modo de prueba" in owner.get(url(cast, "integration", row.pk)).content.decode()


def test_without_stand_ins_nobody_can_choose_the_trial(cast, owner, alegra, settings):
    settings.SIMULATED_ALEGRA_URL = settings.SIMULATED_MASTERSHOP_URL = ""
    assert "Modo de prueba" not in owner.get(url(cast, "integration_new")).content.decode()
    page = validate(owner, cast, mode="trial", email="", token="")
    assert "Pega el token" in page.content.decode()
