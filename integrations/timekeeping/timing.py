"""Every duration the product depends on, in one frozen object.

The values are those of the reliability reference (timing). `settings.TIMING_DIVISOR`
divides those that do not belong to the outside, so that proofs which wait for a look-up take
seconds.
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
    # A call that emits, whose answer waits for the tax authority: 14.5 s were measured for one
    # invoice, and ten go together.
    stamp_read: float = 60
    stamp_call: float = 90
    # A row in a worker's hands.
    lease: float = 60
    lease_margin: float = 15
    # A delivery in the hands of whoever interprets it, which takes far less: with the sweep that
    # follows, one that died with its worker is interpreted 15 s after a worker is back.
    event_lease: float = 8
    # A turn: one integration's deliveries are interpreted for this long before another's …
    event_turn: float = _real(0.5)
    # … its place in the line of turns is believed for this long, …
    turn_believed: float = _real(5)
    # … and a sweep interprets deliveries of all integrations for this long.
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
    # Past orders that a person let go, in the hands of one run: a batch of them.
    backlog_lease: float = 120
    # An act on many in the hands of one worker, which renews it for each piece …
    bulk_lease: float = 90
    # … how often is looked what became of what was asked, …
    bulk_followed: float = 3
    # … and for so long a person may say yes to a plan.
    bulk_plan_lives: float = _real(900)
    # So long after a failed try the drafts that a person chose are read again.
    chosen_again: float = 5
    # A turn of one Alegra user.
    slot_lease: float = 90
    turn: float = 6
    sweep_every: float = 5
    # Another order of the same buyer is finding the contact: the row comes back shortly.
    contact_busy: float = 1
    # Who was searched for and is not in Alegra is not searched for again.
    contact_absent: float = 600
    # Looking for a document whose answer was lost.
    first_look_up: float = 45
    between_look_ups: float = 75
    unconfirmed_ceiling: float = 24 * 3600
    # The time from a re-send, or a worker's death over its write, to one more look in Alegra …
    look_again: float = 900
    # … from a look that failed, or came too early, to the next one …
    look_again_rests: float = 300
    # … and between looks while Alegra has it twice.
    look_again_every: float = 3600
    # Where those who go ahead have waited for so long, they come without end: …
    patience: float = 60
    # … then one that lets them ahead leaves all the same, so often.
    new_buyer_every: float = 5
    # Drafts that are emitted with one call: so long the first one waits for the others, who are
    # served within 15 s with the sweep that follows …
    emit_companions: float = 10
    # … which they are taken to be where MasterShop sent another order this recently, …
    emit_burst: float = 3
    # … again for so long where it was served so much later than it was due …
    emit_held_up: float = 10
    # … and at most so long for those that our pace of contacts has put off to the next minute …
    emit_longest: float = 75
    # … and so long after its creation was verified a draft is emitted without a reading.
    emit_fresh: float = 60
    # One whose order changed, or is being settled, is looked at again.
    emit_held: float = 300
    # An invoice that the DIAN has in process is read again: each wait is as long as all before it
    # together, within these.
    dian_shortest: float = 15
    dian_longest: float = 1800
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
    # What Alegra counts contacts in: a minute, and the time an answer travels. A call that leaves
    # just after a minute of ours may arrive just before one of Alegra's.
    contacts_window: float = _real(62)
    # So long a limit of contacts counts that was learned from a refusal: others may have spent
    # from it …
    contacts_believed: float = _real(120)
    # … and so long nobody calls after one that nothing of ours explains.
    contacts_closed: float = _real(20)
    # Many processes write the same row of an Alegra user: who had no luck comes back.
    contention: float = _real(0.25)
    # A page waits for its call at most so long; a worker has other Alegra users to serve.
    page_waits: float = _real(0.5)
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
    # Refused again so soon after it was let go together with others: for itself.
    refused_alone: float = 3600
    # The order read again at its source before an unsigned event is believed: each wait is as
    # long as all before it together, within these, until the ceiling.
    reread_shortest: float = 5
    reread_longest: float = 120
    reread_ceiling: float = 600
    # A delivery that failed for a reason of ours: so long no copy of it is interpreted. Senders
    # repeat at once and for days, and it may kill a worker each time.
    failed_event_rests: float = 3600
    # MasterShop reference, receiving contract: so often the order list is read for the last 3
    # days, the last 7 and the last 60.
    pull_recent: float = 900
    pull_week: float = 3600
    pull_full: float = 24 * 3600
    # After a pass that failed, and after a key that MasterShop refused.
    pull_rests: float = 300
    key_refused_rests: float = 3600
    # A pass ends early rather than hold a worker and a lease; what is left is due at once.
    pull_longest: float = _real(480)
    # 500 calls a minute are allowed per key (MasterShop reference: API basics).
    pull_call_rest: float = 0.13
    # Their 5xx are frequent and pass: a list is tried again after this, twice this …
    pull_list_again: float = 2
    # What could not be read is tried again often while it is young.
    detail_young: float = _real(3600)
    # Between two pages, so that at most half of the budget goes into a catalogue.
    list_page_rest: float = 0.8
    # A reader waits for its budget, once and in all; and this, twice this … after a failure.
    list_wait: float = 60
    list_waits: float = 900
    list_again: float = 2
    # The contacts of a company are not read on for so long after a failure.
    contacts_rest: float = 300
    # A draft in Alegra is read again so often while it is young, …
    draft_read_every: float = 540
    # … so long it is young …
    draft_young: float = _real(2 * 24 * 3600)
    # … and so often after that. What is read in the background waits at most a minute for
    # documents (`patience`): one that a person emits is known within twelve.
    old_draft_read_every: float = 3600
    # So long a company's drafts are left alone after a reading that failed for a moment.
    drafts_rest: float = 60
    # Drafts in a reader's hands: one call, or three about one that is missing.
    drafts_lease: float = 165
    # The lease of a look at one company after a start. Two workers that look at once only cost
    # calls, so a dead one holds the company only for a moment …
    safe_start_lease: float = 15
    # … in which the minutes of later sales are tried for at most this long, …
    safe_start_tries: float = _real(3)
    # … and the rest before a reading of the whole window that failed goes on.
    safe_start_rests: float = 20
    # The lease of one call of the audit of a company's books …
    books_lease: float = 165
    # … and the rest of the audit after a temporary failure.
    books_rest: float = 60
    # How often the schedule looks for an audit to begin.
    books_begun: float = _real(300)
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
    # … and shown for so long.
    left_out_shown: float = _real(30 * 24 * 3600)
    # Of what is refused a process writes its count so often; so many rows are kept in a day.
    refused_written: float = _real(1)
    refused_kept: float = _real(24 * 3600)
    # How often a web process looks whether the database answers, for the health page.
    database_looked_at: float = _real(1)
    # From the first byte of a request to its last; an honest sender needs milliseconds.
    request_comes: float = 15
    # A client takes the rest of an answer, a mebibyte at most, within this; of a longer answer …
    answer_taken: float = _real(60)
    # … each mebibyte; a client that takes nothing for this long is taken to be gone …
    reader_pauses: float = _real(20)
    # … and one that has its last answer closes the connection within this (RFC 9112 section 9.6).
    farewell: float = _real(2)
    # A sender whose request waited for longer than this may have left meanwhile.
    sender_left: float = _real(0.2)
    # Without a handle for a new connection none is accepted for this long; a line in the log each …
    no_handle_rests: float = _real(0.5)
    no_handle_said: float = _real(60)
    # A sender may try one more unknown webhook address after this …
    guess_forgiven: float = _real(2)
    # … send one more wrong signature after this …
    signature_forgiven: float = _real(1)
    # … and is asked to come back after this when it tried more …
    comes_later: float = _real(30)
    # … for which the known addresses are read at most this often.
    addresses_read: float = _real(1)
    # The moment of the last event is written so often: fifty at once would wait for one row.
    last_event_every: float = _real(5)
    # The body of one event comes within this; a sender needs milliseconds.
    body_read: float = _real(15)
    # So long no event may have been refused before the cause is called over …
    refused_quiet: float = 120
    # … and so long the first ones of a reason are counted before they are mailed.
    refused_settle: float = 60
    # A hint that no worker took meanwhile is dropped: the sweep finds the row …
    hint_lives: float = _real(60)
    # … of equal ones in such a moment one is enough …
    hints_gather: float = 0.2
    # … but never longer than this, whatever became of who was to give the last of them …
    hints_kept_back: float = _real(2)
    # … and the rest before a broker that could not be reached is tried again.
    broker_quiet: float = _real(10)
    # The limits for a connection to the broker and for its answer; …
    broker_connects: float = _real(2)
    broker_answers: float = _real(3)
    # … how often a connection that waits is checked, …
    broker_asked: float = _real(5)
    # … and the longest time between two tries to reach one that is gone: work that waits for it
    # moves within 15 s of its return.
    broker_tried_again: float = _real(5)
    # A sweep that is this late means that the broker or beat is gone: a worker sweeps by itself.
    sweep_late: float = _real(1)
    # The time from a lack of memory to the end of the process, which is started again.
    without_memory_ends: float = _real(4)
    # How often a database that kept requests waiting is tried again.
    database_tried_every: float = _real(1)
    # How often a process tries at most whether events can be stored.
    storing_tried_every: float = _real(1)
    # A lack is logged again only after this time without it.
    lacking_quiet: float = _real(60)
    # What a person typed to connect an integration is kept for so long.
    draft_lives: float = _real(1800)
    # A secret that was replaced is accepted for so long more: the other side is changed by hand.
    previous_secret_lives: float = _real(24 * 3600)
    # A person asks for a mail to try at most so often.
    test_mail_every: float = _real(60)
    # Sooner nobody has lost patience and typed a document by hand.
    by_hand_after: float = _real(24 * 3600)
    # One call to the stand-in itself.
    stand_in: float = _real(20)
    # How often the schedule looks for what is due: rows, deliveries, mails and contacts each
    # `sweep_every`, causes that are tried again, order lists, what orders wait for, and lists.
    tries_looked_for: float = 20
    pulls_looked_for: float = 60
    waited_for_read: float = 120
    lists_looked_for: float = _real(300)
    # What SQLite knows of its tables is looked at anew: a new demo has thousands of orders soon.
    statistics_every: float = _real(60)
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

    def for_call(self, name: str, takes: float | None) -> timedelta:
        """This duration, for a call that may take so many seconds: as much longer as that one
        outlasts an ordinary call. None is an ordinary one."""
        longer = 0 if takes is None else max(0, takes - self.call)
        return timedelta(seconds=getattr(self, name) + longer)


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
# An order this near to another one may be the same sale.
SAME_SALE_WITHIN = timedelta(days=30)

# How far back documents that a restored database has forgotten are looked for; one day more on
# either side where only the day is known.
SAFE_START_WINDOW = timedelta(days=45)
SAFE_START_MARGIN = timedelta(days=1)
# The precision of the moment of a later sale in its marker.
OCCURRENCE_STEP = timedelta(minutes=1)
# A clock that was set back by more than this is believed.
CLOCK_SET_BACK = timedelta(minutes=1)
# How far back a company's books are compared, and by night …
BOOKS_WINDOW = timedelta(days=45)
BOOKS_NIGHT = timedelta(days=7)
# … which begins this long after midnight in Bogotá, each company at one of these steps, daily, …
BOOKS_FIRST = timedelta(hours=1)
BOOKS_STEP = timedelta(minutes=1)
BOOKS_STEPS = 240
BOOKS_EVERY = timedelta(days=1)
# … and does not miss documents that were sent later than this before its beginning.
BOOKS_SETTLED = timedelta(minutes=15)
# An audit that takes longer is given up; the next one begins where it began.
BOOKS_LONGEST = timedelta(days=3)

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
