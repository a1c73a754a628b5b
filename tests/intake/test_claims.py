"""An order ends the same whatever came first, one in *Reclamaciones* too."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.documents.issue import issue_document
from integrations.documents.models import Document
from integrations.mastershop.parser import parse_order
from integrations.orders.models import Order
from integrations.orders.record import record_order
from integrations.scoping.context import scope
from tests.orders.tellings import moment, telling

TRANSIT, CLAIM = (6, "2026-11-06T12:00:00Z"), (11, "2026-11-07T12:00:00Z")
DAYS = tuple(f"2026-11-0{day}T12:00:00Z" for day in (4, 5, 6, 7))
_numbers = itertools.count(1)


@pytest.fixture
def end(integration):
    """end(*deliveries) takes each in turn and tells how the order ends, as a person sees it."""

    def ended(*deliveries, method="transfer"):
        number, now = next(_numbers), moment("8 10:00")
        paid = {"total": 174900, "payment_method": method}
        for status, at in deliveries:
            read = parse_order(telling(status, at, id_order=number, order_transaction=paid))
            order = record_order(
                integration, read.order, now=now, signed=True, source="webhook",
                problems=read.problems,
            ).order  # fmt: skip
            issue_document(order, now=now)
        order = Order.objects.select_related("document").get(number=str(number))
        return order.status, order.rank_max, order.decision, order.reached_at, _seen(order.document)

    with scope(integration.organization_id):
        yield ended


def _seen(document: Document | None):
    """A row that was taken back to waiting looks like none."""
    if document is None or document.reason == "back_to_waiting":
        return None
    codes = document.problems.filter(closed_at=None).values_list("code", flat=True)
    return document.state, document.reason, sorted(codes)


@pytest.mark.parametrize("method", ["transfer", "cod"])
@pytest.mark.parametrize(
    ("other", "claim"),
    [
        (TRANSIT[1], CLAIM[1]),
        (CLAIM[1], CLAIM[1]),
        (None, None),
        (CLAIM[1], TRANSIT[1]),
        (TRANSIT[1], "2026-11-06 08:00:00"),
        ("2026-11-07 06:00:00", CLAIM[1]),
    ],
    ids=["dated", "the same second", "undated", "claim older", "claim bare", "transit bare"],
)
def test_a_claim_before_and_after_transit_ends_the_same(end, method, other, claim):
    deliveries = [(6, other), (11, claim)]
    assert end(*deliveries, method=method) == end(*reversed(deliveries), method=method)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    told=st.lists(st.sampled_from([1, 6, 8, 9, 10, 11]), min_size=2, max_size=4, unique=True),
    method=st.sampled_from(["transfer", "cod"]),
    data=st.data(),
)
def test_statuses_in_any_order_of_arrival_end_the_same(end, told, method, data):
    deliveries = list(zip(told, DAYS, strict=False))
    other = data.draw(st.permutations(deliveries))
    assert end(*deliveries, method=method) == end(*other, method=method)


def test_an_order_left_out_as_cancelled_and_then_claimed_is_not_called_cancelled(end):
    assert end((1, DAYS[0]), (9, DAYS[1]), (11, DAYS[2]))[-1] is None


@pytest.mark.parametrize(
    ("transit", "claim"),
    # 08:00 in Bogotá is 13:00, later than noon.
    [(TRANSIT[1], "2026-11-06 08:00:00"), ("2026-11-06 06:00:00", TRANSIT[1])],
)
@pytest.mark.parametrize("claim_first", [True, False])
def test_a_claim_is_later_than_a_transit_whatever_zone_either_is_told_in(
    end, transit, claim, claim_first
):
    deliveries = [(6, transit), (11, claim)]
    if claim_first:
        deliveries.reverse()
    status, *_rest, seen = end(*deliveries)
    assert (status, seen) == ("claim", ("blocked", "", ["claim"]))
