"""The plain lists of a company: bodegas, sellers, taxes, numberings and the like.

They differ only in their fields, so one table describes them all. Alegra reference:
catalogues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from integrations.simulators.alegra.books import Books, Call, reference_to
from integrations.simulators.alegra.lines import number
from integrations.simulators.alegra.lists import Matches, contains, equals, page
from integrations.simulators.alegra.refusals import not_in_plan, refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.alegra.stock import principal_warehouse
from integrations.simulators.server import Router
from integrations.simulators.storage import Record


@dataclass(frozen=True)
class Catalogue:
    """One kind: its path, what it shows besides ``id``, and what a new one must have."""

    kind: str
    missing: str
    defaults: dict[str, Any]
    required: tuple[str, ...] = ("name",)
    filters: dict[str, Matches] = field(default_factory=dict)
    module: str = ""  # the part of the plan without which it answers 402
    module_name: str = ""


_STATUS = {"status": "active"}
_BY_STATUS: dict[str, Matches] = {"status": equals("status"), "name": contains("name")}
CATALOGUES = (
    Catalogue(
        "warehouses",
        "La bodega no existe",
        {"name": None, "observations": None, "isDefault": False, "address": None, **_STATUS,
         "costCenter": None},
        filters=_BY_STATUS,
    ),
    Catalogue(
        "bank-accounts",
        "La cuenta bancaria no existe",
        {"name": None, "number": None, "description": None, "type": "bank", **_STATUS,
         "initialBalance": "0", "initialBalanceDate": None, "balance": "0",
         "category": {"id": "5009", "name": "Bancos"}},
        required=("name", "type", "initialBalance"),
        filters={"type": equals("type"), **_BY_STATUS},
        module="banks",
        module_name="el módulo de bancos",
    ),
    Catalogue(
        "number-templates",
        "La numeración no existe",
        {"name": None, "prefix": None, "documentType": "invoice", "isDefault": False,
         "isElectronic": False, **_STATUS, "autoincrement": True, "deletable": True,
         "minInvoiceNumber": None, "maxInvoiceNumber": None, "nextInvoiceNumber": 1,
         "startDate": None, "endDate": None, "resolutionNumber": None, "invoiceText": None},
        required=("name", "documentType"),
        filters={"documentType": equals("documentType"), "status": equals("status")},
    ),
    Catalogue(
        "cost-centers",
        "El centro de costo no existe",
        {"code": None, "name": None, "description": None, **_STATUS},
        filters=_BY_STATUS,
    ),
    Catalogue(
        "sellers",
        "El vendedor no existe",
        {"name": None, "identification": None, "observations": None, **_STATUS},
        filters=_BY_STATUS,
    ),
    Catalogue(
        "taxes",
        "El impuesto no existe",
        {"name": None, "percentage": "0", "description": None, **_STATUS, "type": "IVA",
         "rate": "0", "categoryFavorable": {"id": "5060", "name": "IVA descontable"},
         "categoryToBePaid": {"id": "5061", "name": "IVA generado"}},
        required=("name", "percentage"),
        filters=_BY_STATUS,
    ),
    Catalogue(
        "retentions",
        "La retención no existe",
        {"name": None, "percentage": "0", "type": "FUENTE", "description": None, **_STATUS},
        required=("name", "percentage"),
    ),
    Catalogue(
        "price-lists",
        "La lista de precios con ese id no fue encontrada",
        {"name": None, "type": "amount", "percentage": None, **_STATUS},
    ),
    Catalogue("terms", "El término de pago no existe", {"name": None, "days": "0"}),
    Catalogue(
        "currencies",
        "La moneda no existe",
        {"code": None, "name": None, "symbol": "$", "exchangeRate": "1", **_STATUS},
        required=("code",),
    ),
    Catalogue(
        "categories",
        "La cuenta contable no existe",
        {"name": None, "type": "income", "children": []},
    ),
    Catalogue(
        "item-categories",
        "La categoría no existe",
        {"name": None, "description": None, **_STATUS},
        filters=_BY_STATUS,
    ),
    Catalogue(
        "variant-attributes",
        "El atributo no existe",
        {"name": None, "options": [], **_STATUS},
    ),
    Catalogue(
        "custom-fields",
        "El campo adicional no existe",
        {"name": None, "resourceType": "item", "type": "text", **_STATUS},
    ),
)  # fmt: skip
DEFAULTS = {catalogue.kind: catalogue.defaults for catalogue in CATALOGUES}


def add_catalogue_routes(router: Router) -> None:
    for catalogue in CATALOGUES:
        bound: Callable[..., Any]
        for method, path, handler in (
            ("GET", "", list_entries),
            ("POST", "", create_entry),
            ("GET", "/{id}", read_entry),
            ("PUT", "/{id}", edit_entry),
            ("DELETE", "/{id}", delete_entry),
        ):
            bound = partial(handler, catalogue)
            router.add(method, f"/{catalogue.kind}{path}", bound)
    router.add("POST", "/bank-accounts/{id}/transfer", transfer_between_accounts)


def show_entry(books: Books, catalogue: Catalogue, record: Record) -> Record:
    shapes, key = books.shapes, record["id"]
    shown: Record = {"id": shapes.id(catalogue.kind, key)}
    for name in catalogue.defaults:
        value = record.get(name)
        if name in {"balance", "initialBalance"}:
            value = shapes.money(value or "0", catalogue.kind, key, name)
        elif name == "code" and value is None:
            continue  # seen absent where an entry has none
        elif name == "identification" and value and shapes.varied and value.isdigit():
            value = int(value) if shapes.turn(2, "identification", key) else value
        shown[name] = value
    if catalogue.kind == "currencies":
        del shown["id"]  # keyed by code
    return shown


def list_entries(catalogue: Catalogue, call: Call) -> Any:
    _need_module(catalogue, call.books)
    rows = call.books.listed(catalogue.kind)
    if catalogue.kind == "warehouses" and call.books.lacks("warehouses"):
        rows = [record for record in rows if record.get("isDefault")]
    return page(
        call,
        catalogue.kind,
        lambda record: show_entry(call.books, catalogue, record),
        filters=catalogue.filters,
        order={"id": ("id",), "name": ("name",)},
        rows=rows,
    )


def read_entry(catalogue: Catalogue, call: Call) -> Any:
    _need_module(catalogue, call.books)
    record = call.books.get(catalogue.kind, call.key, catalogue.missing)
    return show_entry(call.books, catalogue, record)


def create_entry(catalogue: Catalogue, call: Call) -> Any:
    books, body = call.books, call.body
    _need_module(catalogue, books)
    if catalogue.kind == "warehouses" and books.lacks("warehouses"):
        raise not_in_plan("el manejo de bodegas")
    if catalogue.kind == "warehouses" and not isinstance(body.get("address"), str | None):
        raise refusal("El campo address debe ser un texto")
    for name in catalogue.required:
        if body.get(name) in (None, ""):
            raise refusal(f"El campo {name} es obligatorio")
    key = str(body["code"]) if catalogue.kind == "currencies" else books.mint(catalogue.kind)
    sent = {name: _kept(body[name]) for name in catalogue.defaults if name in body}
    record = {"id": key, "kind": catalogue.kind, **catalogue.defaults, **sent}
    if catalogue.kind == "bank-accounts":
        record["balance"] = record["initialBalance"] or "0"
    books.put(catalogue.kind, call.sign(record))
    call.status = books.facts["post_status"]
    return show_entry(books, catalogue, record)


def edit_entry(catalogue: Catalogue, call: Call) -> Any:
    books, body = call.books, call.body
    _need_module(catalogue, books)
    record = books.get(catalogue.kind, call.key, catalogue.missing)
    record |= {name: _kept(body[name]) for name in catalogue.defaults if name in body}
    books.put(catalogue.kind, record)
    return show_entry(books, catalogue, record)


def delete_entry(catalogue: Catalogue, call: Call) -> Any:
    books = call.books
    _need_module(catalogue, books)
    record = books.get(catalogue.kind, call.key, catalogue.missing)
    if catalogue.kind == "warehouses" and record["id"] == principal_warehouse(books):
        raise refusal("La bodega principal no se puede eliminar")
    if catalogue.kind == "number-templates" and _is_used(books, record["id"]):
        raise refusal("La numeración ya fue usada en documentos", 409, 409)
    books.store.drop(books.nit, catalogue.kind, record["id"])
    return {"code": 200, "message": "El registro fue eliminado correctamente."}


def transfer_between_accounts(call: Call) -> Any:
    """Move money from one account of the company to another."""
    books, body = call.books, call.body
    if books.lacks("banks"):
        raise not_in_plan("el módulo de bancos")
    missing = "La cuenta bancaria no existe"
    origin = books.get("bank-accounts", call.key, missing)
    target = books.get("bank-accounts", str(reference_to(body.get("idDestination"))), missing)
    amount = number(body.get("amount"), "amount", least=Decimal(0), above=True)
    origin["balance"] = plain(Decimal(origin["balance"]) - amount)
    target["balance"] = plain(Decimal(target["balance"]) + amount)
    books.put("bank-accounts", origin)
    books.put("bank-accounts", target)
    return {"code": 200, "message": "La transferencia fue realizada correctamente."}


def _kept(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


def _need_module(catalogue: Catalogue, books: Books) -> None:
    if catalogue.module and books.lacks(catalogue.module):
        raise not_in_plan(catalogue.module_name)


def _is_used(books: Books, key: str) -> bool:
    kinds = ("invoices", "credit-notes")
    return any(record["template"]["id"] == key for kind in kinds for record in books.all(kind))
