"""One table knows everything about a problem; each kind is complete in it."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from integrations.configuration.curing import CURED
from integrations.configuration.questions import QUESTIONS
from integrations.configuration.questions.short_totals import SHORT_KEPT
from integrations.sending.problem_kinds import (
    KINDS,
    CuredBy,
    codes_cured_by,
    cure_url,
    kind_of,
    sentence,
)
from integrations.sending.problems import (
    after,
    alegra,
    amounts,
    buyers,
    charges,
    drafts,
    emission,
    links,
    orders,
    paying,
    payments,
    sales,
    settings,
    twice,
)

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@every_kind
def test_an_advice_reads_right_on_the_orders_own_page(kind):
    # What stands beside a document for the order's sake has advice of its own there.
    if kind not in after.KINDS:
        assert "n el pedido" not in str(kind.advice)


def test_no_code_is_written_twice():
    written = [
        kind.code
        for file in (
            links,
            settings,
            orders,
            sales,
            buyers,
            payments,
            paying,
            amounts,
            charges,
            drafts,
            alegra,
            emission,
            after,
            twice,
        )
        for kind in file.KINDS
    ]
    assert sorted(written) == sorted(KINDS)


@every_kind
def test_a_kind_has_all_its_words(kind):
    assert len(kind.code) <= 40
    for text in (kind.title, kind.sentence, kind.advice, kind.cure_label):
        assert str(text).strip()
    assert "{" not in f"{kind.title}{kind.advice}{kind.cure_label}"
    assert "{" not in sentence(kind.code, {})
    assert not str(kind.title).endswith("."), "a title is a heading"
    assert str(kind.advice).endswith("."), "advice is a sentence"
    assert kind.tone in ("fail", "ask", "warn")
    assert kind.cured_by


@every_kind
def test_a_kind_leads_to_a_screen_that_exists(kind):
    params = {"order_id": 7}
    assert cure_url(kind.code, organization="tienda", integration=3, params=params)
    try:
        reverse(kind.screen, args=["tienda", 3])
    except NoReverseMatch:
        pytest.fail(f"{kind.screen} is no screen of the portal")


def test_what_a_line_of_the_order_lacks_leads_to_its_very_product():
    url = cure_url("product_unlinked", organization="t", integration=3, params={"variant": 5})
    assert url == reverse("product_search", args=["t", 3]) + "?variante=5"


def test_a_setting_is_repaired_at_its_field():
    url = cure_url(
        "reference_missing", organization="t", integration=3, params={"reference": "seller"}
    )
    assert url.endswith("#id_seller")


def test_every_question_is_answered_in_place_and_every_answer_has_its_problem():
    # What is kept beside the answer about one order holds nothing itself.
    asked = {code for code, each in QUESTIONS.items() if not each.is_of_set_up} - {SHORT_KEPT}
    assert {kind.asks for kind in KINDS.values() if kind.asks} == asked


def test_what_the_settings_cure_is_released_when_they_are_saved():
    assert set(codes_cured_by(CuredBy.SETTINGS)) == set(CURED)


def test_a_cause_on_the_order_page_alone_concerns_one_order_or_is_tried_again_for_all():
    """Otherwise nobody could repair it from *Por atender*: its link needs an order."""
    for kind in KINDS.values():
        if kind.is_on_order_page:
            assert kind.per_order or kind.retry.name == "MANY", kind.code


def test_a_code_that_is_no_longer_known_reads_as_our_own_failure():
    assert kind_of("de una versión anterior") is KINDS["internal"]


# Reading it again in MasterShop is what *Reintentar* does with these.
READ_AGAIN = {"order_unreadable"}


@every_kind
def test_every_hold_has_a_cure_inside_the_portal(kind):
    """A change in MasterShop, and a retry that only builds the same again, are none."""
    if not kind.blocks:
        return
    here = ~CuredBy.ORDER & kind.cured_by
    assert here or kind.code in READ_AGAIN, f"{kind.code} is cured in MasterShop alone"
    if "mastershop" in str(kind.advice).casefold():
        decides = kind.cured_by & (CuredBy.PERSON | CuredBy.CORRECTION)
        assert kind.asks or decides, f"{kind.code} sends people to MasterShop"
    if here == CuredBy.SETTINGS and kind.screen == "order":
        assert kind.asks, f"{kind.code} is answered nowhere"
