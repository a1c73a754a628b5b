"""What was answered about an order's amounts, for the builder, and what another answer does."""

from __future__ import annotations

from dataclasses import replace

from integrations.configuration import answers
from integrations.configuration.models import Answer
from integrations.connections.models import Integration
from integrations.documents import sizes
from integrations.documents.bundles import bundle_questions
from integrations.documents.facts import Facts
from integrations.documents.models import DocumentProblem
from integrations.sending.release import release


def connect() -> None:
    for code in (sizes.OF_ORDER, sizes.OF_PRICE):
        if _is_other_answer not in answers.followers[code]:
            answers.followers[code].append(_is_other_answer)


def with_answers(facts: Facts, integration: Integration) -> Facts:
    """The facts with the answers to what they ask. One query, and none where nothing is asked."""
    asked = {(each.code, each.key) for each in sizes.doubts(facts)}
    asked |= set(bundle_questions(facts))
    if not asked:
        return facts
    rows = Answer.objects.filter(
        integration=integration, question__in={code for code, _key in asked},
        subject_key__in={key for _code, key in asked},
    )  # fmt: skip
    found = {(row.question, row.subject_key): row.value for row in rows}
    return replace(facts, said={each: found[each] for each in asked if each in found})


def _is_other_answer(integration: Integration, key: str, value: str) -> None:
    """Orders that were called wrong are tried again once their amounts are called right."""
    if value != sizes.IS_RIGHT:
        return
    waiting = DocumentProblem.objects.filter(
        work__integration=integration, code=sizes.WRONG, closed_at=None, params__key=key
    )
    for number in waiting.values_list("subject_key", flat=True).distinct():
        release(sizes.WRONG, number, integration=integration)
