"""Pages for people: what a company's books hold, as its accountant would look at them.

``/app/`` lists companies, ``/app/company/{nit}/{section}`` their documents and contacts,
``/app/invoice/{id}`` and ``/app/remission/{id}`` are the addresses to link to ("ver en
Alegra"); ``?company={nit}`` says whose, where two companies use one id. Without control
interface the pages ask for the company's user and token.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from integrations.simulators.alegra.dian import settle_stamps
from integrations.simulators.alegra.invoice_view import balance_of, full_number, paid_of
from integrations.simulators.alegra.page_parts import (
    cell,
    facts,
    link,
    money,
    page,
    quantity,
    state,
    table,
    tabs,
)
from integrations.simulators.alegra.stamp_view import told
from integrations.simulators.server import Request, Response, Router
from integrations.simulators.storage import Record

if TYPE_CHECKING:
    from integrations.simulators.alegra.site import AlegraSite

_PAGE_SIZE = 50
_SECTIONS = (("invoices", "Facturas"), ("remissions", "Remisiones"), ("contacts", "Contactos"))
_STATES = {
    "draft": ("Borrador", "wait"),
    "open": ("Por cobrar", ""),
    "closed": ("Cobrada", "good"),
    "void": ("Anulada", "soft"),
}
_REMISSION_STATES = {
    "open": ("Abierta", ""),
    "closed": ("Facturada", "good"),
    "void": ("Anulada", "soft"),
}
_FORMS = {"CASH": "Contado", "CREDIT": "Crédito"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Pages:
    """The pages of one site."""

    def __init__(self, site: AlegraSite) -> None:
        self._site = site
        self._router = Router()
        self._router.add("GET", "/", self._home)
        self._router.add("GET", "/app", self._home)
        self._router.add("GET", "/app/company/{nit}", self._section)
        self._router.add("GET", "/app/company/{nit}/{section}", self._section)
        self._router.add("GET", "/app/invoice/{id}", self._invoice)
        self._router.add("GET", "/app/remission/{id}", self._remission)

    def answer(self, request: Request) -> Response:
        whose = self._whose(request)
        if whose is None:
            ask = {**_HEADERS, "WWW-Authenticate": 'Basic realm="Alegra simulada", charset="UTF-8"'}
            inside = "<p>Ingresa con el correo y el token de la empresa.</p>"
            return Response.html(page("Acceso", inside), 401, ask)
        handler, request.params, _ = self._router.find(request.method, request.path)
        with self._site.store.transaction():
            text = handler(request, whose) if handler else None
        if text is None:
            inside = "<p>No hay nada en esta dirección, o pertenece a otra empresa.</p>"
            return Response.html(page("No encontrado", inside), 404, dict(_HEADERS))
        return Response.html(text, headers=dict(_HEADERS))

    def _whose(self, request: Request) -> list[str] | None:
        """The companies that may be seen; None when nobody said who they are."""
        if self._site.control:
            return self._site.store.scopes()
        access = self._site.companies.access(request.headers.get("authorization", ""))
        return None if access is None else [access.nit]

    def _name(self, nit: str) -> str:
        company = self._site.store.look(nit, "company", "company")
        return f"{company['name']} · NIT {nit}" if company else nit

    def _home(self, request: Request, whose: list[str]) -> str:
        rows = []
        for nit in whose:
            books = self._site.books(nit)
            rows.append(
                cell(link(f"/app/company/{nit}/invoices", books.company["name"]))
                + cell(escape(nit))
                + cell(str(len(books.all("invoices"))), number=True)
                + cell(str(len(books.all("remissions"))), number=True)
            )
        heads = (("Empresa", False), ("NIT", False), ("Facturas", True), ("Remisiones", True))
        return page("Empresas", table(heads, rows) if rows else "<p>Aún no hay empresas.</p>")

    def _section(self, request: Request, whose: list[str]) -> str | None:
        nit = request.params["nit"]
        section = request.params.get("section", "invoices")
        render: dict[str, Callable[[Record], str]] = {
            "invoices": lambda record: _invoice_row(record, nit),
            "remissions": lambda record: _remission_row(record, nit),
            "contacts": _contact_row,
        }
        if nit not in whose or section not in render:
            return None
        books = self._site.books(nit)
        settle_stamps(books)
        records = books.all(section)[::-1]
        number = request.query.get("page", "1")
        start = (max(1, int(number)) - 1) * _PAGE_SIZE if number.isdigit() else 0
        shown = records[start : start + _PAGE_SIZE]
        base = f"/app/company/{nit}"
        inside = tabs([(f"{base}/{key}", words) for key, words in _SECTIONS], f"{base}/{section}")
        title = dict(_SECTIONS)[section]
        if not shown:
            return page(title, inside + "<p>Aquí no hay nada todavía.</p>", company=self._name(nit))
        inside += table(_HEADS[section], map(render[section], shown))
        last = start + len(shown)
        inside += f"<p>{start + 1} a {last} de {len(records)}. "
        if last < len(records):
            inside += link(f"{base}/{section}?page={last // _PAGE_SIZE + 1}", "Siguientes")
        return page(title, inside + "</p>", company=self._name(nit))

    def _invoice(self, request: Request, whose: list[str]) -> str | None:
        return self._document(request, whose, "invoices", "invoice")

    def _remission(self, request: Request, whose: list[str]) -> str | None:
        return self._document(request, whose, "remissions", "remission")

    def _document(self, request: Request, whose: list[str], kind: str, word: str) -> str | None:
        key, company = request.params["id"], request.query.get("company")
        owners = [
            nit
            for nit in whose
            if company in (None, nit) and self._site.store.look(nit, kind, key) is not None
        ]
        if not owners:
            return None
        if len(owners) > 1:
            links = "".join(
                f"<li>{link(f'/app/{word}/{key}?company={nit}', self._name(nit))}</li>"
                for nit in owners
            )
            return page("¿De qué empresa?", f'<div class="card"><ul>{links}</ul></div>')
        settle_stamps(self._site.books(owners[0]))
        record = self._site.store.look(owners[0], kind, key)
        assert record is not None  # noqa: S101 - it was there a line ago
        return _document_page(record, self._name(owners[0]))


def _stamp_state(record: Record) -> str:
    status = (record.get("stamp") or {}).get("legalStatus", "")
    if "REJECT" in status:
        return state("Rechazada por la DIAN", "bad")
    if "ACCEPT" in status:
        words = "Aceptada por la DIAN"
        return state(f"{words}, con observaciones" if "OBSERV" in status else words, "good")
    if status:
        return state("En la DIAN", "wait")
    return state("Sin emitir", "soft")


def _state_of(record: Record) -> str:
    if record.get("deleted_at"):
        return state("Eliminada", "bad")
    words = _STATES if record["kind"] == "invoices" else _REMISSION_STATES
    return state(*words[record["status"]])


_HEADS = {
    "invoices": (
        ("Número", False),
        ("Fecha", False),
        ("Cliente", False),
        ("Estado", False),
        ("DIAN", False),
        ("Total", True),
        ("Por cobrar", True),
    ),
    "remissions": (
        ("Número", False),
        ("Fecha", False),
        ("Cliente", False),
        ("Bodega", False),
        ("Estado", False),
        ("Total", True),
    ),
    "contacts": (
        ("Nombre", False),
        ("Identificación", False),
        ("Correo", False),
        ("Ciudad", False),
    ),
}


def _invoice_row(record: Record, nit: str) -> str:
    number = full_number(record) or "Borrador"
    return (
        cell(link(f"/app/invoice/{record['id']}?company={nit}", number))
        + cell(escape(record["date"]))
        + cell(escape(record["client"]["name"]))
        + cell(_state_of(record))
        + cell(_stamp_state(record))
        + cell(money(record["total"]), number=True)
        + cell(money(balance_of(record)), number=True)
    )


def _remission_row(record: Record, nit: str) -> str:
    return (
        cell(link(f"/app/remission/{record['id']}?company={nit}", record["number"]))
        + cell(escape(record["date"]))
        + cell(escape(record["client"]["name"]))
        + cell(escape(record["warehouse"]["name"]))
        + cell(_state_of(record))
        + cell(money(record["total"]), number=True)
    )


def _contact_row(record: Record) -> str:
    identity = record["identificationObject"] or {}
    words = f"{identity.get('type', '')} {identity.get('number', '')}"
    if identity.get("dv"):
        words += f"-{identity['dv']}"
    address = record["address"] or {}
    return (
        cell(escape(record["name"]))
        + cell(escape(words))
        + cell(escape(record["email"] or ""))
        + cell(escape(str(address.get("city") or "")))
    )


def _document_page(record: Record, company: str) -> str:
    is_invoice = record["kind"] == "invoices"
    number = full_number(record) if is_invoice else record["number"]
    title = f"{'Factura' if is_invoice else 'Remisión'} {number or 'en borrador'}"
    client = record["client"]
    pairs = [
        ("Estado", _state_of(record)),
        *([("DIAN", _stamp_state(record))] if is_invoice else []),
        ("Cliente", escape(client["name"])),
        ("Identificación", escape(client.get("identification") or "")),
        ("Fecha", escape(record["date"])),
        ("Vencimiento", escape(record["dueDate"])),
        ("Bodega", escape(record["warehouse"]["name"])),
        ("Vendedor", _named(record["seller"])),
        ("Centro de costo", _named(record["costCenter"])),
    ]
    if is_invoice:
        form = _FORMS.get(record["paymentForm"] or "", "")
        words = " · ".join(filter(None, (form, record["paymentMethod"])))
        pairs.append(("Forma y medio de pago", escape(words)))
        pairs.append(("CUFE", escape((record.get("stamp") or {}).get("cufe", ""))))
    inside = facts(pairs) + "<h2>Ítems</h2>" + _lines(record, is_invoice)
    if is_invoice and record["payments"]:
        rows = (
            cell(escape(entry["date"]))
            + cell(escape(entry["paymentMethod"] or ""))
            + cell(money(entry["amount"]), number=True)
            for entry in record["payments"]
        )
        heads = (("Fecha", False), ("Medio", False), ("Valor", True))
        inside += "<h2>Pagos recibidos</h2>" + table(heads, rows)
    errors = told((record.get("stamp") or {}).get("errors", []), "Rechazo")
    for name, text in (
        ("Motivo del rechazo", " ".join(errors)),
        ("Observaciones (internas)", record["observations"]),
        ("Notas (se imprimen)", record["anotation"]),
    ):
        if text:
            inside += f'<h2>{name}</h2><div class="card"><pre>{escape(text)}</pre></div>'
    return page(title, inside, company=company)


def _lines(record: Record, is_invoice: bool) -> str:
    rows = []
    for line in record["lines"]:
        name = escape(line["name"])
        if line["description"] and line["description"] != line["name"]:
            name += f'<br><span class="soft">{escape(str(line["description"]))}</span>'
        rates = " + ".join(f"{quantity(tax['percentage'])} %" for tax in line["tax"])
        rows.append(
            cell(name)
            + cell(escape(line["reference"] or ""))
            + cell(quantity(line["quantity"]), number=True)
            + cell(money(line["price"]), number=True)
            + cell(f"{quantity(line['discount'])} %", number=True)
            + cell(rates or "Sin IVA", number=True)
            + cell(money(line["base"]), number=True)
            + cell(money(line["taxAmount"]), number=True)
            + cell(money(line["total"]), number=True)
        )
    heads = (
        ("Ítem", False),
        ("Referencia", False),
        ("Cantidad", True),
        ("Precio", True),
        ("Descuento", True),
        ("Impuesto", True),
        ("Base", True),
        ("IVA", True),
        ("Total", True),
    )
    sums = [
        ("Base", Decimal(record["total"]) - Decimal(record["tax"])),
        ("IVA", Decimal(record["tax"])),
    ]
    if is_invoice:
        sums += [("Pagado", paid_of(record)), ("Por cobrar", balance_of(record))]
    sums.append(("Total", Decimal(record["total"])))
    foot = "".join(
        f'<tr><td colspan="8" class="num">{words}</td><td class="num">{money(amount)}</td></tr>'
        for words, amount in sums
    )
    return table(heads, rows, foot)


def _named(value: Record | None) -> str:
    return escape(value["name"]) if value else ""
