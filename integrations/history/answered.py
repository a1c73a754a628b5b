"""What was answered about one order alone: shown on its page, and changed there until its
document exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS, Question, Subject
from integrations.history.possible import is_free
from integrations.orders.models import Order

_CODES = [code for code, question in QUESTIONS.items() if question.about is Subject.ORDER]


@dataclass(frozen=True)
class Answered:
    question: Question
    text: str
    value: str
    by: str
    at: datetime

    @property
    def label(self) -> str:
        choice = self.question.choice(self.value)
        return str(choice.label) if choice else self.value


def answered_of(order: Order) -> list[Answered]:
    """The answers about this order, the oldest first; one query."""
    rows = Answer.objects.filter(
        integration=order.integration_id, subject_key=order.number, question__in=_CODES
    )
    return [
        Answered(
            QUESTIONS[row.question],
            QUESTIONS[row.question].ask(row.params),
            row.value,
            row.by or str(_("El portal")),
            row.at,
        )
        for row in rows.order_by("at", "pk")
    ]


def is_changeable(order: Order) -> bool:
    return order.document is None or is_free(order.document)
