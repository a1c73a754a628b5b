"""The lists of Alegra's that are compared, each with the works whose documents it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.alegra import invoices, payments, remissions
from integrations.alegra.client import AlegraClient
from integrations.connections.models import AlegraCompany
from integrations.documents.models import Document
from integrations.payments.models import Payment
from integrations.sending.models import Work


@dataclass(frozen=True)
class BooksList:
    """`noun` is one of its rows to a merchant ("Factura"). `page(client, day, start)` is one page
    of what is dated since a day, newest first, and whether the list ends there. `related`: what
    a comparison asks of a work beside itself."""

    name: str
    noun: Promise
    page: Callable[[AlegraClient, date, int], tuple[list[Any], bool]]
    read: Callable[[AlegraClient, str], Any]
    work: type[Work]
    related: tuple[str, ...]
    kin: Mapping[str, Any] = field(default_factory=dict)

    def works(self, company: AlegraCompany) -> QuerySet[Any]:
        rows = self.work.objects.filter(company=company, **self.kin)
        return rows.select_related(*self.related).defer("payload")


_OF_DOCUMENT = ("order", "buyer_contact")

LISTS = {
    each.name: each
    for each in (
        BooksList(
            "invoice", _("Factura"), invoices.page_since, invoices.read, Document, _OF_DOCUMENT,
            {"kind": "invoice"},
        ),
        BooksList(
            "remission", _("Remisión"), remissions.page_since, remissions.read, Document,
            _OF_DOCUMENT, {"kind": "remission"},
        ),
        BooksList(
            "payment", _("Pago"), payments.page_since, payments.read, Payment,
            ("order", "document"),
        ),
    )
}  # fmt: skip


def in_use(company: AlegraCompany) -> list[str]:
    """The names of the lists in which the portal ever made something for this company."""
    return [
        each.name
        for each in LISTS.values()
        if each.works(company).exclude(alegra_id="").order_by().exists()
    ]
