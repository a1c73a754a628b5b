"""Keeps the copies of Alegra's lists young, and those that orders wait for younger."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import structlog
from celery import shared_task
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from integrations.alegra.client import AlegraClient
from integrations.configuration import company_facts, references
from integrations.configuration.curing import release_numbered, release_returned
from integrations.configuration.numberings import SHOWN_BY_COPY
from integrations.configuration.references import refresh_company
from integrations.connections import reads
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.connections.reading_again import read_each
from integrations.connections.source_read import SourceRead
from integrations.connections.validation import LEAST_PRECISION
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.timekeeping import clock

log = structlog.get_logger("configuration")
AT_ONCE = 20


@shared_task(name="configuration.refresh_due")
def refresh_due() -> int:
    """Read the lists of companies not read for an hour; returns how many were.

    Two workers never read the same company; one that failed is tried again an hour later.
    """
    now = clock.now()
    with unscoped("which companies' lists are old"):
        due = _due(now)
    done = 0
    for pk, organization_id in due:
        with scope(organization_id):
            done += _refresh(pk, now)
    return done


def _due(now: datetime) -> list[tuple[int, int]]:
    """The companies in use whose lists are due, those tried longest ago first."""
    known = SourceRead.objects.filter(kind=reads.Kind.REFERENCES, company=OuterRef("pk"))
    waits = known.exclude(reads.due(reads.Kind.REFERENCES, now))
    tried = known.annotate(at=Coalesce("failed_at", "read_at")).values("at")[:1]
    companies = AlegraCompany.objects.filter(
        ~Exists(waits), pk__in=Integration.objects.active().values("company")
    )
    rows = companies.annotate(tried=Subquery(tried)).order_by(
        F("tried").asc(nulls_first=True), "pk"
    )
    return list(rows.values_list("pk", "organization_id")[:AT_ONCE])


def _refresh(pk: int, now: datetime) -> bool:
    company = AlegraCompany.objects.get(pk=pk)
    row = reads.begin(reads.Kind.REFERENCES, company, now=now, if_due=True)
    if row is None:
        return False
    credential = _credential_of(company)
    if credential is None:
        reads.end(row, now=now, error=_("Alegra no acepta la conexión de esta empresa."))
        return False
    refreshed = refresh_company(company, credential, row=row)
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
    # Of each company: what is waited for, and the codes of the problems about it.
    waited_for: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(dict)
    with unscoped("choices that orders of all tenants wait for"):
        causes = Cause.objects.open().filter(code__in=("reference_missing", *SHOWN_BY_COPY))
        live = causes.of_active_integrations()
        for organization_id, company_id, subject, code in live.order_by("-pesos").values_list(
            "organization_id", "integration__company_id", "subject_key", "code"
        ):
            waited_for[organization_id, company_id].setdefault(subject, set()).add(code)
    freed = 0
    for (organization_id, company_id), subjects in waited_for.items():
        with scope(organization_id):
            freed += _read_again(AlegraCompany.objects.get(pk=company_id), subjects)
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


def _read_again(company: AlegraCompany, subjects: dict[str, set[str]]) -> int:
    freed = 0

    def read(client: AlegraClient, subject: str) -> None:
        nonlocal freed
        kind, _colon, alegra_id = subject.partition(":")
        if not (alegra_id and references.read_again(company, client, kind, alegra_id)):
            return
        codes = subjects[subject]
        if "reference_missing" in codes:
            freed += release_returned(company, [(kind, alegra_id)])
        for code in sorted(codes & {*SHOWN_BY_COPY}):
            freed += release_numbered(company, code, subject)

    read_each(_credential_of(company), sorted(subjects), read)
    return freed
