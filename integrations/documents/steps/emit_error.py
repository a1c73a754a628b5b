"""Emissions that are answered with an error inside a success.

They may have happened all the same, so each invoice is read once the call must be over. One that
shows no emission then was refused, and the answer means what the same words mean in a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import ErrorInSuccess
from integrations.documents.emission_refusals import code_of
from integrations.documents.models import Document
from integrations.documents.steps.emit_answer import Answer, after, go_alone, reasons
from integrations.documents.steps.emit_check import Group
from integrations.sending import told
from integrations.sending.decided import Decided, Next
from integrations.sending.models import Step
from integrations.sending.problem_kinds import Found
from integrations.sending.problems.emission import UNTRANSLATED


def keep(group: Group, pks: Iterable[int], error: ErrorInSuccess) -> None:
    """Keep the answered error with these invoices, which are read before they are sent again. An
    error about several names none of them, so each is sent alone."""
    pks = list(pks)
    if len(pks) > 1:
        go_alone(group, pks)
        return
    code = code_of(error.refusal.code or "", error.refusal.message)
    for pk in pks:
        document, decided = group.decided[pk]
        if code and isinstance(decided, Next):
            # The code is added because the reason is found by it, and the message may leave it out.
            said = told.cut(f"{code}: {decided.columns['last_said']}")
            columns = {**decided.columns, "last_said": said}
            group.settle(document, replace(decided, columns=columns))


def reasons_of(client: AlegraClient, document: Document, found: AlegraDocument) -> Sequence[Found]:
    """The problems for which it was refused, where its reading shows no emission; () where the
    budget of calls is used up. No transaction may be open."""
    unexplained = (Found(**document.refusal),)
    if not document.last_said:
        return unexplained
    problems = reasons(client, document, found, _answer(document))
    # An unknown sentence concerns the account, as in other errors inside a success.
    return unexplained if any(each.code == UNTRANSLATED for each in problems) else problems


def after_reading(
    document: Document, step: Step, found: AlegraDocument, problems: Sequence[Found]
) -> Decided:
    return after(document, step, found, _answer(document), problems)


def _answer(document: Document) -> Answer:
    return Answer(is_no=True, message=document.last_said)
