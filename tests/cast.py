"""The people and shops of the tests, and quick ways to make what belongs to them.

Everything is invented. The factories enter the organization's scope themselves, so that
they can be called from anywhere.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.configuration.models import DocumentSettings
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.models import AlegraCompany, Credential, Integration
from integrations.connections.source_account import SourceAccount
from integrations.scoping.context import scope
from integrations.tenancy.models import Membership, Organization, Role, User

_numbers = itertools.count(1)
PASSWORD = "una-clave-larga-de-prueba"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Cast:
    organization: Organization
    other: Organization
    owner: User
    editor: User
    accountant: User
    viewer: User
    outsider: User  # owns the other organization
    staff: User

    def member(self, role: str) -> User:
        return getattr(self, role)


def make_user(email: str = "", *, verified: bool = True, **fields) -> User:
    from allauth.account.models import EmailAddress

    email = email or f"persona{next(_numbers)}@example.com"
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user


def make_organization(name: str = "", slug: str = "") -> Organization:
    number = next(_numbers)
    return Organization.objects.create(
        name=name or f"Comercio {number}", slug=slug or f"comercio-{number}"
    )


def join(organization: Organization, user: User, role: str) -> Membership:
    with scope(organization.pk):
        return Membership.objects.create(user=user, role=role)


def make_cast() -> Cast:
    organization = make_organization("Hogar Andino", "hogar-andino")
    other = make_organization("Mascotas Felices", "mascotas-felices")
    people = {
        role: make_user(f"{role}@example.com", name=name)
        for role, name in {
            "owner": "Andrés Molina",
            "editor": "Diana Ospina",
            "accountant": "Luz Arboleda",
            "viewer": "Paola Rincón",
        }.items()
    }
    for role, user in people.items():
        join(organization, user, role)
    outsider = make_user("outsider@example.com", name="Wilmar Guerrero")
    join(other, outsider, Role.OWNER)
    staff = make_user("staff@example.com", name="Soporte", is_staff=True, is_superuser=True)
    return Cast(organization, other, **people, outsider=outsider, staff=staff)


def make_company(organization: Organization, **fields) -> AlegraCompany:
    number = next(_numbers)
    defaults = {"nit": f"9{number:08}", "dv": "1", "name": f"Empresa {number} S.A.S."}
    with scope(organization.pk):
        return AlegraCompany.objects.create(**{**defaults, **fields})


def make_credential(
    organization: Organization, company: AlegraCompany | None = None, **fields
) -> Credential:
    """A valid credential; its Alegra login is a new one unless `email` is given."""
    email = fields.pop("email", "") or f"facturacion{next(_numbers)}@ejemplo.test"
    company = company or make_company(organization)
    defaults = {
        "alegra_user": fields.pop("alegra_user", None) or alegra_user_for(email),
        "company": company,
        "email": email,
        "token": "token-de-prueba",
        "token_last4": "ueba",
    }
    with scope(organization.pk):
        return Credential.objects.create(**{**defaults, **fields})


def make_integration(
    organization: Organization,
    kind: str = "invoice",
    mode: str = "draft",
    *,
    company: AlegraCompany | None = None,
    credential: Credential | None = None,
    settings: dict | None = None,
    **fields,
) -> Integration:
    """An integration that is On, past every date, with its DocumentSettings (`settings`)."""
    number = next(_numbers)
    company = company or (credential.company if credential else make_company(organization))
    credential = credential or make_credential(organization, company)
    token = f"token-{number}"
    defaults = {
        "name": f"Integración {number}",
        "state": Integration.State.ON,
        "activated_at": LONG_AGO,
        "process_from": LONG_AGO,
        "automatic_from": LONG_AGO,
        "who_sells": Integration.Seller.ME,
        "vat_standing": Integration.VatStanding.RESPONSIBLE,
        "source_key": f"fuente-{number}",
    }
    account = {
        "business_id": str(48000 + number),
        "in_use": fields.get("state") != Integration.State.ARCHIVED,
        "webhook_token": token,
        "webhook_token_digest": hashlib.sha256(token.encode()).hexdigest(),
        "secret": f"secreto-{number}",
    }
    of_account = {field.name for field in SourceAccount._meta.concrete_fields}
    account |= {name: fields.pop(name) for name in of_account & set(fields)}
    with scope(organization.pk):
        integration = Integration.objects.create(
            company=company,
            credential=credential,
            source=SourceAccount.objects.create(**account),
            **{**defaults, **fields},
        )
        DocumentSettings.objects.create(
            integration=integration,
            kind=kind,
            mode=mode,
            **{"saved_at": LONG_AGO, "number_template": "1", **(settings or {})},
        )
    return integration
