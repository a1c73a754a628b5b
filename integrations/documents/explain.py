"""Why a document is where it is, in sentences: for staff, and for whoever asks them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from integrations.documents.buckets import bucket_of
from integrations.documents.models import Document
from integrations.sending.problem_kinds import sentence
from integrations.sending.states import DUE, EXISTS_IN_ALEGRA
from integrations.timekeeping import clock


def explain(document: Document) -> list[str]:
    """State, what holds its integration, its open problems, and when it is tried next.

    Runs in the organization's scope. The sentences hold no buyer's data.
    """
    now = clock.now()
    lines = [
        _("Está «%(state)s» desde %(since)s.")
        % {"state": bucket_of(document).word, "since": _moment(document.state_since)}
    ]
    if document.reason_text or document.reason:
        lines.append(_("Motivo: %s.") % (document.reason_text or document.reason))
    doc_date = document.doc_date if document.may_be_there else None
    hold = document.integration.hold(now, doc_date=doc_date)
    if hold is not None:
        lines.append(hold.sentence)
    problems = document.problems.filter(closed_at=None).order_by("opened_at", "pk")
    lines += [f"{sentence(problem.code, problem.params)}." for problem in problems]
    if document.lease.is_held(document, now):
        lines.append(_("Lo tiene un proceso hasta %s.") % _moment(document.lease_until))
    elif document.state in DUE and document.next_attempt_at is not None:
        lines.append(_("Se intenta de nuevo: %s.") % _moment(document.next_attempt_at))
    elif document.state in DUE - EXISTS_IN_ALEGRA:
        lines.append(_("No saldrá hasta que algo cambie."))
    sends, probes = document.sends, document.probes
    lines.append(
        _("Se envió %(sends)d veces y se buscó %(probes)d veces.")
        % {"sends": sends, "probes": probes}
    )
    return lines


def _moment(moment) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
