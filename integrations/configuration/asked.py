"""The questions of an integration on its settings page: those that wait and those answered.

Of a single order they stand on its page; what *Configuración general* holds has its field
there, and a payment method its row in *Equivalencias* once it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from integrations.configuration.answers import answer, take_back
from integrations.configuration.models import Answer
from integrations.configuration.picking import AMOUNT, PICKED, TYPED, NotPicked, read_pick, words
from integrations.configuration.questions import QUESTIONS, KeptAs, Question, Subject
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import kind_of

# In the place of an answer: forget the one that was given.
AGAIN = "_otra_vez"


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
    picked: Mapping[str, str] = field(default_factory=dict)
    # A sentence beside the question, and the answer that it suggests: only a person keeps it.
    note: str = ""
    suggested: str = ""

    @property
    def again(self) -> str:
        """The value that takes the answer back, '' where another one is all that is offered."""
        return AGAIN if self.value and self.question.kept_as is KeptAs.ROW else ""

    @property
    def text(self) -> str:
        return self.question.ask(self.params)

    @property
    def picked_words(self) -> str:
        return words(self.picked)


def asked_of(integration: Integration) -> list[Asked]:
    """What waits for an answer first, then what was answered."""
    waiting = Cause.objects.open().with_orders().filter(integration=integration, code__in=_codes())
    answered = Answer.objects.filter(integration=integration, question__in=_codes())
    return [
        *(
            Asked(
                QUESTIONS[kind_of(cause.code).asks].offered(cause.params),
                cause.subject_key, cause.words, "", f"question_{cause.pk}",
            )
            for cause in waiting.order_by("-pesos", "id")
        ),
        *(
            Asked(
                QUESTIONS[row.question].offered(row.params),
                row.subject_key, row.params, row.value, f"answer_{row.pk}", row.by, row.at,
                row.picked,
            )
            for row in answered.order_by("-at", "id")
        ),
    ]  # fmt: skip


def fields_of(asked: Asked) -> dict[str, forms.Field]:
    """The answer's field, and those of what its choices pick. Nothing chosen leaves it as it is."""
    choices = [(choice.value, choice.label) for choice in asked.question.choices]
    if asked.again:
        choices.append((asked.again, ""))
    return {
        asked.name: forms.ChoiceField(
            choices=choices,
            required=False,
            initial=asked.value or asked.suggested,
            label=asked.text,
        ),
        asked.name + PICKED: forms.CharField(required=False, max_length=64),
        asked.name + TYPED: forms.CharField(required=False, max_length=200),
        asked.name + AMOUNT: forms.CharField(required=False, max_length=30),
    }


def check(integration: Integration, form: forms.Form, asked: list[Asked]) -> None:
    """Say of an answer that lacks its product or amount what it lacks."""
    for each in asked:
        try:
            each_pick(integration, form, each)
        except NotPicked as lacks:
            form.add_error(each.name, str(lacks))


def each_pick(integration: Integration, form: forms.Form, asked: Asked) -> dict[str, str]:
    """What is picked for the chosen answer; what was kept stays where nothing else is given."""
    data = form.cleaned_data
    value = data.get(asked.name, "")
    is_given = any(data.get(asked.name + end) for end in (PICKED, TYPED, AMOUNT))
    if value == asked.value and not is_given:
        return dict(asked.picked)
    return read_pick(integration, asked.question.choice(value), data, asked.name)


def keep(integration: Integration, form: forms.Form, asked: list[Asked], *, request) -> int:
    """Keep what was answered otherwise than before; returns how many orders it freed."""
    freed = 0
    for each in asked:
        value = form.cleaned_data.get(each.name, "")
        if not value:
            continue
        if value == AGAIN:
            take_back(integration, each.question, each.subject_key, request=request)
            continue
        picked = each_pick(integration, form, each)
        if (value, picked) != (each.value, dict(each.picked)):
            freed += answer(
                integration, each.question, each.subject_key, value,
                picked=picked, params=each.params, request=request,
            )  # fmt: skip
    return freed


def _codes() -> list[str]:
    return [
        question.code
        for question in QUESTIONS.values()
        if question.about is not Subject.ORDER
        and question.kept_as in (KeptAs.ROW, KeptAs.EQUIVALENCE)
    ]
