"""Brings a kept database to today's schema and looks at it: run by `test_forward.py`.

`python -m tests.migrations.forward NAME` on an empty database; says as JSON what it saw.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main(name: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import override_settings

    from integrations.scoping.context import unscoped
    from integrations.scoping.database_role import as_owner
    from tests.migrations import kept

    before = kept.load(kept.FOLDER / f"{name}.json")
    call_command("migrate", kept.APP, name, verbosity=0)
    with as_owner(), unscoped("loading what was kept"):
        kept.write_rows(name, before)
    call_command("migrate", verbosity=0)
    with unscoped("what became of it"):
        after = kept.read_rows(name)
    # No manifest of static files, and a cache without a table.
    with override_settings(
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    ):
        return {
            "differences": _differences(before, after),
            "pages": _pages(),
            "webhook": _webhook(),
        }


def _differences(before: dict, after: dict) -> list[str]:
    """What a row lost or says otherwise, table by table."""
    found = []
    for table, rows in before.items():
        now = {row["id"]: row for row in after[table]}
        for row in rows:
            told = now.get(row["id"])
            if told is None:
                found.append(f"{table} {row['id']} is gone")
                continue
            found += [
                f"{table} {row['id']}: {column} was {value!r}, is {told[column]!r}"
                for column, value in row.items()
                if told[column] != value
            ]
    return found


def _pages() -> dict[str, list[Any]]:
    """The portal's pages of what was kept: status, and whether they show it."""
    from django.test import Client
    from django.urls import reverse

    from integrations.connections.models import Integration
    from integrations.orders.models import Order
    from integrations.scoping.context import unscoped
    from integrations.tenancy.models import Membership

    seen = {}
    with unscoped("whose pages to look at"):
        owners = list(
            Membership.objects.filter(role="owner")
            .select_related("user", "organization")
            .order_by("pk")
        )
        shops = list(Integration.objects.select_related("organization").order_by("pk"))
        orders = list(Order.objects.order_by("pk"))
    for owner in owners:
        slug = owner.organization.slug
        client = Client(SERVER_NAME="localhost")
        client.force_login(owner.user, backend="django.contrib.auth.backends.ModelBackend")
        ours = [shop for shop in shops if shop.organization_id == owner.organization_id]
        active = [shop for shop in ours if not shop.is_archived]
        wanted = [(reverse(name, args=[slug]), "") for name in ("history", "attention")]
        wanted += [
            (reverse(name, args=[slug, shop.pk]), shop.name)
            for shop in active
            for name in (
                "integration", "settings", "actions", "products", "warehouses",
                "integration_credentials", "left_out",
            )
        ]  # fmt: skip
        wanted += [
            (reverse("order", args=[slug, order.pk]), order.number)
            for order in orders
            if order.organization_id == owner.organization_id
        ]
        for address, said in wanted:
            page = client.get(address)
            seen[address] = [page.status_code, said in page.content.decode()]
    return seen


def _webhook() -> list[Any]:
    """A new event at a kept address, signed with the kept secret: status, and what came of it."""
    from django.test import Client

    from integrations.connections.source_account import SourceAccount
    from integrations.intake.interpret import interpret
    from integrations.mastershop.signature import HEADER, sign
    from integrations.orders.models import Order, OrderEvent
    from integrations.scoping.context import unscoped

    with unscoped("a kept address"):
        source = SourceAccount.objects.filter(in_use=True).order_by("pk").first()
    body = json.dumps({"id_order": 990_017, "id_business": source.business_id, "id_status": 8})
    answer = Client(SERVER_NAME="localhost").post(
        f"/webhooks/mastershop/{source.webhook_token}/",
        body,
        content_type="application/json",
        headers={HEADER: sign(source.secret, body.encode())},
    )
    with unscoped("what came of it"):
        event = OrderEvent.objects.order_by("-pk").first()
        interpret(event.pk)
        return [answer.status_code, Order.objects.filter(number="990017").count()]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
