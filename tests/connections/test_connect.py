from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from integrations.audit.models import AuditEntry
from integrations.connections import business, checklist, connect, guards, pauses
from integrations.connections.models import BusinessDigest, Credential, Integration
from integrations.connections.source_account import SourceAccount
from integrations.connections.validation import Finding, Probe
from integrations.scoping.context import scope
from tests import cast as casting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def found(nit="901482337", mode="real", **changes) -> Probe:
    return Probe(
        **{
            "mode": mode,
            "at": NOW.isoformat(),
            "name": "Hogar Andino S.A.S.",
            "nit": nit,
            **changes,
        }
    )


@pytest.fixture
def organization():
    made = casting.make_organization()
    with scope(made.pk):
        yield made


@pytest.fixture
def no_lines(monkeypatch):
    monkeypatch.setattr(checklist, "_registered", {})


def create(**changes) -> Integration:
    given = {
        "name": "Tienda",
        "email": "ventas@ejemplo.test",
        "token": "token-largo-1234",
        "probe": found(),
        "now": NOW,
    }
    return connect.create_integration(**{**given, **changes})


def test_a_new_integration_is_in_set_up_with_a_secret_address(organization):
    first, second = create(), create(email="otra@ejemplo.test")
    assert first.state == Integration.State.SETUP
    assert first.company_id == second.company_id
    assert first.credential_id != second.credential_id
    assert len(first.source.webhook_token) >= 43
    assert first.source.webhook_token_digest == connect.token_digest(first.source.webhook_token)
    assert first.source.webhook_token not in first.source.webhook_token_digest
    assert first.source_key != second.source_key
    assert first.credential.token_last4 == "1234"
    assert AuditEntry.objects.filter(action="integration.create").count() == 2
    assert "token-largo" not in str(list(AuditEntry.objects.values("before", "after")))


def test_two_integrations_of_one_login_share_the_credential(organization):
    assert create().credential_id == create().credential_id
    assert Credential.objects.count() == 1


def test_credentials_that_block_make_nothing(organization):
    with pytest.raises(ValueError, match="found good"):
        create(probe=found(findings=(Finding("fail", "Decimales", ""),)))


def test_trial_and_real_books_never_mix(organization):
    create()
    with pytest.raises(connect.OtherMode):
        create(probe=found(mode="trial"), email="prueba@ejemplo.test")


def test_switching_on_is_refused_while_a_line_is_red(organization, no_lines):
    integration = create()
    lines = {"state": checklist.Line("fail", "Acciones", blocks=True)}
    checklist.line(position=1)(lambda _: lines["state"])
    with pytest.raises(connect.NotReady) as refusal:
        connect.switch_on(integration, now=NOW)
    assert [line.title for line in refusal.value.lines] == ["Acciones"]
    integration.refresh_from_db()
    assert integration.state == Integration.State.SETUP
    lines["state"] = checklist.Line("ask", "Acciones")
    connect.switch_on(integration, now=NOW)
    integration.refresh_from_db()
    assert integration.is_on


def test_the_first_on_starts_now_and_on_after_off_asks_for_what_came_between(
    organization, no_lines
):
    integration = create()
    connect.switch_on(integration, now=NOW)
    assert integration.process_from == integration.automatic_from == NOW
    connect.switch_off(integration)
    later = NOW + timedelta(days=3)
    connect.switch_on(integration, now=later)
    integration.refresh_from_db()
    assert (integration.process_from, integration.activated_at) == (NOW, NOW)
    assert integration.automatic_from == later


def test_a_start_chosen_before_the_first_on_stays(organization, no_lines):
    integration = create()
    earlier = NOW - timedelta(days=10)
    connect.move_process_from(integration, to=earlier)
    connect.switch_on(integration, now=NOW)
    assert integration.process_from == earlier
    assert integration.automatic_from == NOW


