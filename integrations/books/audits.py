"""Begins audits: each night, at a minute of its own for each company, and when a person asks.

A nightly audit covers the last days, and further back as far as a finding is open. On Sundays, and
for a person, it covers the whole window.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from integrations.audit import trail
from integrations.books import findings, lists
from integrations.books.models import BooksAudit
from integrations.colombia.dates import BOGOTA, bogota, bogota_today
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping.timing import (
    BOOKS_EVERY,
    BOOKS_FIRST,
    BOOKS_NIGHT,
    BOOKS_STEP,
    BOOKS_STEPS,
    BOOKS_WINDOW,
)

_SUNDAY = 6


def ask(company: AlegraCompany, *, by: Any, now: datetime, request=None) -> BooksAudit | None:
    """*Revisar ahora*: begin an audit of the whole window. None where one is under way, or where
    the portal made nothing that could be compared. Needs no transaction."""
    audit = _begin(company, BOOKS_WINDOW, by=trail.name_of(by), now=now)
    if audit is not None:
        trail.record(
            action="books.ask", target=audit, actor=by, request=request,
            after={"company": company.name, "from": audit.from_day.isoformat()},
        )  # fmt: skip
    return audit


def begin_due(now: datetime) -> int:
    """Begin the nightly audit of each company whose minute has come; return how many began."""
    with unscoped("nightly audits of all tenants"):
        companies = list(
            Integration.objects.active()
            .filter(credential__state=Credential.State.VALID)
            .order_by()
            .values_list("organization_id", "company_id")
            .distinct()
        )
        began = dict(
            BooksAudit.objects.filter(asked_by="")
            .order_by()
            .values_list("company_id")
            .annotate(last=Max("began_at"))
        )
    made = 0
    for organization_id, company_id in sorted(companies):
        slot = slot_of(company_id, now)
        if company_id in began and began[company_id] >= slot:
            continue
        with scope(organization_id):
            company = AlegraCompany.objects.get(pk=company_id)
            made += _begin(company, _nightly(company, now), by="", now=now) is not None
    return made


def slot_of(company_id: int, now: datetime) -> datetime:
    """The last moment at which this company's nightly audit was due."""
    midnight = bogota(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # Multiplied, so that companies with neighbouring ids are far apart.
    slot = midnight + BOOKS_FIRST + BOOKS_STEP * (company_id * 97 % BOOKS_STEPS)
    return slot if slot <= now else slot - BOOKS_EVERY


def _nightly(company: AlegraCompany, now: datetime) -> timedelta:
    if now.astimezone(BOGOTA).weekday() == _SUNDAY:
        return BOOKS_WINDOW
    oldest = findings.open_ones(company.pk).aggregate(day=Min("date"))["day"]
    if oldest is None:
        return BOOKS_NIGHT
    return min(BOOKS_WINDOW, max(BOOKS_NIGHT, bogota_today(now) - oldest))


def _begin(
    company: AlegraCompany, window: timedelta, *, by: str, now: datetime
) -> BooksAudit | None:
    used = lists.in_use(company)
    if not used:
        return None
    today = bogota_today(now)
    try:
        with transaction.atomic():
            return BooksAudit.objects.create(
                organization_id=company.organization_id,
                company=company,
                asked_by=by[:120],
                from_day=today - window,
                to_day=today,
                began_at=now,
                next_at=now,
                lists=used,
            )
    except IntegrityError:
        # One is under way.
        return None
