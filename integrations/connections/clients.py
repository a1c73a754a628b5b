"""The two outside systems, ready to be called: the only place where a token is put to use."""

from __future__ import annotations

from django.conf import settings

from integrations.alegra import company
from integrations.alegra.client import AlegraClient, Answer, Call, Deadlines, Journal
from integrations.alegra.errors import (
    AlegraError,
    ErrorInSuccess,
    NoTimeLeft,
    NotSent,
    OutcomeUnknown,
    RateLimited,
)
from integrations.connections.models import Credential, Integration
from integrations.connections.pace import Pace
from integrations.mastershop.client import MasterShopClient
from integrations.mastershop.transport import Deadlines as MasterShopDeadlines
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

TRIAL = Integration.Mode.TRIAL


class NoStandIn(RuntimeError):
    """A trial integration, and this installation runs no stand-ins."""


def alegra_url(mode: str) -> str:
    """The base address, up to and with /api/v1. NoStandIn for a trial without stand-ins."""
    return _address(mode, settings.ALEGRA_URL, settings.SIMULATED_ALEGRA_URL)


def mastershop_url(mode: str) -> str:
    """The base address, up to and with /api. NoStandIn for a trial without stand-ins."""
    return _address(mode, settings.MASTERSHOP_URL, settings.SIMULATED_MASTERSHOP_URL)


def _address(mode: str, real: str, simulated: str) -> str:
    if mode != TRIAL:
        return real
    if not simulated:
        raise NoStandIn("This installation has no simulators.")
    return simulated


def alegra_client(
    credential: Credential, *, pace: Pace | None = None, journal: Journal | None = None
) -> AlegraClient:
    """A client for the credential's company; use it in a `with` block, in one thread.

    Without a pace the calls are paced as a worker's. A paused credential is served too: the
    gate decides who may send, and a confirming read must be possible.
    """
    return typed_client(
        credential.email,
        credential.token,
        mode=credential.mode,
        pace=pace or Pace(credential.alegra_user_id),
        journal=journal,
    )


def typed_client(
    email: str, token: str, *, mode: str, pace: Pace, journal: Journal | None = None
) -> AlegraClient:
    """A client for credentials that are not stored yet."""
    times = timing()
    deadlines = Deadlines(connect=times.connect, read=times.read, whole=times.call)
    address = alegra_url(mode)

    def probe() -> None:
        with AlegraClient(
            address, email, token, deadlines=deadlines, journal=_Watched(pace)
        ) as bare:
            company.read(bare)

    pace.probe = probe
    pace.shared = mode != TRIAL
    return AlegraClient(
        address,
        email,
        token,
        deadlines=deadlines,
        pace=pace,
        journal=_Watched(pace, journal),
    )


class _Watched:
    """Tells the pace how each call ended, then whoever keeps the evidence."""

    def __init__(self, pace: Pace, journal: Journal | None = None) -> None:
        self._pace = pace
        self._journal = journal

    def opened(self, call: Call) -> None:
        if self._journal is not None:
            self._journal.opened(call)

    def leaves(self, call: Call) -> None:
        if self._journal is not None:
            self._journal.leaves(call)

    def closed(
        self, call: Call, answer: Answer | None = None, error: AlegraError | None = None
    ) -> None:
        # The evidence first: the count may fail, the outcome of a write may not be lost.
        if self._journal is not None:
            self._journal.closed(call, answer=answer, error=error)
        if isinstance(error, RateLimited) and error.of_contacts:
            self._pace.contacts.refused(clock.now())
        if isinstance(error, NoTimeLeft):
            # Kept back by us: nobody was asked anything.
            return
        is_lost = isinstance(error, OutcomeUnknown | NotSent)
        self._pace.finished(answered=not is_lost or isinstance(error, ErrorInSuccess))


def mastershop_client(integration: Integration, *, key: str | None = None) -> MasterShopClient:
    """A client for the integration's business; `key` tries one that is not stored yet."""
    times = timing()
    return MasterShopClient(
        mastershop_url(integration.mode),
        integration.source.key if key is None else key,
        deadlines=MasterShopDeadlines(connect=times.connect, read=times.read, whole=times.call),
    )
