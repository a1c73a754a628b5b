"""One integration, set up as a merchant would: connected, configured, linked, switched on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from integrations.alegra import items as alegra_items
from integrations.audit import trail
from integrations.catalog import items, refreshing
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.suggestions import SAME_SKU
from integrations.configuration import definitive, references
from integrations.configuration.answers import answer
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.questions import EXCLUDED, GOODS_UNTAXED, VAT_STANDING, WHO_SELLS
from integrations.configuration.set_up import open_questions
from integrations.connections import business, connect, mastershop_access, reads, trial
from integrations.connections.clients import alegra_client
from integrations.connections.models import Integration, ReferenceEntry
from integrations.connections.validation import probe
from integrations.demo.stand_ins import Stand, open_company
from integrations.inventory import bodegas
from integrations.inventory.links import link_warehouse
from integrations.inventory.models import Bodega
from integrations.scoping.search_key import normalised
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule

LONG_AGO = timedelta(days=90)
BY = "demo"
# Left for a person to link, beside those whose reference is not their SKU.
UNLINKED = ("TER-1L-ROS", "LAZ-VEL", "CAM-WIF", "CAF-NAR", "QUE-CAM")
BODEGAS = {"Bodega Fontibón": "Bodega Bogotá", "Bodega Itagüí": "Bodega Medellín"}
TRIGGERS = {"cod": "delivered", "prepaid": "in_transit"}


@dataclass(frozen=True)
class Plan:
    """What an integration of the demo is to be. `is_on`: set up whole, else only connected."""

    name: str
    stand: Stand
    kind: str = DocumentSettings.Kind.INVOICE
    mode: str = DocumentSettings.Mode.DRAFT
    is_on: bool = True


class CannotMake(Exception):
    """The stand-ins did not give what the demo needs; the text says what."""


def set_up(plan: Plan) -> Integration:
    """The integration of the plan, inside its organization's scope; what is there stays."""
    integration = Integration.objects.filter(name=plan.name, mode="trial").first()
    if integration is None:
        integration = _connect(plan)
    if plan.is_on and integration.activated_at is None:
        now = clock.now()
        refreshed = references.refresh_company(integration.company, integration.credential)
        if refreshed.failure or refreshed.unread:
            raise CannotMake(f"the lists of {plan.stand.name} could not be read")
        for told in (
            _copy_items(integration),
            refreshing.refresh_variants(integration),
            bodegas.refresh(integration),
        ):
            if told:
                raise CannotMake(told)
        with transaction.atomic():
            _link_products(integration, now)
            _link_bodegas(integration)
            _configure(integration, plan, now)
            _answer_questions(integration)
            _switch_on(integration, now)
    trial.point_events(integration, mastershop_access.webhook_url(integration))
    return integration


def _connect(plan: Plan) -> Integration:
    access = open_company(plan.stand)
    found = probe(plan.stand.alegra_user, access.token, "trial")
    if found.blocks:
        raise CannotMake(found.failure or f"{plan.stand.name} cannot be connected")
    now = clock.now()
    with transaction.atomic():
        integration = connect.create_integration(
            name=plan.name,
            email=plan.stand.alegra_user,
            token=access.token,
            probe=found,
            now=now,
        )
        mastershop_access.set_key(integration, access.key, now=now)
        mastershop_access.set_secret(integration, secrets.token_urlsafe(32), now=now)
        return business.learn_business(integration, str(plan.stand.business_id), now=now)


def _copy_items(integration: Integration) -> str:
    """Alegra's products without the rests of a worker's read: nobody else is served yet."""
    row = reads.begin(reads.Kind.ITEMS, integration.company, now=clock.now())
    if row is None:
        return ""
    count, start = 0, 0
    with alegra_client(integration.credential) as client:
        while True:
            page = alegra_items.page(client, start=start, limit=alegra_items.MOST_ROWS)
            count += len(items.copy_of(integration.company, page.rows))
            start += len(page.rows)
            if page.is_last or not page.rows:
                break
    reads.end(row, now=clock.now(), rows=count)
    return "" if count else f"{integration.company.name} has no products"


def _link_products(integration: Integration, now: datetime) -> None:
    """Every variant whose SKU is a product's reference. Nothing waits yet, so nothing is
    released and one entry in the trail is enough."""
    by_reference = {
        item.reference_key: item
        for item in AlegraItem.objects.filter(company=integration.company).order_by("-pk")
        if item.reference_key and item.can_be_invoiced
    }
    left = {normalised(sku) for sku in UNLINKED}
    links = [
        ProductLink(
            organization_id=integration.organization_id,
            integration=integration,
            variant=variant,
            item=by_reference.pop(variant.sku_key),
            reason=SAME_SKU,
            linked_by=BY,
            created_at=now,
        )
        for variant in Variant.objects.filter(integration=integration, link=None).order_by("pk")
        if variant.sku_key in by_reference and variant.sku_key not in left
    ]
    for link in links:
        link.keep_words()
    ProductLink.objects.bulk_create(links)
    trail.record(action="product_link.create_many", target=integration, after={"links": len(links)})


