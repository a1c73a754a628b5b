"""A person presses what repairs a cause on *Por atender*."""

from __future__ import annotations

from django.urls import reverse

from integrations.connections.models import ReferenceEntry
from integrations.scoping.context import scope
from tests.history.factories import NOW


def post(client, cast, name, cause, **data):
    url = reverse(name, args=[cast.organization.slug, cause.pk])
    return client.post(url, data, follow=True)


def bank_account(shop, alegra_id="7", name="Addi por recaudar"):
    with scope(shop.organization_id):
        return ReferenceEntry.objects.create(
            company=shop.company,
            kind="bank_account",
            alegra_id=alegra_id,
            name=name,
            fetched_at=NOW,
        )
