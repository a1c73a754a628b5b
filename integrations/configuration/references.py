"""Copies of the lists that Alegra offers to choose from. Alegra reference: catalogues.

What disappears there or becomes inactive stays here, marked: a saved value is shown as missing,
never silently replaced. A list that could not be read changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.alegra import (
    bank_accounts,
    company,
    cost_centers,
    number_templates,
    sellers,
    taxes,
    warehouses,
)
from integrations.alegra.catalogues import Entry
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    NotFound,
    PlanExcludes,
    RateLimited,
)
from integrations.configuration import company_facts
from integrations.connections import reads
from integrations.connections.clients import alegra_client
from integrations.connections.models import AlegraCompany, Credential, ReferenceEntry
from integrations.connections.pace import Pace
from integrations.connections.source_read import SourceRead
from integrations.connections.validation import explain
from integrations.timekeeping import clock

Kind = ReferenceEntry.Kind

READERS: dict[Kind, Callable[[AlegraClient], Iterable[Entry]]] = {
    Kind.NUMBER_TEMPLATE: lambda client: number_templates.every(client, "invoice"),
    Kind.SELLER: sellers.every,
    Kind.COST_CENTER: cost_centers.every,
    Kind.BANK_ACCOUNT: bank_accounts.every,
    Kind.WAREHOUSE: warehouses.every,
    Kind.TAX: taxes.every,
}
_ONE: dict[Kind, Callable[[AlegraClient, str], Entry]] = {
    Kind.NUMBER_TEMPLATE: number_templates.read,
    Kind.SELLER: sellers.read,
    Kind.COST_CENTER: cost_centers.read,
    Kind.BANK_ACCOUNT: bank_accounts.read,
    Kind.WAREHOUSE: warehouses.read,
}


@dataclass
class Refreshed:
    """`failure`: why the company could not be read ('' when it was), `unread`: lists skipped,
    `back`: (kind, alegra_id) of entries that came back."""

    failure: AlegraError | None = None
    unread: list[str] = field(default_factory=list)
    back: list[tuple[str, str]] = field(default_factory=list)


def refresh_company(
    company_row: AlegraCompany,
    credential: Credential,
    *,
    for_person: bool = False,
    row: SourceRead | None = None,
) -> Refreshed:
    """Read the company and all its lists, seven calls or a few more. Raises nothing of Alegra's.

    A refusal of `GET /company` pauses the credential; a plan without bodegas or banks is
    noted. `row` is the right to read them, where the caller took it; who has none reads all the
    same. Call it outside a transaction.
    """
    began = clock.now()
    row = row or reads.begin(reads.Kind.REFERENCES, company_row, now=began)
    done, error = Refreshed(), reads.unfinished()
    try:
        _read_lists(company_row, credential, done, began=began, for_person=for_person)
        error = explain(done.failure)[1] if done.failure else ""
    finally:
        if row is not None:
            reads.end(row, now=began, error=error)
    return done


def _read_lists(
    company_row: AlegraCompany,
    credential: Credential,
    done: Refreshed,
    *,
    began: datetime,
    for_person: bool,
) -> None:
    pace = Pace(credential.alegra_user_id, for_person=for_person)
    with alegra_client(credential, pace=pace) as client:
        try:
            found = company.read(client)
        except AlegraError as error:
            done.failure = error
            company_facts.note_refusal(credential, error)
            return
        company_facts.note(company_row, found, began=began)
        for kind, read in READERS.items():
            try:
                rows = list(read(client))
            except (BudgetExhausted, RateLimited):
                # The others would be refused too; their copies stay as they are.
                done.unread += [each for each in READERS if each not in done.unread]
                break
            except PlanExcludes:
                _note_plan(company_row, kind, has=False)
                continue
            except AlegraError:
                done.unread.append(kind)
                continue
            _note_plan(company_row, kind, has=True)
            done.back += store(company_row, kind, rows, at=began)


@transaction.atomic
def store(
    company_row: AlegraCompany, kind: str, rows: Iterable[Entry], *, at: datetime
) -> list[tuple[str, str]]:
    """Make the copies of one list equal to it; returns what had been missing or inactive."""
    told = {row.id: row for row in rows if 0 < len(row.id) <= 64}
    kept = ReferenceEntry.objects.filter(company=company_row, kind=kind)
    unusable = set(kept.unusable().values_list("alegra_id", flat=True))
    _keep(company_row, kind, told.values(), at=at)
    kept.present().exclude(alegra_id__in=list(told)).update(missing_since=at)
    return [(kind, each) for each in unusable if each in told and told[each].is_active]


def read_again(company_row: AlegraCompany, client: AlegraClient, kind: str, alegra_id: str) -> bool:
    """Read one entry, keep what it says, and answer whether it can be chosen. One call.

    Gone is marked as missing, after a second call which proves that the account itself answers.
    Raises AlegraError. Call it outside a transaction.
    """
    at = clock.now()
    try:
        row = _ONE[Kind(kind)](client, alegra_id)
    except NotFound:
        # A suspended account is said to answer 404 too.
        company.read(client)
        _mark_missing(company_row, kind, alegra_id, at=at)
        return False
    _keep(company_row, kind, [replace(row, id=alegra_id)], at=at)
    return row.is_active


def _mark_missing(company_row: AlegraCompany, kind: str, alegra_id: str, *, at: datetime) -> None:
    entry, _made = ReferenceEntry.objects.get_or_create(
        company=company_row,
        kind=kind,
        alegra_id=alegra_id,
        defaults={
            "organization_id": company_row.organization_id,
            "name": alegra_id,
            "fetched_at": at,
        },
    )
    since = entry.missing_since or at
    ReferenceEntry.objects.filter(pk=entry.pk).update(missing_since=since, fetched_at=at)


def _keep(company_row: AlegraCompany, kind: str, rows: Iterable[Entry], *, at: datetime) -> None:
    ReferenceEntry.objects.bulk_create(
        [
            ReferenceEntry(
                organization_id=company_row.organization_id,
                company=company_row,
                kind=kind,
                alegra_id=row.id,
                name=(row.name or row.id)[:200],
                data=_facts(row),
                is_active=row.is_active,
                missing_since=None,
                fetched_at=at,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["company", "kind", "alegra_id"],
        update_fields=["name", "data", "is_active", "missing_since", "fetched_at"],
    )


def active(company_row: AlegraCompany, kind: str) -> list[ReferenceEntry]:
    """What may be chosen now, by name."""
    return list(
        ReferenceEntry.objects.usable()
        .filter(company=company_row, kind=kind)
        .order_by("name", "pk")
    )


def is_choosable(company_row: AlegraCompany, kind: str, alegra_id: str) -> bool:
    found = ReferenceEntry.objects.filter(company=company_row, kind=kind, alegra_id=alegra_id)
    return found.usable().exists()


def entries(company_row: AlegraCompany, kind: str) -> dict[str, ReferenceEntry]:
    """Every copy of a kind by its Alegra id, the missing ones too."""
    found = ReferenceEntry.objects.filter(company=company_row, kind=kind)
    return {entry.alegra_id: entry for entry in found}


def name_of(company_id: int, kind: str, alegra_id: str) -> str:
    """What it is called in Alegra; its id where that is all we know."""
    rows = ReferenceEntry.objects.filter(company=company_id, kind=kind, alegra_id=alegra_id)
    return rows.values_list("name", flat=True).first() or alegra_id


def label(entry: ReferenceEntry | None, alegra_id: str) -> str:
    """The name on screen; says so when it cannot be chosen any more."""
    if entry is None:
        return _("%(id)s (ya no existe en Alegra)") % {"id": alegra_id}
    if not entry.is_present:
        return _("%(name)s (ya no existe en Alegra)") % {"name": entry.name}
    if not entry.is_active:
        return _("%(name)s (inactivo en Alegra)") % {"name": entry.name}
    return entry.name


def _facts(row: Entry) -> dict[str, Any]:
    """What else of a row is of use, as JSON."""
    if isinstance(row, number_templates.NumberTemplate):
        return {
            "prefix": row.prefix,
            "is_electronic": row.is_electronic,
            "is_default": row.is_default,
            "is_automatic": row.is_automatic,
            "next_number": row.next_number,
            "max_number": row.max_number,
            "end_date": row.end_date.isoformat() if row.end_date else None,
        }
    if isinstance(row, bank_accounts.BankAccount):
        return {"type": row.type}
    if isinstance(row, warehouses.Warehouse):
        return {"is_default": row.is_default}
    if isinstance(row, taxes.Tax):
        return {"percentage": None if row.percentage is None else str(row.percentage)}
    return {}


def _note_plan(row: AlegraCompany, kind: str, *, has: bool) -> None:
    column = {Kind.WAREHOUSE: "has_warehouses", Kind.BANK_ACCOUNT: "has_banks"}.get(Kind(kind))
    if column and getattr(row, column) != has:
        setattr(row, column, has)
        row.save(update_fields=[column])
