"""Every duration the product depends on, in one frozen object.

The values are those of the reliability reference (timing). `settings.TIMING_DIVISOR`
divides all of them, so that proofs which wait for a look-up take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import lru_cache

from django.conf import settings


def _real(seconds: float) -> float:
    """A duration that a proof does not shorten: it belongs to something outside of the product."""
    return field(default=seconds, metadata={"real": True})


@dataclass(frozen=True)
class Timing:
    """All values in seconds unless the name says otherwise."""

    # One call to Alegra.
    connect: float = 5
    read: float = 30
    call: float = 35
    # A row in a worker's hands.
    lease: float = 60
    lease_margin: float = 15
    # A delivery in the hands of whoever interprets it, which takes far less: with the sweep that
    # follows, one that died with its worker is interpreted 15 s after a worker is back.
    event_lease: float = 8
    # A sweep leaves the rest of the deliveries to the next one.
    event_sweep: float = _real(5)
    # One that failed for a reason of ours rests for so long.
    event_rests: float = 10
    # The contact of a buyer while one order finds or creates it: a search may take two pages.
    contact_lease: float = 105
    # A contact that is being brought up to date: it is read and then written, perhaps twice.
    follow_lease: float = 165
    # An order that is being read at its source: one call and its margin.
    reread_lease: float = 50
    # A list of an outside system in a reader's hands: a catalogue of twenty thousand …
    list_lease: float = _real(2400)
    # … and a pass over the order list, which ends early rather than hold a worker for long.
    orders_lease: float = _real(900)
    # So old a copy of a catalogue or of MasterShop's bodegas may be, …
    list_old: float = _real(6 * 3600)
    # … so long one that could not be read is left alone; …
    list_rests: float = _real(1800)
    # … the same of the lists of Alegra that one chooses from.
    references_old: float = _real(3600)
    references_rest: float = _real(3600)
    # A mail in a sender's hands: about ten answers to wait for, each up to EMAIL_TIMEOUT.
    mail_lease: float = _real(240)
    # When an integration last had a document is kept to so many seconds.
    last_document_noted: float = 5
    # A turn of one Alegra user.
    slot_lease: float = 90
    turn: float = 6
    sweep_every: float = 5
    # Looking for a document whose answer was lost.
    first_look_up: float = 45
    between_look_ups: float = 75
    unconfirmed_ceiling: float = 24 * 3600
    # Where those who go ahead have waited for so long, they come without end: …
    patience: float = 60
    # … then one that lets them ahead leaves all the same, so often.
    new_buyer_every: float = 5
    # Trying again after a transient failure.
    back_off_base: float = 30
    back_off_cap: float = 6 * 3600
    back_off_ceiling: float = 72 * 3600
    # A company that could not be read is asked again so much later, doubled each time …
    company_base: float = 15
    # … and at most so much: what waits for the answer leaves within it.
    company_cap: float = 600
    # After proven absence.
    resend_window: float = 3600
    # Rate limit without a header to tell.
    rate_limit_wait: float = 60
    breaker_window: float = 60
    breaker_probe: float = 30
    # A login whose plan or permission Alegra refuses is asked about again with one reading.
    login_tried_every: float = 180
    # What no reading can tell is tried with one waiting order: so often while the cause is young …
    order_tried_every: float = 120
    # … so long …
    order_tried_young: float = 3600
    # … and so often after that.
    order_tried_late: float = 900
    # A row that stopped for a reason of ours rests for so long before it is tried again.
    own_fault_rest: float = 3600
    # The order read again at its source before an unsigned event is believed.
    reread_ceiling: float = 600
    # So long after a right total several documents of a company are made at once.
    total_trusted: float = 15
    # How old a copy of an Alegra product may be when a document is built from it.
    item_copy: float = 24 * 3600
    # … and how old one of what a refused document names, before it is read again.
    refusal_copy: float = 10
    # A remission has no draft to hide in: a contact that Alegra told of longer ago is read again.
    contact_seen: float = 24 * 3600
    # A row that the gate holds rests for so long before it is asked again …
    held: float = 30
    # … one whose company is being read because a total came back wrong …
    doubted: float = 5
    # … and one that lets another of its company go first.
    first_goes: float = 1
    # A draft of ours that is to be deleted while something holds all writes.
    held_draft: float = 300
    # Deliveries of which no order came are called new for so long.
    left_out_new: float = 3 * 24 * 3600
    # So long no event may have been refused before the cause is called over …
    refused_quiet: float = 120
    # … and so long the first ones of a reason are counted before they are mailed.
    refused_settle: float = 60
    # A hint that no worker took meanwhile is dropped: the sweep finds the row …
    hint_lives: float = _real(60)
    # … of equal ones in such a moment one is enough …
    hints_gather: float = 0.2
    # … and a broker that could not be reached is left alone, so that it holds up no answer.
    broker_quiet: float = _real(10)
    # Mails.
    digest_every: float = 3600
    reminder_every: float = 24 * 3600
    # Orders of one cause come together: so long is waited before it is told.
    mail_settle: float = 15
    # Between two mails at once when an hour has brought many new causes.
    mail_spacing: float = 600
    # Between two mails about the same urgent thing. With the worker's rounds and the sending it
    # keeps the promise that each change is mailed within 60 s.
    mail_urgent_spacing: float = 40
    mail_back_off: float = 60
    mail_ceiling: float = 24 * 3600

    def divided_by(self, divisor: float) -> Timing:
        if divisor == 1:
            return self
        shorter = [each.name for each in fields(self) if not each.metadata.get("real")]
        return replace(self, **{name: getattr(self, name) / divisor for name in shorter})

    def delta(self, name: str) -> timedelta:
        return timedelta(seconds=getattr(self, name))


# What is compared with dates of the outside, and therefore never divided: a date further ahead
# of our clock is a wrong one …
CLOCK_AHEAD = timedelta(minutes=10)
# … and so is a change dated longer before the creation of what changed.
CLOCK_BEHIND = timedelta(days=1)
# An order that takes longer from its creation to its trigger does not come as a new sale.
LONGEST_ROAD = timedelta(days=60)
# Dates of creation this far apart may be those of two sales of one number …
SALES_APART = timedelta(hours=1)
# … unless one was read in the wrong zone, Bogotá's for Greenwich's …
ZONE_OFF = timedelta(hours=5)
ZONE_SLACK = timedelta(minutes=1)
# … and a day without a time may be any moment of it, in either zone.
WHOLE_DAY = timedelta(days=1) + ZONE_OFF

MAX_SENDS = 12
MAX_SENDS_AN_HOUR = 3
MAX_DEATHS = 3
# Of a row that stopped for a reason of ours.
MAX_OWN_TRIES = 6
LOOK_UPS = 2


@lru_cache
def _divided(divisor: float) -> Timing:
    return Timing().divided_by(divisor)


def timing() -> Timing:
    """The durations in force."""
    return _divided(float(settings.TIMING_DIVISOR))
