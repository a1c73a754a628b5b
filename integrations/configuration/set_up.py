"""What keeps an integration from being switched on until a person has said it.

Product, connection: who sells to the final consumer, and what the company is towards IVA, read
from Alegra and confirmed. Whoever is On already is asked in *Por atender* and never stopped.
Everything is looked at when it is shown, so what changes in Alegra or by a link counts at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.audit.models import AuditEntry
from integrations.configuration.answers import answer
from integrations.configuration.asked import Asked
from integrations.configuration.questions import QUESTIONS, VAT_STANDING, WHO_SELLS
from integrations.connections import guards, panel
from integrations.connections.models import Integration

# Of one integration; the newest are the answers in force.
MOST_ENTRIES = 50


@dataclass(frozen=True)
class Gap:
    """Something that is missing or contradicts itself: a red line of the set-up list.

    `title` is its part of the set-up, `text` what is wrong, `url` and `label` where it is
    repaired; `asked` is the question that repairs it, or None.
    """

    title: str
    text: str
    url: str
    label: str
    asked: Asked | None = None


# Each looks at one part of the set-up; rooms above append their own.
gap_makers: list[Callable[[Integration], Gap | None]] = []


def gaps_of(integration: Integration) -> list[Gap]:
    """What a person should look at: questions without an answer, and contradictions."""
    asked = [each for each in (_seller(integration), _standing(integration)) if not each.value]
    own = [
        Gap(each.text, each.note, address_of(integration, each), _("Responder"), each)
        for each in asked
    ]
    return own + [gap for make in gap_makers if (gap := make(integration)) is not None]


def asked(integration: Integration, code: str) -> Asked:
    """One of the two questions, with its answer of now."""
    return {WHO_SELLS: _seller, VAT_STANDING: _standing}[code](integration)


def questions_of(integration: Integration) -> list[Asked]:
    """The two questions, with their answers, and those that the gaps of rooms above ask."""
    above = [gap.asked for make in gap_makers if (gap := make(integration)) and gap.asked]
    return _with_authors(integration, [_seller(integration), _standing(integration)]) + above


def open_questions(integration: Integration) -> list[Asked]:
    return [gap.asked for gap in gaps_of(integration) if gap.asked is not None]


def keep_posted(integration: Integration, request: HttpRequest) -> int:
    """Keep the answers that a form brought to what is still asked; returns how many.

    A value that is not offered is no answer.
    """
    kept = 0
    for each in open_questions(integration):
        value = request.POST.get(each.name, "")
        if each.question.allows(value):
            answer(integration, each.question, "", value, params=each.params, request=request)
            kept += 1
    return kept


def connect() -> None:
    """Once, when the house is put together."""
    if keep_posted not in guards.before_switching_on:
        guards.before_switching_on.append(keep_posted)
        panel.asks.append(open_questions)


def name_of(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The field of a question. Another one as soon as it is about something else, so that a
    page answers only what it has shown."""
    if not params:
        return f"setup_{code}"
    words = json.dumps(dict(params), sort_keys=True, default=str)
    return f"setup_{code}_{hashlib.sha256(words.encode()).hexdigest()[:10]}"


def address_of(integration: Integration, asked: Asked) -> str:
    page = reverse("settings", args=[integration.organization.slug, integration.pk])
    return f"{page}#q-{asked.name}"


def standing_of(integration: Integration) -> str:
    """What the company is towards IVA as a person confirmed it; '' where nobody has, or where
    Alegra has changed its mind since and says otherwise."""
    told, said = integration.company.told_standing, integration.vat_standing
    return "" if told and told not in (said, integration.vat_told) else said


def standing_words(standing: str) -> str:
    return str(Integration.VatStanding(standing).label)


# --- Who sells -----------------------------------------------------------------------------
def _seller(integration: Integration) -> Asked:
    return Asked(QUESTIONS[WHO_SELLS], "", {}, integration.who_sells, name_of(WHO_SELLS))


# --- IVA -----------------------------------------------------------------------------------
def _standing(integration: Integration) -> Asked:
    told, said = integration.company.told_standing, integration.vat_standing
    value = standing_of(integration)
    params = {"told": told}
    suggested = ""
    if value and told and told != value:
        note = _(
            "Alegra dice «%(told)s». Si es así, cambia la respuesta; si no, corrígelo en Alegra, "
            "en Configuración › Empresa."
        ) % {"told": standing_words(told)}
    elif value:
        note = ""
    elif said:
        note = _(
            "Antes confirmaste «%(said)s» y ahora Alegra dice «%(told)s». Elige la que es."
        ) % {"said": standing_words(said), "told": standing_words(told)}
    elif told:
        note = _("Alegra dice «%(told)s»: confírmalo o corrígelo.") % {"told": standing_words(told)}
        suggested = told
    else:
        note = _("Alegra no lo dice. Está en el RUT: el código 48 es responsable; el 49, no.")
    name = name_of(VAT_STANDING, params)
    return Asked(QUESTIONS[VAT_STANDING], "", params, value, name, note=note, suggested=suggested)


def _with_authors(integration: Integration, asked: list[Asked]) -> list[Asked]:
    """Who confirmed each answer and when, as the trail says. One query."""
    entries = AuditEntry.objects.filter(
        action="question.answer",
        target_type="integration",
        target_id=str(integration.pk),
        after__question__in=[each.question.code for each in asked],
    )
    newest: dict[str, AuditEntry] = {}
    for entry in entries.select_related("actor").order_by("-at", "-pk")[:MOST_ENTRIES]:
        newest.setdefault(entry.after["question"], entry)
    return [_with_author(each, newest.get(each.question.code)) for each in asked]


def _with_author(asked: Asked, entry: AuditEntry | None) -> Asked:
    if entry is None or not asked.value:
        return asked
    return replace(asked, by=str(entry.actor) if entry.actor else "", at=entry.at)
