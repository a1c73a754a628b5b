"""A turn of one Alegra user: a slot, a few seconds, and the rows that are due.

Then the user goes to the back of the line, so that one tenant's ten thousand orders do not
delay another's single one.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from integrations.alegra.client import AlegraClient
from integrations.connections.clients import alegra_client
from integrations.connections.models import AlegraSlot, AlegraUser, Credential
from integrations.connections.pace import Pace
from integrations.scoping.context import scope, unscoped
from integrations.sending import contact_queue, healing, hints, slots
from integrations.sending.asking import Asked
from integrations.sending.models import Work
from integrations.sending.perform import perform
from integrations.sending.registry import kind_of_work, kinds
from integrations.sending.rows import CANDIDATES, candidates, claim, due_rows, in_line
from integrations.sending.safe_start import before, process
from integrations.sending.steps import StepJournal
from integrations.sending.transition import LeaseLost
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.lost_answer import Scan

log = structlog.get_logger("sending")


class Turn:
    """What is shared while the turn lasts: one session per credential, one scan per day."""

    def __init__(self, alegra_user: AlegraUser) -> None:
        self.alegra_user = alegra_user
        self.pace = Pace(alegra_user)
        self.journal = StepJournal()
        self.over = False
        # What the call under way is for, and what is held until the row is given back.
        self.asked = Asked()
        self.held = ExitStack()
        # What the company answered to the doubt that a refusal raised.
        self.company_said: tuple[Exception, Any] | None = None
        self.slot: AlegraSlot | None = None
        # Rows claimed with the one that is served, of which nothing is decided yet.
        self._alike: list[Work] = []
        # Companies at which another worker is looking (safe start); others are served meanwhile.
        self.passed_over: set[int] = set()
        # Look-ups of one account's day, shared by all its unconfirmed rows.
        self.scans: dict[tuple[Hashable, ...], Scan[Any]] = {}
        self._clients: dict[tuple[int, datetime | None], AlegraClient] = {}
        self._open = ExitStack()

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *failure) -> None:
        self._open.close()
        self.pace.close()

    def client(self, credential: Credential) -> AlegraClient:
        # Another token is another client.
        key = (credential.pk, credential.validated_at)
        if key not in self._clients:
            client = alegra_client(credential, pace=self.pace, journal=self.journal)
            self._clients[key] = self._open.enter_context(client)
        return self._clients[key]

    def like(self, work: Work, *, within: timedelta = timedelta(0), **like: Any) -> QuerySet:
        """Other rows of its kind and company that are due, or are `within` this time, and have
        these columns.

        A call is made with the login of one company, whose ids mean something else in another.
        A row over which a worker died shares nothing.
        """
        now, kind = clock.now(), type(work)
        # A row that another worker holds now may be free by then, so it is excluded.
        rows = in_line(due_rows(kind, now + within)).filter(
            kind.lease.free(now),
            alegra_user_id=self.alegra_user.pk, company=work.company_id, deaths=0, **like,
        )  # fmt: skip
        return rows.none() if work.deaths else rows.exclude(pk=work.pk)

    def claim_alike(self, work: Work, *, most: int, **like: Any) -> list[Work]:
        """Of the rows that are like it (`like`) `most` at most, claimed to share a call with the
        one that is served."""
        return self.claim_all(self.like(work, **like), most=most)

    def claim_all(self, rows: QuerySet, *, most: int) -> list[Work]:
        """`most` of these rows at most, claimed. Some more are looked at, for two slots race."""
        now = clock.now()
        taken: list[Work] = []
        for each in rows[: most + CANDIDATES]:
            if len(taken) < most and claim(each, now):
                # At once: whatever ends the claiming, each is given back.
                self._alike.append(each)
                taken.append(each)
        return taken

    def alike(self) -> list[Work]:
        return list(self._alike)

    def leave(self, work: Work) -> None:
        """It is decided about, or it is somebody else's by now."""
        self._alike = [each for each in self._alike if each is not work]

    def keep_slot(self, takes: float) -> None:
        """Hold the slot for a call of so many seconds."""
        if self.slot is not None and not slots.extend(self.slot, clock.now(), takes=takes):
            self.stop()

    def stop(self) -> None:
        """Nothing more of this user for now: its budget is spent or its token is bad."""
        self.over = True


