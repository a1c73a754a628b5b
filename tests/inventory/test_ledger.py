from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.inventory.ledger import Movement, expect, settle, withdraw
from integrations.inventory.models import StockMovement
from tests.catalog.conftest import NOW


@pytest.fixture
def source(integration):
    return {"integration": integration, "origin": "document", "source_id": "doc-1", "now": NOW}


def states():
    return list(StockMovement.objects.order_by("line").values_list("quantity", "state"))


def test_told_twice_is_written_once(source):
    for _ in range(2):
        expect(**source, movements=[Movement(Decimal(2)), Movement(Decimal(1))])
    assert states() == [(2, "expected"), (1, "expected")]


def test_the_newest_truth_corrects_what_is_only_expected(source):
    expect(**source, movements=[Movement(Decimal(2)), Movement(Decimal(1))])
    expect(**source, movements=[Movement(Decimal(3))])
    assert states() == [(3, "expected"), (1, "withdrawn")]
    expect(**source, movements=[Movement(Decimal(3)), Movement(Decimal(5))])
    assert states() == [(3, "expected"), (5, "expected")]


def test_what_is_settled_stays(source):
    expect(**source, movements=[Movement(Decimal(2))])
    assert settle(**source) == 1
    assert settle(**source) == 0
    expect(**source, movements=[Movement(Decimal(9))])
    assert withdraw(**source) == 0
    assert states() == [(2, "settled")]


def test_what_was_withdrawn_can_be_expected_again(source):
    expect(**source, movements=[Movement(Decimal(2))])
    assert withdraw(**source) == 1
    expect(**source, movements=[Movement(Decimal(2))])
    assert states() == [(2, "expected")]


def test_sources_do_not_touch_each_other(source):
    expect(**source, movements=[Movement(Decimal(2))])
    expect(**{**source, "source_id": "doc-2"}, movements=[Movement(Decimal(4))])
    settle(**source)
    assert StockMovement.objects.get(source_id="doc-2").state == "expected"


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_movement_moves_something(quantity):
    with pytest.raises(ValueError, match="positive"):
        Movement(Decimal(quantity))


def test_an_unknown_origin_is_a_bug(source):
    with pytest.raises(ValueError, match="origin"):
        expect(**{**source, "origin": "moon"}, movements=[])
