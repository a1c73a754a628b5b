"""What *Editar configuración* chose out of Alegra's lists, and whether it can still be used."""

from __future__ import annotations

from integrations.configuration.curing import registers_payments
from integrations.configuration.lookup import Account, account_for, method_key, paid_through
from integrations.configuration.models import DocumentSettings
from integrations.configuration.numberings import by_hand
from integrations.connections.models import ReferenceEntry
from integrations.connections.numbering import Numbering, taken_id
from integrations.orders.models import Order
from integrations.scoping.prepared import Prepared
from integrations.sending.problem_kinds import Found

# The choices that every document names, by the setting that holds them.
REFERENCES = {
    ReferenceEntry.Kind.SELLER: "seller",
    ReferenceEntry.Kind.COST_CENTER: "cost_center",
    ReferenceEntry.Kind.NUMBER_TEMPLATE: "number_template",
}
# What a choice is called, and what to say of one that is there and may not be used.
_CALLED = {
    ReferenceEntry.Kind.SELLER: ("El vendedor", "está inactivo en Alegra"),
    ReferenceEntry.Kind.COST_CENTER: ("El centro de costos", "está inactivo en Alegra"),
    ReferenceEntry.Kind.NUMBER_TEMPLATE: ("La numeración", "está inactiva en Alegra"),
    ReferenceEntry.Kind.BANK_ACCOUNT: ("La cuenta", "está inactiva en Alegra"),
}


_gone = Prepared(
    lambda company, kinds, ids: ReferenceEntry.objects.unusable().filter(
        company_id=company, kind__in=kinds, alegra_id__in=ids
    )
)


_templates = Prepared(
    lambda company: ReferenceEntry.objects.filter(
        company_id=company, kind=ReferenceEntry.Kind.NUMBER_TEMPLATE
    ).order_by("pk")
)


def account_of(order: Order, settings: DocumentSettings) -> tuple[str, list[Found]]:
    """The payment means, and what is wrong with the account the money would go to."""
    if order.family == "cod" and not settings.cod_enabled:
        return "", [Found("cod_disabled")]
    told = paid_through(order.integration, settings, order.method, order.family)
    means, account = told.means, told.account
    if not registers_payments(settings, order.integration.company):
        return means, []
    return means, _of_account(order, account)


def account_and_problems(
    order: Order, settings: DocumentSettings
) -> tuple[Account | None, list[Found]]:
    """Where the order's money goes, and what is wrong with that account.

    Of an order that has its invoice a row of its method counts, whether contraentrega is still
    enabled or not.
    """
    account = account_for(order.integration, settings, order.method, order.family)
    if account is None and order.family == "cod" and not settings.cod_enabled:
        return None, [Found("cod_disabled")]
    return account, _of_account(order, account)


def _of_account(order: Order, account: Account | None) -> list[Found]:
    if account is None:
        return [Found("account_missing", method_key(order.method), {"method": order.method})]
    gone = _gone(
        company=order.integration.company_id,
        kinds=[ReferenceEntry.Kind.BANK_ACCOUNT.value],
        ids=[account.account],
    )
    return [unusable(entry) for entry in gone]


def missing_references(settings: DocumentSettings, company_id: int) -> list[Found]:
    """The problems of a chosen seller, cost centre or numbering that is inactive or gone from
    Alegra, and of a numbering whose numbers a person writes."""
    if settings.saved_at is None:
        return [Found("settings_missing")]
    chosen = {
        kind: getattr(settings, field)
        for kind, field in REFERENCES.items()
        if getattr(settings, field)
    }
    uncounted: list[Found] = []
    if settings.kind == DocumentSettings.Kind.INVOICE:
        uncounted = _numbered_by_hand(settings, company_id)
    else:
        # Alegra numbers remissions by itself.
        chosen.pop(ReferenceEntry.Kind.NUMBER_TEMPLATE, None)
    if not chosen:
        return uncounted
    entries = _gone(
        company=company_id,
        kinds=[kind.value for kind in chosen],
        ids=list(chosen.values()),
    )
    gone = [
        unusable(entry)
        for entry in entries
        if chosen[ReferenceEntry.Kind(entry.kind)] == entry.alegra_id
    ]
    return [*gone, *uncounted]


def _numbered_by_hand(settings: DocumentSettings, company_id: int) -> list[Found]:
    """The problem of a chosen numbering whose numbers a person writes: Alegra makes no invoice with
    it, not even a draft."""
    known = {entry.alegra_id: entry for entry in _templates(company=company_id)}
    copies = {alegra_id: Numbering.of_copy(entry) for alegra_id, entry in known.items()}
    entry = known.get(taken_id(copies, settings.number_template))
    found = by_hand(entry) if entry is not None and entry.is_usable else None
    return [] if found is None else [found]


def unusable(entry: ReferenceEntry) -> Found:
    called, why = _CALLED[ReferenceEntry.Kind(entry.kind)]
    if not entry.is_present:
        why = "ya no existe en Alegra"
    return Found(
        "reference_missing",
        f"{entry.kind}:{entry.alegra_id}",
        {"kind": called, "name": entry.name, "why": why, "reference": entry.kind},
    )
