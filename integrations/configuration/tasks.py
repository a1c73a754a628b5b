from __future__ import annotations

import structlog
from celery import shared_task
from django.db.models import Q

from integrations.configuration.curing import release_returned
from integrations.configuration.references import STALE_AFTER, refresh_company
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock

log = structlog.get_logger("configuration")
AT_ONCE = 20


@shared_task(name="configuration.refresh_due")
def refresh_due() -> int:
    """Read the lists of companies not read for an hour; returns how many were.

    A company is claimed by setting the moment of its reading, so that two workers never read
    the same one; one that failed is tried again an hour later.
    """
    now = clock.now()
    stale = Q(checked_at=None) | Q(checked_at__lt=now - STALE_AFTER)
    with unscoped("which companies' lists are old"):
        live = Integration.objects.exclude(state=Integration.State.ARCHIVED)
        due = list(
            AlegraCompany.objects.filter(stale, pk__in=live.values("company"))
            .order_by("checked_at")
            .values_list("pk", "organization_id")[:AT_ONCE]
        )
    done = 0
    for pk, organization_id in due:
        with scope(organization_id):
            done += _refresh(pk, stale, now)
    return done


def _refresh(pk: int, stale: Q, now) -> bool:
    if not AlegraCompany.objects.filter(stale, pk=pk).update(checked_at=now):
        return False
    company = AlegraCompany.objects.get(pk=pk)
    credential = (
        Credential.objects.filter(company=company, state=Credential.State.VALID)
        .order_by("-validated_at")
        .first()
    )
    if credential is None:
        return False
    refreshed = refresh_company(company, credential)
    if refreshed.failure is not None or refreshed.unread:
        log.info("lists_not_read", company=pk, unread=len(refreshed.unread))
    release_returned(company, refreshed.back)
    return refreshed.failure is None
