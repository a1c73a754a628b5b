"""The filtered history as CSV, streamed: any size, the memory of one batch.

Nothing in it is a formula for a spreadsheet, and identification, e-mail and telephone are
masked: only the order's own page shows them. Semicolons and decimal commas, because that is
what a spreadsheet set to Colombia opens with a double click.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from integrations.colombia.dates import bogota
from integrations.colombia.masking import mask_email, mask_number, mask_phone
from integrations.colombia.spreadsheet import BYTE_ORDER_MARK, DELIMITER, safe
from integrations.connections.models import Integration
from integrations.documents.buckets import made
from integrations.documents.credit_note import names
from integrations.documents.models import Document
from integrations.history import after, cursor
from integrations.history.at_dian import cufe, legal_state, said, since
from integrations.history.labels import document_name
from integrations.history.listing import Row, rows_of
from integrations.history.paid import payments_of, words_of
from integrations.history.states import FAMILY_WORDS
from integrations.inventory.models import Bodega
from integrations.mastershop import statuses
from integrations.orders.models import Order
from integrations.payments.models import Payment
from integrations.scoping import database_waits
from integrations.scoping.context import scope
from integrations.timekeeping.database_limits import EXPORT_ANSWER

BATCH = 500


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(
    rows: QuerySet[Order],
    *,
    organization_id: int,
    integrations: dict[int, Integration],
    now: datetime,
) -> Iterator[str]:
    """The lines of the file. Opens its own scope: the request's has ended by then."""
    writer = csv.writer(_Echo(), delimiter=DELIMITER, lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow(_header())
    place: tuple[datetime, int] | None = None
    while True:
        with scope(organization_id), database_waits.longer(EXPORT_ANSWER):
            batch = rows if place is None else cursor.after(rows, *place)
            found = list(cursor.newest_first(batch)[:BATCH])
            made = rows_of(found, integrations, now)
            bodegas = _bodega_names(found)
            payments = payments_of(each.document_id for each in found if each.document_id)
        for row in made:
            yield writer.writerow(
                [safe(cell) for cell in _cells(row, integrations, bodegas, payments)]
            )
        if len(found) < BATCH:
            return
        place = (found[-1].first_seen_at, found[-1].pk)


def _header() -> list[str]:
    return [
        _("Pedido"),
        _("Referencia de la tienda"),
        _("Llegó"),
        _("Integración"),
        _("Estado"),
        _("Motivo"),
        _("Cambió"),
        _("Antes"),
        _("Ahora"),
        _("Estado en MasterShop"),
        _("Documento"),
        _("Número"),
        _("Id en Alegra"),
        _("Fecha del documento"),
        _("Ante la DIAN"),
        _("Desde"),
        _("Dijo la DIAN"),
        _("CUFE"),
        _("Valor del pedido"),
        _("Total del documento"),
        _("IVA"),
        _("Forma de pago"),
        _("Método de pago"),
        _("Pago en Alegra"),
        _("Cliente"),
        _("Identificación"),
        _("Correo"),
        _("Teléfono"),
        _("Ciudad"),
        _("Bodega"),
        _("Guía"),
        _("Nota crédito"),
    ]


def _bodega_names(orders: list[Order]) -> dict[tuple[int, str], str]:
    """What MasterShop's list calls the bodegas that the orders name by their id; one query."""
    unnamed = [each for each in orders if each.bodega_id and not each.bodega_name]
    if not unnamed:
        return {}
    rows = Bodega.objects.filter(
        integration__in={each.integration_id for each in unnamed},
        source_id__in={each.bodega_id for each in unnamed},
    )
    found = rows.exclude(name="").values_list("integration_id", "source_id", "name")
    return {(integration, source): name for integration, source, name in found}


def _cells(
    row: Row,
    integrations: dict[int, Integration],
    bodegas: dict[tuple[int, str], str],
    payments: dict[int, Payment],
) -> list[str]:
    order, document = row.order, row.order.document
    integration = integrations.get(order.integration_id)
    exists = document is not None and bool(document.alegra_id)
    return [
        order.number,
        order.external_number,
        bogota(order.first_seen_at).strftime("%Y-%m-%d %H:%M"),
        integration.name if integration else "",
        row.label.word,
        " · ".join(filter(None, [*(each.text for each in row.warnings), row.label.why])),
        *after.cells(row.beside, document),
        statuses.by_code(order.status).label,
        made(document),
        _number(document) if document else "",
        document.alegra_id if document else "",
        document.doc_date.isoformat() if document and document.doc_date else "",
        *_at_dian(document),
        _amount(order.total),
        _amount(document.total) if exists else "",
        _amount(document.tax) if exists else "",
        str(FAMILY_WORDS[order.family]),
        order.method,
        words_of(document, payments.get(order.document_id)),
        order.buyer_name,
        mask_number(order.buyer_doc_number),
        mask_email(order.buyer_email),
        mask_phone(order.buyer_phone),
        order.ship_city,
        order.bodega_name
        or bodegas.get((order.integration_id, order.bodega_id), "")
        or order.bodega_id,
        order.guide,
        names(document) if document else "",
    ]


def _at_dian(document: Document | None) -> tuple[str, str, str, str]:
    if document is None:
        return "", "", "", ""
    moment = since(document)
    known = bogota(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
    return legal_state(document), known, " | ".join(said(document)), cufe(document)


def _number(document: Document) -> str:
    """The bare number (the kind has a column of its own), or what stands instead of one."""
    if document.number or document.alegra_id:
        return document.number
    return document_name(document)


def _amount(value: Decimal | None) -> str:
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    return f"{value:.0f}" if whole else f"{value:.2f}".replace(".", ",")
