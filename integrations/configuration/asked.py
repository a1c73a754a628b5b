"""The questions of an integration on its settings page: those that wait and those answered.

Of a single order they stand on its page; what *Configuración general* holds has its field
there, and a payment method its row in *Equivalencias* once it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS, KeptAs, Question, Subject
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import kind_of


@dataclass(frozen=True)
class Asked:
    """One question about one subject; `value` is the answer as it is kept, '' for none yet."""

    question: Question
    subject_key: str
    params: Mapping[str, Any]
    value: str
    # The name of its field.
    name: str
    by: str = ""
    at: Any = None

    @property
    def text(self) -> str:
        return self.question.ask(self.params)


def asked_of(integration: Integration) -> list[Asked]:
    """What waits for an answer first, then what was answered."""
    waiting = Cause.objects.filter(
        integration=integration, state=Cause.State.OPEN, open_count__gt=0, code__in=_codes()
    )
    answered = Answer.objects.filter(integration=integration, question__in=_codes())
    return [
        *(
            Asked(
                QUESTIONS[kind_of(cause.code).asks],
                cause.subject_key, cause.params, "", f"question_{cause.pk}",
            )
            for cause in waiting.order_by("-pesos", "id")
        ),
        *(
            Asked(
                QUESTIONS[row.question],
                row.subject_key, row.params, row.value, f"answer_{row.pk}", row.by, row.at,
            )
            for row in answered.order_by("-at", "id")
        ),
    ]  # fmt: skip


def field_of(asked: Asked) -> forms.ChoiceField:
    """Nothing chosen leaves it as it is."""
    choices = [(choice.value, choice.label) for choice in asked.question.choices]
    return forms.ChoiceField(choices=choices, required=False, initial=asked.value, label=asked.text)


def keep(integration: Integration, form: forms.Form, asked: list[Asked], *, request) -> int:
    """Keep what was answered otherwise than before; returns how many orders it freed."""
    freed = 0
    for each in asked:
        value = form.cleaned_data.get(each.name, "")
        if value and value != each.value:
            freed += answer(
                integration, each.question, each.subject_key, value,
                params=each.params, request=request,
            )  # fmt: skip
    return freed


def _codes() -> list[str]:
    return [
        question.code
        for question in QUESTIONS.values()
        if question.about is not Subject.ORDER and question.kept_as is not KeptAs.SETTING
    ]
