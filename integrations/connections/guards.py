"""What rooms above want to be asked or told: they append functions at import time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from integrations.connections.models import Credential, Integration

# Each returns a Spanish sentence when the integration must stay, else None.
before_archiving: list[Callable[[Integration], str | None]] = []

# Called with the form that asks for switching on, before the set-up list is looked at: what was
# answered in it is kept, whether it can be switched on or not.
before_switching_on: list[Callable[[Integration, HttpRequest], object]] = []

# Called inside the transaction in which a credential got another token or Alegra user: work
# that waits must follow its integration's login.
login_changed: list[Callable[[Credential], None]] = []

# Called after an integration was made or its token replaced, outside of any transaction, while
# the person waits: lists to choose from are read here.
after_connecting: list[Callable[[Integration], None]] = []


def objections(integration: Integration) -> list[str]:
    found = (guard(integration) for guard in before_archiving)
    return [sentence for sentence in found if sentence]


def connected(integration: Integration) -> None:
    for hear in after_connecting:
        hear(integration)
