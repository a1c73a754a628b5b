"""The whole document as a reader sees it: what was sent, or what would be.

Read off the very payload: the frozen one where something was sent, else that of the preview,
which the function that sends has built. Only names are added: what Alegra gets as a number is
shown by what it is called there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.alegra.units import unit_label
from integrations.catalog.models import AlegraItem
from integrations.colombia import masking
from integrations.colombia.payment_means import BY_ALEGRA
from integrations.configuration.lookup import account_for, settings_of
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.documents.build import summary
from integrations.documents.buyer import ContactFact
from integrations.documents.preview import client_of, preview
from integrations.documents.tax_totals import TaxTotal, by_tax, taxes_of
from integrations.orders.models import Order
from integrations.sending.frozen import thaw
from integrations.sending.problem_kinds import Found

_Kind = ReferenceEntry.Kind
# The parts of the payload that name something of Alegra's by its id.
_NAMED = {
    "numberTemplate": (_Kind.NUMBER_TEMPLATE, gettext_lazy("Numeración")),
    "seller": (_Kind.SELLER, gettext_lazy("Vendedor")),
    "costCenter": (_Kind.COST_CENTER, gettext_lazy("Centro de costos")),
    "warehouse": (_Kind.WAREHOUSE, gettext_lazy("Bodega")),
}
_WORDS = {
    "draft": gettext_lazy("Borrador"),
    "open": gettext_lazy("Emitida"),
    "CASH": gettext_lazy("Contado"),
    "CREDIT": gettext_lazy("Crédito"),
    "NATIONAL": gettext_lazy("Factura nacional"),
    "STANDARD": gettext_lazy("Estándar"),
}


@dataclass(frozen=True)
class Fact:
    """One thing the document says. `field` is its place in the payload, `value` what stands
    there; both are '' for what Alegra is not given."""

    label: str
    text: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the document. Amounts in COP; `price` is of one unit, without tax. Quantity,
    price and discount (a percentage) are the very texts that Alegra takes. `is_reference_sent`:
    Alegra was given the reference with the row, and not only with the product."""

    place: str
    item_id: str
    name: str
    reference: str
    is_reference_sent: bool
    description: str
    quantity: str
    unit: str
    price: str
    discount: str
    taxes: str
    tax_ids: tuple[str, ...]
    base: Decimal
    tax: Decimal


@dataclass(frozen=True)
class FullDocument:
    """`rows` is empty where there is nothing to show; `problems` then says what is missing.
    `is_known`: MasterShop has told the order in full."""

    kind: str
    is_preview: bool
    is_known: bool = True
    facts: tuple[Fact, ...] = ()
    client: tuple[Fact, ...] = field(default=(), repr=False)
    rows: tuple[Row, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    base: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Found, ...] = ()

    @property
    def noun(self) -> str:
        return _("factura") if self.kind == "invoice" else _("remisión")


def full_document(order: Order, *, in_full: bool) -> FullDocument:
    """`in_full`: the reader may see the buyer's data unmasked. Makes no call."""
    document = order.document
    settings = settings_of(order.integration)
    if document is not None and document.payload and document.built:
        payload, built = thaw(document.payload), document.built
        kind, is_preview = document.kind, False
    elif document is not None and document.alegra_id:
        # Found in Alegra, or made by hand: what is in it was not built here.
        return FullDocument(document.kind, is_preview=False)
    elif not order.snapshot or order.needs_detail:
        return FullDocument(settings.kind, is_preview=True, is_known=False)
    else:
        told = preview(order)
        if told.built is None or told.built.is_worth_nothing:
            return FullDocument(settings.kind, is_preview=True, problems=told.problems)
        payload, built = told.built.payload, summary(told.built)
        kind, is_preview = told.built.kind, True
    names = _names(order.integration.company, payload)
    return FullDocument(
        kind=kind,
        is_preview=is_preview,
        facts=(
            *_facts(payload, names),
            *_account(order, settings, kind),
            *_printed(payload, in_full=in_full),
            Fact(
                _("Observaciones (no se imprimen)"),
                payload["observations"],
                "observations",
                payload["observations"],
            ),
        ),
        client=_client(client_of(order), payload, in_full=in_full),
        rows=_rows(payload, built, names),
        taxes=by_tax(built["lines"]),
        base=Decimal(built["base"]),
        tax=Decimal(built["tax"]),
        total=Decimal(built["total"]),
        notes=tuple(built.get("notes", ())),
    )


Names = dict[tuple[str, str], Any]


def _names(company: AlegraCompany, payload: dict[str, Any]) -> Names:
    """What the ids of the payload are called: (kind, id) → the copy of Alegra's row."""
    wanted = Q(pk=None)
    for part, (kind, _label) in _NAMED.items():
        if part in payload:
            wanted |= Q(kind=kind, alegra_id=payload[part]["id"])
    found: Names = {
        (entry.kind, entry.alegra_id): entry
        for entry in ReferenceEntry.objects.filter(wanted, company=company)
    }
    ids = {row["id"] for row in payload["items"]}
    for item in AlegraItem.objects.filter(company=company, alegra_id__in=ids):
        found["item", item.alegra_id] = item
    return found


