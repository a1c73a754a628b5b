"""Whose marker it is: made again from a number in the text, or another installation's."""

from __future__ import annotations

import dataclasses
import time
from datetime import date

import pytest

from integrations.connections.models import Integration
from integrations.scoping.context import scope
from integrations.sending.marker import made_by, make_marker, marker_in
from integrations.sending.safe_start.recognise import Recogniser, minutes_before, words_of
from tests import cast as casting
from tests.sending.toy.listed import TOYS

DAY = date(2026, 11, 20)


@pytest.fixture
def integration(cast):
    made = casting.make_integration(cast.organization)
    with scope(cast.organization.pk):
        yield made


def recognised(integration, text, marker, *, sales=()):
    alegra_list = dataclasses.replace(TOYS, sales=lambda _ids, _numbers: sales)
    [origin] = Recogniser(integration.company, alegra_list).origins([(text, marker, DAY)])
    return None if origin is None else (origin.integration.pk, origin.number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Pedido 100245 · WEB-881", "100245"),
        ("Recaudo pedido 100245", "100245"),
        ("Pedido #1001", "1001"),
        ("Pedido MS-77/2 · #900", "MS-77/2"),
        ("cliente de siempre; (pedido: 100245)", "100245"),
        ("Pedido 10 024 · WEB-1", "10 024"),
        ("revisado por Ana, pedido no. 100245, entregado", "100245"),
    ],
)
def test_a_number_anywhere_in_the_text_makes_the_marker_again(integration, text, number):
    marker = make_marker(integration.source_key, f"toy {number}", 0)
    assert recognised(integration, f"{text} {marker}", marker) == (integration.pk, number)


@pytest.mark.parametrize(
    "number",
    [
        "#1001",
        "(9)",
        "'7",
        "10:4",
        "a,b",
        "12·13",
        "10 024 · 3",
        "A B C",
        "1 2 3 4",
        "Pedido",
        "[MS-4]",
        "9  8",
    ],
)
@pytest.mark.parametrize("told", ["Pedido {}", "Pedido {} · WEB-1 · 2", "Recaudo pedido {}"])
def test_any_text_may_be_an_orders_number(integration, number, told):
    for each in (number, number * 5):
        marker = make_marker(integration.source_key, f"toy {each}", 0)
        assert recognised(integration, f"{told.format(each)} {marker}", marker)


@pytest.mark.parametrize("cycle", [0, 1, 5, 11])
def test_a_marker_of_any_cycle_is_ours(integration, cycle):
    marker = make_marker(integration.source_key, "toy 8", cycle)
    assert recognised(integration, f"Nota 8 {marker}", marker)


def test_a_marker_of_an_integration_that_was_archived_is_ours(integration):
    marker = make_marker(integration.source_key, "toy 8", 0)
    Integration.objects.update(state=Integration.State.ARCHIVED)
    assert recognised(integration, f"Nota 8 {marker}", marker)


def test_a_marker_of_another_integrations_key_is_foreign(integration):
    marker = make_marker("another shop", "toy 8", 0)
    assert recognised(integration, f"Nota 8 {marker}", marker) is None


def test_a_later_sale_that_is_known_is_ours(integration):
    at = "202611071941"
    marker = make_marker(integration.source_key, "toy 8", 0, occurrence=at)
    known = [(integration.pk, "8", ""), (integration.pk, "8", at)]
    assert recognised(integration, f"Nota 8 {marker}", marker, sales=known)


def test_a_later_sale_that_is_forgotten_is_found_by_its_minute(integration):
    marker = make_marker(integration.source_key, "toy 8", 0, occurrence="202611071941")
    known = [(integration.pk, "8", "")]
    assert recognised(integration, f"Nota 8 {marker}", marker, sales=known)
    # Of a number that never came before there is no later sale: nothing is tried for it.
    assert recognised(integration, f"Nota 8 {marker}", marker) is None


def test_the_first_sale_found_beside_it_is_enough_to_know_that_the_number_is_ours(integration):
    first = make_marker(integration.source_key, "toy 8", 0)
    later = make_marker(integration.source_key, "toy 8", 0, occurrence="202611071941")
    rows = [(f"Nota 8 {later}", later, DAY), (f"Nota 8 {first}", first, DAY)]
    assert all(Recogniser(integration.company, TOYS).origins(rows))


def test_all_minutes_of_two_months_take_less_than_a_second(integration):
    foreign = make_marker("another shop", "toy 8", 0)
    minutes = minutes_before(DAY)
    assert {"202611211200", "202609251200"} <= set(minutes)
    began = time.thread_time()
    assert made_by(foreign, integration.source_key, "toy 8", [0], minutes) is None
    assert time.thread_time() - began < 1


def test_the_marker_of_a_text_is_the_last_one(integration):
    a, b = (make_marker("k", number, 0) for number in ("1", "2"))
    assert marker_in(f"copia de {a} {b}") == b
    assert marker_in("nada") is marker_in(None) is None
    assert made_by("[MS1-short]", "k", "1", [0], [""]) is None


def test_words_are_told_once_and_without_the_marker():
    words = words_of("Pedido 8 · 8 [MS1-7QK2M4XBTRCZHD6N]")
    assert {"Pedido", "8"} <= set(words)
    assert len(words) == len(set(words))
    assert not any("MS1" in word for word in words)
