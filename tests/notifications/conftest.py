from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.notifications import outbox, sources
from integrations.notifications.telling import tell
from integrations.scoping.context import unscoped
from integrations.timekeeping import clock
from tests.notifications.fake_source import FakeSource

# Ten past ten in the morning in Bogotá, a Friday.
TEN_PAST_TEN = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)


@pytest.fixture
def at():
    with clock.frozen(TEN_PAST_TEN) as frozen:
        yield frozen


@pytest.fixture
def source(monkeypatch):
    fake = FakeSource()
    monkeypatch.setattr(sources, "_sources", [fake])
    return fake


@pytest.fixture(autouse=True)
def _letters_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAIL_DIR = None


@pytest.fixture
def beat(at, mailoutbox):
    """beat() does what the worker does each few seconds; returns the mails it sent."""

    def one_round(**later):
        at.advance(**later)
        before = len(mailoutbox)
        tell(clock.now())
        outbox.send_due()
        return mailoutbox[before:]

    return one_round


@pytest.fixture
def rows(db):
    """Every mail row, whatever the organization."""
    from integrations.notifications.models import MailLog

    def read():
        with unscoped("a test looks at all of them"):
            return list(MailLog.objects.order_by("pk"))

    return read
