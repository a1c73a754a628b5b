"""Text and HTML say the same in the same order, and nothing they must not."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.notifications.news import BooksNews, PauseNews, RestoreNews
from integrations.notifications.wording import age_words, one_line, shortened, since_words
from integrations.timekeeping import clock
from tests.notifications.conftest import TEN_PAST_TEN
from tests.notifications.fake_source import cause, login

pytestmark = pytest.mark.django_db

PAUSE = PauseNews(7, "Tienda", "staff", "En pausa", "Escríbenos.", 2, 9000, "/c/hogar-andino/")

RESTORE = RestoreNews(
    3, 7, "Hogar Andino SAS", ("Tienda",), ("facturas", "pagos recibidos"), 60,
    ("50 facturas", "10 pagos recibidos"), 60, 0, 4, 640_000, TEN_PAST_TEN, "/c/hogar-andino/",
)  # fmt: skip


BOOKS = BooksNews(
    3, 7, "Hogar Andino SAS", ("Factura FE71. El del pedido 100245 vale otra cosa.",), 1,
    "/c/hogar-andino/revision/",
)  # fmt: skip


def words_of_html(source: str) -> list[str]:
    body = source[source.index("<body") :]
    body = re.sub(r'<div class="preheader".*?</div>', " ", body, flags=re.DOTALL)
    body = re.sub(r"</?(strong|a|span)\b[^>]*>", "", body)
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


def words_of_text(source: str) -> list[str]:
    without_lists = re.sub(r"^- ", "", source, flags=re.MULTILINE)
    return [word for word in without_lists.split() if not word.startswith("http")]


def every_mail(source, beat, cast):
    """One mail of each kind, as the owner gets it."""
    home = cast.organization
    now = clock.now()
    mails = []
    for news in (
        [cause(since=now - timedelta(days=1))],
        [cause(since=now, orders=1, heals_itself=False)],
        [cause(n, since=now, pesos=n) for n in range(1, 31)],
        [cause(since=now, mailed_at=now, solved_at=now)],
        [cause(n, since=now, mailed_at=now, solved_at=now) for n in range(1, 4)],
        [
            cause(1, since=now, mailed_at=now - timedelta(days=2)),
            cause(2, since=now, mailed_at=now, new_orders=2, new_since=now),
            cause(3, since=now, told_before=now),
        ],
        [login(since=now)],
        [login(since=now, orders=0, code="plan")],
        [login(since=now, mailed_at=now - timedelta(days=2))],
        [login(since=None, mailed_at=now)],
        [PAUSE],
        [RESTORE],
        [replace(RESTORE, waiting=1, orders=0, mailed_at=now, ended_at=now)],
        [replace(RESTORE, mailed_at=now, ended_at=now)],
        [BOOKS],
        [replace(BOOKS, audit_id=4, count=9)],
    ):
        source.put(home, *news)
        mails += [m for m in beat(seconds=20) if m.to == ["owner@example.com"]]
        if news[0].__class__.__name__ == "CauseNews":
            beat(hours=2)
    source.by_organization.clear()
    return mails


def test_text_and_html_say_the_same_in_the_same_order(source, beat, cast):
    mails = every_mail(source, beat, cast)
    assert len(mails) >= 10
    for mail in mails:
        ((alternative, kind),) = mail.alternatives
        assert kind == "text/html"
        assert words_of_text(mail.body) == words_of_html(alternative), mail.subject


def test_every_link_is_absolute_and_leads_to_the_portal(source, beat, cast, settings):
    settings.BASE_URL = "https://puente.ejemplo.test"
    for mail in every_mail(source, beat, cast):
        ((alternative, _),) = mail.alternatives
        links = re.findall(r'href="([^"]*)"', alternative)
        assert links
        for link in links:
            assert link.startswith("https://puente.ejemplo.test/c/hogar-andino/")
            assert html.unescape(link) in mail.body


def test_a_mail_brings_no_script_no_picture_and_no_template_leftovers(source, beat, cast):
    for mail in every_mail(source, beat, cast):
        everything = mail.body + mail.alternatives[0][0]
        for trace in ("<script", "<img", "{{", "{%", "None", "\n\n\n"):
            assert trace not in mail.body, (mail.subject, trace)
        assert "<script" not in everything
        assert "<img" not in everything


def test_markup_in_a_name_stays_text(source, beat, cast):
    evil = replace(cause(since=clock.now()), headline='<a href="https://malo.example">gana</a>')
    source.put(cast.organization, evil)
    mail = beat(seconds=20)[0]
    assert "<a href=&quot;https://malo" not in mail.alternatives[0][0]
    assert "&lt;a href=&quot;https://malo.example&quot;&gt;" in mail.alternatives[0][0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("MS-1\r\nBcc: malo@example.com", "MS-1 Bcc: malo@example.com"),
        ("a\u2028b\x00c\x1b[31m", "a b c [31m"),
        ("factura\u202efdp.exe", "factura fdp.exe"),
        ("$\u00a0174.900", "$\u00a0174.900"),
        ("", ""),
    ],
)
def test_text_from_outside_becomes_one_line(given, kept):
    assert one_line(given) == kept


def test_times_are_told_in_bogota():
    now = TEN_PAST_TEN
    assert since_words(now, now) == "desde las 10:10"
    assert since_words(now - timedelta(hours=9), now) == "desde la 1:10"
    assert since_words(now - timedelta(hours=12), now) == "desde ayer a las 22:10"
    assert since_words(now - timedelta(days=5), now) == "desde el 15 nov a las 10:10"
    assert age_words(now - timedelta(days=1), now) == "hace 1 día"
    assert age_words(now - timedelta(hours=5), now) == "hace 5 horas"
    assert age_words(now, now) == "hace un momento"


def test_a_long_subject_is_cut_at_a_word():
    assert shortened("uno dos tres", 9) == "uno dos…"
