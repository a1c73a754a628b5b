"""Each kind of problem reads right wherever it is shown: list, page, panel, mail, filter, file."""

from __future__ import annotations

import re
import string
from urllib.parse import unquote

import pytest
from django.urls import reverse

from integrations.configuration.questions import QUESTIONS
from integrations.notifications import outbox
from integrations.notifications.telling import tell
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import KINDS, CuredBy, Retry, cure_url, sentence
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW, make_order, make_problem

pytestmark = pytest.mark.django_db
BLOCKING = [kind for kind in KINDS.values() if kind.blocks]
# What stands beside a document has screens, and tests, of its own: `test_after.py` and
# `test_changed_in_alegra.py`; what stands beside another work, `test_other_works.py`.
OF_TEST_AFTER = {"changed_after", "reversed_after"}
OF_CHANGED_IN_ALEGRA = {
    "edited_in_alegra", "emitted_otherwise", "open_unstamped", "copied_in_alegra",
}  # fmt: skip
OF_OTHER_WORKS = {"made_twice"}
every_kind = pytest.mark.parametrize("kind", BLOCKING, ids=[kind.code for kind in BLOCKING])


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.frozen(NOW) as time:
        yield time


@pytest.fixture
def blocked(cast):
    """An order that this kind of problem blocks, its params filled with words of their own."""

    def make(kind):
        order = make_order(casting.make_integration(cast.organization))
        names = [
            name for _text, name, *_rest in string.Formatter().parse(str(kind.sentence)) if name
        ]
        params = {name: f"valor de {name}" for name in names}
        if kind.is_on_order_page:
            params["order_id"] = order.pk
        make_problem(order, kind.code, "clave", params, first_at=NOW, last_at=NOW)
        return order, params

    return make


@pytest.fixture
def one_of_each(blocked) -> list:
    """(kind, order, params), of all of them."""
    return [(kind, *blocked(kind)) for kind in BLOCKING]


@pytest.fixture
def read(cast, login):
    client = login(cast.member("editor"))

    def get(name, *args, **query):
        response = client.get(reverse(name, args=[cast.organization.slug, *args]), query)
        assert response.status_code == 200
        if response.streaming:
            return b"".join(response.streaming_content).decode()
        return response.content.decode()

    return get


def cure_of(kind, cast, order, params) -> str:
    slug, place = cast.organization.slug, order.integration_id
    return cure_url(kind.code, organization=slug, integration=place, params=params)


def test_what_stands_beside_a_document_is_shown_by_another_file():
    beside = {kind.code for kind in KINDS.values() if not kind.blocks}
    assert beside == OF_TEST_AFTER | OF_CHANGED_IN_ALEGRA | OF_OTHER_WORKS


def test_the_list_and_its_file_say_why(one_of_each, read):
    pages = "".join(_pages(read)).split("</tr>")
    lines = read("history_export").splitlines()
    for kind, order, params in one_of_each:
        why = sentence(kind.code, params)
        [row] = [each for each in pages if f"/pedidos/{order.pk}/" in each]
        assert why in row, kind.code
        assert f"is-{kind.tone}" in row, kind.code
        [line] = [each for each in lines if each.startswith(order.number)]
        assert why in line, kind.code


def _pages(read):
    """The list from its first page to its last."""
    page = read("history")
    while True:
        yield page
        if not (after := re.search(r"despues=([^\"&]+)", page)):
            return
        page = read("history", despues=unquote(after[1]))


def test_the_filter_finds_it_and_is_named_after_it(one_of_each, read):
    for kind, order, _params in one_of_each:
        page = read("history", causa=kind.code)
        assert order.number in page, kind.code
        assert str(kind.title) in page, kind.code
        others = [each.pk for _kind, each, _params in one_of_each if each != order]
        assert not [pk for pk in others if f"/pedidos/{pk}/" in page], kind.code


@every_kind
def test_the_order_page_says_why_what_to_do_and_where(kind, cast, blocked, read):
    order, params = blocked(kind)
    page = read("order", order.pk)
    assert sentence(kind.code, params) in page
    assert str(kind.advice) in page
    target = cure_url(
        kind.code,
        organization=cast.organization.slug,
        integration=order.integration_id,
        params=params,
    )
    if kind.screen == "order":
        offers_retry = reverse("order_retry", args=[cast.organization.slug, order.pk]) in page
        assert offers_retry is (kind.retry is not Retry.NO)
    elif kind.screen == "settings" and kind.asks:
        # Answered in place: no link leads to the same question elsewhere.
        assert (
            reverse("attention_answer", args=[cast.organization.slug, _cause(order, kind)]) in page
        )
        assert f'href="{target}"' not in page
    else:
        assert target in page


@every_kind
def test_the_order_page_offers_what_ends_it(kind, cast, blocked, read):
    """An answer, a field or a link, a correction, a retry, or a decision: one of them at least."""
    order, params = blocked(kind)
    page, slug = read("order", order.pk), cast.organization.slug
    offers = [
        reverse("attention_answer", args=[slug, _cause(order, kind)]) in page and bool(kind.asks),
        kind.screen != "order" and cure_of(kind, cast, order, params) in page,
        kind.retry is not Retry.NO and reverse("order_retry", args=[slug, order.pk]) in page,
        CuredBy.PERSON in kind.cured_by
        and reverse("order_external", args=[slug, order.pk]) in page,
    ]
    assert any(offers)


def _cause(order, kind) -> int:
    with scope(order.organization_id):
        return Cause.objects.get(integration=order.integration_id, code=kind.code).pk


@every_kind
def test_por_atender_names_it_and_leads_to_its_cure(kind, cast, blocked, read):
    order, params = blocked(kind)
    page = read("attention")
    assert (str(kind.title) if kind.per_order else sentence(kind.code, params)) in page
    assert f"cause is-{kind.tone}" in page
    if kind.asks and kind.per_order and all(each.picks for each in QUESTIONS[kind.asks].choices):
        # What is chosen or typed with the answer has its place on the order's page.
        place = reverse("order", args=[cast.organization.slug, order.pk])
        assert f'href="{place}"' in page
        assert 'name="respuesta"' in read("order", order.pk)
    elif kind.asks:
        assert 'name="respuesta"' in page
    elif kind.retry is Retry.MANY:
        assert str(kind.advice) in page
        assert "/reintentar/" in page
    else:
        # The account of a payment method may be chosen right there.
        place = [
            cast.organization.slug,
            order.pk if kind.is_on_order_page else order.integration_id,
        ]
        assert reverse(kind.screen, args=place) in page or "/cuenta/" in page


@every_kind
def test_the_mail_names_it_and_leads_to_its_cure(kind, cast, blocked, mailoutbox, frozen):
    order, params = blocked(kind)
    tell(clock.now())
    frozen.advance(minutes=1)
    tell(clock.now())
    outbox.send_due()
    mail = next(mail for mail in mailoutbox if mail.to == ["owner@example.com"])
    assert sentence(kind.code, params) in mail.body
    assert str(kind.cure_label) in mail.body
    path = cure_url(
        kind.code,
        organization=cast.organization.slug,
        integration=order.integration_id,
        params=params,
    )
    assert path in mail.body
    assert ("sale solo" in mail.body) is kind.heals_itself
