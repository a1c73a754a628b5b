"""What a person typed in *+ Nueva integración*, kept between its pages.

Lives in the session, which is on the server; secrets in it are encrypted all the same, because
sessions are stored longer and more widely than they need to be.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.http import HttpRequest

from integrations.connections.models import Integration
from integrations.connections.validation import Probe
from integrations.scoping.fields import cipher
from integrations.timekeeping.timing import timing


@dataclass
class Draft:
    """`token`, `key` are Fernet text or ''; `probe` is `Probe.as_dict()` or None."""

    name: str = ""
    mode: str = Integration.Mode.REAL
    email: str = ""
    token: str = ""
    key: str = ""
    business_id: str = ""
    probe: dict | None = None

    def open_token(self) -> str:
        return _open(self.token)

    def open_key(self) -> str:
        return _open(self.key)

    @property
    def found(self) -> Probe | None:
        return Probe.from_dict(self.probe) if self.probe else None


def seal(secret: str) -> str:
    return cipher().encrypt(secret.encode()).decode() if secret else ""


def _open(sealed: str) -> str:
    return cipher().decrypt(sealed.encode()).decode() if sealed else ""


def read_draft(request: HttpRequest, *, now: datetime) -> Draft:
    """What was typed; the token and what it showed only while they are fresh."""
    stored = request.session.get(_name(request))
    draft = Draft(**stored) if stored else Draft()
    found = draft.found
    if found is not None and now - datetime.fromisoformat(found.at) > timing().delta("draft_lives"):
        draft.token, draft.key, draft.probe = "", "", None
        write_draft(request, draft)
    return draft


def write_draft(request: HttpRequest, draft: Draft) -> None:
    request.session[_name(request)] = asdict(draft)


def drop_draft(request: HttpRequest) -> None:
    request.session.pop(_name(request), None)


def _name(request: HttpRequest) -> str:
    return f"new_integration.{request.organization.pk}"
