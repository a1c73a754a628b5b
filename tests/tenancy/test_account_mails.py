import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from integrations.tenancy.models import User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(r"\b(you|your|email|hello|password|thank)\b", re.IGNORECASE)


def _sign_up(email: str):
    return Client().post(
        "/cuenta/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    )


def _link(message) -> str:
    return re.search(r"http\S+", message.body)[0]


def test_a_new_person_confirms_the_address_and_comes_in():
    page = _sign_up("nueva@example.com")
    assert page.url == "/cuenta/confirm-email/"
    client = Client()
    refused = client.post("/cuenta/login/", {"login": "nueva@example.com", "password": PASSWORD})
    assert refused.url == "/cuenta/confirm-email/"
    link = _link(mail.outbox[0])
    assert link.startswith(settings.BASE_URL)
    path = link.removeprefix(settings.BASE_URL)
    assert "¿Es tuyo el correo" in client.get(path).content.decode()
    client.post(path)
    entered = client.post("/cuenta/login/", {"login": "nueva@example.com", "password": PASSWORD})
    assert entered.url == "/comercios/"


def test_signing_up_with_a_known_address_looks_the_same_and_tells_only_its_owner(cast):
    known, unknown = _sign_up(cast.owner.email), _sign_up("nadie@example.com")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert User.objects.filter(email=cast.owner.email).count() == 1
    assert [message.subject for message in mail.outbox] == [
        "Puente · Ya tienes una cuenta",
        "Puente · Confirma tu correo",
    ]


def test_a_forgotten_password_is_reset_through_our_own_address_whatever_the_host(cast):
    Client().post(
        "/cuenta/password/reset/", {"email": cast.owner.email}, headers={"host": "127.0.0.1"}
    )
    link = _link(mail.outbox[0])
    assert link.startswith(settings.BASE_URL)
    client = Client()
    page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    assert "Nueva contraseña" in page.content.decode()
    new = "otra-clave-bien-larga"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    entered = Client().post("/cuenta/login/", {"login": cast.owner.email, "password": new})
    assert entered.url == "/comercios/"


def test_an_unknown_address_is_not_written_to():
    page = Client().post("/cuenta/password/reset/", {"email": "nadie@example.com"}, follow=True)
    assert "Si ese correo tiene una cuenta" in page.content.decode()
    assert mail.outbox == []


def test_mails_are_spanish_in_text_and_html(cast):
    _sign_up("nueva@example.com")
    _sign_up(cast.owner.email)
    Client().post("/cuenta/password/reset/", {"email": cast.owner.email})
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        html = message.alternatives[0].content
        for text in (message.subject, re.sub(r"\S+@\S+|http\S+", "", message.body)):
            assert not ENGLISH.search(text), text
        assert _link(message) in html.replace("&amp;", "&")
        assert "<script" not in html


def test_many_wrong_passwords_close_the_door_for_a_while(cast):
    for _ in range(8):
        Client().post("/cuenta/login/", {"login": cast.owner.email, "password": "equivocada"})
    page = Client().post("/cuenta/login/", {"login": cast.owner.email, "password": PASSWORD})
    assert page.status_code != 302
