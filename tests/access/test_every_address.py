"""Every address × every method × every kind of person.

What is expected is read from the view's own `access` and the table of roles; what stands
outside the comercios has an entry in OUTSIDE. A new address without either fails here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils.http import urlencode

from integrations.books.models import BooksAudit, BooksFinding
from integrations.catalog.models import Variant
from integrations.configuration.models import BankEquivalence
from integrations.documents.models import Document
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.bulk.models import BulkRun
from integrations.sending.models import Cause
from integrations.tenancy.models import Role
from integrations.tenancy.roles import Act, may
from integrations.timekeeping import clock
from tests.cast import make_integration

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TENANT = "c/<slug:organization>/"
# Addresses outside the comercios, by name: who may come, and with which methods.
#   open: everybody · signed_in: others are sent to sign in · own: nothing for strangers,
#   what was written to oneself for everybody else
OUTSIDE = {
    "healthz": ("open", {"GET"}),
    "readyz": ("open", {"GET"}),
    "webhook_mastershop": ("open", {"POST"}),
    "root": ("open", set(METHODS)),  # leads on
    "organizations": ("signed_in", {"GET"}),
    "organization_new": ("signed_in", {"GET", "POST"}),
    "theme": ("signed_in", {"POST"}),
    "mails": ("own", {"GET"}),
    "mail": ("own", {"GET"}),
}
# Acts that look at the row too, and may refuse who may act on other rows.
STRICTER = {("order_restore", "accountant"), ("order_payment_restore", "accountant")}
# What a page needs to be asked with.
QUESTION = {"settings_options": {"campo": "seller"}}
# These have rules and tests of their own (sign-in, staff's pages).
ELSEWHERE = ("admin/", "cuenta/")


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    arguments: tuple[str, ...]
    access: tuple[Act | None, Act | None] | None = field(default=None)


def _walk(patterns, before="", arguments=()):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        names = (*arguments, *pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            access = getattr(pattern.callback, "access", None)
            yield Address(route, pattern.name or "", names, access)
        else:
            yield from _walk(pattern.url_patterns, route, names)


ADDRESSES = [
    address
    for address in _walk(get_resolver().url_patterns)
    if not address.route.startswith(ELSEWHERE)
]
OF_A_COMERCIO = [address for address in ADDRESSES if address.route.startswith(TENANT)]


def _ids(address: Address) -> str:
    return address.route


@pytest.fixture
def rows(cast) -> dict[str, int | str]:
    """One row of ours for every kind of id that stands in an address."""
    integration = make_integration(cast.organization)
    now = clock.now()
    with scope(cast.organization.pk):
        order = Order.objects.create(
            integration=integration,
            number="1048812",
            total=Decimal("254700"),
            total_pesos=254700,
            first_seen_at=now,
            changed_at=now,
        )
        document = Document.objects.create(
            order=order,
            integration=integration,
            company=integration.company,
            alegra_user=integration.credential.alegra_user,
            kind="invoice",
            mode="draft",
            state="blocked",
            state_since=now,
            created_at=now,
            marker="marca-2",
        )
        Order.objects.filter(pk=order.pk).update(document=document)
        variant = Variant.objects.create(integration=integration, product_id="7", seen_at=now)
        bodega = Bodega.objects.create(
            integration=integration, source_id="1", name="Bogotá", seen_at=now
        )
        link = WarehouseLink.objects.create(
            integration=integration,
            company=integration.company,
            bodega=bodega,
            warehouse="1",
            created_at=now,
        )
        run = BulkRun.objects.create(act="emit", state="ready", by="Diana Ospina", created_at=now)
        audit = BooksAudit.objects.create(
            company=integration.company, from_day=now.date(), to_day=now.date(), began_at=now,
            state="compared", ended_at=now,
        )  # fmt: skip
        finding = BooksFinding.objects.create(
            company=integration.company, first_audit=audit, last_audit=audit, code="missing",
            found_in="invoice", alegra_id="71", exactly="x", first_at=now, last_at=now,
        )  # fmt: skip
        cause = Cause.objects.create(
            integration=integration, code="product_unlinked", label="—", first_at=now, last_at=now
        )
        equivalence = BankEquivalence.objects.create(
            integration=integration, method="addi", family="prepaid", account="1"
        )
    return {
        "kind": "seller",
        "equivalence": equivalence.pk,
        "integration": integration.pk,
        "order": order.pk,
        "document": document.pk,
        "variant": variant.pk,
        "bodega": bodega.pk,
        "link": link.pk,
        "cause": cause.pk,
        "run": run.pk,
        "company": integration.company_id,
        "finding": finding.pk,
    }


def _path(address: Address, slug: str, rows: dict[str, int | str]) -> str:
    values = {"organization": slug}
    for name in address.arguments:
        if name != "organization":
            # A KeyError here asks for a row of the new kind in `rows`.
            values[name] = rows[name]
    return reverse(address.name, kwargs=values)


def test_every_address_has_a_name_and_a_rule():
    names = [address.name for address in ADDRESSES]
    assert all(names)
    assert len(names) == len(set(names))
    for address in ADDRESSES:
        if address.route.startswith(TENANT):
            assert address.access is not None, address.route
            assert "organization" in address.arguments
        else:
            assert address.name in OUTSIDE, f"{address.route} needs an entry in OUTSIDE"


@pytest.mark.django_db
@pytest.mark.parametrize("address", OF_A_COMERCIO, ids=_ids)
def test_strangers_and_outsiders_find_nothing(address, cast, rows, login):
    path = _path(address, cast.organization.slug, rows)
    for client, method in itertools.product(
        (Client(), login(cast.outsider), login(cast.staff)), METHODS
    ):
        assert client.generic(method, path).status_code == 404, method


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [address for address in OF_A_COMERCIO if len(address.arguments) > 1],
    ids=_ids,
)
def test_rows_of_others_are_not_found_under_ones_own_address(address, cast, rows, login):
    """The owner of another comercio, with ids of ours behind their own slug."""
    client = login(cast.outsider)
    path = _path(address, cast.other.slug, rows)
    read, write = address.access
    for method, needed in (("GET", read), ("POST", write)):
        expected = 405 if needed is None else 404
        assert client.generic(method, path).status_code == expected, method


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("address", OF_A_COMERCIO, ids=_ids)
def test_members_may_what_the_table_says(address, role, cast, rows, login):
    client = login(cast.member(role))
    path = _path(address, cast.organization.slug, rows)
    read, write = address.access
    for method in METHODS:
        needed = {"GET": read, "POST": write}.get(method)
        query = urlencode(QUESTION.get(address.name, {}))
        status = client.generic(method, path, QUERY_STRING=query).status_code
        if needed is None and (method == "GET" or may(role, Act.EDIT)):
            assert status == 405, method
        elif needed is None or not may(role, needed):
            assert status == 403, method
        elif (address.name, role) in STRICTER:
            assert status in (200, 302, 403), method
        elif method == "GET":
            assert status in (200, 302), method
        else:
            # Nothing was sent along: the form is shown again, or there was nothing to ask.
            assert status in (200, 302, 400, 404, 422), method


@pytest.mark.django_db
@pytest.mark.parametrize("address", OF_A_COMERCIO, ids=_ids)
def test_a_viewer_can_write_nothing(address, cast, rows, login):
    client = login(cast.viewer)
    path = _path(address, cast.organization.slug, rows)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.generic(method, path).status_code == 403, method


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [address for address in ADDRESSES if not address.route.startswith(TENANT)],
    ids=_ids,
)
def test_outside_the_comercios_each_address_admits_whom_it_says(address, cast, login):
    who, methods = OUTSIDE[address.name]
    path = reverse(address.name, kwargs=dict.fromkeys(address.arguments, "x"))
    for method in METHODS:
        stranger = Client().generic(method, path)
        member = login(cast.viewer).generic(method, path)
        if who == "open" and method in methods:
            assert stranger.status_code != 405, method
        elif who == "open":
            assert stranger.status_code in (404, 405), method
        elif who == "signed_in":
            assert stranger.status_code == 302
            assert stranger.url.startswith(reverse("account_login"))
            assert (member.status_code == 405) == (method not in methods), method
        else:
            assert stranger.status_code == (404 if method in methods else 405), method
            assert member.status_code in ((200, 404) if method in methods else (405,)), method


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["owner", "viewer", "outsider"])
def test_the_form_fields_of_a_page_hold_no_row_of_somebody_else(kind, cast, rows, login):
    """A select that offered another comercio's rows would leak them before any POST."""
    make_integration(cast.other, name="Ajena S.A.S.")
    client = login(cast.member(kind))
    slug = cast.other.slug if kind == "outsider" else cast.organization.slug
    for address in OF_A_COMERCIO:
        if address.access[0] is None or len(address.arguments) > 1:
            continue
        text = b"".join(client.get(_path(address, slug, rows))).decode()
        assert ("1048812" in text) <= (kind != "outsider"), address.route
        assert ("Ajena S.A.S." in text) <= (kind == "outsider"), address.route
