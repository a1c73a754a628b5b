"""What a person answered about an order's amounts, and what an answer that is kept frees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from integrations.configuration import answers
from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS
from integrations.configuration.questions.short_totals import (
    ASK,
    KEPT,
    SHORT_KEPT,
    SHORT_TOTAL,
    TOTAL_ZERO,
    TWO_WAYS,
)
from integrations.connections.models import Integration
from integrations.documents.facts import AmountAnswers, MoneyReceived
from integrations.documents.kept_for import keys_of, word_of
from integrations.documents.models import DocumentProblem
from integrations.orders.models import Order
from integrations.scoping.prepared import Prepared
from integrations.sending.release import release

_ABOUT_ONE = (SHORT_TOTAL, TOTAL_ZERO, TWO_WAYS)


def connect() -> None:
    for code, follower in ((SHORT_TOTAL, _keep_too), (SHORT_KEPT, _free_like)):
        if follower not in answers.followers[code]:
            answers.followers[code].append(follower)


_about_one = Prepared(
    lambda integration, key: Answer.objects.filter(
        integration_id=integration, question__in=_ABOUT_ONE, subject_key=key
    )
)
_kept = Prepared(
    lambda integration, keys: Answer.objects.filter(
        integration_id=integration, question=SHORT_KEPT, subject_key__in=keys
    ).values_list("subject_key", "value")
)


def amount_answers(order: Order, received: Iterable[MoneyReceived]) -> AmountAnswers:
    """The answers about this order, and the one kept for its word or else its method."""
    keys = keys_of(order.method, word_of(received))
    about_it = _about_one(integration=order.integration_id, key=order.key)
    mine = {row.question: row for row in about_it}
    kept = dict(_kept(integration=order.integration_id, keys=list(keys)))
    said = next((kept[key] for key in keys if key in kept), "")
    short, zero, two_ways = (mine.get(code) for code in _ABOUT_ONE)
    return AmountAnswers(
        short=KEPT.get(short.value, short.value) if short else "",
        short_about=_about(short, "lines", "total"),
        short_kept="" if said == ASK else said,
        zero=zero.value if zero else "",
        zero_about=_about(zero, "lines"),
        two_ways=str(two_ways.params.get(two_ways.value, "")) if two_ways else "",
    )


def _about(row: Answer | None, *names: str) -> tuple[str, ...]:
    return tuple(str(row.params.get(name, "")) for name in names) if row else ()


def _waiting(integration: Integration, **about: Any):
    return DocumentProblem.objects.filter(
        work__integration=integration, code=SHORT_TOTAL, closed_at=None, **about
    )


def _keep_too(integration: Integration, number: str, value: str) -> None:
    """An answer about one order that is meant for those of its word or method as well."""
    if value not in KEPT:
        return
    row = Answer.objects.get(integration=integration, question=SHORT_TOTAL, subject_key=number)
    if key := row.params.get("keep"):
        params = {"kept": row.params.get("kept", "")}
        answer(integration, QUESTIONS[SHORT_KEPT], key, KEPT[value], params=params)


def _free_like(integration: Integration, key: str, value: str) -> None:
    """Those that wait with the same word or method, and are within the limits."""
    if value == ASK:
        return
    # Held, as every cure holds it: an order that is just being asked about sees the answer.
    list(Integration.objects.select_for_update(no_key=True).filter(pk=integration.pk))
    waiting = _waiting(integration, params__keep=key, params__is_within=True)
    for number in waiting.values_list("subject_key", flat=True).distinct():
        release(SHORT_TOTAL, number, integration=integration)