def _facts(payload: dict[str, Any], names: Names) -> list[Fact]:
    facts = [
        _day(_("Fecha"), "date", payload),
        _day(_("Vence"), "dueDate", payload),
    ]
    for part, label in (
        ("status", _("Se envía como")),
        ("type", _("Clase")),
        ("operationType", _("Operación")),
        ("paymentForm", _("Forma de pago")),
    ):
        if part in payload:
            value = payload[part]
            facts.append(Fact(label, str(_WORDS.get(value, value)), part, value))
    if "paymentMethod" in payload:
        means = payload["paymentMethod"]
        known = BY_ALEGRA.get(means)
        facts.append(
            Fact(_("Medio de pago"), known.label if known else means, "paymentMethod", means)
        )
    for part, (kind, label) in _NAMED.items():
        if part not in payload:
            continue
        value = payload[part]["id"]
        entry = names.get((kind, value))
        facts.append(Fact(str(label), entry.name if entry else value, f"{part}.id", value))
    return facts


def _day(label: str, part: str, payload: dict[str, Any]) -> Fact:
    value = payload[part]
    text = date_format(date.fromisoformat(value), "j M Y").lower()
    return Fact(label, text, part, value)


def _printed(payload: dict[str, Any], *, in_full: bool) -> list[Fact]:
    if "anotation" not in payload:
        return []
    told = payload["anotation"]
    shown = told if in_full else masking.mask_address(told)
    return [Fact(_("Nota (se imprime)"), shown, "anotation", shown)]


def _account(order: Order, settings, kind: str) -> list[Fact]:
    """Where the money of this order belongs. A remission takes no payment."""
    if kind != "invoice":
        return []
    account = account_for(order.integration, settings, order.method, order.family)
    if account is None:
        return [Fact(_("Cuenta del pago"), _("Sin cuenta asociada a esta forma de pago"))]
    entry = ReferenceEntry.objects.filter(
        company=order.integration.company, kind=_Kind.BANK_ACCOUNT, alegra_id=account.account
    ).first()
    name = entry.name if entry else account.account
    is_paid_here = (
        settings.register_payment == settings.RegisterPayment.ON_ISSUE
        and order.integration.company.has_banks
    )
    where = _("%(account)s, al emitir") if is_paid_here else _("%(account)s: regístralo tú allá")
    return [Fact(_("Cuenta del pago"), where % {"account": name})]


def _client(
    contact: ContactFact | None, payload: dict[str, Any], *, in_full: bool
) -> tuple[Fact, ...]:
    facts = []
    if contact is not None:
        body = contact.body
        show = (lambda text, mask: text) if in_full else (lambda text, mask: mask(text))
        name = _("Cliente no identificado") if contact.is_generic else contact.name
        facts.append(Fact(_("Nombre"), name))
        check = body.get("identificationObject", {}).get("dv")
        told = show(contact.number, masking.mask_number)
        told = f"{told}-{check}" if check is not None else told
        facts.append(Fact(_("Identificación"), f"{contact.doc_type} {told}"))
        if not contact.is_generic:
            whose = _("Empresa") if contact.is_company else _("Persona natural")
            facts.append(Fact(_("Clase de cliente"), whose))
        if email := body.get("email"):
            facts.append(Fact(_("Correo"), show(email, masking.mask_email)))
        if phone := body.get("phonePrimary"):
            facts.append(Fact(_("Teléfono"), show(phone, masking.mask_phone)))
        if address := body.get("address"):
            street = show(address.get("address", ""), masking.mask_address)
            place = ", ".join(filter(None, [street, address["city"], address["department"]]))
            facts.append(Fact(_("Dirección"), place))
    if client := payload.get("client"):
        facts.append(Fact(_("Cliente en Alegra"), client["id"], "client.id", client["id"]))
    return tuple(facts)


def _rows(payload: dict[str, Any], built: dict[str, Any], names: Names) -> tuple[Row, ...]:
    """The rows of the payload in their order, beside the amounts they were built to give."""
    lines = [(line, amounts) for line in built["lines"] for amounts in line["rows"]]
    rows = []
    for at, (row, (line, amounts)) in enumerate(zip(payload["items"], lines, strict=True)):
        item = names.get(("item", row["id"]))
        rows.append(
            Row(
                place=f"items.{at}",
                item_id=row["id"],
                name=item.name if item else line["item"],
                reference=row.get("reference") or line["reference"],
                is_reference_sent="reference" in row,
                description=row.get("description", ""),
                quantity=str(row["quantity"]),
                unit=unit_label(item.unit, Decimal(row["quantity"])) if item else "",
                price=f"{row['price']:f}",
                discount=str(row["discount"]),
                taxes=taxes_of(line),
                tax_ids=tuple(tax["id"] for tax in row["tax"]),
                base=Decimal(amounts["base"]),
                tax=Decimal(amounts["tax"]),
            )
        )
    return tuple(rows)
