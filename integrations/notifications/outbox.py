"""Mails are rows first and messages second.

A row is taken under a lease that also moves its next try ahead, so two senders never hold the
same one. A sender that dies while it holds a row leaves it to the next try,
under the same Message-ID and date: a mail that had been handed over already is then known
to be the same one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from smtplib import SMTPException, SMTPResponseException, SMTPSenderRefused
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q

from integrations.notifications.letters import Letter
from integrations.notifications.models import MailLog
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("notifications")

# In units of `mail_back_off`: 1 min, 5 min, 30 min, 2 h, then every 4 h.
STEPS = (1, 5, 30, 120, 240)
A_RUN = 200


def write_mails(
    *,
    kind: str,
    letter: Letter,
    to: Iterable[str],
    now: datetime,
    subject_id: int | None = None,
) -> list[MailLog]:
    """One row for each address, due at once. In the caller's transaction."""
    rows = [
        MailLog(
            kind=kind,
            subject_id=subject_id,
            key=secrets.token_hex(16),
            email=email,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            created_at=now,
            next_attempt_at=now,
        )
        for email in to
    ]
    return MailLog.objects.bulk_create(rows)


def send_due() -> int:
    """Send what is due, oldest first; returns how many were sent. No transaction is open."""
    with unscoped("mails of all tenants are due"):
        due = list(
            MailLog.objects.filter(sent_at=None, next_attempt_at__lte=clock.now())
            .order_by("next_attempt_at", "pk")
            .values_list("organization_id", "pk")[:A_RUN]
        )
    sent = 0
    post = Post()
    try:
        for organization_id, row_id in due:
            with scope(organization_id):
                row = claim(row_id, now=clock.now())
                if row is None:
                    continue
                sent += send(row, post)
            if post.is_unreachable:
                # The others keep their tries and their turn.
                break
    finally:
        post.close()
    return sent


def claim(row_id: int, *, now: datetime) -> MailLog | None:
    """The row, for this sender alone; None when another one has it or has sent it."""
    row = MailLog.objects.filter(pk=row_id, sent_at=None, next_attempt_at__lte=now).first()
    if row is None:
        return None
    taken = row.lease.acquire(row, now=now, where=Q(sent_at=None), tries=row.tries + 1)
    return row if taken else None


def send(row: MailLog, post: Post) -> bool:
    try:
        post.send(message_of(row))
    except Exception as error:
        # Whatever is wrong with one mail must not keep the others.
        _note_failure(row, error, now=clock.now())
        return False
    row.lease.release(row, sent_at=clock.now(), error="", text="", html="")
    return True


def message_of(row: MailLog) -> EmailMultiAlternatives:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        row.subject,
        row.text,
        to=[row.email],
        headers={
            "Message-ID": f"<{row.key}@{host}>",
            "Date": format_datetime(row.created_at),
            # No holiday notice answers a machine that says it is one (RFC 3834).
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(row.html, "text/html")
    return message


class Post:
    """One connection to the mail server for a whole run, opened when the first mail goes."""

    def __init__(self) -> None:
        self._connection = None
        self.is_unreachable = False

    def send(self, message: EmailMultiAlternatives) -> None:
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (OSError, SMTPException):
                self.is_unreachable = True
                raise
            self._connection = connection
        try:
            # Opened before: so closing, and what may go wrong with it, is not part of sending.
            self._connection.send_messages([message])
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (OSError, SMTPException) as error:
            log.warning("mail connection ended badly", error=type(error).__name__)


def _note_failure(row: MailLog, error: Exception, *, now: datetime) -> None:
    wait = STEPS[min(row.tries, len(STEPS)) - 1] * timing().delta("mail_back_off")
    gives_up = now + wait > row.created_at + timing().delta("mail_ceiling")
    again_at = None if gives_up else now + wait
    cleared = {"text": "", "html": ""} if gives_up else {}
    row.lease.release(row, at=again_at, error=_words(error), **cleared)
    log.warning("mail not sent", mail=row.pk, tries=row.tries, error=_words(error))


def _words(error: Exception) -> str:
    """What went wrong without a word of the far side's: it may echo addresses and passwords."""
    if isinstance(error, SMTPResponseException | SMTPSenderRefused):
        return f"{type(error).__name__} {error.smtp_code}"
    recipients = getattr(error, "recipients", None)
    if isinstance(recipients, dict) and recipients:
        return f"{type(error).__name__} {next(iter(recipients.values()))[0]}"
    return type(error).__name__
