"""Keeping the answer to a question, and freeing the orders that waited for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from integrations.audit import trail
from integrations.colombia.payment_means import default_means
from integrations.configuration.lookup import method_key, settings_of
from integrations.configuration.models import Answer, BankEquivalence, DocumentSettings
from integrations.configuration.questions import (
    QUESTIONS,
    VAT_STANDING,
    KeptAs,
    Question,
    Subject,
)
from integrations.connections.models import Integration
from integrations.mastershop.payment_methods import normalise
from integrations.sending.models import Cause
from integrations.sending.release import release
from integrations.timekeeping import clock

# What rooms above do when an answer is new or another: by question, called with the
# integration, the subject and the value, in the transaction that keeps it.
followers: dict[str, list[Callable[[Integration, str, str], None]]] = defaultdict(list)


class AnsweredTooLate(Exception):
    """What the answer was about went on meanwhile; str() is the sentence to show. Raised by a
    follower: then nothing of the answer is kept."""


def answer_of(integration: Integration, code: str, subject_key: str = "") -> str:
    """The value that was answered, '' while nobody has."""
    question = QUESTIONS[code]
    match question.kept_as:
        case KeptAs.SETTING:
            return question.kept_in(settings_of(integration))
        case KeptAs.EQUIVALENCE:
            rows = BankEquivalence.objects.filter(
                integration=integration, key=method_key(subject_key)
            ).values_list("family", flat=True)
        case KeptAs.INTEGRATION:
            rows = Integration.objects.filter(pk=integration.pk).values_list(
                question.field, flat=True
            )
        case _:
            rows = Answer.objects.filter(
                integration=integration, question=code, subject_key=subject_key
            ).values_list("value", flat=True)
    return rows.first() or ""


def picked_of(integration: Integration, code: str, subject_key: str = "") -> dict[str, str]:
    """What was picked with the answer (`picking`), {} for nothing."""
    rows = Answer.objects.filter(
        integration=integration, question=code, subject_key=subject_key
    ).values_list("picked", flat=True)
    return rows.first() or {}


def forget(integration: Integration, code: str, subject_key: str) -> None:
    """What was answered does not count for what is asked now: it is another question of the
    same order. The trail keeps who answered what."""
    Answer.objects.filter(integration=integration, question=code, subject_key=subject_key).delete()


@transaction.atomic
def answer(
    integration: Integration,
    question: Question,
    subject_key: str,
    value: str,
    *,
    picked: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    request=None,
) -> int:
    """Keep the answer and free exactly its orders; returns how many.

    `picked` is what `picking.read_pick` made for the choice, `params` are the words of the
    problem. Raises AnsweredTooLate; ValueError for a value that is not offered, or for one
    without its pick.
    """
    choice = question.choice(value)
    if choice is None or bool(picked) is (choice.picks is None):
        raise ValueError(value)
    before = answer_of(integration, question.code, subject_key)
    was_picked = picked_of(integration, question.code, subject_key)
    if (before, was_picked) != (value, dict(picked or {})) or _is_of_other_words(
        integration, question, subject_key, params
    ):
        _keep(
            integration, question, subject_key, value,
            picked=dict(picked or {}), params=params or {}, request=request,
        )  # fmt: skip
        follow(integration, question.code, subject_key, value)
    if question.is_of_set_up:
        return 0
    by = str(request.user) if request is not None else ""
    subjects = {subject_key}
    if question.kept_as is KeptAs.SETTING:
        # It is valid for all orders of the integration, whichever of them asked.
        waiting = Cause.objects.filter(integration=integration, code=question.code)
        subjects |= set(waiting.values_list("subject_key", flat=True))
    return sum(
        release(question.code, each, integration=integration, by=by) for each in sorted(subjects)
    )


def _is_of_other_words(
    integration: Integration,
    question: Question,
    subject_key: str,
    params: Mapping[str, Any] | None,
) -> bool:
    """Whether it is asked again with other words than those its answer was given to."""
    if not _counts_words(question) or not params:
        return False
    if question.kept_as is KeptAs.INTEGRATION:
        # What is asked about again was answered about something else.
        return True
    rows = Answer.objects.filter(
        integration=integration, question=question.code, subject_key=subject_key
    )
    return any(row.params != dict(params) for row in rows)


def _counts_words(question: Question) -> bool:
    return question.about is Subject.ORDER or question.is_of_its_words


@transaction.atomic
def take_back(integration: Integration, question: Question, subject_key: str, *, request) -> None:
    """Forget an answer kept as a row: what is not sent yet asks again, what was sent stays."""
    row = (
        Answer.objects.select_for_update()
        .filter(integration=integration, question=question.code, subject_key=subject_key)
        .first()
    )
    if row is None:
        return
    trail.record(
        action="question.take_back",
        target=row,
        request=request,
        before={
            "question": question.code,
            "subject": subject_key,
            "value": row.value,
            **row.picked,
        },
    )
    row.delete()
    follow(integration, question.code, subject_key, "")


def follow(integration: Integration, code: str, subject_key: str, value: str) -> None:
    for each in followers[code]:
        each(integration, subject_key, value)


def _keep(
    integration: Integration,
    question: Question,
    subject_key: str,
    value: str,
    *,
    picked: dict[str, str],
    params: Mapping[str, Any],
    request,
) -> None:
    match question.kept_as:
        case KeptAs.SETTING:
            _keep_in_settings(integration, question, value, request=request)
        case KeptAs.INTEGRATION:
            _keep_in_integration(integration, question, value, params, request=request)
        case KeptAs.EQUIVALENCE:
            method = normalise(params.get("method") or subject_key)[:80]
            _keep_family(integration, method, value, request=request)
        case _:
            _keep_row(integration, question, subject_key, value, picked, params, request=request)


def _keep_in_settings(integration: Integration, question: Question, value: str, *, request) -> None:
    # Made where nobody has saved any yet, which is another problem and stays one.
    DocumentSettings.objects.get_or_create(integration=integration)
    settings = DocumentSettings.objects.select_for_update().get(integration=integration)
    choice = question.choice(value)
    fields = question.fields(choice) if choice else {}
    before = {name: getattr(settings, name) for name in fields}
    for name, written in fields.items():
        setattr(settings, name, written)
    settings.version += 1
    settings.save(update_fields=[*fields, "version"])
    trail.record(
        action="settings.save", target=settings, request=request, before=before, after=fields
    )


def _keep_in_integration(
    integration: Integration, question: Question, value: str, params: Mapping[str, Any], *, request
) -> None:
    """Write the answer to the integration and a record of it to the audit trail.
    `params["told"]`: the value in Alegra that the question showed to the person."""
    row = Integration.objects.select_for_update().get(pk=integration.pk)
    fields = {question.field: value}
    if question.code == VAT_STANDING:
        fields["vat_told"] = str(params.get("told", ""))
    before = {name: getattr(row, name) for name in fields}
    for name, written in fields.items():
        setattr(row, name, written)
        setattr(integration, name, written)
    row.save(update_fields=list(fields))
    trail.record(
        action="question.answer",
        target=row,
        request=request,
        before=before,
        after={"question": question.code, "value": value, **fields},
    )


def _keep_family(integration: Integration, method: str, family: str, *, request) -> None:
    """The method's equivalence, made where there is none; it names no account yet."""
    row = BankEquivalence.objects.filter(integration=integration, key=method_key(method)).first()
    if row is None:
        row = BankEquivalence.objects.create(
            integration=integration, method=method, family=family, means=default_means(family)
        )
        before = None
    else:
        before = {"method": method, "family": row.family, "means": row.means}
        if row.means == default_means(row.family):
            row.means = default_means(family)
        row.family = family
        row.save(update_fields=["family", "means"])
    trail.record(
        action="equivalence.create" if before is None else "equivalence.save",
        target=row,
        request=request,
        before=before,
        after={"method": method, "family": family, "means": row.means},
    )
    DocumentSettings.objects.filter(integration=integration).update(version=F("version") + 1)


def _keep_row(
    integration: Integration,
    question: Question,
    subject_key: str,
    value: str,
    picked: dict[str, str],
    params: Mapping[str, Any],
    *,
    request,
) -> None:
    key = {"integration": integration, "question": question.code, "subject_key": subject_key}
    row = Answer.objects.select_for_update().filter(**key).first()
    before = None if row is None else {"value": row.value, **row.picked}
    if row is None:
        row = Answer(**key, params=dict(params))
    if params and _counts_words(question):
        row.params = dict(params)
    row.value, row.picked, row.at = value, picked, clock.now()
    row.by = trail.name_of(request.user if request is not None else None)
    row.save()
    trail.record(
        action="question.answer",
        target=row,
        request=request,
        before=before,
        after={"question": question.code, "subject": subject_key, "value": value, **picked},
    )
