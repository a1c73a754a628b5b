from __future__ import annotations

import hashlib

import pytest

from integrations.orders.deliveries import keep_delivery
from integrations.orders.models import OrderEvent
from tests.orders.tellings import moment

Verdict = OrderEvent.Verdict


@pytest.fixture
def keep(integration):
    def kept(body: str, at: str, **changes):
        arguments = {"source": "webhook", "is_signed": True, "verdict": Verdict.WAITING} | changes
        return keep_delivery(
            integration,
            body=body,
            digest=hashlib.sha256(body.encode()).hexdigest(),
            now=moment(at),
            **arguments,
        )

    return kept


def interpreted(kept, order) -> None:
    OrderEvent.objects.filter(pk=kept.event.pk).update(verdict=Verdict.APPLIED, order=order)


def test_an_equal_body_is_counted_and_not_stored_again(keep):
    keep("{}", "8 10:00")
    again = keep("{}", "8 10:05")
    event = OrderEvent.objects.get()
    assert not again.is_new
    assert (event.copies, event.last_received_at) == (2, moment("8 10:05"))
    assert event.received_at == moment("8 10:00")


def test_a_copy_of_what_is_interpreted_waits_only_after_another_body_of_its_order(keep, tell):
    first = keep("1", "8 10:00")
    order = tell().order
    interpreted(first, order)
    assert not keep("1", "8 10:05").is_due

    interpreted(keep("2", "8 10:06"), order)
    assert keep("1", "8 10:07").is_due


def test_a_body_of_another_order_in_between_does_not_matter(keep, tell):
    interpreted(keep("1", "8 10:00"), tell().order)
    interpreted(keep("2", "8 10:06"), tell(id_order=1).order)
    assert not keep("1", "8 10:07").is_due


def test_the_body_is_encrypted_at_rest(keep):
    from django.db import connection

    keep('{"documentNumber": "52998117"}', "8 10:00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM integrations_orderevent")
        stored = cursor.fetchone()[0]
    assert "52998117" not in stored
    assert OrderEvent.objects.get().body == '{"documentNumber": "52998117"}'


def test_what_was_refused_for_another_business_waits_once_it_fits(keep):
    keep("1", "8 10:00", verdict=Verdict.OTHER_BUSINESS, problem="otro")
    assert keep("1", "8 10:05").is_due
    assert OrderEvent.objects.get().problem == ""


def test_what_failed_is_not_woken_by_a_copy_until_an_hour_later(keep):
    kept = keep("1", "8 10:00")
    failed = {"verdict": Verdict.FAILED, "interpreted_at": kept.event.received_at}
    OrderEvent.objects.filter(pk=kept.event.pk).update(**failed)
    assert not keep("1", "8 10:05").is_due
    assert keep("1", "8 11:05").is_due
