"""Saving *Configuración general* as one act: settings, accounts, start, trail, cures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from integrations.audit import trail
from integrations.colombia.payment_means import default_means
from integrations.configuration import asked, definitive
from integrations.configuration.answers import follow
from integrations.configuration.curing import release_closed_periods, release_cured
from integrations.configuration.equivalences import (
    account_name,
    family_name,
    is_asked,
    means_name,
)
from integrations.configuration.forms import CONFIRMED_BY, SettingsForm
from integrations.configuration.lookup import is_usual
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.questions import PAYMENT_METHOD
from integrations.connections.connect import move_process_from
from integrations.connections.models import AlegraCompany, Integration
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.timekeeping import clock

FIELDS = (
    "kind",
    "mode",
    "number_template",
    "seller",
    "cost_center",
    "prices_include_tax",
    "prices_told",
    "charges_enabled",
    "charges_item",
    "charges_item_name",
    "remainder_limit_pesos",
    "remainder_limit_percent",
    "unidentified_number",
    "payment_term",
    "credit_days",
    "cod_enabled",
    "cod_account",
    "register_payment",
    "gift_lines",
)

# What rooms above count: the orders of an integration that wait for a yes as past orders.
past_orders: list[Callable[[Integration], int]] = []


@transaction.atomic
def save_settings(integration: Integration, form: SettingsForm, *, request) -> int:
    """Store a valid form; returns how many waiting orders it freed.

    `version` grows only when something changed. The trail shows what, before and after.
    """
    data = form.cleaned_data
    settings = (
        DocumentSettings.objects.select_for_update().filter(integration=integration).first()
    ) or DocumentSettings(integration=integration)
    was_saved = settings.saved_at is not None
    before = {name: _plain(getattr(settings, name)) for name in FIELDS}
    for name in FIELDS:
        if name in data:
            setattr(settings, name, data[name])
    after = {name: _plain(getattr(settings, name)) for name in FIELDS}
    before["process_from"] = _plain(integration.process_from)
    if data["process_from"] is not None and data["process_from"] != integration.process_from:
        move_process_from(integration, to=data["process_from"])
        integration.save(update_fields=["process_from", "automatic_from"])
    after["process_from"] = _plain(integration.process_from)
    answered = []
    for row in form.rows:
        family = data.get(family_name(row)) or row.family
        if row.pk is not None and family != row.family:
            answered.append((row.key, family))
            before[f"family {row.method}"], after[f"family {row.method}"] = row.family, family
            row.family = family
        _save_row(row, data[account_name(row)], data[means_name(row)], before, after)
    was, now_is = trail.changes(before, after)
    if was_saved and (was or now_is):
        settings.version += 1
    settings.saved_at = clock.now()
    settings.save()
    if now_is or not was_saved:
        trail.record(
            action="settings.save",
            target=settings,
            request=request,
            before=was,
            after=now_is,
        )
    _keep_confirmation(settings, before, was_saved=was_saved, request=request)
    by = str(request.user)
    for method, family in answered:
        follow(integration, PAYMENT_METHOD, method, family)
    released = asked.keep(integration, form, form.asked, request=request)
    return released + release_cured(integration, settings, by=by)


def _keep_confirmation(
    settings: DocumentSettings, before: dict, *, was_saved: bool, request
) -> None:
    """Who confirmed what cannot be undone, when, and in which words."""
    key = f"{settings.kind}-{settings.mode}"
    if key not in CONFIRMED_BY or (was_saved and key == f"{before['kind']}-{before['mode']}"):
        return
    words = SettingsForm.base_fields[CONFIRMED_BY[key]].label
    after = {"document": key, "confirmed": str(words)}
    trail.record(action=definitive.CONFIRMED, target=settings, request=request, after=after)


def _save_row(row: BankEquivalence, account: str, means: str, before: dict, after: dict) -> None:
    if row.pk is None and not account and means in ("", default_means(row.family)):
        return
    name = f"account {row.method}"
    if row.pk is not None:
        before[name] = f"{row.account} {row.means}"
    row.account, row.means = account, means or row.means
    after[name] = f"{row.account} {row.means}"
    if account or not is_usual(row):
        row.save()
    elif row.method == BankEquivalence.EVERYTHING_ELSE:
        after[name] = None
        row.delete()
    else:
        # A row of the usual means without account says nothing; it is kept until a person
        # removes it.
        row.save()


@transaction.atomic
def add_equivalence(integration: Integration, data: dict[str, Any], *, request) -> int:
    row = BankEquivalence.objects.create(
        integration=integration,
        method=data["method"],
        family=data["family"],
        account=data["account"],
        means=data["means"],
    )
    trail.record(action="equivalence.create", target=row, request=request, after=_equivalence(row))
    if is_asked(row.method):
        follow(integration, PAYMENT_METHOD, row.key, row.family)
    return _settle(integration, request)


@transaction.atomic
def remove_equivalence(row: BankEquivalence, *, request) -> int:
    integration = row.integration
    trail.record(action="equivalence.remove", target=row, request=request, before=_equivalence(row))
    row.delete()
    if is_asked(row.method):
        # Nobody has said it any more: its orders ask again.
        follow(integration, PAYMENT_METHOD, row.key, UNKNOWN)
    return _settle(integration, request)


@transaction.atomic
def close_books(company: AlegraCompany, until, *, request) -> None:
    """Nothing is created, dated or changed in Alegra up to this day; None opens them."""
    locked: AlegraCompany = AlegraCompany.objects.select_for_update().get(pk=company.pk)
    before = _plain(locked.books_closed_until)
    locked.books_closed_until = until
    locked.save(update_fields=["books_closed_until"])
    trail.record(
        action="company.close_books",
        target=locked,
        request=request,
        before={"books_closed_until": before},
        after={"books_closed_until": _plain(until)},
    )
    release_closed_periods(locked, by=str(request.user))


def _settle(integration: Integration, request) -> int:
    """A row came or went: the settings have a new version, and orders may be free."""
    settings = DocumentSettings.objects.select_for_update().filter(integration=integration).first()
    if settings is None:
        return 0
    settings.version += 1
    settings.save(update_fields=["version"])
    return release_cured(integration, settings, by=str(request.user))


def _equivalence(row: BankEquivalence) -> dict[str, str]:
    return {
        "method": row.method, "family": row.family, "account": row.account, "means": row.means,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else value
