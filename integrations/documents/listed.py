"""Registers the two lists of Alegra's in which documents are found again after a restore."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from integrations.colombia.peso_text import number
from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.safe_start.lists import AlegraList, Sale


def known_sales(integrations: Collection[int], numbers: Collection[str]) -> Iterable[Sale]:
    rows = Order.objects.filter(integration__in=integrations, number__in=numbers)
    return rows.values_list("integration_id", "number", "occurrence")


def _makes_some(company: AlegraCompany, *, kind: str) -> bool:
    """Whether some integration makes documents of this kind. An integration without saved
    settings makes the default kind."""
    chosen = DocumentSettings.objects.filter(integration__company=company)
    is_default = kind == DocumentSettings._meta.get_field("kind").default
    return chosen.filter(kind=kind).exists() or (is_default and not chosen.exists())


def _invoices(n: int) -> str:
    return ngettext("%(n)s factura", "%(n)s facturas", n) % {"n": number(n)}


def _remissions(n: int) -> str:
    return ngettext("%(n)s remisión", "%(n)s remisiones", n) % {"n": number(n)}


def _list_of(kind: str, title: Promise, counted: Callable[[int], str]) -> AlegraList:
    endpoint = ENDPOINTS[kind]
    return AlegraList(
        name=kind,
        title=title,
        counted=counted,
        work=Document,
        since=endpoint.since,
        read=endpoint.read,
        reading=READ_DOCUMENTS,
        kin={"kind": kind},
        sales=known_sales,
        # A document may be made anew, also as the other kind, since the copy was made.
        has_cycles=True,
        writes=partial(_makes_some, kind=kind),
    )


INVOICES = _list_of("invoice", _("Facturas"), _invoices)
REMISSIONS = _list_of("remission", _("Remisiones"), _remissions)
