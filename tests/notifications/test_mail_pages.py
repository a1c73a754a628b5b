from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from integrations.notifications import mail_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "integrations.notifications.mail_folder.EmailBackend"
    return settings.MAIL_DIR


def deliver(to, subject="Hola", message_id=""):
    headers = {"Message-ID": message_id} if message_id else {}
    mail = EmailMultiAlternatives(subject, "Texto con ñ.", to=[to], headers=headers)
    mail.attach_alternative("<script>alert(1)</script><p>Texto con ñ.</p>", "text/html")
    return get_connection().send_messages([mail])


def test_each_message_is_one_whole_file_and_names_sort_by_time(folder):
    for number in range(3):
        deliver("ana@example.com", f"Mensaje {number}")
    files = sorted(folder.iterdir())
    assert [path.suffix for path in files] == [".eml"] * 3
    assert [b"Mensaje %d" % n in path.read_bytes() for n, path in enumerate(files)] == [True] * 3
    assert folder.stat().st_mode & 0o077 == 0
    assert files[0].stat().st_mode & 0o077 == 0


def test_the_same_message_again_takes_its_own_place(folder):
    for _ in range(2):
        deliver("ana@example.com", message_id="<una@ejemplo.test>")
    assert len(list(folder.iterdir())) == 1


def test_staff_read_every_mail_and_members_only_their_own(folder, cast, login):
    deliver("owner@example.com", "Para el dueño")
    deliver("editor@example.com", "Para la editora")
    assert [len(login(user).get("/correo/").context["mails"]) for user in (
        cast.staff, cast.owner, cast.outsider,
    )] == [2, 1, 0]  # fmt: skip
    theirs, mine = mail_folder.names()
    owner = login(cast.owner)
    assert owner.get(reverse("mail", args=[mine])).status_code == 200
    assert owner.get(reverse("mail", args=[theirs])).status_code == 404


def test_a_mail_is_shown_as_text_and_nothing_of_it_runs(folder, cast, login):
    deliver("owner@example.com")
    page = login(cast.owner).get(reverse("mail", args=mail_folder.names())).content.decode()
    assert "Texto con ñ." in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["..%2fsecrets", "secrets", "20261120T101000000000-xyz", "%00"])
def test_only_names_of_mails_are_found(folder, cast, login, name):
    (folder.parent / "secrets").write_text("x")
    assert login(cast.staff).get(f"/correo/{name}/").status_code == 404


def test_strangers_and_installations_with_a_mail_server_have_no_such_page(
    folder, cast, login, client, settings
):
    assert client.get("/correo/").status_code == 404
    settings.MAIL_DIR = None
    assert login(cast.staff).get("/correo/").status_code == 404
