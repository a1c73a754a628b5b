"""Reading the mails of an installation that has no mail server: plain text, nothing runs.

Staff read all of them, everybody else those that were written to their own address. A
stranger, and an installation with a mail server, find nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from integrations.notifications import mail_folder
from integrations.tenancy.models import User

SHOWN = 50
# Somebody else's mails are looked through for one's own only so far back.
LOOKED_THROUGH = 500


@dataclass(frozen=True)
class Mail:
    name: str
    subject: str
    sender: str
    to: str
    at: datetime | None
    text: str = ""
    html: str = ""


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    _guard(request)
    found = []
    for name in mail_folder.names()[:LOOKED_THROUGH]:
        path = mail_folder.path_of(name)
        if path is None:
            continue
        message = _message(path)
        if _may_read(request.user, message):
            found.append(_mail(name, message))
        if len(found) == SHOWN:
            break
    return render(request, "notifications/mails.html", {"mails": found, "shown": SHOWN})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    _guard(request)
    path = mail_folder.path_of(name)
    if path is None:
        raise Http404
    message = _message(path)
    if not _may_read(request.user, message):
        raise Http404
    return render(request, "notifications/mail_page.html", {"mail": _mail(name, message)})


def _guard(request: HttpRequest) -> None:
    if not settings.MAIL_DIR or not request.user.is_authenticated:
        raise Http404


def _message(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _may_read(user: User, message: EmailMessage) -> bool:
    if user.is_staff:
        return True
    written_to = getaddresses([str(message["To"] or "")])
    return user.email.lower() in {address.lower() for _name, address in written_to}


def _mail(name: str, message: EmailMessage) -> Mail:
    return Mail(
        name=name,
        # A long subject is folded right after its name, which leaves a blank before it.
        subject=str(message["Subject"] or "").strip(),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        at=_moment(message),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _moment(message: EmailMessage) -> datetime | None:
    at = getattr(message["Date"], "datetime", None)
    # "-0000" says UTC without a place (RFC 5322), which is read as a naive time.
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""
