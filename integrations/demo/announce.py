"""`$VAR/demo.json` and what `./run` prints: all that an outsider needs to drive the portal.

Its keys are a promise to scripts; the README lists them.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.connections.clients import alegra_url, mastershop_url
from integrations.connections.mastershop_access import webhook_url
from integrations.connections.models import Integration
from integrations.demo import people
from integrations.demo.setting_up import Plan
from integrations.demo.world import Demo
from integrations.inventory.models import WarehouseLink
from integrations.scoping.context import scope


def describe(demo: Demo | None, *, login_url: str) -> dict[str, Any]:
    """The whole of `demo.json`; without a demo its lists are empty."""
    told: dict[str, Any] = {
        "portal_url": settings.BASE_URL,
        "login_url": login_url,
        "mail_dir": str(settings.MAIL_DIR) if settings.MAIL_DIR else None,
        "admin": None,
        "users": [],
        "organization": None,
        "integrations": [],
    }
    if demo is None:
        return told
    told["admin"] = _account(people.ADMIN)
    told["users"] = [
        {**_account(person), "role": str(person.role), "organization": shop.slug}
        for shop in people.SHOPS
        for person in shop.people
    ]
    told["organization"] = demo.organization.slug
    with scope(demo.organization.pk):
        told["integrations"] = [
            _integration(demo.organization.slug, plan, row) for plan, row in demo.integrations
        ]
    return told


def write(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all, readable by its owner only."""
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
        file.write("\n")
    draft.replace(path)


def say(out, told: dict[str, Any], *, seconds: float) -> None:
    """For the person at the terminal."""
    out.write(f"\n{settings.PORTAL_NAME} is ready after {seconds:.1f} s: {told['portal_url']}")
    if told["users"]:
        out.write("\nSign in as one of these (also in demo.json):")
        rows = [*told["users"], {**told["admin"], "role": "staff", "organization": "/admin/"}]
        for each in rows:
            out.write(
                f"  {each['role']:<11}{each['email']:<40}{each['password']}  {each['organization']}"
            )
    else:
        out.write(
            "Nobody can sign in yet. Sign up there, or make a superuser: manage.py createsuperuser"
        )
    out.write(f"\nMails:      {told['mail_dir'] or 'sent through EMAIL_URL'}")
    if settings.MAIL_DIR:
        out.write(f"            also at {told['portal_url']}/correo/ for staff")
    alegra = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
    out.write(f"Simulators: Alegra {alegra}, MasterShop "
              f"{settings.SIMULATED_MASTERSHOP_URL.removesuffix('/api')}")  # fmt: skip
    out.write(f"Everything: {settings.VAR} (logs in log/)\nCtrl-C stops it.\n")
    out.flush()


def _account(person: people.Person) -> dict[str, str]:
    return {"email": person.email, "password": people.password_of(person)}


def _integration(slug: str, plan: Plan, row: Integration) -> dict[str, Any]:
    default = WarehouseLink.objects.select_related("bodega").get(integration=row, is_default=True)
    document = row.document_settings

    def url(name: str) -> str:
        return _page(name, slug, row.pk)

    return {
        "id": row.pk,
        "name": row.name,
        "document_kind": document.kind,
        "mode": document.mode,
        "webhook_url": webhook_url(row),
        "webhook_secret": row.source.secret,
        "business_id": _number(row.source.business_id or ""),
        "alegra_url": alegra_url(row.mode),
        "alegra_user": row.credential.email,
        "alegra_token": row.credential.token,
        "mastershop_url": mastershop_url(row.mode),
        "mastershop_key": row.source.key,
        "warehouse_id": _number(default.bodega.source_id),
        "urls": {
            "history": f"{_page('history', slug)}?integracion={row.pk}",
            "attention": _page("attention", slug),
            **{name: url(name) for name in ("settings", "actions", "warehouses", "products")},
            "credentials": url("integration_credentials"),
        },
        "products": _products(row),
    }


def _page(name: str, *arguments: object) -> str:
    return settings.BASE_URL + reverse(name, args=arguments)


def _products(row: Integration) -> list[dict[str, Any]]:
    """Every linked variant, and the unlinked ones for which Alegra has a product: by that
    product one knows the rate."""
    found = AlegraItem.objects.that_can_be_invoiced().filter(company=row.company)
    by_key: dict[str, AlegraItem] = {}
    for item in found:
        by_key[item.search_key] = by_key[item.reference_key] = item
    links = {
        link.variant_id: link.item
        for link in ProductLink.objects.filter(integration=row).select_related("item")
    }
    told = []
    for variant in Variant.objects.filter(integration=row).order_by("pk"):
        linked = links.get(variant.pk)
        like = linked or by_key.get(variant.sku_key) or by_key.get(_plain_name(variant))
        if like is None:
            continue
        told.append(
            {
                "id_product": _number(variant.product_id),
                "id_variant": _number(variant.variant_id),
                "sku": variant.sku,
                "name": variant.label,
                "alegra_item": linked.alegra_id if linked else None,
                "iva": _iva(like),
            }
        )
    return told


def _plain_name(variant: Variant) -> str:
    return variant.search_key.replace(" · ", " ")


def _iva(item: AlegraItem) -> str:
    """No tax at all is *excluido*, a tax of nought is *exento*."""
    if not item.taxes:
        return "excluded"
    rate = sum(Decimal(tax["percentage"] or 0) for tax in item.taxes)
    return f"{rate.normalize():f}" if rate else "exempt"


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text
