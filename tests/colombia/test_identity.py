"""What becomes of an identification as orders bring it."""

import pytest

from integrations.colombia.identity import SENTENCES, judge
from integrations.colombia.nit import check_digit


def verdict(doc_type, number, phone=None):
    judged = judge(doc_type, number, phone=phone)
    return judged.verdict, judged.type, judged.number


@pytest.mark.parametrize(
    ("doc_type", "number", "expected"),
    [
        ("CC", "52123456", ("CC", "52123456")),
        ("CC", " 52.123.456 ", ("CC", "52123456")),
        ("CC", "C.C. No. 52.123.456", ("CC", "52123456")),
        ("CC", "CC52123456", ("CC", "52123456")),
        ("CC", "No. 52123456", ("CC", "52123456")),
        ("CC", "52123456.0", ("CC", "52123456")),
        ("CC", 52123456, ("CC", "52123456")),
        ("CC", 52123456.0, ("CC", "52123456")),
        ("CC", "1.020.304.050", ("CC", "1020304050")),
        ("C.C.", "52123456", ("CC", "52123456")),
        ("cedula", "52123456", ("CC", "52123456")),
        ("Cédula de ciudadanía", "52123456", ("CC", "52123456")),
        ("13", "52123456", ("CC", "52123456")),
        ("T.I.", "1020304050", ("TI", "1020304050")),
        ("NUIP", "10203040506", ("NUIP", "10203040506")),
        ("Cédula de extranjería", "345678", ("CE", "345678")),
        ("TE", "345678", ("TE", "345678")),
        ("PEP", "987654321012345", ("PEP", "987654321012345")),
        ("PPT", "5123456", ("DIE", "5123456")),
        ("Permiso por protección temporal", "5123456", ("DIE", "5123456")),
        ("Pasaporte", "ab 123456", ("PP", "AB123456")),
        ("PA", "X123", ("PP", "X123")),
        ("PP", "CC123456", ("PP", "CC123456")),
        ("PP", "CE 123456", ("PP", "CE123456")),
        ("PP", "PP 654321", ("PP", "654321")),
        ("DIE", "1234A", ("DIE", "1234A")),
        ("Registro civil", "10203040", ("RC", "10203040")),
        ("NIT de otro país", "J12345678", ("FOREIGN_NIT", "J12345678")),
        (None, "52123456", ("CC", "52123456")),
        ("", "1020304050", ("CC", "1020304050")),
        ("Sin datos", "1020304050", ("CC", "1020304050")),
        (None, "C.C. 52123456", ("CC", "52123456")),
        (None, "91234567", ("CC", "91234567")),
    ],
)
def test_a_plausible_number_is_usable_as_it_was_meant(doc_type, number, expected):
    assert verdict(doc_type, number) == ("usable", *expected)


@pytest.mark.parametrize(
    ("number", "base", "is_company"),
    [
        ("900092385", "900092385", True),
        ("9000923859", "900092385", True),
        ("900092385-9", "900092385", True),
        ("NIT 900.092.385-9", "900092385", True),
        ("NIT900092385", "900092385", True),
        ("899999083-0", "899999083", True),
        ("52123456", "52123456", False),
        (f"52123456-{check_digit('52123456')}", "52123456", False),
        ("1020304050", "1020304050", False),
    ],
)
def test_a_nit_is_kept_without_its_check_digit(number, base, is_company):
    judged = judge("NIT", number, phone=None)
    assert (judged.verdict, judged.type, judged.number) == ("usable", "NIT", base)
    assert judged.dv == check_digit(base)
    assert judged.is_company is is_company


def test_a_right_check_digit_says_nit_where_the_type_is_missing():
    assert verdict(None, "900092385-9") == ("usable", "NIT", "900092385")


@pytest.mark.parametrize(
    ("doc_type", "number", "phone", "reason"),
    [
        ("CC", None, None, "empty"),
        ("CC", "", None, "empty"),
        ("CC", "0", None, "empty"),
        ("CC", 0, None, "empty"),
        ("CC", "00000", None, "empty"),
        (None, "Sin datos", None, "empty"),
        ("CC", "1234", None, "too_short"),
        (None, "4821", None, "too_short"),
        ("CC", "1111111", None, "repeated"),
        ("CC", "222222222222", None, "repeated"),
        ("CC", "123456", None, "counting"),
        ("CC", "1234567890", None, "counting"),
        ("CC", "012345", None, "counting"),
        ("CC", "No tiene", None, "empty"),
        ("CC", "undefined", None, "empty"),
        ("NIT", "123456789", None, "counting"),
        ("CC", "3105550142", "3105550142", "phone"),
        ("CC", "3105550142", "+57 310 555 0142", "phone"),
        ("CC", "573105550142", "3105550142", "phone"),
        ("CC", "3105550142", 573105550142, "phone"),
        ("CC", "310 555 01 42", "310-555-0142", "phone"),
        ("PP", "3105550142", "3105550142", "phone"),
        ("CC", "12345678901", None, "counting"),
    ],
)
def test_what_says_nothing_counts_as_missing(doc_type, number, phone, reason):
    judged = judge(doc_type, number, phone=phone)
    assert (judged.verdict, judged.reason) == ("missing", reason)
    assert judged.dv is None


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [
        (None, "900123456"),
        (None, "812345678"),
        (None, "9000923859"),
        ("CC", "52123456-3"),
        ("CC", "NIT 900092385"),
        ("NIT", "CC 52123456"),
    ],
)
def test_a_number_that_may_be_a_nit_or_a_cedula_is_asked_about(doc_type, number):
    judged = judge(doc_type, number, phone=None)
    assert (judged.verdict, judged.reason) == ("ask", "nit_or_cc")
    assert judged.sentence.startswith("¿NIT o cédula?")


