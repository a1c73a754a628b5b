"""Name and number belong together, and a typed identification never becomes another person's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import QUESTIONS
from integrations.documents.models import DocumentProblem
from integrations.orders.models import Order
from tests.documents.asked_buyers import asked_of, client, made_to

pytestmark = pytest.mark.django_db

FIRM = "Distribuciones La Loma SAS"
FIRMS_NIT = {"documentType": "NIT", "documentNumber": "901234561-3"}


# --- The company's name --------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        {"customer": {"company": FIRM}},
        {"billing_address": {"company": FIRM}},
        {"customer": {"default_address": {"company": FIRM}}},
        {"customer": {"razonSocial": FIRM}},
        {"customer": {"company_name": FIRM, "first_name": "Carlos", "last_name": "Mesa"}},
    ],
)
def test_a_nit_goes_with_the_company_that_the_order_names(engine, inside, body):
    body = {
        **body,
        "customer": {"full_name": "Carlos Mesa", **FIRMS_NIT, **body.get("customer", {})},
    }
    order = engine.order(**body)
    engine.run()
    assert client(engine) == (FIRM, "NIT", "901234561", "LEGAL_ENTITY")
    assert any("nombre de una empresa" in note for note in engine.document(order).built["notes"])
    assert engine.problems(order) == set()


def test_the_second_order_of_that_company_finds_its_contact(engine, inside):
    orders = [made_to(engine, full_name="Carlos Mesa", company=FIRM, **FIRMS_NIT) for _ in range(2)]
    assert len(engine.invoices()) == 2
    assert len({invoice["client"]["id"] for invoice in engine.invoices()}) == 1
    assert [engine.problems(order) for order in orders] == [set(), set()]


@pytest.mark.parametrize("company", ["", "901234561-3", "N/A", "Casa", "Apto 302", "D**** SAS"])
def test_a_companys_nit_with_a_persons_name_is_asked_about(engine, inside, company):
    order = made_to(engine, full_name="Carlos Andrés Mesa", company=company, **FIRMS_NIT)
    assert engine.invoices() == []
    assert engine.problems(order) == {"name_of_another"}


def test_two_companies_are_asked_about(engine, say):
    order = made_to(engine, full_name="Textiles Andina SAS", company=FIRM, **FIRMS_NIT)
    assert asked_of(order).params["offers"] == ["its_name", "company", "unidentified"]
    assert say(order, "company") == 1
    engine.run()
    assert client(engine) == (FIRM, "NIT", "901234561", "LEGAL_ENTITY")


@pytest.mark.parametrize("name", ["Ferretería El Tornillo", "Iglesia Central", "Andina S.A.S."])
def test_a_trade_or_a_legal_form_is_enough_beside_a_companys_nit(engine, inside, name):
    made_to(engine, full_name=name, **FIRMS_NIT)
    assert client(engine) == (name, "NIT", "901234561", "LEGAL_ENTITY")


def test_of_a_trade_and_its_legal_name_the_legal_one_goes(engine, inside):
    made_to(engine, full_name="Ferretería El Tornillo", company="El Tornillo SAS", **FIRMS_NIT)
    assert client(engine)[0] == "El Tornillo SAS"


def test_that_the_name_is_the_companys_is_answered_in_one_click(engine, say):
    order = made_to(engine, full_name="Mesa Dorada", **FIRMS_NIT)
    assert say(order, "its_name") == 1
    engine.run()
    assert client(engine) == ("Mesa Dorada", "NIT", "901234561", "LEGAL_ENTITY")


def test_a_nit_that_is_a_persons_cedula_and_its_digit_may_be_told_so(engine, say):
    order = made_to(engine, full_name="Carlos Mesa", documentType="NIT", documentNumber="803456785")
    assert asked_of(order).params["offers"] == [
        "its_name", "nit_and_digit", "cc_and_digit", "cc", "unidentified",
    ]  # fmt: skip
    say(order, "nit_and_digit")
    engine.run()
    assert engine.problems(order) == set()
    assert client(engine) == ("Carlos Mesa", "NIT", "80345678", "PERSON_ENTITY")


def test_a_persons_document_goes_with_the_person_and_the_company_is_noted(engine, inside):
    order = made_to(engine, company=FIRM)
    assert client(engine) == ("Marta Elena Rojas Pinto", "CC", "52998117", "PERSON_ENTITY")
    assert any(
        "nombra además una empresa" in note for note in engine.document(order).built["notes"]
    )


# --- Companies from abroad -----------------------------------------------------------------
ABROAD = ["Acme Imports LLC", "Acme, Inc.", "Müller GmbH", "Inversiones Limeñas S.A.C.",
          "Andina SRL", "Norte S.A. de C.V.", "Zed Ltd.", "Oriente C.A."]  # fmt: skip


@pytest.mark.parametrize("name", ABROAD)
def test_a_company_from_abroad_with_its_own_number_is_a_company(engine, inside, name):
    made_to(engine, full_name=name, documentType="FOREIGN_NIT", documentNumber="98-7654321")
    assert client(engine) == (name, "FOREIGN_NIT", "987654321", "LEGAL_ENTITY")


@pytest.mark.parametrize("name", ABROAD)
@pytest.mark.parametrize(
    "document", [("CC", "52998117"), ("PP", "L2GT05FGM"), ("EIN", "98-7654321")]
)
def test_one_with_a_persons_document_is_asked_about(engine, inside, name, document):
    made = {"full_name": name, "documentType": document[0], "documentNumber": document[1]}
    order = made_to(engine, **made)
    assert engine.invoices() == []
    assert "foreign_nit" in asked_of(order).params["offers"]


def test_a_number_of_another_country_typed_as_a_nit_is_asked_about_and_told_in_one_click(
    engine, say
):
    order = made_to(
        engine, full_name="Inversiones Limeñas S.A.C.", documentType="NIT",
        documentNumber="20512345678",
    )  # fmt: skip
    assert engine.invoices() == []
    say(order, "foreign_nit")
    engine.run()
    kind = ("FOREIGN_NIT", "20512345678", "LEGAL_ENTITY")
    assert client(engine) == ("Inversiones Limeñas S.A.C.", *kind)


def test_a_passport_is_a_persons(engine, inside):
    made_to(engine, full_name="Ulrich Baumann", documentType="Passport", documentNumber="L2GT05FGM")
    assert client(engine) == ("Ulrich Baumann", "PP", "L2GT05FGM", "PERSON_ENTITY")


# --- Both readings -------------------------------------------------------------------------
READINGS = {
    # A cédula and its digit, typed as one NIT.
    ("NIT", "529981175"): {"nit_and_digit": ("NIT", "52998117"), "cc": ("CC", "529981175")},
    ("NIT", "10987654139"): {"nit_and_digit": ("NIT", "1098765413")},
    ("CC", "529981175"): {"cc_and_digit": ("CC", "52998117"), "cc": ("CC", "529981175")},
    ("CC", "52998117-5"): {
        "cc_and_digit": ("CC", "52998117"),
        "nit_and_digit": ("NIT", "52998117"),
    },
    ("CC", "52998117 5"): {"cc_and_digit": ("CC", "52998117")},
    # A wrong digit.
    ("NIT", "52998117-3"): {
        "nit_wrong_digit": ("NIT", "52998117"),
        "cc_and_digit": ("CC", "52998117"),
    },
    ("NIT", "52998117.3"): {"nit_wrong_digit": ("NIT", "52998117")},
    ("", "52998117 DV 3"): {"nit_wrong_digit": ("NIT", "52998117")},
    # A type that is none.
    ("DNI", "52998117"): {"cc": ("CC", "52998117"), "foreign_nit": ("FOREIGN_NIT", "52998117")},
    ("CC", "AB123456"): {"passport": ("PP", "AB123456")},
}


@pytest.mark.parametrize(
    ("told", "value", "becomes"),
    [
        (told, value, becomes)
        for told, all_of in READINGS.items()
        for value, becomes in all_of.items()
    ],
)
def test_a_doubtful_number_asks_and_the_answer_is_what_goes(engine, say, told, value, becomes):
    order = made_to(engine, documentType=told[0], documentNumber=told[1])
    assert engine.invoices() == []
    assert engine.problems(order) <= {"identity_ambiguous", "identity_wrong"}
    assert say(order, value) == 1
    engine.run()
    assert client(engine)[1:3] == becomes


@pytest.mark.parametrize(
    "number", ["52998***", "10832****7", "XXXX8117", "52998xxx", "[REDACTED]", "por confirmar"]
)
def test_what_means_no_number_can_go_without_one(engine, say, number):
    order = made_to(engine, documentNumber=number)
    assert engine.invoices() == []
    assert asked_of(order).params["offers"] == ["unidentified"]
    say(order, "unidentified")
    engine.run()
    assert client(engine)[2] == "222222222222"


def test_another_answer_counts_until_the_document_exists(engine, say):
    order = made_to(engine, documentType="CC", documentNumber="900123456")
    asked = asked_of(order)
    say(order, "nit")
    answer(engine.integration, QUESTIONS[asked.code], order.number, "cc", params=asked.params)
    engine.run()
    assert client(engine)[1:3] == ("CC", "900123456")
    answer(engine.integration, QUESTIONS[asked.code], order.number, "nit", params=asked.params)
    engine.run()
    assert len(engine.invoices()) == 1
    assert engine.problems(order) == set()
    assert Answer.objects.get().value == "nit"


def test_an_answer_frees_its_order_alone(engine, say):
    one, other = (made_to(engine, documentType="CC", documentNumber="900123456") for _ in range(2))
    assert say(one, "cc") == 1
    engine.run()
    assert len(engine.invoices()) == 1
    assert engine.problems(other) == {"identity_ambiguous"}


# --- Typed where none belongs --------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        {"customer": {"documentNumber": None, "company": "1098765413"}},
        {"customer": {"documentNumber": "0", "company": "C.C. 1.098.765.413"}},
        {"customer": {"documentNumber": ""}, "notes": ["Cédula 1098765413"]},
    ],
)
def test_a_number_in_another_field_is_not_taken_for_none(engine, say, body):
    order = engine.order(**body)
    engine.run()
    assert engine.invoices() == []
    say(order, "cc")
    engine.run()
    assert client(engine)[1:3] == ("CC", "1098765413")


def test_a_note_that_asks_for_another_nit_is_not_passed_over(engine, inside):
    order = engine.order(notes=["Facturar a Textiles Andina SAS, NIT 901.234.561-3"])
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"identity_ambiguous"}


@pytest.mark.parametrize("note", ["Llamar al 310 555 0142", "CC 52.998.117", "Torre 5, apto 1098"])
def test_other_numbers_in_notes_ask_nothing(engine, inside, note):
    engine.order(notes=[note])
    engine.run()
    assert client(engine)[2] == "52998117"


# --- On the pages --------------------------------------------------------------------------
def test_the_order_page_offers_the_readings_that_make_sense_and_no_others(engine, cast, login, say):
    order = made_to(engine, documentType="CC", documentNumber="900123456")
    browser = login(cast.editor)
    page = browser.get(reverse("order", args=[cast.organization.slug, order.pk])).content.decode()
    for value, is_offered in (("nit", 1), ("cc", 1), ("unidentified", 1), ("passport", 0)):
        assert (f'value="{value}"' in page) is bool(is_offered), value
    assert reverse("order_correct", args=[cast.organization.slug, order.pk]) in page
    cause = asked_of(order).cause_id
    answer_url = reverse("attention_answer", args=[cast.organization.slug, cause])
    browser.post(answer_url, {"respuesta": "passport", "pedido": order.pk})
    assert engine.problems(order) == {"identity_ambiguous"}
    browser.post(answer_url, {"respuesta": "cc", "pedido": order.pk})
    engine.run()
    assert client(engine)[1:3] == ("CC", "900123456")


def test_what_was_answered_is_not_asked_again_when_something_else_is_corrected(
    engine, cast, login, say
):
    order = made_to(engine, documentType="CC", documentNumber="900123456", full_name="*****")
    say_identity = DocumentProblem.objects.get(code="identity_ambiguous", closed_at=None)
    question = QUESTIONS["identity_ambiguous"]
    answer(engine.integration, question, order.number, "cc", params=say_identity.params)
    engine.run()
    assert engine.problems(order) == {"name_unusable"}
    told = {
        "who": "buyer", "doc_type": "CC", "doc_number": "900123456", "name": "Marta Rojas",
        "email": "", "city": "Medellín", "department": "Antioquia",
    }  # fmt: skip
    url = reverse("order_correct", args=[cast.organization.slug, order.pk])
    login(cast.editor).post(url, told)
    engine.run()
    assert client(engine)[0] == "Marta Rojas"


def test_no_question_tells_the_number_or_the_name(engine, inside):
    made_to(engine, full_name="Carlos Andrés Mesa", **FIRMS_NIT)
    made_to(engine, documentType="CC", documentNumber="900123456")
    told = str(list(DocumentProblem.objects.values_list("params", "cause__params", "cause__label")))
    for secret in ("901234561", "900123456", "Mesa", "Marta"):
        assert secret not in told


def test_an_answer_stands_on_the_orders_page_as_a_correction(engine, cast, login, say):
    order = made_to(engine, documentType="CC", documentNumber="900123456")
    say(order, "nit")
    page = login(cast.editor).get(reverse("order", args=[cast.organization.slug, order.pk]))
    assert "Es un NIT, con todas esas cifras" in page.content.decode()
    assert Order.objects.get(pk=order.pk).buyer_doc_type == "CC"