def serve(alegra_user_id: int) -> int:
    """Work for this user until nothing is due or its turn ends. Returns rows served."""
    now = clock.now()
    healing.come_back()
    if _everything_is_stopped(now):
        return 0
    alegra_user = AlegraUser.objects.filter(pk=alegra_user_id).first()
    if alegra_user is None or _must_wait(alegra_user, now):
        return 0
    slot = slots.take(alegra_user_id, now)
    if slot is None:
        return 0
    served = 0
    more = False
    try:
        with Turn(alegra_user) as turn:
            turn.slot = slot
            ends = time.monotonic() + timing().turn
            while not turn.over:
                claimed = _claim_next(turn)
                if claimed is None:
                    break
                if not slots.extend(slot, clock.now()):
                    _put_back(claimed)
                    break
                served += _perform(turn, claimed)
                if time.monotonic() > ends:
                    more = True
                    break
    finally:
        slots.give_back(slot)
    if more:
        hints.hint(alegra_user_id)
    return served


def _claim_next(turn: Turn) -> Work | None:
    now = clock.now()
    with unscoped("claim the next row of an Alegra user"):
        return next((work for work in _candidates(turn, now) if claim(work, now)), None)


def _put_back(work: Work) -> None:
    """It is as due as it was: whoever has the slot by now serves it."""
    with scope(work.organization_id):
        work.lease.release(work)


def _candidates(turn: Turn, now: datetime) -> list[Work]:
    """The next rows of this user, of all kinds in one line. What lets others go ahead comes
    behind them, and only while it leaves them enough of the minute's calls."""
    # Asked apart, so that each is one look into the index.
    found = [
        work
        for kind in kinds()
        for which in ((False, True) if kind.work.MAY_NEED_CONTACT else (False,))
        for work in candidates(
            kind.work,
            now,
            alegra_user=turn.alegra_user.pk,
            needs_contact=which,
            but=turn.passed_over,
        )
    ]
    found.sort(key=lambda work: (work.priority, work.next_attempt_at, work.pk))
    ahead = [work for work in found if not contact_queue.lets_ahead(work)]
    behind = [work for work in found if contact_queue.lets_ahead(work)]
    if _is_crowded(ahead, now):
        # They come without end: now and then another one goes all the same.
        next_one = behind[:1] if turn.pace.contacts.is_quiet(now) else []
        return [*next_one, *ahead]
    if behind and (wait := turn.pace.wait_behind(now)):
        contact_queue.hold_back(turn, wait)
        return ahead
    return [*ahead, *behind][:CANDIDATES]


def _is_crowded(ahead: list[Work], now: datetime) -> bool:
    """Whether even those that go ahead have waited long."""
    return any(now - work.next_attempt_at > timing().delta("patience") for work in ahead)


def _perform(turn: Turn, work: Work) -> bool:
    """Serve it; False where it was passed over, because another worker looks at its company."""
    kind = kind_of_work(work)
    with (
        scope(work.organization_id),
        structlog.contextvars.bound_contextvars(work=f"{kind.name}:{work.pk}"),
    ):
        if work.deaths:
            # A row over which a worker died is served last in its turn: alone, should it kill.
            turn.stop()
        try:
            first = before.first_step(work, kind.perform)
            if first is None:
                turn.passed_over.add(work.company_id)
                work.lease.release(work)
                return False
            perform(turn, work, first)
        except LeaseLost:
            healing.note_left(work)
            log.warning("lease lost")
        except (OperationalError, InterfaceError):
            healing.note_left(work)
            raise
        finally:
            turn.journal.rest()
    return True


def _everything_is_stopped(now: datetime) -> bool:
    platform = process.platform()
    if platform is None:
        return False
    breaker = platform.breaker_open_until
    return platform.sending_stopped or (breaker is not None and breaker > now)


def _must_wait(alegra_user: AlegraUser, now: datetime) -> bool:
    waits = (alegra_user.wait_until, alegra_user.breaker_open_until)
    return any(until is not None and until > now for until in waits)
