"""Which news makes which mail: pure arithmetic over what was told when.

A merchant is told the first failure of a cause at once and never by the order. What comes
later goes into a digest, at most one an hour, at the full hour. Source: product, "Being
told". What is urgent never waits for a digest nor for other mails: each group of it has a
mail at once, and another for those that came since, as often as `mail_urgent_spacing` allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from integrations.notifications.news import CauseNews, CredentialNews, RefusedNews
from integrations.timekeeping.timing import Timing

# So many new causes get a mail each; more of them, at once or within an hour, share one.
MAX_AT_ONCE = 5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 7:00 in Bogotá, which keeps no summer time.
_MORNING = _EPOCH + timedelta(hours=12)


def _slot(now: datetime, every: timedelta, anchor: datetime) -> datetime:
    return anchor + ((now - anchor) // every) * every


def digest_slot(now: datetime, timing: Timing) -> datetime:
    """The full hour that has last struck."""
    return _slot(now, timing.delta("digest_every"), _EPOCH)


def next_digest(now: datetime, timing: Timing) -> datetime:
    return digest_slot(now, timing) + timing.delta("digest_every")


def morning(now: datetime, timing: Timing) -> datetime:
    """The last seven o'clock in Bogotá."""
    return _slot(now, timing.delta("reminder_every"), _MORNING)


@dataclass(frozen=True)
class Plan:
    """`urgent`, `opened`: one mail for each group. `digest`: what makes a digest due."""

    urgent: list[list[CauseNews]] = field(default_factory=list)
    opened: list[list[CauseNews]] = field(default_factory=list)
    solved: list[CauseNews] = field(default_factory=list)
    digest: list[CauseNews] = field(default_factory=list)
    silent: list[CauseNews] = field(default_factory=list)


def plan(
    causes: Iterable[CauseNews], *, now: datetime, timing: Timing, recent: Sequence[datetime]
) -> Plan:
    """`recent`: when mails about new causes were written within the last hour, urgent ones not
    counted."""
    causes = list(causes)
    settled_before = now - timing.delta("mail_settle")
    slot = digest_slot(now, timing)
    result = Plan()
    new, urgent = [], []
    for cause in causes:
        if cause.solved_at is not None:
            if cause.reopened:
                result.silent.append(cause)
                continue
            if cause.solved_at > settled_before:
                continue
            if cause.mailed_at is not None and cause.solved_mailed_at is None:
                result.solved.append(cause)
            if cause.digested_at and cause.digested_at < cause.solved_at < slot:
                result.digest.append(cause)
        elif not cause.orders:
            continue
        elif cause.urgent and cause.told_at is None:
            urgent.append(cause)
        elif cause.told_at is None and not _held(cause, timing):
            if cause.since <= settled_before:
                new.append(cause)
        elif _due_in_digest(cause, slot, timing):
            result.digest.append(cause)
    result.urgent.extend(_urgent_groups(urgent, now=now, timing=timing))
    result.opened.extend(_groups(new, now=now, timing=timing, recent=recent))
    return result


def _held(cause: CauseNews, timing: Timing) -> bool:
    """It opened within an hour of a mail about the same thing: the digest is enough."""
    before = cause.told_before
    return before is not None and cause.since - before < timing.delta("digest_every")


def _due_in_digest(cause: CauseNews, slot: datetime, timing: Timing) -> bool:
    """Whether something about it happened before the hour struck and was not in a digest."""
    if cause.digested_at is None and (cause.mailed_at or cause.since) < slot:
        return True
    return _has_new_orders(cause, slot) or is_old(cause, slot, timing)


def _has_new_orders(cause: CauseNews, slot: datetime) -> bool:
    return bool(cause.new_orders and cause.new_since and cause.new_since < slot)


def is_old(cause: CauseNews, slot: datetime, timing: Timing) -> bool:
    """Open and untold for a day: it is named again, with its age."""
    told = cause.told_at
    return told is not None and slot - told >= timing.delta("reminder_every")


def is_news_to_who_was_told_at_once(cause: CauseNews, slot: datetime, timing: Timing) -> bool:
    if cause.solved_at is not None:
        return cause.mailed_at is None
    return cause.told_at is None or _has_new_orders(cause, slot) or is_old(cause, slot, timing)


def _groups(
    new: list[CauseNews], *, now: datetime, timing: Timing, recent: Sequence[datetime]
) -> list[list[CauseNews]]:
    if not new:
        return []
    in_order = sorted(new, key=lambda cause: (-cause.pesos, cause.cause_id))
    if len(recent) >= MAX_AT_ONCE:
        # An hour with many: they are collected for a while, so that a back-fill which
        # finds another product every minute does not write every minute.
        if now - max(recent) < timing.delta("mail_spacing"):
            return []
        return [in_order]
    if len(in_order) > MAX_AT_ONCE:
        return [in_order]
    return _by_group(in_order)


def _urgent_groups(
    untold: list[CauseNews], *, now: datetime, timing: Timing
) -> list[list[CauseNews]]:
    """One mail for each group whose first has settled; those that still settle go with it."""
    in_order = sorted(untold, key=lambda cause: (-cause.pesos, cause.cause_id))
    due = [group for group in _by_group(in_order) if _is_urgent_due(group, now, timing)]
    if len(due) > MAX_AT_ONCE:
        return [[cause for group in due for cause in group]]
    return due


def _is_urgent_due(group: list[CauseNews], now: datetime, timing: Timing) -> bool:
    if now - min(cause.since for cause in group) < timing.delta("mail_settle"):
        return False
    told = max((cause.told_before for cause in group if cause.told_before), default=None)
    return told is None or now - told >= timing.delta("mail_urgent_spacing")


def _by_group(causes: Iterable[CauseNews]) -> list[list[CauseNews]]:
    groups: dict[str, list[CauseNews]] = {}
    for cause in causes:
        groups.setdefault(cause.group, []).append(cause)
    return list(groups.values())


def is_reminder_due(news: CredentialNews, *, now: datetime, timing: Timing) -> bool:
    told = max((at for at in (news.mailed_at, news.reminded_at) if at), default=None)
    return told is not None and told < morning(now, timing)


def is_refusal_due(news: RefusedNews, *, now: datetime, timing: Timing) -> bool:
    """A reason that was not told, once its first events are counted; else once a day while
    others come."""
    if news.untold:
        return now - news.since >= timing.delta("refused_settle")
    told = news.mailed_at
    return told is not None and told < morning(now, timing) and news.last_at > told
