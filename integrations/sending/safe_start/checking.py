"""The check after a restore: the whole window is read, and what was forgotten is written down.

The company's writes are held from the first forgotten document on. A document that was on its way
when the database went back may appear in the lists a while later, as after a lost answer. So the
window is read at the two moments of a look-up, and further until one reading shows nothing new.
Then the hold ends. The works with the markers that were found adopt what was found (`adopting`),
and works without a find are due as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, Forbidden, NotFound, PlanExcludes, Rejected
from integrations.colombia.dates import bogota_today
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.sending import hints
from integrations.sending.safe_start import looking
from integrations.sending.safe_start.lists import AlegraList
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.timekeeping import clock
from integrations.timekeeping.timing import LOOK_UPS, SAFE_START_MARGIN, timing

log = structlog.get_logger("sending")

# The plan or a login's permissions may hide a list. Then another login is asked. Where no login
# sees it, each work that is written there has to look first, and its page says what is lacking.
NOT_SHOWN = (PlanExcludes, Forbidden, NotFound, Rejected)

# Packages above append to this. Each function is called with the company whose check begins, for
# what the database may have forgotten beyond its works.
noticed: list[Callable[[AlegraCompany], None]] = []


def row_of(company: AlegraCompany) -> CompanyLook:
    row, _made = CompanyLook.objects.get_or_create(
        company=company, defaults={"organization_id": company.organization_id}
    )
    return row


@transaction.atomic
def begin(company: AlegraCompany, found: Sequence[Forgotten], now: datetime) -> None:
    """Begin the check, because a restore was noticed: the company's writes are held until its
    end."""
    row = CompanyLook.objects.select_for_update().get(company=company)
    keep(company, found)
    if row.is_checking:
        return
    log.error("a restored database", company=company.pk, found=len(found), lists=_lists_in(found))
    CompanyLook.objects.filter(pk=row.pk).update(
        noticed_at=now,
        passes=0,
        next_at=now + timing().delta("first_look_up"),
        ended_at=None,
        error="",
        mailed_at=None,
        ended_mailed_at=None,
    )
    AlegraCompany.objects.filter(pk=company.pk).update(
        checking_since=now, checking_found=len(found), has_forgotten=True
    )
    for tell in noticed:
        tell(company)


def keep(company: AlegraCompany, found: Sequence[Forgotten]) -> int:
    """Write down what was found; return how many of these were new."""
    before = Forgotten.objects.filter(company=company).count()
    Forgotten.objects.bulk_create(found, ignore_conflicts=True)
    return Forgotten.objects.filter(company=company).count() - before


def check_due(now: datetime) -> int:
    """Read on in every check that is due; return how many readings were made."""
    with unscoped("checks after a restore"):
        due = list(
            CompanyLook.objects.filter(next_at__lte=now)
            .filter(CompanyLook.lease.free(now))
            .values_list("organization_id", "pk")
        )
    made = 0
    for organization_id, pk in due:
        with scope(organization_id):
            row = CompanyLook.objects.select_related("company").get(pk=pk)
            if row.lease.acquire(row, now=now, where=Q(next_at__lte=now)):
                made += _go_on(row)
    return made


def credentials_of(company: AlegraCompany) -> list[Credential]:
    """The logins of the company that Alegra accepts, each once."""
    rows = Integration.objects.active().filter(
        company=company, credential__state=Credential.State.VALID
    )
    using = rows.select_related("credential__alegra_user").order_by("pk")
    return list({each.credential_id: each.credential for each in using}.values())


def read_as_any(
    clients: Sequence[AlegraClient],
    company: AlegraCompany,
    alegra_list: AlegraList,
    day: date,
    made: looking.Reading,
    **how: Any,
) -> bool:
    """`looking.read` as the first of these logins that sees the list; False where none does."""
    for client in clients:
        try:
            looking.read(client, company, alegra_list, day, made, **how)
        except NOT_SHOWN as error:
            not_shown(company, alegra_list, error)
            continue
        return True
    return False


def _go_on(row: CompanyLook) -> bool:
    began, rests = clock.now(), timing().delta("safe_start_rests")
    credentials = credentials_of(row.company)
    if not credentials:
        row.lease.release(row, next_at=began + rests, error="NoLogin")
        return False
    try:
        with ExitStack() as opened:
            clients = [opened.enter_context(alegra_client(each)) for each in credentials]
            is_new, is_hidden, unread = False, False, 0
            for alegra_list in looking.lists_of(row.company):
                made = looking.Reading()
                known = row.foreign.get(alegra_list.name, [])
                try:
                    is_shown = read_as_any(
                        clients, row.company, alegra_list, _day(row, began), made, now=began,
                        foreign=set(known), keep=lambda: row.lease.renew(row, now=clock.now()),
                    )  # fmt: skip
                finally:
                    # Added to the known ones: a reading of few days, or a failed one, shows fewer.
                    seen = sorted({*known, *made.foreign})
                    row.foreign = {**row.foreign, alegra_list.name: seen}
                    # Written at once, so that the merchant sees it however long the rest takes.
                    _count(row.company, keep(row.company, made.forgotten))
                is_new = is_new or bool(made.forgotten)
                is_hidden = is_hidden or (not is_shown and alegra_list.writes(row.company))
                unread += made.unread
    except (AlegraError, NoStandIn) as error:
        log.info("check after a restore not read", error=type(error).__name__)
        failed = {"next_at": clock.now() + rests, "error": type(error).__name__[:40]}
        row.lease.release(row, foreign=row.foreign, **failed)
        return False
    _ended_reading(row, began, is_new=is_new, is_hidden=is_hidden, unread=unread)
    return True


def _ended_reading(
    row: CompanyLook, began: datetime, *, is_new: bool, is_hidden: bool, unread: int
) -> None:
    kept: dict[str, Any] = {"foreign": row.foreign, "error": ""}
    if unread:
        later = clock.now() + timing().delta("safe_start_rests")
        row.lease.release(row, next_at=later, **kept)
        return
    passes = row.passes + 1
    if passes < LOOK_UPS or is_new:
        later = clock.now() + timing().delta("between_look_ups")
        row.lease.release(row, next_at=later, passes=passes, **kept)
        return
    now = clock.now()
    with transaction.atomic():
        if not is_hidden:
            kept["looked_at"] = began
        if not row.lease.release(row, next_at=None, passes=passes, ended_at=now, **kept):
            return
        waiting = Forgotten.objects.filter(company=row.company, adopted_at=None)
        AlegraCompany.objects.filter(pk=row.company_id).update(
            checking_since=None, has_forgotten=waiting.exists()
        )
    log.info("check after a restore ended", company=row.company_id)
    users = Integration.objects.active().filter(company=row.company_id)
    for user in sorted(set(users.values_list("credential__alegra_user_id", flat=True))):
        hints.hint(user)


def _day(row: CompanyLook, now: datetime) -> date:
    """The day from which a reading begins: the first one reads the whole window, later ones what
    may have appeared late."""
    if row.passes == 0 or row.noticed_at is None:
        return looking.window_from(now)
    return bogota_today(row.noticed_at - SAFE_START_MARGIN)


def _count(company: AlegraCompany, more: int) -> None:
    if more:
        found = Forgotten.objects.filter(company=company, adopted_at=None).count()
        AlegraCompany.objects.filter(pk=company.pk).update(checking_found=found)


def not_shown(company: AlegraCompany, alegra_list: AlegraList, error: Exception) -> None:
    log.warning(
        "a list is not shown", company=company.pk, list=alegra_list.name,
        error=type(error).__name__,
    )  # fmt: skip


def _lists_in(found: Sequence[Forgotten]) -> str:
    return ", ".join(sorted({each.found_in for each in found}))