@pytest.mark.parametrize(
    ("automatic", "to", "expected"),
    [
        (None, -10, 0),  # back: nothing before the old start goes by itself
        (5, -10, 5),  # … nor before what already needed a yes
        (-5, -10, 0),
        (5, 10, 5),  # forward changes nothing
    ],
)
def test_moving_the_start_back_never_makes_a_backlog_leave_by_itself(automatic, to, expected):
    def day(number):
        return NOW + timedelta(days=number)

    integration = Integration(
        process_from=NOW, automatic_from=None if automatic is None else day(automatic)
    )
    connect.move_process_from(integration, to=day(to))
    assert integration.process_from == day(to)
    assert integration.automatic_from == day(expected)


def test_the_bin_archives_unless_a_room_objects(organization, monkeypatch):
    integration = casting.make_integration(organization)
    objections = ["Hay un documento sin confirmar."]
    monkeypatch.setattr(
        guards, "before_archiving", [lambda _: objections[0] if objections else None]
    )
    with pytest.raises(connect.MustStay) as refusal:
        connect.archive(integration, now=NOW)
    assert refusal.value.sentences == objections
    integration.refresh_from_db()
    assert integration.is_on
    objections.clear()
    connect.archive(integration, now=NOW)
    integration.refresh_from_db()
    assert integration.state == Integration.State.ARCHIVED


# --- The business --------------------------------------------------------------------------


def accounts_follow_their_integrations() -> bool:
    """An account is in use exactly while its integration is not in the bin."""
    rows = Integration.objects.select_related("source")
    return all(row.source.in_use == (row.state != Integration.State.ARCHIVED) for row in rows)


def test_the_business_is_learned_once_and_counted_by_its_digest(organization):
    integration = create()
    assert business.learn_business(integration, "48213", now=NOW) is integration
    assert business.learn_business(integration, "48213", now=NOW) is integration
    digest = BusinessDigest.objects.get()
    assert digest.integration_id == integration.pk
    assert "48213" not in digest.digest
    with pytest.raises(ValueError, match="another business"):
        business.learn_business(integration, "99", now=NOW)


def test_a_business_is_active_once_in_a_comercio(organization):
    first, second = create(), create()
    business.learn_business(first, "48213", now=NOW)
    with pytest.raises(business.BusinessTaken) as taken:
        business.learn_business(second, "48213", now=NOW)
    assert taken.value.other.pk == first.pk


