"""E-mails and telephones, clean or left out."""

import pytest

from integrations.colombia.contact_details import (
    NOTES,
    clean_email,
    clean_phone,
    read_email,
    read_phone,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Ana.Ruiz@Ejemplo.TEST ", "ana.ruiz@ejemplo.test"),
        ("a+b@sub.example.com", "a+b@sub.example.com"),
        ("", ""),
        (None, ""),
        ("Sin datos", ""),
        ("ana@", ""),
        ("ana@ejemplo", ""),
        ("ana ruiz@ejemplo.test", ""),
        ("ana..ruiz@ejemplo.test", ""),
        (".ana@ejemplo.test", ""),
        ("ana@-ejemplo.test", ""),
        ("ana@ejemplo.test, luz@ejemplo.test", "ana@ejemplo.test"),
        ("ana@ejemplo.test luz@ejemplo.test", "ana@ejemplo.test"),
        ("ana@ejemplo.test y luz@ejemplo.test", "ana@ejemplo.test"),
        ("ana@ejemplo.test.", "ana@ejemplo.test"),
        ("ana@ejemplo.test,", "ana@ejemplo.test"),
        ("ana @ejemplo .test", "ana@ejemplo.test"),
        ("Ana Ruiz <ana@ejemplo.test>", "ana@ejemplo.test"),
        ("mailto:ana@ejemplo.test", "ana@ejemplo.test"),
        # The first part may belong to it or not.
        ("ana.ruiz.@ejemplo.test", ""),
        ("ana@ejemplo.test luz", ""),
        ("ana@ejemplo,test", ""),
        (f"{'a' * 65}@ejemplo.test", ""),
    ],
)
def test_an_email_is_clean_or_absent(text, expected):
    assert clean_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3105550142", "3105550142"),
        (3105550142, "3105550142"),
        (3105550142.0, "3105550142"),
        ("+57 310 555 0142", "3105550142"),
        ("573105550142", "3105550142"),
        ("0057 310 555 0142", "3105550142"),
        ("(601) 555-0142", "6015550142"),
        ("5550142", ""),
        ("2105550142", ""),
        ("6105550142", ""),
        ("31055501421", ""),
        ("310 555 0142 / 311 555 0143", "3105550142"),
        ("310 555 0142 - 311 555 0143", "3105550142"),
        ("31055501423115550143", "3105550142"),
        ("601 555 0142 ext. 12", "6015550142"),
        ("Cel: 310 555 0142", "3105550142"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_is_ten_national_digits_or_absent(text, expected):
    assert clean_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("ana@ejemplo.test", ""),
        ("", ""),
        ("ana@ejemplo.test.", "email_repaired"),
        ("ana@ejemplo.test; luz@ejemplo.test", "email_first"),
        ("ana@ejemplo.test; ana@ejemplo.test", "email_repaired"),
        ("ana ruiz@ejemplo.test", "email_left_out"),
        ("a***@ejemplo.test", "email_left_out"),
        ("xxxxx@ejemplo.test", "email_left_out"),
        ("an•••z@ejemplo.test", "email_left_out"),
    ],
)
def test_what_was_done_to_an_email_is_said(text, note):
    assert read_email(text).note == note
    assert not note or "correo" in NOTES[note]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("+57 310 555 0142", ""),
        ("", ""),
        ("310 555 0142 / 311 555 0143", "phone_first"),
        ("31055501423115550143", "phone_first"),
        ("5550142", "phone_left_out"),
    ],
)
def test_what_was_done_to_a_telephone_is_said(text, note):
    assert read_phone(text).note == note
