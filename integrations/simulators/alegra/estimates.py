"""Estimates: quotations without any effect on stock or books."""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Books, Call
from integrations.simulators.alegra.headers import (
    accept_client,
    accept_date,
    accept_named,
    accept_texts,
    show_client,
    show_named,
)
from integrations.simulators.alegra.lines import accept_lines, show_lines
from integrations.simulators.alegra.lists import contains, equals, one_of, page
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "La cotización no existe"
_NAMED = ("seller", "costCenter", "priceList")
_TEXTS = ("observations", "anotation")


def add_estimate_routes(router: Router) -> None:
    router.add("GET", "/estimates", list_estimates)
    router.add("POST", "/estimates", create_estimate)
    router.add("GET", "/estimates/{id}", read_estimate)
    router.add("PUT", "/estimates/{id}", edit_estimate)
    router.add("DELETE", "/estimates/{id}", delete_estimate)


def show_estimate(books: Books, record: Record) -> Record:
    key = record["id"]
    return {
        "id": books.shapes.id("estimates", key),
        "number": record["number"],
        "date": record["date"],
        "dueDate": record["dueDate"],
        "status": record["status"],
        "observations": record["observations"],
        "anotation": record["anotation"],
        "client": show_client(books, record["client"]),
        "seller": show_named(books, "sellers", record["seller"]),
        "items": show_lines(books, record),
        "total": books.shapes.money(record["total"], "estimates", key, "total"),
    }


def list_estimates(call: Call) -> Any:
    return page(
        call,
        "estimates",
        lambda record: show_estimate(call.books, record),
        filters={
            "client_id": contains("client", "id"),
            "date": equals("date"),
            "status": one_of("status"),
        },
        order={"id": ("id",), "date": ("date",), "dueDate": ("dueDate",)},
    )


def read_estimate(call: Call) -> Any:
    return show_estimate(call.books, call.books.get("estimates", call.key, MISSING))


def create_estimate(call: Call) -> Any:
    books, body = call.books, call.body
    lines, totals = accept_lines(books, body.get("items"))
    record: Record = {
        "id": books.mint("estimates"),
        "kind": "estimates",
        "number": str(books.store.next_number(books.nit, "estimate number")),
        "date": accept_date(body.get("date"), "date"),
        "dueDate": accept_date(body.get("dueDate"), "dueDate"),
        "status": "unbilled",
        "client": accept_client(books, body.get("client")),
        "lines": lines,
        **totals,
        **dict.fromkeys((*_NAMED, *_TEXTS)),
        **accept_named(books, body, _NAMED),
        **accept_texts(body, _TEXTS),
        "stock": [],
    }
    record = call.sign(record)
    books.put("estimates", record)
    call.status = books.facts["post_status"]
    return show_estimate(books, record)


def edit_estimate(call: Call) -> Any:
    books, body = call.books, call.body
    record = books.get("estimates", call.key, MISSING)
    for name in ("date", "dueDate"):
        if name in body:
            record[name] = accept_date(body[name], name)
    if "client" in body:
        record["client"] = accept_client(books, body["client"])
    if "items" in body:
        lines, totals = accept_lines(books, body["items"])
        record |= {"lines": lines, **totals}
    record |= accept_named(books, body, _NAMED) | accept_texts(body, _TEXTS)
    books.put("estimates", record)
    return show_estimate(books, record)


def delete_estimate(call: Call) -> Any:
    record = call.books.get("estimates", call.key, MISSING)
    call.books.put("estimates", {**record, "deleted_at": timestamp(call.books.now)})
    return {"code": 200, "message": "La cotización fue eliminada correctamente."}
