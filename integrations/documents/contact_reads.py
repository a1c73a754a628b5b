"""Filling the index of a company's contacts: once, newest first, a page at a time.

At most a tenth of what the Alegra user may call goes into it, so that documents never wait
for it. A page that was read is kept: whoever dies over the next one loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from integrations.alegra import contacts
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.alegra.rate_limit import ASSUMED_PER_MINUTE
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.contact_pace import ContactPace
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.documents import contact_index, contact_known
from integrations.documents.models import ContactIndex
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("documents")

SHARE = 0.1
# No company has more; a list that does not end must not be read for ever.
MOST_CONTACTS = 500_000


def read_due() -> int:
    """One page of every company whose next page is due. Returns how many were read."""
    return sum(read_page(*each) for each in _due(clock.now()))


def read_page(organization_id: int, company_id: int, credential_id: int) -> bool:
    """Read and keep one page; False when somebody else is at it or Alegra did not answer."""
    with scope(organization_id):
        company = AlegraCompany.objects.get(pk=company_id)
        credential = Credential.objects.select_related("alegra_user").get(pk=credential_id)
        now = clock.now()
        index = contact_index.index_of(company)
        as_read = Q(completed_at=None, position=index.position)
        if not index.lease.acquire(index, now=now, where=as_read):
            return False
        try:
            with alegra_client(credential) as client:
                found, is_last = contacts.newest_page(client, index.position)
        except (AlegraError, NoStandIn) as error:
            pause = timing().delta("contacts_rest")
            if isinstance(error, BudgetExhausted | RateLimited):
                pause = timedelta(seconds=error.retry_after)
            log.info("contacts not read", company=company.pk, error=type(error).__name__)
            index.lease.release(index, next_page_at=clock.now() + pause)
            return False
        contact_index.keep(company, found)
        contact_known.are_read(company)
        now = clock.now()
        # One row overlaps: one that slides up while we read is not missed.
        reached = index.position + max(1, len(found) - 1)
        index.lease.release(
            index,
            position=reached,
            next_page_at=now + rest(credential, now),
            completed_at=now if is_last or reached > MOST_CONTACTS else None,
        )
        return True


def rest(credential: Credential, now: datetime) -> timedelta:
    """Between two pages, so that they take a tenth of the user's calls."""
    user = credential.alegra_user
    of_contacts = ContactPace(user.pk).limit(now)
    per_minute = min(filter(None, (user.limit or ASSUMED_PER_MINUTE, of_contacts)))
    return timedelta(seconds=60 / (SHARE * per_minute))


def _due(now: datetime) -> Iterator[tuple[int, int, int]]:
    """(organization, company, credential) of each company with a page to be read."""
    with unscoped("contacts of all tenants are read once"):
        settled = ContactIndex.objects.filter(
            Q(completed_at__isnull=False) | Q(next_page_at__gt=now) | ContactIndex.lease.held(now)
        )
        rows = list(
            Integration.objects.active()
            .filter(credential__state=Credential.State.VALID)
            .exclude(company__in=settled.values("company"))
            .order_by("company", "pk")
            .values_list("organization_id", "company_id", "credential_id")
        )
    return iter({row[1]: row for row in reversed(rows)}.values())
