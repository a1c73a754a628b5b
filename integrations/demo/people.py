"""Who signs in to the demo. Passwords hang on the installation's secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from integrations.scoping.context import scope
from integrations.tenancy.models import Membership, Organization, Role, User
from integrations.tenancy.organizations import create_organization


@dataclass(frozen=True)
class Person:
    """`role` is one of the roles; '' is the staff of the platform, in no comercio."""

    email: str
    name: str
    role: str = ""


@dataclass(frozen=True)
class Shop:
    slug: str
    name: str
    people: tuple[Person, ...]


ADMIN = Person("soporte@puente.example.com", "Equipo de soporte")
HOGAR_ANDINO = Shop(
    "hogar-andino",
    "Hogar Andino",
    (
        Person("andres@hogar-andino.example.com", "Andrés Molina", Role.OWNER),
        Person("diana@hogar-andino.example.com", "Diana Ospina", Role.EDITOR),
        Person("luz@hogar-andino.example.com", "Luz Arboleda", Role.ACCOUNTANT),
        Person("paola@hogar-andino.example.com", "Paola Rincón", Role.VIEWER),
    ),
)
MASCOTAS_FELICES = Shop(
    "mascotas-felices",
    "Mascotas Felices",
    (Person("wilmar@mascotas-felices.example.com", "Wilmar Guerrero", Role.OWNER),),
)
SHOPS = (HOGAR_ANDINO, MASCOTAS_FELICES)


def password_of(person: Person) -> str:
    """The same at every start of one installation, another one in every other."""
    digest = hmac.digest(
        settings.SECRET_KEY.encode(), f"demo|{person.email}".encode(), hashlib.sha256
    )
    return base64.b32encode(digest[:15]).decode().lower()


def make_user(person: Person) -> User:
    """The user with a verified address; the one that is there is left as it is."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        is_staff = not person.role
        user = User.objects.create_user(
            person.email,
            password_of(person),
            name=person.name,
            is_staff=is_staff,
            is_superuser=is_staff,
        )
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    return user


def make_shop(shop: Shop) -> Organization:
    """The comercio with its members; what is there is left as it is."""
    users = {person.role: make_user(person) for person in shop.people}
    organization = Organization.objects.filter(slug=shop.slug).first()
    if organization is None:
        organization = create_organization(name=shop.name, owner=users[Role.OWNER])
    with scope(organization.pk):
        for role, user in users.items():
            Membership.objects.get_or_create(user=user, defaults={"role": role})
    return organization
