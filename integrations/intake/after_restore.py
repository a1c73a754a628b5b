"""Reads the order lists again at once, for orders that a restored database has forgotten."""

from __future__ import annotations

from integrations.connections import reads
from integrations.connections.models import AlegraCompany, Integration
from integrations.connections.source_read import SourceRead
from integrations.sending.safe_start import checking


def connect() -> None:
    if read_back not in checking.noticed:
        checking.noticed.append(read_back)


def read_back(company: AlegraCompany) -> None:
    """Make the widest pass over the order lists of the company's integrations due now, whatever
    moment the database has for the last one."""
    lists = SourceRead.objects.filter(
        kind=reads.Kind.ORDERS, integration__in=Integration.objects.active().filter(company=company)
    )
    lists.update(passes={}, failed_at=None)
