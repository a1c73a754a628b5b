import re

import pytest
from django.test import Client

from integrations.audit.models import AuditEntry
from integrations.scoping.context import scope, unscoped
from integrations.tenancy.models import Membership, Organization
from tests.cast import PASSWORD, join, make_organization, make_user

pytestmark = pytest.mark.django_db

FORBIDDEN = re.compile(r"\sstyle=|\son\w+=|hx-on|<script>|<style", re.IGNORECASE)


@pytest.mark.parametrize(
    "path",
    ["/cuenta/login/", "/cuenta/signup/", "/cuenta/password/reset/", "/cuenta/confirm-email/"],
)
def test_entrance_pages_are_spanish_and_hold_nothing_a_strict_policy_forbids(path):
    page = Client().get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert not FORBIDDEN.search(text)
    assert 'lang="es-CO"' in text
    assert "Sign" not in text
    assert "Password" not in text
    assert "placeholder" not in text
    assert not re.search(r"\b(su|usted)\b", text)
    assert "'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/cuenta/2fa/",
        "/cuenta/2fa/totp/activate/",
        "/cuenta/2fa/webauthn/add/",
        "/cuenta/email/",
        "/cuenta/password/change/",
        "/cuenta/logout/",
        "/cuenta/reauthenticate/",
        "/comercios/?todos=1",
        "/comercios/nuevo/",
        "/c/hogar-andino/menu/",
    ],
)
def test_pages_of_ones_own_account_render(cast, login, path):
    client = Client()
    client.post("/cuenta/login/", {"login": cast.owner.email, "password": PASSWORD})
    # Changing the second factor asks for the password once more.
    client.post("/cuenta/reauthenticate/", {"password": PASSWORD})
    page = client.get(path)
    assert page.status_code == 200
    assert not FORBIDDEN.search(page.content.decode())


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast):
    answers = []
    for email in (cast.owner.email, "nadie@example.com"):
        page = Client().post("/cuenta/login/", {"login": email, "password": "equivocada"})
        body = page.content.decode().replace(email, "")
        answers.append((page.status_code, re.findall(r'role="alert".*?</div>', body, re.DOTALL)))
    assert answers[0] == answers[1]
    assert "El correo o la contraseña no coinciden." in str(answers[0])


def test_the_next_page_after_sign_in_is_never_another_site(cast):
    page = Client().post(
        "/cuenta/login/",
        {"login": cast.owner.email, "password": PASSWORD, "next": "https://otro.example.com/"},
    )
    assert page.status_code == 302
    assert page.url == "/comercios/"


def test_who_has_one_organization_goes_straight_into_it(cast, login):
    page = login(cast.viewer).get("/comercios/")
    assert page.url == "/c/hogar-andino/"


def test_who_has_two_organizations_chooses(cast, login):
    join(cast.other, cast.viewer, "viewer")
    text = login(cast.viewer).get("/comercios/").content.decode()
    assert "Hogar Andino" in text
    assert "Mascotas Felices" in text


def test_the_list_shows_no_organization_of_somebody_else(cast, login):
    make_organization("Ajeno", "ajeno")
    text = login(cast.owner).get("/comercios/?todos=1").content.decode()
    assert "Ajeno" not in text
    assert "Mascotas Felices" not in text


def test_a_new_person_makes_a_comercio_and_owns_it(login):
    user = make_user()
    client = login(user)
    assert client.get("/comercios/").url == "/comercios/nuevo/"
    client.post("/comercios/nuevo/", {"name": "Señora Peña S.A.S."})
    organization = Organization.objects.get()
    assert organization.slug == "senora-pena-sas"
    with unscoped("looking at what was made"):
        membership = Membership.objects.get()
        entry = AuditEntry.objects.get()
    assert (membership.user, membership.role) == (user, "owner")
    assert (entry.action, entry.actor, entry.organization) == (
        "organization.create",
        user,
        organization,
    )


def test_a_name_that_is_taken_gets_another_address(cast, login):
    login(make_user()).post("/comercios/nuevo/", {"name": "Hogar Andino"})
    assert Organization.objects.filter(slug="hogar-andino-2").exists()


def test_a_comercio_without_a_name_is_asked_for_one(login):
    page = login(make_user()).post("/comercios/nuevo/", {"name": " "})
    assert "Escribe el nombre de tu comercio." in page.content.decode()
    assert not Organization.objects.exists()


def test_the_theme_is_kept_on_the_person_and_rendered(cast, login):
    client = login(cast.viewer)
    client.post("/cuenta/apariencia/", {"theme": "dark", "next": "/c/hogar-andino/menu/"})
    assert 'data-theme="dark"' in client.get("/c/hogar-andino/menu/").content.decode()


def test_a_stranger_gets_404_with_the_way_to_sign_in(cast):
    page = Client().get("/c/hogar-andino/menu/")
    assert page.status_code == 404
    assert "/cuenta/login/?next=%2Fc%2Fhogar-andino%2Fmenu%2F" in page.content.decode()


def test_what_exists_and_what_does_not_look_alike_to_an_outsider(cast, login):
    client = login(cast.outsider)
    pages = [client.get(f"/c/{slug}/menu/") for slug in ("hogar-andino", "no-existe")]
    assert [page.status_code for page in pages] == [404, 404]
    bodies = [re.sub(r'"X-CSRFToken": "\w+"', "", page.content.decode()) for page in pages]
    assert bodies[0] == bodies[1]


def test_a_missing_csrf_token_tells_a_member_to_reload_and_a_stranger_nothing(cast, login):
    member = login(cast.owner, csrf=True).post("/c/hogar-andino/menu/")
    assert member.status_code == 403
    assert "recarga la página" in member.content.decode()
    assert login(cast.outsider, csrf=True).post("/c/hogar-andino/menu/").status_code == 404


def test_a_refused_member_reads_whom_to_ask(cast, login):
    page = login(cast.viewer).post("/c/hogar-andino/menu/")
    assert page.status_code == 403
    text = page.content.decode()
    assert "Solo puedes mirar" in text
    assert "Andrés Molina" in text


def test_the_rail_counts_what_waits_for_a_person(cast, login):
    with scope(cast.organization.pk):
        text = login(cast.owner).get("/c/hogar-andino/menu/").content.decode()
    assert 'aria-label="Principal"' in text
    assert "Saltar al contenido" in text
