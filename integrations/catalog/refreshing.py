"""Reading whole catalogues: Alegra's items of a company, MasterShop's products.

Runs in a worker, with no transaction open during a call. A read that breaks off marks nothing
as gone. It goes slowly on purpose: documents of the same Alegra user come first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import structlog
from django.utils.translation import gettext as _

from integrations.alegra import items as alegra_items
from integrations.alegra.client import MOST_ROWS, AlegraClient
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    Forbidden,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Unauthorized,
)
from integrations.catalog import items, variants
from integrations.connections import reads
from integrations.connections.clients import NoStandIn, alegra_client, mastershop_client
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.mastershop import errors as mastershop_errors
from integrations.mastershop.client import MasterShopClient
from integrations.mastershop.products import Product
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("catalog")

_TRIES = 4

Read = TypeVar("Read")


def refresh_items(company: AlegraCompany, credential: Credential) -> str | None:
    """Copy every item of the company. '' when done, a sentence when it failed, None when
    somebody else is reading it."""
    began = clock.now()
    row = reads.begin(reads.Kind.ITEMS, company, now=began)
    if row is None:
        return None
    count, error = 0, reads.unfinished()
    try:
        with alegra_client(credential) as client:
            for page in _item_pages(client):
                count += len(items.copy_of(company, page))
                if count > items.MOST_ITEMS:
                    raise variants.CatalogueTooLarge
            if count:
                items.mark_missing(company, client, began=began)
        error = ""
    except (AlegraError, NoStandIn, variants.CatalogueTooLarge) as failure:
        error = alegra_sentence(failure)
        log.warning("items not read", company=company.pk, error=type(failure).__name__)
    finally:
        reads.end(row, now=clock.now(), rows=count, error=error)
    return error


def refresh_variants(integration: Integration) -> str | None:
    """Read MasterShop's catalogue of the integration; answers like `refresh_items`."""
    row = reads.begin(reads.Kind.VARIANTS, integration, now=clock.now())
    if row is None:
        return None
    count, error = 0, reads.unfinished()
    try:
        with mastershop_client(integration) as client:
            products = list(_products(client))
        count, _gone = variants.store_catalogue(integration, products, now=clock.now())
        error = ""
    except (mastershop_errors.MasterShopError, NoStandIn, variants.CatalogueTooLarge) as failure:
        error = mastershop_sentence(failure)
        log.warning("variants not read", integration=integration.pk, error=type(failure).__name__)
    finally:
        reads.end(row, now=clock.now(), rows=count, error=error)
    return error


def _item_pages(client: AlegraClient) -> Iterator[tuple[alegra_items.Item, ...]]:
    """Pages of items, each item once. One row overlaps at each turn, so that a row which slides
    up while we read is not missed."""
    seen: set[str] = set()
    start = 0
    while True:
        page = _patiently(lambda at=start: alegra_items.page(client, start=at, limit=MOST_ROWS))
        fresh = tuple(item for item in page.rows if item.id not in seen)
        seen.update(item.id for item in fresh)
        yield fresh
        # A page with nothing new is a far side that ignores where to start.
        if page.is_last or not fresh:
            return
        start += max(1, len(page.rows) - 1)
        time.sleep(timing().list_page_rest)


def _products(client: MasterShopClient) -> Iterator[Product]:
    seen: set[str] = set()
    for number in range(1, 2001):
        page = _patiently(lambda at=number: client.products_page(at))
        fresh = [product for product in page.rows if product.id not in seen]
        seen.update(product.id for product in fresh)
        yield from fresh
        if page.is_last or (page.rows and not fresh):
            return
    raise variants.CatalogueTooLarge


def _patiently(call: Callable[[], Read]) -> Read:
    """The call's answer. Waits where a far side or our own budget asks for it, within reason."""
    times = timing()
    waited, failed = 0.0, 0
    while True:
        try:
            return call()
        except (BudgetExhausted, RateLimited, mastershop_errors.RateLimited) as refusal:
            wait = refusal.retry_after or times.list_wait
            wait = min(times.list_wait, max(times.contention, wait))
            if waited + wait > times.list_waits:
                raise
        except (
            NotSent,
            OutcomeUnknown,
            mastershop_errors.NotReached,
            mastershop_errors.Unavailable,
        ):
            # Reading twice harms nobody.
            failed += 1
            if failed >= _TRIES:
                raise
            wait = times.list_again * failed
        waited += wait
        time.sleep(wait)


def alegra_sentence(failure: Exception) -> str:
    """Why Alegra could not be read, for the merchant."""
    if isinstance(failure, Unauthorized):
        return _("Alegra ya no acepta el token.")
    if isinstance(failure, Forbidden):
        return _("El usuario de Alegra no tiene permiso para ver los productos.")
    if isinstance(failure, variants.CatalogueTooLarge):
        return _("El catálogo es demasiado grande para leerlo completo.")
    if isinstance(failure, NoStandIn):
        return _("Aquí no hay cuentas de prueba.")
    if isinstance(failure, BudgetExhausted | RateLimited):
        return _("Alegra recibió demasiadas solicitudes. Lo volvemos a intentar más tarde.")
    return _("Alegra no respondió. Lo volvemos a intentar más tarde.")


def mastershop_sentence(failure: Exception) -> str:
    """Why MasterShop could not be read, for the merchant."""
    if isinstance(failure, mastershop_errors.KeyRefused):
        return _("MasterShop no acepta la llave de API.")
    if isinstance(failure, variants.CatalogueTooLarge):
        return _("El catálogo es demasiado grande para leerlo completo.")
    if isinstance(failure, NoStandIn):
        return _("Aquí no hay cuentas de prueba.")
    if isinstance(failure, mastershop_errors.NotFound):
        return _("MasterShop no ofrece esta lista todavía.")
    return _("MasterShop no respondió. Lo volvemos a intentar más tarde.")
