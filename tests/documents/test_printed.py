"""What the law and an accountant want to read on the printed invoice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from integrations.catalog.models import AlegraItem, ProductLink
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.documents.build import build
from integrations.documents.facts import BuyerFact
from integrations.documents.models import Document
from integrations.documents.printed import COVERED_ADDRESS, DAMAGED_ADDRESS, LONGEST, NO_ADDRESS
from integrations.scoping.context import scope
from integrations.sending.frozen import digest, thaw
from tests.documents.test_build import FREIGHT, TERMO, D, charge, facts, line, settings

ANA = BuyerFact(
    name="Ana Ruiz", doc_type="CC", doc_number="52998117", city="medellin",
    department="antioquia", address="Cra 7 No 1 2 apto 301",
)  # fmt: skip
FULL = "Dirección de entrega: Cra 7 No 1 2 apto 301, Medellín, Antioquia"


def printed(buyer: BuyerFact, **changes):
    built = build(facts(line(79900), total=79900, buyer=buyer, **changes)).built
    return built.payload.get("anotation"), [
        note for note in built.notes if "dirección de entrega" in note.lower()
    ]


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"doc_type": "CE", "doc_number": "452998"},
        {"doc_type": "PP", "doc_number": "AB452998"},
        {"doc_type": "TI", "doc_number": "1052998117"},
        {"doc_type": "", "doc_number": ""},
        {"unidentified": True},
    ],
)
def test_the_address_of_delivery_is_printed_for_whom_no_nit_identifies(who):
    assert printed(replace(ANA, **who)) == (FULL, [])


def test_a_buyer_with_nit_needs_none_and_gets_none():
    company = replace(ANA, name="Comercial X SAS", doc_type="NIT", doc_number="900559088-2")
    assert printed(company) == (None, [])


def test_a_remission_is_no_invoice_and_prints_none():
    assert printed(ANA, settings=settings(kind="remission")) == (None, [])


@pytest.mark.parametrize(
    ("changes", "text", "note"),
    [
        ({"address": ""}, "Dirección de entrega: Medellín, Antioquia", NO_ADDRESS),
        ({"address": "", "city": "", "department": ""}, None, NO_ADDRESS),
        ({"address": "Cra 7* ***"}, "Dirección de entrega: Medellín, Antioquia", COVERED_ADDRESS),
        ({"address": "Cra 7 Ed. Bogot?s"}, "Dirección de entrega: Cra 7 Ed. Bogot?s, Medellín, "
         "Antioquia", DAMAGED_ADDRESS),
        # A town that nobody knows is printed as the order tells it.
        ({"city": "Vereda El Salado", "department": ""},
         "Dirección de entrega: Cra 7 No 1 2 apto 301, Vereda El Salado", None),
        ({"city": "bogota", "department": "bogota"},
         "Dirección de entrega: Cra 7 No 1 2 apto 301, Bogotá, D.C.", None),
    ],
)  # fmt: skip
def test_what_the_address_lacks_is_said_and_never_made_up(changes, text, note):
    assert printed(replace(ANA, **changes)) == (text, [note] if note else [])


def test_a_long_address_is_cut_and_its_town_stays():
    text, _notes = printed(replace(ANA, address="Cra 7 " * 120))
    assert len(text) <= LONGEST == 500
    assert text.endswith(", Medellín, Antioquia")


# --- Lines ---------------------------------------------------------------------------------
def rows(*lines, total, **changes):
    return build(facts(*lines, total=total, **changes)).built.payload["items"]


def test_a_line_names_the_reference_of_the_product_and_what_was_sold_where_that_says_more():
    plain, coloured = rows(
        line(79900), line(79900, variation="Negro"), total=159800
    )  # fmt: skip
    assert plain["reference"] == coloured["reference"] == "TER-750"
    assert "description" not in plain
    assert coloured["description"] == "Termo · Negro"


@pytest.mark.parametrize("variation", ["Default variant", "Default Title", "", "Acero"])
def test_a_variation_that_says_nothing_new_is_left_out(variation):
    (row,) = rows(line(79900, variation=variation), total=79900)
    assert "description" not in row


def test_a_product_without_reference_is_known_by_the_sku_sold():
    (row,) = rows(line(79900, item=replace(TERMO, reference="")), total=79900)
    assert row["reference"] == "TER-750"
    bare = replace(line(79900, item=replace(TERMO, reference="")), sku="X" * 46)
    assert "reference" not in rows(bare, total=79900)[0]


def test_units_per_sale_are_told_with_what_was_sold():
    (row,) = rows(line(79900, 3, units_per_sale=2), total=239700)
    assert row["description"] == "3 × 2 unidades"


def test_a_charge_is_called_what_the_order_calls_it():
    row = rows(line(79900), total=95000, charges=(charge(15100, "Flete nacional"),))[1]
    assert (row["description"], row["reference"]) == ("Flete nacional", FREIGHT.reference)


def test_a_discount_over_two_rows_reads_like_one():
    """One price cannot give the amount: the line is two rows of the same product."""
    both = rows(line(24900, 40), total=987000, discount=D(9000))
    assert len(both) == 2
    told = {row["description"] for row in both}
    assert told == {"Descuento $\u00a09.000 en las 40 unidades"}


# --- The way of paying ---------------------------------------------------------------------
def test_credit_says_so_and_falls_due_that_many_days_later():
    on_credit = settings(payment_term="credit", credit_days=30)
    payload = build(facts(line(79900), total=79900, settings=on_credit)).built.payload
    assert (payload["paymentForm"], payload["paymentMethod"]) == ("CREDIT", "CASH")
    assert (payload["date"], payload["dueDate"]) == ("2026-11-20", "2026-12-20")


@pytest.mark.django_db
@pytest.mark.parametrize("register", ["on_issue", "never"])
def test_the_means_are_those_of_the_method_whether_payments_are_registered_or_not(engine, register):
    with scope(engine.integration.organization_id):
        DocumentSettings.objects.update(register_payment=register)
        rest = BankEquivalence.objects.get(method="*")
        for method, family, means, account in (
            ("wompi", "prepaid", "CREDIT_CARD", ""),
            ("addi", "prepaid", "CREDIT_TRANSFER", ""),
            ("prepaid", "prepaid", "DEBIT_TRANSFER", rest.account),
            ("contraentrega con datafono", "cod", "DEBIT_CARD", ""),
        ):
            BankEquivalence.objects.create(
                integration=engine.integration, method=method, family=family, means=means,
                account=account,
            )  # fmt: skip
    orders = {
        "CASH": engine.order(),
        "CREDIT_CARD": engine.order(method="Wompi", status=6),
        # Its row says only what every prepaid method's would: its family's says more.
        "DEBIT_TRANSFER": engine.order(method="addi", status=6),
        "DEBIT_CARD": engine.order(method="Contraentrega con datáfono"),
    }
    engine.run(3)
    for means, order in orders.items():
        assert thaw(engine.document(order).payload)["paymentMethod"] == means


@pytest.mark.django_db
def test_all_the_others_are_never_cash_even_where_that_was_saved_once(engine):
    with scope(engine.integration.organization_id):
        BankEquivalence.objects.filter(method="*").update(means="CASH")
    order = engine.order(method="mercadopago", status=6)
    engine.run(2)
    assert thaw(engine.document(order).payload)["paymentMethod"] == "CREDIT_TRANSFER"


# --- Where the address may be read ---------------------------------------------------------
@pytest.mark.django_db
def test_alegra_gets_the_address_and_nothing_of_ours_keeps_it_readable(engine, cast, login):
    order = engine.order()
    engine.run(2)
    (made,) = engine.invoices()
    assert made["anotation"] == "Dirección de entrega: Carrera 43 No 20 15, Medellín, Antioquia"
    assert made["items"][0]["description"] == "Termo acero 750 ml · Negro"
    document = engine.document(order)
    # Alegra never shows the reference of an invoice's line.
    assert thaw(document.payload)["items"][0]["reference"]
    with scope(engine.integration.organization_id), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {Document._meta.db_table} WHERE id = %s",
            [document.pk],
        )
        assert "Carrera 43" not in str(cursor.fetchall())
        told = [str(step.input) + str(step.output) for step in document.steps.all()]
        assert "Carrera 43" not in str(told)
    page = reverse("order_document", args=[cast.organization.slug, order.pk])
    assert "Carrera 43 No 20 15, Medell" in login(cast.member("editor")).get(page).content.decode()
    seen = login(cast.member("viewer")).get(page).content.decode()
    assert "Carrera 43" not in seen
    assert "Nota (se imprime)" in seen


@pytest.mark.django_db
def test_a_frozen_address_is_read_after_its_key_was_replaced(engine, settings):
    order = engine.order()
    engine.run(2)
    before = engine.document(order)
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_keys")
    settings.FIELD_KEYS = [new]
    after = engine.document(order)
    assert after.payload != before.payload
    assert "Carrera 43" in thaw(after.payload)["anotation"]
    assert digest(after.payload) == after.payload_digest == before.payload_digest


@pytest.mark.django_db
def test_the_page_says_what_one_of_each_line_is(engine, cast, login):
    with scope(engine.integration.organization_id):
        linked = ProductLink.objects.get(variant__variant_id="11").item
        AlegraItem.objects.filter(pk=linked.pk).update(unit="pair", price=Decimal("67000"))
    order = engine.order()
    url = reverse("order_document", args=[cast.organization.slug, order.pk])
    assert "2 pares" in login(cast.member("viewer")).get(url).content.decode()