def _link_bodegas(integration: Integration) -> None:
    theirs = _ids(integration, ReferenceEntry.Kind.WAREHOUSE)
    for name, warehouse in BODEGAS.items():
        bodega = Bodega.objects.filter(integration=integration, name=name, link=None).first()
        if bodega is not None:
            link_warehouse(bodega=bodega, warehouse=theirs[warehouse], by=BY)


def _configure(integration: Integration, plan: Plan, now: datetime) -> None:
    Kind = ReferenceEntry.Kind
    accounts = _ids(integration, Kind.BANK_ACCOUNT)
    charges = AlegraItem.objects.get(company=integration.company, reference="ENV-01")
    settings = settings_of(integration)
    is_invoice = plan.kind == DocumentSettings.Kind.INVOICE
    for field, value in {
        "kind": plan.kind,
        "mode": plan.mode,
        "number_template": _electronic_numbering(integration) if is_invoice else "",
        "seller": _ids(integration, Kind.SELLER)["Tienda en línea"],
        "cost_center": _ids(integration, Kind.COST_CENTER)["E-commerce"],
        "prices_include_tax": True,
        "charges_enabled": True,
        "charges_item": charges.alegra_id,
        "charges_item_name": charges.name,
        "cod_enabled": True,
        "cod_account": accounts["Billetera Mastershop"],
        "register_payment": DocumentSettings.RegisterPayment.ON_ISSUE,
        "gift_lines": DocumentSettings.GiftLines.SPREAD,
        "saved_at": now,
    }.items():
        setattr(settings, field, value)
    settings.save()
    for method, family, account in (
        ("cod", "cod", "Billetera Mastershop"),
        (BankEquivalence.EVERYTHING_ELSE, "prepaid", "Caja general"),
    ):
        BankEquivalence.objects.update_or_create(
            integration=integration,
            method=method,
            defaults={
                "organization_id": integration.organization_id,
                "family": family,
                "account": accounts[account],
            },
        )
    for family, status in TRIGGERS.items():
        TriggerRule.objects.update_or_create(
            integration=integration,
            family=family,
            defaults={
                "organization_id": integration.organization_id,
                "status": status,
                "active": True,
                "changed_at": now - LONG_AGO,
            },
        )
    trail.record(
        action="settings.change",
        target=integration,
        after={"kind": str(plan.kind), "mode": str(plan.mode)},
    )
    if plan.mode == DocumentSettings.Mode.DEFINITIVE:
        trail.record(
            action=definitive.CONFIRMED,
            target=settings,
            after={"document": f"{plan.kind}-{plan.mode}"},
        )


def _switch_on(integration: Integration, now: datetime) -> None:
    """On as if it had been for ninety days: past orders need no yes, the first steps are over."""
    long_ago = now - LONG_AGO
    integration.state = Integration.State.ON
    integration.activated_at = integration.process_from = integration.automatic_from = long_ago
    integration.prudent_until = long_ago + timedelta(days=1)
    integration.save(
        update_fields=[
            *("state", "activated_at"),
            *("process_from", "automatic_from", "prudent_until"),
        ]
    )
    trail.record(action="integration.switch_on", target=integration, after={"state": "on"})


def _answer_questions(integration: Integration) -> None:
    """What is asked before switching on; about goods it is asked once the IVA is known."""
    answers = {
        WHO_SELLS: Integration.Seller.ME,
        VAT_STANDING: integration.company.told_standing,
        GOODS_UNTAXED: EXCLUDED,
    }
    while asked := open_questions(integration):
        for each in asked:
            value = answers[each.question.code]
            answer(integration, each.question, "", value, params=each.params)


def _ids(integration: Integration, kind: str) -> dict[str, str]:
    """Name → Alegra id of what may be chosen."""
    return {each.name: each.alegra_id for each in references.active(integration.company, kind)}


def _electronic_numbering(integration: Integration) -> str:
    found = references.active(integration.company, ReferenceEntry.Kind.NUMBER_TEMPLATE)
    preferred = [each for each in found if each.data["is_default"] and each.data["is_electronic"]]
    return preferred[0].alegra_id
