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
        ("CC", "900123456", ("CC", "900123456")),
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
        ("NIT", "123456789", None, "counting"),
        ("CC", "3105550142", "3105550142", "phone"),
        ("CC", "3105550142", "+57 310 555 0142", "phone"),
        ("CC", "573105550142", "3105550142", "phone"),
        ("CC", "3105550142", 573105550142, "phone"),
        ("CC", "310 555 01 42", "310-555-0142", "phone"),
        ("PP", "3105550142", "3105550142", "phone"),
        ("CC", "12345678901", None, "counting"),
        ("CC", "52123456789", None, "implausible"),
        ("CC", "052123456", None, "implausible"),
        ("CC", "ABC123", None, "implausible"),
        ("TI", "52123456", None, "implausible"),
        ("PEP", "52123456", None, "implausible"),
        ("PP", "PASAPORTE", None, "implausible"),
        ("NIT", "10203040501", None, "implausible"),
        (None, "AB123456", None, "implausible"),
        (None, "10203040506", None, "implausible"),
    ],
)
def test_what_cannot_be_an_identification_counts_as_missing(doc_type, number, phone, reason):
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


def test_letters_on_an_old_card_are_tolerated_with_a_warning():
    judged = judge("CE", "E345678", phone=None)
    assert (judged.verdict, judged.type, judged.reason) == ("usable", "CE", "letters_in_card")


def test_no_sentence_repeats_a_number():
    assert not any(char.isdigit() for sentence in SENTENCES.values() for char in sentence)
    assert judge("NIT", "900092385-8", phone=None).sentence == SENTENCES["dv_wrong"]
