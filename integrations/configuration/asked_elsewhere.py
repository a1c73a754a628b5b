"""Questions whose answer is a field of the settings page: each is shown among the others with its
answer of this moment, and leads to its field."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.configuration.equivalences import family_name, is_asked
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.questions import PAYMENT_METHOD, QUESTIONS, KeptAs
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import kind_of


@dataclass(frozen=True)
class Elsewhere:
    """`answer` in words, '' where nobody has answered; `anchor` is its field on the page."""

    text: str
    answer: str
    anchor: str
    is_waited_for: bool = False


def answered_elsewhere(
    settings: DocumentSettings, equivalences: list[BankEquivalence]
) -> list[Elsewhere]:
    waiting = set(
        Cause.objects.open()
        .with_orders()
        .filter(integration=settings.integration_id)
        .values_list("code", flat=True)
    )
    found: dict[str, Elsewhere] = {}
    for code, question in QUESTIONS.items():
        if question.kept_as is not KeptAs.SETTING:
            continue
        choice = question.choice(question.kept_in(settings))
        found.setdefault(
            question.field or code,
            Elsewhere(
                question.ask({}),
                str(choice.label) if choice else "",
                kind_of(code).anchor() or f"id_{question.field}",
                code in waiting,
            ),
        )
    methods = QUESTIONS[PAYMENT_METHOD]
    for row in equivalences:
        if is_asked(row.method):
            choice = methods.choice(row.family)
            told = methods.ask({"method": row.method})
            field = f"id_{family_name(row)}"
            found[field] = Elsewhere(told, str(choice.label) if choice else "", field)
    return list(found.values())
