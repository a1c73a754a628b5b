"""E-mails and telephones, clean or left out."""

import pytest

from integrations.colombia.contact_details import clean_email, clean_phone


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
        ("ana@ejemplo.test, luz@ejemplo.test", ""),
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
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_is_ten_national_digits_or_absent(text, expected):
    assert clean_phone(text) == expected
