from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.connections.models import (
    AlegraCompany,
    AlegraUser,
    Credential,
    Integration,
)
from integrations.connections.source_account import SourceAccount
from integrations.scoping.context import scope
from integrations.tenancy.models import Membership, Organization, Role, User

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.fixture
def organization(db):
    return Organization.objects.create(slug="hogar-andino", name="Hogar Andino")


@pytest.fixture
def scoped(organization):
    with scope(organization.pk):
        yield organization


@pytest.fixture
def company(scoped):
    return AlegraCompany.objects.create(nit="900123456", dv="8", name="Hogar Andino S.A.S.")


@pytest.fixture
def integration(company):
    return make_integration(company)


def make_integration(company, name="Tienda", **extra):
    alegra_user = AlegraUser.objects.create(fingerprint=f"huella-{name}")
    credential = Credential.objects.create(
        alegra_user=alegra_user, company=company, email="conta@ejemplo.test", token="t" * 20
    )
    values = {"state": Integration.State.ON, **extra}
    return Integration.objects.create(
        name=name,
        company=company,
        credential=credential,
        source_key=f"clave-{name}",
        source=SourceAccount.objects.create(webhook_token_digest=f"digest-{name}"),
        **values,
    )


@pytest.fixture
def make_variant(integration):
    def make(name="Termo acero 750 ml", variation="", product="101", variant="1", **extra):
        extra.setdefault("integration", integration)
        return Variant.objects.create(
            product_id=product,
            variant_id=variant,
            product_name=name,
            variant_name=variation,
            seen_at=extra.pop("seen_at", NOW),
            **extra,
        )

    return make


@pytest.fixture
def make_item(company):
    def make(name="Termo acero inox 750 ml", alegra_id="881", **extra):
        return AlegraItem.objects.create(
            company=company, alegra_id=alegra_id, name=name, fetched_at=NOW, **extra
        )

    return make


@pytest.fixture
def make_link(integration):
    def make(variant, item, **extra):
        return ProductLink.objects.create(
            integration=integration, variant=variant, item=item, created_at=NOW, **extra
        )

    return make


@pytest.fixture
def signed_in(client, organization):
    """A function: a browser of a person with this role."""

    def enter(role=Role.EDITOR):
        person = User.objects.create_user(f"{role}@ejemplo.test", "una-clave-larga", name="Ana")
        with scope(organization.pk):
            Membership.objects.create(organization=organization, user=person, role=role)
        client.force_login(person)
        return client

    return enter
