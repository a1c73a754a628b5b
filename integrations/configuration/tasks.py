"""Keeps the copies of Alegra's lists young, and those that orders wait for younger."""

from __future__ import annotations

from collections import defaultdict

import structlog
from celery import shared_task
from django.db.models import Q

from integrations.alegra.client import AlegraClient
from integrations.configuration import company_facts, references
from integrations.configuration.curing import release_returned
from integrations.configuration.references import STALE_AFTER, refresh_company
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.connections.reading_again import read_each
from integrations.connections.validation import LEAST_PRECISION
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
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
        live = Integration.objects.active()
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
    credential = _credential_of(company)
    if credential is None:
        return False
    refreshed = refresh_company(company, credential)
    if refreshed.failure is not None or refreshed.unread:
        log.info("lists_not_read", company=pk, unread=len(refreshed.unread))
    release_returned(company, refreshed.back)
    return refreshed.failure is None


def _credential_of(company: AlegraCompany) -> Credential | None:
    """A login that may read this company's books, the latest one."""
    valid = Credential.objects.filter(company=company, state=Credential.State.VALID)
    return valid.order_by("-validated_at").first()


@shared_task(name="configuration.read_again")
def read_again_what_orders_wait_for() -> int:
    """Read each inactive or missing choice that orders wait for; returns how many orders it freed.

    Also companies whose precision is too low or in doubt. One call each, every few minutes, so
    that what is put right in Alegra needs nobody here.
    """
    _read_companies_again()
    waited_for: dict[tuple[int, int], set[str]] = defaultdict(set)
    with unscoped("choices that orders of all tenants wait for"):
        causes = Cause.objects.open().filter(code="reference_missing")
        live = causes.of_active_integrations()
        for organization_id, company_id, subject in live.order_by("-pesos").values_list(
            "organization_id", "integration__company_id", "subject_key"
        ):
            waited_for[organization_id, company_id].add(subject)
    freed = 0
    for (organization_id, company_id), subjects in waited_for.items():
        with scope(organization_id):
            freed += _read_again(AlegraCompany.objects.get(pk=company_id), sorted(subjects))
    return freed


def _read_companies_again() -> None:
    held = Q(precision__lt=LEAST_PRECISION) | Q(total_doubted_at__isnull=False)
    with unscoped("companies whose precision holds orders"):
        live = Integration.objects.active()
        companies = list(
            AlegraCompany.objects.filter(held, pk__in=live.values("company"))
            .order_by("pk")
            .values_list("pk", "organization_id")
        )
    for pk, organization_id in companies:
        with scope(organization_id):
            company = AlegraCompany.objects.get(pk=pk)
            credential = _credential_of(company)
            if credential is None:
                continue
            try:
                with alegra_client(credential) as client:
                    company_facts.read_again(company, credential, client)
            except NoStandIn:
                continue


def _read_again(company: AlegraCompany, subjects: list[str]) -> int:
    freed = 0

    def read(client: AlegraClient, subject: str) -> None:
        nonlocal freed
        kind, _colon, alegra_id = subject.partition(":")
        if references.read_again(company, client, kind, alegra_id):
            freed += release_returned(company, [(kind, alegra_id)])

    read_each(_credential_of(company), subjects, read)
    return freed
