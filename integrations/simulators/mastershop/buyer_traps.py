"""What is known to be wrong with the buyers of real orders, each as a change to a draft.

MasterShop reference: data quality.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.simulators.mastershop.drafts import Draft
from integrations.simulators.mastershop.people import invent_nit


def _customer(**fields: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.body["customer"].update(fields)


def _document(kind: str | None, number: Any) -> Callable[[Draft], None]:
    return _customer(documentType=kind, documentNumber=number)


def _named(full: str, first: str | None = None, last: str | None = None) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        draft.body["customer"].update(full_name=full, first_name=first, last_name=last)
        draft.body["shipping_address"].update(full_name=full, first_name=first, last_name=last)

    return change


def _phone(write: Callable[[str], Any]) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        phone = write(draft.body["customer"]["phone"])
        draft.body["customer"]["phone"] = draft.body["shipping_address"]["phone"] = phone

    return change


def _place(**fields: Any) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        draft.body["shipping_address"].update(fields)
        own = draft.body["customer"]["default_address"]
        own.update({name: value for name, value in fields.items() if name in own})

    return change


def _document_is_phone(draft: Draft) -> None:
    draft.body["customer"].update(documentType="CC", documentNumber=draft.body["customer"]["phone"])


def _document_as_number(draft: Draft) -> None:
    draft.body["customer"]["documentNumber"] = int(draft.body["customer"]["documentNumber"])


def _document_decimal(draft: Draft) -> None:
    draft.body["customer"]["documentNumber"] += ".0"


def _document_in_company(draft: Draft) -> None:
    number = int(draft.body["customer"]["documentNumber"])
    draft.body["customer"].update(documentType="C.C", documentNumber=None)
    draft.body["shipping_address"]["company"] = f"cc {number:,}".replace(",", ".")


def _document_with_dots(draft: Draft) -> None:
    number = int(draft.body["customer"]["documentNumber"])
    dotted = f"C.C. {number:,}".replace(",", ".")
    draft.body["customer"].update(documentType="C.C", documentNumber=dotted)


def _company(write: Callable[[str, str], str], kind: str | None) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        nit, digit = invent_nit(draft.chance)
        _named("Variedades La Esquina S.A.S.")(draft)
        draft.body["customer"].update(documentType=kind, documentNumber=write(nit, digit))

    return change


def _no_shipping_address(draft: Draft) -> None:
    draft.body["shipping_address"] = None


TRAPS: dict[str, Callable[[Draft], None]] = {
    "no_document": _document(None, None),
    "document_zero": _document("CC", "0"),
    "document_short": _document("CC", "1234"),
    "document_sin_datos": _document("Sin datos", "Sin datos"),
    "document_repeated_digit": _document("CC", "1111111111"),
    "document_sequence": _document("CC", "123456789"),
    "document_is_phone": _document_is_phone,
    "document_as_number": _document_as_number,
    "document_decimal": _document_decimal,
    "document_in_company": _document_in_company,
    "document_cc_dotted": _document_with_dots,
    "document_without_type": _customer(documentType=None),
    "document_foreigner": _document("CE", "482913"),
    "document_ppt": _document("PPT", "5821934"),
    "document_passport": _document("PP", "AV482913"),
    "nit_glued": _company(lambda nit, digit: nit + digit, "NIT"),
    "nit_with_dash": _company(lambda nit, digit: f"{nit}-{digit}", "NIT"),
    "nit_wrong_digit": _company(lambda nit, digit: f"{nit}-{(int(digit) + 1) % 10}", "NIT"),
    "nit_without_type": _company(lambda nit, digit: nit, None),
    "name_sin_datos": _named("Sin datos", "Sin datos", "Sin datos"),
    "name_single": _named("Yurani"),
    "name_capitals": _named("LUZ DARY PEÑA AVILA"),
    "name_spaces": _named("  luz   dary\tpeña \n"),
    "name_long": _named("María del Socorro de los Ángeles " * 8),
    "name_markup": _named("<script>alert(1)</script> Peña"),
    "name_formula": _named("=HYPERLINK(A1) Peña"),
    "phone_number": _phone(lambda phone: int(f"57{phone}")),
    "phone_prefixed": _phone(lambda phone: f"+57 {phone[:3]} {phone[3:6]} {phone[6:]}"),
    "phone_missing": _phone(lambda phone: None),
    "email_missing": _customer(email=None),
    "email_invalid": _customer(email="no tiene@"),
    "city_sin_datos": _place(
        city="Sin datos", state="Sin datos", address1="Sin datos", address2=None, cityDaneCode=None,
        zip="0000",
    ),
    "bogota_cundinamarca": _place(city="Bogota", state="Cundinamarca", cityDaneCode=None),
    "city_unknown": _place(city="Macondo", state="Magdalena", cityDaneCode=None),
    "dane_missing": _place(cityDaneCode=None),
    "dane_five_digits": _place(city="Cali", state="Valle", cityDaneCode="76001"),
    "no_shipping_address": _no_shipping_address,
}  # fmt: skip