def test_the_database_itself_lets_a_business_be_in_use_once_in_a_comercio(organization):
    first, second = create(), create()
    business.learn_business(first, "48213", now=NOW)
    rows = SourceAccount.objects.filter(pk=second.source_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(business_id="48213")
    connect.archive(first, now=NOW)
    assert rows.update(business_id="48213") == 1
    # … nor does the bin give it back meanwhile.
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceAccount.objects.filter(pk=first.source_id).update(in_use=True)


def test_two_comercios_may_have_one_business_and_only_staff_could_tell(organization):
    business.learn_business(create(), "48213", now=NOW)
    other = casting.make_organization()
    with scope(other.pk):
        business.learn_business(create(), "48213", now=NOW)
    digests = BusinessDigest.objects.values_list("digest", flat=True)
    assert len(digests) == 2
    assert len(set(digests)) == 1


def test_the_owner_may_reset_the_business(organization):
    integration = create()
    business.learn_business(integration, "48213", now=NOW)
    business.reset_business(integration)
    assert BusinessDigest.objects.count() == 0
    business.learn_business(integration, "50001", now=NOW)
    integration.refresh_from_db()
    assert integration.source.business_id == "50001"


def test_an_archive_is_opened_again_with_new_credentials_and_knows_its_orders(organization):
    old = create()
    business.learn_business(old, "48213", now=NOW)
    key, address = old.source_key, old.source.webhook_token_digest
    connect.archive(old, now=NOW)
    assert accounts_follow_their_integrations()
    assert [row.pk for row in connect.archived_of("901482337")] == [old.pk]
    again = create(reopen=old, name="Tienda otra vez")
    assert (again.pk, again.source_key) == (old.pk, key)
    assert again.state == Integration.State.SETUP
    assert again.source.webhook_token_digest != address
    assert again.source_id == old.source_id
    assert BusinessDigest.objects.filter(integration=again).exists()
    assert accounts_follow_their_integrations()


def test_an_archive_does_not_wake_while_its_business_is_active_elsewhere(organization):
    old = create()
    business.learn_business(old, "48213", now=NOW)
    connect.archive(old, now=NOW)
    # Another company, so the archive is not this business's own.
    active = create(probe=found(nit="900111222"), email="b@ejemplo.test")
    business.learn_business(active, "48213", now=NOW)
    with pytest.raises(business.BusinessTaken):
        create(reopen=old)
    old.refresh_from_db()
    assert old.state == Integration.State.ARCHIVED
    assert accounts_follow_their_integrations()


def test_the_first_event_of_a_known_business_wakes_the_archive_in_the_new_rows_place(organization):
    old = create()
    business.learn_business(old, "48213", now=NOW)
    connect.archive(old, now=NOW)
    new = create(name="Nueva")
    address = new.source.webhook_token_digest
    awake = business.learn_business(new, "48213", now=NOW)
    assert awake.pk == old.pk
    awake.refresh_from_db()
    assert awake.source.webhook_token_digest == address
    assert awake.state == Integration.State.SETUP
    assert awake.automatic_from == NOW
    assert Integration.objects.get(pk=new.pk).state == Integration.State.ARCHIVED
    assert awake.source_id == old.source_id
    assert awake.source.business_id == "48213"
    assert accounts_follow_their_integrations()


# --- Pauses --------------------------------------------------------------------------------


def test_a_credential_is_paused_once_and_remembers_the_first_cause(organization):
    credential = casting.make_credential(organization)
    assert pauses.pause_credential(credential, code="unauthorized", now=NOW)
    later = NOW + timedelta(minutes=5)
    assert not pauses.pause_credential(credential, code="plan", now=later)
    credential.refresh_from_db()
    assert (credential.paused_code, credential.paused_since) == ("unauthorized", NOW)
    assert AuditEntry.objects.filter(action="credential.pause").count() == 1


def test_the_right_token_resumes_and_waiting_work_is_told(organization, monkeypatch):
    credential = casting.make_credential(organization)
    pauses.pause_credential(credential, code="unauthorized", now=NOW)
    told = []
    monkeypatch.setattr(guards, "login_changed", [told.append])
    pauses.resume_credential(
        credential,
        email=credential.email,
        token="otro-token-9876",
        probe=found(nit=credential.company.nit),
        now=NOW,
    )
    credential.refresh_from_db()
    assert credential.state == Credential.State.VALID
    assert (credential.token, credential.token_last4) == ("otro-token-9876", "9876")
    assert [each.pk for each in told] == [credential.pk]


def test_a_token_of_another_company_is_refused(organization):
    credential = casting.make_credential(organization)
    with pytest.raises(pauses.OtherCompany):
        pauses.resume_credential(
            credential, email="x@ejemplo.test", token="t", probe=found(nit="1"), now=NOW
        )
    credential.refresh_from_db()
    assert credential.token == "token-de-prueba"


def test_a_login_that_the_company_has_already_takes_over_its_integrations(organization):
    company = casting.make_company(organization)
    first = casting.make_credential(organization, company, email="a@ejemplo.test")
    second = casting.make_credential(organization, company, email="b@ejemplo.test")
    integration = casting.make_integration(organization, credential=first)
    kept = pauses.resume_credential(
        first, email="b@ejemplo.test", token="nuevo", probe=found(nit=company.nit), now=NOW
    )
    integration.refresh_from_db()
    assert kept.pk == integration.credential_id == second.pk


def test_precision_under_two_holds_the_integrations_until_it_is_two_again(organization):
    integration = casting.make_integration(organization)
    company = integration.company
    company.precision = 0
    pauses.follow_precision(company)
    integration.refresh_from_db()
    assert integration.paused_reason == Integration.Pause.PRECISION
    company.precision = 2
    pauses.follow_precision(company)
    integration.refresh_from_db()
    assert integration.paused_reason == ""


def test_a_pause_by_staff_survives_what_the_precision_does(organization):
    integration = casting.make_integration(organization, paused_reason="staff")
    for precision in (0, 2):
        integration.company.precision = precision
        pauses.follow_precision(integration.company)
    integration.refresh_from_db()
    assert integration.paused_reason == "staff"
