"""What was answered about one order alone: shown on its page, and changed there until its
document exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.configuration.models import Answer
from integrations.configuration.picking import words
from integrations.configuration.questions import QUESTIONS, Question, Subject
from integrations.orders.models import Order

_CODES = [code for code, question in QUESTIONS.items() if question.about is Subject.ORDER]


@dataclass(frozen=True)
class Answered:
    question: Question
    text: str
    value: str
    by: str
    at: datetime
    # The order itself, or a line of it.
    subject_key: str = ""
    # What was picked with the answer, in words.
    picked: str = ""

    @property
    def label(self) -> str:
        choice = self.question.choice(self.value)
        label = str(choice.label) if choice else self.value
        return f"{label}: {self.picked}" if self.picked else label


def answered_of(order: Order) -> list[Answered]:
    """The answers about this order, the oldest first; one query."""
    # One of its lines has the key «key/position».
    mine = Q(subject_key=order.key) | Q(subject_key__startswith=f"{order.key}/")
    rows = Answer.objects.filter(mine, integration=order.integration_id, question__in=_CODES)
    return [
        Answered(
            QUESTIONS[row.question].offered(row.params),
            QUESTIONS[row.question].ask(row.params),
            row.value,
            row.by or str(_("El portal")),
            row.at,
            row.subject_key,
            words(row.picked),
        )
        for row in rows.order_by("at", "pk")
    ]


def is_changeable(order: Order) -> bool:
    if order.same_as_id is not None:
        return False
    return order.document is None or order.document.is_free
