"""Building is pure: facts in, the exact payload or every problem out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from integrations.documents.build import build, summary
from integrations.documents.facts import (
    AmountAnswers,
    BuyerFact,
    ChargeFact,
    Facts,
    ItemFact,
    LineFact,
    SettingsFact,
    TaxFact,
)
from integrations.sending.problem_kinds import sentence

D = Decimal
IVA_19 = (TaxFact("3", "IVA", D(19)),)
IVA_5 = (TaxFact("4", "IVA", D(5)),)
EXEMPT = (TaxFact("5", "IVA", D(0)),)
TERMO = ItemFact("881", "Termo acero", "TER-750", IVA_19)
FREIGHT = ItemFact("900", "Servicio de envío", "ENV-01", IVA_19)


def settings(**changes) -> SettingsFact:
    base = SettingsFact(
        version=3,
        kind="invoice",
        mode="draft",
        number_template="12",
        seller="3",
        cost_center="2",
        prices_include_tax=True,
        prices_told=False,
        charges_enabled=True,
        remainder_limit_pesos=50_000,
        remainder_limit_percent=D(30),
        unidentified_number="222222222222",
        payment_term="cash",
        credit_days=0,
        cod_enabled=True,
        register_payment="on_issue",
        gift_lines="",
    )
    return replace(base, **changes)


def line(price, quantity=1, item=TERMO, **changes) -> LineFact:
    """It costs what the catalogue says, so that no size is doubted."""
    changes = {"catalogue_price": D(price), **changes}
    return LineFact(
        label="Termo", sku="TER-750", variant_key="1/11", variant_id=7, product_id="1",
        quantity=D(quantity), unit_price=D(price), item=item, **changes,
    )  # fmt: skip


def charge(amount, name="Envío", **changes) -> ChargeFact:
    return ChargeFact(name, D(amount), **changes)


def facts(*lines, total, **changes) -> Facts:
    base = Facts(
        order_id=44,
        number="100245",
        external_number="WEB-881",
        family="cod",
        method="cod",
        total=D(total),
        discount=D(0),
        charges=(),
        lines=lines,
        buyer=BuyerFact(
            name="Ana Ruiz", doc_type="CC", doc_number="52998117", city="Medellín",
            department="Antioquia", address="Cra 7 No 1 2", phone="3105550142",
        ),
        settings=settings(),
        precision=2,
        today=date(2026, 11, 20),
        charges_item=FREIGHT,
        warehouse_id="1",
        payment_means="CASH",
    )  # fmt: skip
    return replace(base, **changes)


def codes(result) -> list[str]:
    return [found.code for found in result.problems]


def test_the_payload_says_what_the_order_and_the_settings_say():
    built = build(facts(line(79900, 2), total=174900, charges=(charge(15100),))).built
    payload = built.payload
    assert payload["status"] == "draft"
    assert payload["date"] == payload["dueDate"] == "2026-11-20"
    assert payload["observations"] == "Pedido 100245 · WEB-881"
    assert payload["numberTemplate"] == {"id": "12"}
    assert payload["warehouse"] == {"id": "1"}
    assert (payload["seller"], payload["costCenter"]) == ({"id": "3"}, {"id": "2"})
    assert (payload["paymentForm"], payload["paymentMethod"]) == ("CASH", "CASH")
    assert "payments" not in payload
    assert [row["id"] for row in payload["items"]] == ["881", "900"]
    assert [row["tax"] for row in payload["items"]] == [[{"id": "3"}], [{"id": "3"}]]
    # Case 11 of the reference.
    assert (built.base, built.tax, built.total) == (D("146974.79"), D("27925.21"), D(174900))


def test_a_remission_carries_neither_payment_terms_nor_numbering():
    built = build(facts(line(79900), total=79900, settings=settings(kind="remission"))).built
    assert not {"status", "paymentForm", "paymentMethod", "numberTemplate"} & set(built.payload)


def test_exempt_and_excluded_are_different_documents():
    exempt = replace(TERMO, taxes=EXEMPT)
    excluded = replace(TERMO, taxes=())
    built = build(facts(line(100, item=exempt), line(100, item=excluded), total=200)).built
    assert [row["tax"] for row in built.payload["items"]] == [[{"id": "5"}], []]
    assert built.tax == 0


@pytest.mark.parametrize(
    ("total", "charges", "discount", "rows", "noted"),
    [
        (100000, (), 0, 1, False),
        (112000, (charge(12000),), 0, 2, False),
        (90000, (), 10000, 1, False),
        (102000, (charge(12000),), 10000, 2, False),
        # Freight that the buyer did not pay stays out, and is noted.
        (100000, (charge(12000),), 0, 1, True),
        (90000, (charge(12000),), 10000, 1, True),
    ],
)
def test_the_reading_that_gives_the_total_is_taken(total, charges, discount, rows, noted):
    built = build(facts(line(100000), total=total, charges=charges, discount=D(discount))).built
    assert built.total == total
    assert len(built.payload["items"]) == rows
    assert bool(built.notes) == noted


def test_an_unexplained_remainder_is_a_charge_only_within_both_limits():
    assert build(facts(line(150000), total=155000)).built.total == 155000
    assert codes(build(facts(line(100000), total=131000))) == ["total_mismatch"]
    assert codes(build(facts(line(900000), total=951000))) == ["total_mismatch"]


def test_a_charge_without_a_product_for_it_is_never_dropped_in_silence():
    result = build(
        facts(
            line(100000), total=112000, charges=(charge(12000),),
            settings=settings(charges_enabled=False),
        )
    )  # fmt: skip
    assert codes(result) == ["charges_disabled"]


@pytest.mark.parametrize(("answer", "expected"), [("discount", 90000), ("received", 100000)])
@pytest.mark.parametrize("of", ["short", "short_kept"])
def test_a_short_total_follows_what_was_answered(answer, expected, of):
    case = facts(line(100000), total=90000)
    assert codes(build(case)) == ["short_total"]
    answered = replace(case, answers=AmountAnswers(**{of: answer}))
    assert build(answered).built.total == expected


@pytest.mark.parametrize(("answer", "rows"), [("zero", 2), ("leave_out", 1), ("spread", 2)])
def test_gift_lines_follow_the_merchants_answer(answer, rows):
    case = facts(line(100000), line(0), total=100000, settings=settings(gift_lines=answer))
    built = build(case).built
    assert built.total == 100000
    assert len(built.lines) == rows
    assert codes(build(replace(case, settings=settings()))) == ["gift_line"]


def test_a_discount_is_shared_in_whole_pesos_and_told_in_the_line():
    item_5 = replace(TERMO, alegra_id="7", taxes=IVA_5)
    built = build(
        facts(line(99900), line(50000, item=item_5), total=139900, discount=D(10000))
    ).built
    # Case 10 of the reference.
    assert (built.base, built.tax) == (D("122791.48"), D("17108.52"))
    assert built.payload["items"][0]["description"] == "Descuento $\u00a06.664"


def test_units_per_sale_multiply_the_quantity_and_divide_the_price():
    built = build(facts(line(60000, 1, units_per_sale=2), total=60000)).built
    assert sum(row["quantity"] for row in built.payload["items"]) == 2
    assert built.total == 60000


def test_a_total_of_zero_is_worth_nothing():
    assert build(facts(line(0), total=0)).built.is_worth_nothing


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5"])
def test_a_quantity_that_is_no_whole_number_is_named(quantity):
    assert codes(build(facts(line(100, quantity), total=100))) == ["line_wrong"]


def test_an_item_that_cannot_be_invoiced_is_named_with_its_reason():
    broken = replace(TERMO, why="está inactivo en Alegra")
    (found,) = build(facts(line(100, item=broken), total=100)).problems
    assert (found.code, found.subject_key) == ("item_unusable", "881")
    assert found.params["why"] == "está inactivo en Alegra"


def test_credit_has_a_later_due_date():
    case = facts(line(100), total=100, settings=settings(payment_term="credit", credit_days=30))
    payload = build(case).built.payload
    assert (payload["paymentForm"], payload["dueDate"]) == ("CREDIT", "2026-12-20")


def test_the_buyer_is_a_person_with_an_official_town():
    contact = build(facts(line(100), total=100)).built.contact
    assert contact.body["nameObject"] == {"firstName": "Ana", "lastName": "Ruiz"}
    assert contact.body["address"]["city"] == "Medellín"
    assert contact.body["address"]["department"] == "Antioquia"
    assert "email" not in contact.body


def test_a_company_is_known_by_its_nit_without_check_digit():
    buyer = BuyerFact(name="Comercial X SAS", doc_type="NIT", doc_number="900559088-2")
    contact = build(facts(line(100), total=100, buyer=buyer)).built.contact
    assert contact.body["identificationObject"] == {"type": "NIT", "number": "900559088", "dv": 2}
    assert contact.body["kindOfPerson"] == "LEGAL_ENTITY"


@pytest.mark.parametrize("number", ["", "0", "3105550142", "11111111"])
def test_an_unusable_identification_is_the_unidentified_buyer(number):
    buyer = BuyerFact(name="Ana Ruiz", doc_number=number, phone="3105550142")
    contact = build(facts(line(100), total=100, buyer=buyer)).built.contact
    assert contact.is_generic
    assert contact.number == "222222222222"


def test_the_unidentified_buyer_is_told_of():
    buyer = BuyerFact(name="Ana Ruiz", doc_type="CC", doc_number="1234")
    built = build(facts(line(100), total=100, buyer=buyer)).built
    assert any("Va a nombre de Cliente no identificado." in note for note in built.notes)


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"name": "Variedades La Esquina S.A.S."}, "identity_ambiguous", "de una empresa"),
        ({"doc_number": "9005590882"}, "identity_ambiguous", "pegado"),
        ({"doc_number": "3124445566"}, "identity_wrong", "teléfono"),
        ({"doc_type": "NIT", "doc_number": "901234567"}, "identity_wrong", "propia empresa"),
        ({"doc_number": "PENDIENTE"}, "identity_wrong", "no tiene la forma"),
        ({"doc_number": "52998***"}, "identity_wrong", "número de identificación llegó tapado"),
        ({"name": "A** R***"}, "name_unusable", "nombre del comprador llegó tapado"),
    ],
)
def test_an_implausible_identification_is_asked_about_and_says_why(changes, code, why):
    case = facts(line(100), total=100, seller_nit="901234567")
    (found,) = build(replace(case, buyer=replace(case.buyer, **changes))).problems
    assert found.code == code
    assert why in sentence(code, found.params)
    assert not any(char.isdigit() for char in found.params["why"])


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({}, ""),
        ({"city": "Macondo"}, "no está en la lista del DANE"),
        ({"department": "Meta"}, "no está en el departamento"),
        ({"dane_code": "76001"}, "es de otro municipio"),
        ({"city": ""}, "no dice el municipio"),
        ({"doc_type": "CE", "doc_number": "E345678"}, "tiene letras"),
    ],
)
def test_what_deserves_a_look_is_noted(changes, noted):
    case = facts(line(100), total=100)
    built = build(replace(case, buyer=replace(case.buyer, **changes))).built
    assert [noted in note for note in built.notes] == ([True] if noted else [])


def test_the_kept_summary_holds_no_buyer():
    text = str(summary(build(facts(line(79900), total=79900)).built))
    assert not any(secret in text for secret in ("Ana", "52998117", "3105550142", "Cra 7"))
