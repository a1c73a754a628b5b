from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.notifications.models import MailLog, Recipient
from integrations.scoping.context import scope
from tests.cast import make_integration

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast):
    return make_integration(cast.organization)


@pytest.fixture
def url(cast, place):
    return reverse("notifications", args=[cast.organization.slug, place.pk])


def recipients(cast):
    with scope(cast.organization.pk):
        return {r.email: r.preferences.get("failures") for r in Recipient.objects.all()}


def actions(cast):
    with scope(cast.organization.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def field_of(client, url, email):
    form = client.get(url).context["choices_form"]
    return next(name for name, each in form.by_field.items() if each.email == email)


def test_the_page_shows_who_is_mailed_and_how(cast, login, url):
    page = login(cast.viewer).get(url).content.decode()
    for email in ("owner@example.com", "editor@example.com", "viewer@example.com"):
        assert email in page
    assert "Enviar correo de prueba" not in page
    assert "Enviar correo de prueba" in login(cast.editor).get(url).content.decode()


@pytest.mark.parametrize(
    ("who", "answer"), [("viewer", 403), ("accountant", 403), ("outsider", 404)]
)
@pytest.mark.parametrize("act", ["choices", "add", "remove", "test"])
def test_only_who_may_edit_changes_anything(cast, login, url, who, answer, act):
    data = {"act": act, "email": "x@example.com", "recipient": "1"}
    assert login(cast.member(who)).post(url, data).status_code == answer
    assert recipients(cast) == {}


def test_choices_are_kept_and_recorded(cast, login, url):
    client = login(cast.editor)
    form = client.get(url).context["choices_form"]
    data = {name: each.failures.value for name, each in form.by_field.items()}
    data[field_of(client, url, "accountant@example.com")] = "digest"
    assert client.post(url, {"act": "choices", **data}).status_code == 302
    assert recipients(cast) == {"accountant@example.com": "digest"}
    assert actions(cast) == ["recipient.change"]
    # Saved again without a change nothing is written.
    client.post(url, {"act": "choices", **data})
    assert actions(cast) == ["recipient.change"]


def test_a_choice_that_does_not_exist_is_refused_with_a_sentence(cast, login, url):
    client = login(cast.editor)
    name = field_of(client, url, "owner@example.com")
    answer = client.post(url, {"act": "choices", name: "siempre"})
    assert answer.status_code == 200
    assert "Elige una de las tres opciones." in answer.content.decode()
    assert recipients(cast) == {}


def test_an_extra_address_is_added_once_and_removed(cast, login, url):
    client = login(cast.editor)
    client.post(url, {"act": "add", "email": "Conta@Example.com"})
    assert recipients(cast) == {"conta@example.com": "at_once"}
    again = client.post(url, {"act": "add", "email": "conta@example.com"}).content.decode()
    assert "Ese correo ya está en la lista." in again
    with scope(cast.organization.pk):
        pk = Recipient.objects.get().pk
    client.post(url, {"act": "remove", "recipient": str(pk)})
    assert recipients(cast) == {}
    assert actions(cast) == ["recipient.add", "recipient.remove"]


@pytest.mark.parametrize("email", ["", "nada", "a@b", "x@example.com\r\nBcc: y@example.com"])
def test_what_is_no_address_is_not_added(cast, login, url, email):
    answer = login(cast.owner).post(url, {"act": "add", "email": email})
    assert answer.status_code == 200
    assert recipients(cast) == {}


def test_there_is_a_limit_to_extra_addresses(cast, login, url):
    client = login(cast.owner)
    for number in range(12):
        client.post(url, {"act": "add", "email": f"c{number}@example.com"})
    assert len(recipients(cast)) == 10


def test_another_organization_s_recipient_cannot_be_removed(cast, login, url):
    with scope(cast.other.pk):
        theirs = Recipient.objects.create(email="suyo@example.com")
    answer = login(cast.owner).post(url, {"act": "remove", "recipient": str(theirs.pk)})
    assert answer.status_code == 404
    with scope(cast.other.pk):
        assert Recipient.objects.count() == 1


@pytest.mark.parametrize("number", ["", "abc", "9" * 40, "-1", "²"])
def test_a_number_that_is_none_is_not_found(cast, login, url, number):
    data = {"act": "remove", "recipient": number}
    assert login(cast.owner).post(url, data).status_code == 404


def test_another_organization_s_integration_is_not_found(cast, login):
    theirs = make_integration(cast.other)
    url = reverse("notifications", args=[cast.organization.slug, theirs.pk])
    assert login(cast.owner).get(url).status_code == 404


def test_the_test_mail_goes_to_who_is_mailed_and_not_twice_a_minute(cast, login, url):
    client = login(cast.editor)
    client.post(url, {"act": "test"})
    client.post(url, {"act": "test"})
    with scope(cast.organization.pk):
        rows = list(MailLog.objects.all())
    assert sorted(row.email for row in rows) == [
        "accountant@example.com",
        "editor@example.com",
        "owner@example.com",
    ]
    assert rows[0].subject == "Correo de prueba de Hogar Andino"
    assert "Diana Ospina" in rows[0].text
    assert actions(cast) == ["recipient.test"]


def test_the_page_asks_the_database_the_same_for_few_and_many(
    cast, login, url, django_assert_max_num_queries
):
    client = login(cast.owner)
    with scope(cast.organization.pk):
        for number in range(10):
            Recipient.objects.create(email=f"c{number}@example.com")
    with django_assert_max_num_queries(11):
        client.get(url)
