"""A mail is three templates: subject, text and HTML, which say the same in the same order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from integrations.notifications.wording import one_line, shortened
from integrations.tenancy.models import Organization

SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def absolute(path: str) -> str:
    """An address of the portal. Its host comes from the settings, never from a request."""
    return f"{settings.BASE_URL}{path}"


def write_letter(
    name: str,
    *,
    organization: Organization,
    now: datetime,
    integration_id: int | None,
    **context: Any,
) -> Letter:
    """Render `notifications/<name>.subject.txt`, `.txt` and `.html`.

    `integration_id` says on whose page the notices are changed; without one the mail does
    not offer it.
    """
    choices = (
        absolute(reverse("notifications", args=[organization.slug, integration_id]))
        if integration_id is not None
        else ""
    )
    everything = {
        **context,
        "organization_name": one_line(organization.name),
        "portal_name": settings.PORTAL_NAME,
        "choices_url": choices,
        "now": now,
    }
    subject = _rendered(f"{name}.subject.txt", everything, escape=False)
    return Letter(
        subject=shortened(one_line(subject), SUBJECT_LENGTH),
        text=_without_gaps(_rendered(f"{name}.txt", everything, escape=False)),
        html=_rendered(f"{name}.html", everything, escape=True),
    )


def _rendered(name: str, context: dict[str, Any], *, escape: bool) -> str:
    template = get_template(f"notifications/{name}").template
    return template.render(Context(context, autoescape=escape))


def _without_gaps(text: str) -> str:
    """At most one empty line in a row: what a template leaves out leaves no hole."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
