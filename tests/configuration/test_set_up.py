"""Two questions block switching on; whoever is On already is asked and never stopped."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration import set_up
from integrations.configuration.questions import VAT_STANDING, WHO_SELLS
from integrations.connections import checklist
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.context import scope
from tests import cast as casting
from tests.configuration.lists import FILLED

pytestmark = pytest.mark.django_db
OURS = ("configuration.checklist.seller", "configuration.checklist.vat_standing")


@pytest.fixture(autouse=True)
def only_these_lines(monkeypatch):
    lines = {name: line for name, line in checklist._registered.items() if name.endswith(OURS)}
    assert len(lines) == 2
    monkeypatch.setattr(checklist, "_registered", lines)


@pytest.fixture
def new(cast):
    return casting.make_integration(
        cast.organization, state="setup", activated_at=None, who_sells="", vat_standing=""
    )


@pytest.fixture
def running(cast):
    """On since before the questions were asked."""
    return casting.make_integration(cast.organization, who_sells="", vat_standing="")


@pytest.fixture
def owner(cast, login):
    return login(cast.owner)


def tells(integration, regime: str) -> None:
    """Alegra says this of the company by now."""
    with scope(integration.organization_id):
        AlegraCompany.objects.filter(pk=integration.company_id).update(regime=regime)


def now_is(integration) -> Integration:
    with scope(integration.organization_id):
        return Integration.objects.select_related("company", "organization").get(pk=integration.pk)


def field(integration, code: str) -> str:
    return set_up.asked(now_is(integration), code).name


def page(client, where: str, integration=None) -> str:
    args = [integration.organization.slug, *([integration.pk] if where != "attention" else [])]
    return client.get(reverse(where, args=args)).content.decode()


def chosen(text: str, name: str) -> list[str]:
    """The values of a field that the page shows as chosen."""
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert inputs
    return [re.search(r'value="([^"]*)"', each).group(1) for each in inputs if " checked" in each]


def switch_on(client, integration, **answers: str) -> str:
    where = reverse("integration_switch", args=[integration.organization.slug, integration.pk])
    return client.post(where, {"to": "on", **answers}, follow=True).content.decode()


def test_it_is_not_switched_on_before_both_are_answered(cast, owner, new):
    text = switch_on(owner, new)
    assert not now_is(new).is_on
    settings = reverse("settings", args=[cast.organization.slug, new.pk])
    alert = text[text.index("no se encendió. Falta:") :]
    for code, asked in ((WHO_SELLS, "¿Quién le vende"), (VAT_STANDING, "¿La empresa es")):
        address = f"{settings}#q-{field(new, code)}"
        assert re.search(rf'<a href="{re.escape(address)}">{re.escape(asked)}', alert)
        assert f'id="q-{field(new, code)}"' in page(owner, "settings", new)


def test_what_was_answered_with_the_switch_is_kept_and_only_the_rest_is_asked(owner, new):
    text = switch_on(owner, new, **{field(new, WHO_SELLS): "other"})
    alert = text[text.index("no se encendió. Falta:") :].partition("</p>")[0]
    assert "¿Quién le vende" not in alert
    assert "¿La empresa es responsable" in alert
    assert now_is(new).who_sells == "other"
    switch_on(owner, new, **{field(new, VAT_STANDING): "not_responsible"})
    assert now_is(new).is_on


@pytest.mark.parametrize("value", ["", "nadie", "true"])
def test_what_is_not_offered_is_no_answer(owner, new, value):
    names = {field(new, WHO_SELLS): value, field(new, VAT_STANDING): value}
    switch_on(owner, new, **names)
    row = now_is(new)
    assert (row.is_on, row.who_sells, row.vat_standing) == (False, "", "")


@pytest.mark.parametrize(
    ("regime", "shown"),
    [
        ("COMMON_REGIME", ["responsible"]),
        ("INC_IVA_RESPONSIBLE", ["responsible"]),
        ("SIMPLIFIED_REGIME", ["not_responsible"]),
        ("SPECIAL_REGIME", []),
        ("NATIONAL_CONSUMPTION_TAX", []),
        ("", []),
    ],
)
def test_what_alegra_says_is_chosen_beforehand_and_waits_for_a_person(owner, new, regime, shown):
    tells(new, regime)
    for where in ("integration", "settings"):
        assert chosen(page(owner, where, new), field(new, VAT_STANDING)) == shown
    switch_on(owner, new, **{field(new, WHO_SELLS): "me"})
    assert (now_is(new).vat_standing, now_is(new).is_on) == ("", False)


def test_both_are_answered_in_the_settings_and_shown_with_who_confirmed_them(cast, owner, new):
    names = field(new, WHO_SELLS), field(new, VAT_STANDING)
    where = reverse("settings", args=[cast.organization.slug, new.pk])
    filled = FILLED | {"register_payment": "never"}
    owner.post(where, {**filled, names[0]: "me", names[1]: "responsible"})
    row = now_is(new)
    assert (row.who_sells, row.vat_standing) == ("me", "responsible")
    text = page(owner, "settings", new)
    assert chosen(text, names[0]) == ["me"]
    assert text.count(f"Lo respondió {cast.owner}") == 2
    owner.post(where, {**filled, names[0]: "other"})
    assert now_is(new).who_sells == "other"
    with scope(cast.organization.pk):
        entries = AuditEntry.objects.filter(action="question.answer").order_by("pk")
        told = [(each.actor_id, each.after["question"], each.after["value"]) for each in entries]
    assert told == [
        (cast.owner.pk, WHO_SELLS, "me"),
        (cast.owner.pk, VAT_STANDING, "responsible"),
        (cast.owner.pk, WHO_SELLS, "other"),
    ]


def test_a_form_that_is_refused_keeps_what_was_chosen(cast, owner, new):
    name = field(new, WHO_SELLS)
    where = reverse("settings", args=[cast.organization.slug, new.pk])
    text = owner.post(where, {**FILLED, "unidentified_number": "x", name: "other"}).content.decode()
    assert "Lo que escribiste sigue aquí" in text
    assert chosen(text, name) == ["other"]
    assert now_is(new).who_sells == ""


def test_whoever_is_on_is_asked_beside_and_not_stopped(cast, owner, running):
    tells(running, "COMMON_REGIME")
    text = page(owner, "attention", running)
    assert "Tus integraciones tienen algo por responder o corregir" in text
    assert "No detiene nada." in text
    assert chosen(text, field(running, VAT_STANDING)) == ["responsible"]
    assert chosen(text, field(running, WHO_SELLS)) == []
    where = reverse("set_up_answer", args=[cast.organization.slug, running.pk])
    for code, value in ((WHO_SELLS, "me"), (VAT_STANDING, "responsible")):
        posted = {"desde": "atender", field(running, code): value}
        text = owner.post(where, posted, follow=True).content.decode()
    assert "Nada por atender" in text
    row = now_is(running)
    assert (row.is_on, row.who_sells, row.vat_standing) == (True, "me", "responsible")


def test_one_that_is_not_on_is_not_asked_about_in_por_atender(owner, new):
    assert "Nada por atender" in page(owner, "attention", new)


def test_another_standing_in_alegra_is_asked_about_again(cast, owner, running):
    tells(running, "COMMON_REGIME")
    where = reverse("set_up_answer", args=[cast.organization.slug, running.pk])
    answers = {field(running, WHO_SELLS): "me", field(running, VAT_STANDING): "responsible"}
    owner.post(where, answers)
    tells(running, "SIMPLIFIED_REGIME")
    text = page(owner, "attention", running)
    assert "ahora Alegra dice «No responsable de IVA»" in text
    assert chosen(text, field(running, VAT_STANDING)) == []
    assert now_is(running).is_on
    # The person knows better: it is not asked about the same thing once more …
    owner.post(where, {field(running, VAT_STANDING): "responsible"})
    assert "Nada por atender" in page(owner, "attention", running)
    # … and the set-up list says that both do not agree.
    with scope(cast.organization.pk):
        line = checklist.checklist_of(now_is(running)).lines[1]
    assert (line.tone, line.blocks) == ("ask", False)
    assert "Alegra dice «No responsable de IVA»" in line.text


def test_what_alegra_does_not_say_any_more_changes_no_answer(owner, running):
    tells(running, "COMMON_REGIME")
    switched = {field(running, WHO_SELLS): "me", field(running, VAT_STANDING): "responsible"}
    where = reverse("set_up_answer", args=[running.organization.slug, running.pk])
    owner.post(where, switched)
    tells(running, "SPECIAL_REGIME")
    assert "Nada por atender" in page(owner, "attention", running)


def test_a_page_answers_only_what_it_has_shown(owner, new):
    tells(new, "COMMON_REGIME")
    old = field(new, VAT_STANDING)
    tells(new, "SIMPLIFIED_REGIME")
    switch_on(owner, new, **{field(new, WHO_SELLS): "me", old: "responsible"})
    assert now_is(new).vat_standing == ""


@pytest.mark.parametrize("who", ["viewer", "accountant"])
def test_who_may_only_look_sees_the_questions_and_answers_none(cast, login, running, who):
    client = login(cast.member(who))
    assert "¿Quién le vende" in page(client, "attention", running)
    where = reverse("set_up_answer", args=[cast.organization.slug, running.pk])
    assert client.post(where, {field(running, WHO_SELLS): "me"}).status_code == 403
    assert login(cast.outsider).post(where).status_code == 404


def test_staff_see_both_answers(cast, login, running):
    with scope(cast.organization.pk):
        Integration.objects.filter(pk=running.pk).update(who_sells="other")
    client = login(cast.staff)
    text = client.get(reverse("admin:integrations_integration_changelist")).content.decode()
    assert "Otro vende mi mercancía" in text