@pytest.mark.parametrize(
    ("doc_type", "number", "reason"),
    [
        ("NIT", "900092385-8", "dv_wrong"),
        ("NIT", "9000923858", "dv_wrong"),
        (None, "900092385-8", "dv_wrong"),
        ("DNI", "52123456", "unknown_type"),
    ],
)
def test_what_is_given_wrong_is_never_fixed_in_silence(doc_type, number, reason):
    judged = judge(doc_type, number, phone=None)
    assert (judged.verdict, judged.reason) == ("wrong", reason)


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [
        ("CC", "52123456789"),
        ("CC", "052123456"),
        ("CC", "ABC123"),
        ("TI", "52123456"),
        ("PEP", "52123456"),
        ("PP", "PASAPORTE"),
        ("NIT", "10203040501"),
        (None, "AB123456"),
        (None, "10203040506"),
        ("PP", "A12"),
    ],
)
def test_what_was_typed_and_cannot_be_used_is_never_taken_for_nothing(doc_type, number):
    judged = judge(doc_type, number, phone=None)
    assert (judged.verdict, judged.reason) == ("wrong", "implausible")
    assert judged.dv is None


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [
        ("CC", "3124445566"),
        ("CC", "312 444 55 66"),
        (None, "3124445566"),
        ("NIT", "3124445566"),
        ("TI", "3124445566"),
        ("CC", "6014445566"),
        ("CC", f"3124445566-{check_digit('3124445566')}"),
    ],
)
def test_another_telephone_than_the_buyers_is_no_identification_either(doc_type, number):
    judged = judge(doc_type, number, phone="3105550142")
    assert (judged.verdict, judged.reason) == ("wrong", "a_phone")


@pytest.mark.parametrize(
    "number",
    [
        "10832****7",
        "52998***",
        "*********",
        "529…117",
        "529...117",
        "···7342",
        "1083 ---- 71",
        "1083 .... 71",
    ],
)
def test_a_masked_number_is_not_what_is_left_of_it(number):
    judged = judge("CC", number, phone=None)
    assert (judged.verdict, judged.reason) == ("wrong", "masked")


def test_a_passport_may_look_like_a_telephone():
    assert verdict("PP", "3124445566") == ("usable", "PP", "3124445566")


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [("NIT", "900092385"), ("NIT", "900092385-9"), ("CC", "9000923859"), (None, "900.092.385")],
)
def test_the_sellers_own_nit_is_no_buyers(doc_type, number):
    judged = judge(doc_type, number, phone=None, seller="900092385")
    assert (judged.verdict, judged.reason) == ("wrong", "seller")
    assert judge(doc_type, number, phone=None, seller="860002964").reason != "seller"


@pytest.mark.parametrize("number", ["9000923859", "9.000.923.859"])
def test_a_nit_with_its_digit_glued_on_is_no_cedula(number):
    judged = judge("CC", number, phone=None)
    assert (judged.verdict, judged.reason) == ("ask", "glued_dv")


@pytest.mark.parametrize(
    "name", ["Variedades La Esquina S.A.S.", "COMERCIAL X SAS", "Fundación Luz", "Textiles Ltda."]
)
@pytest.mark.parametrize(
    ("doc_type", "number"),
    [("CC", "52123456"), (None, "52123456"), ("CE", "345678"),
     ("NIT", "52123456")],
)  # fmt: skip
def test_a_company_with_the_document_of_a_person_is_asked_about(name, doc_type, number):
    judged = judge(doc_type, number, phone=None, name=name)
    assert (judged.verdict, judged.reason) == ("ask", "company_name")
    assert judge(doc_type, number, phone=None, name="Ana Ruiz").verdict == "usable"


def test_a_company_with_its_own_nit_or_a_foreign_one_is_usable():
    name = "Variedades La Esquina S.A.S."
    assert judge("NIT", "900092385-9", phone=None, name=name).is_company
    assert judge("FOREIGN_NIT", "J12345678", phone=None, name=name).verdict == "usable"


def test_letters_on_an_old_card_are_tolerated_with_a_warning():
    judged = judge("CE", "E345678", phone=None)
    assert (judged.verdict, judged.type, judged.reason) == ("usable", "CE", "letters_in_card")


def test_no_sentence_repeats_a_number():
    assert not any(char.isdigit() for sentence in SENTENCES.values() for char in sentence)
    assert judge("NIT", "900092385-8", phone=None).sentence == SENTENCES["dv_wrong"]
