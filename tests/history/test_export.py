"""The file of the history: all that matches, harmless to spreadsheets, no full personal data."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.colombia.spreadsheet import safe
from integrations.inventory.models import Bodega
from integrations.scoping.context import current, scope
from integrations.sending.states import State
from tests import cast as casting
from tests.history.factories import make_document, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


def download(client, organization, **query) -> str:
    response = client.get(reverse("history_export", args=[organization.slug]), query)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/csv")
    # The request is over when the file is written: it must not lean on its scope.
    assert current() is None
    return b"".join(response.streaming_content).decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_file_holds_every_order_that_matches_beyond_a_batch(cast, login, shop, monkeypatch):
    monkeypatch.setattr("integrations.history.export.BATCH", 10)
    made = {make_order(shop, family="prepaid").number for _each in range(25)}
    make_order(shop)
    told = rows(download(login(cast.viewer), cast.organization, pago="prepaid"))
    assert {row["Pedido"] for row in told} == made
    assert len(told) == 25


def test_no_cell_is_a_formula(cast, login, shop):
    make_order(
        shop,
        buyer_name='=HYPERLINK("http://ejemplo.test")',
        ship_city="+57",
        bodega_name="@SUM(A1)",
        guide="\t=1",
        external_number="-1+1",
    )
    told = rows(download(login(cast.editor), cast.organization))[0]
    for cell in told.values():
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert told["Cliente"] == '\'=HYPERLINK("http://ejemplo.test")'


def test_harmless_text_stays_as_it_is():
    assert safe("Termo 750 ml - Negro") == "Termo 750 ml - Negro"
    assert safe("  =1+1") == "'  =1+1"


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_identification_telephone_and_mail_are_masked_for_everybody(cast, login, shop, role):
    make_order(shop)
    text = download(login(cast.member(role)), cast.organization)
    for secret in ("1020334455", "3005550142", "yuliana@example.com"):
        assert secret not in text
    assert "***4455" in text


def test_amounts_read_in_a_colombian_spreadsheet(cast, login, shop):
    order = make_order(shop)
    make_document(
        order,
        State.CREATED,
        alegra_id="9",
        number="FEHA 1",
        total=Decimal("174900.00"),
        tax=Decimal("27925.21"),
    )
    told = rows(download(login(cast.viewer), cast.organization))[0]
    assert (told["Valor del pedido"], told["IVA"], told["Número"]) == (
        "174900",
        "27925,21",
        "FEHA 1",
    )


def test_a_filter_that_cannot_be_read_exports_nothing(cast, login, shop):
    make_order(shop)
    assert rows(download(login(cast.viewer), cast.organization, estado="inventado")) == []


def test_only_the_own_organization_is_in_the_file(cast, login, shop):
    make_order(casting.make_integration(cast.other))
    assert rows(download(login(cast.viewer), cast.organization)) == []


def test_who_took_the_file_is_in_the_trail(cast, login, shop):
    download(login(cast.accountant), cast.organization, pago="cod")
    with scope(cast.organization.pk):
        entry = AuditEntry.objects.get(action="history.export")
    assert entry.actor == cast.accountant
    assert entry.after == {"filters": {"pago": "cod"}}


@pytest.mark.parametrize("name", ["cliente", "q"])
def test_of_a_filter_that_names_a_buyer_the_trail_keeps_only_that_it_was_used(
    cast, login, shop, name
):
    download(login(cast.viewer), cast.organization, **{name: "Yuliana", "pago": "cod"})
    with scope(cast.organization.pk):
        entry = AuditEntry.objects.get(action="history.export")
    assert entry.after == {"filters": {name: "•••", "pago": "cod"}}


def test_a_bodega_told_by_its_id_is_named_as_on_the_page(cast, login, shop):
    for source_id in ("71", "72"):
        order = make_order(shop, bodega_id=source_id, bodega_name="")
    with scope(cast.organization.pk):
        Bodega.objects.create(
            integration=shop, source_id="72", name="Bodega Sur", seen_at=order.first_seen_at
        )
    told = rows(download(login(cast.viewer), cast.organization))
    assert {row["Bodega"] for row in told} == {"71", "Bodega Sur"}
