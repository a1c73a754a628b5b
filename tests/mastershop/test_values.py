from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integrations.mastershop import values


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (174900, "174900"),
        (174900.0, "174900"),
        (Decimal("174900.50"), "174900.5"),
        ("174900", "174900"),
        ("174.900", "174900"),
        ("174,900", "174900"),
        ("1.174.900,50", "1174900.5"),
        ("1,174,900.50", "1174900.5"),
        ("$ 174.900", "174900"),
        ("174.900 COP", "174900"),
        ("174900.00", "174900"),
        ("174900,5", "174900.5"),
        ("0.700", "0.7"),
        ("-15.000", "-15000"),
        ("1e3", "1000"),
        (-0.0, "0"),
    ],
)
def test_amounts_are_read_in_every_usual_writing(told, expected):
    amount = values.number(told)
    assert amount == Decimal(expected)
    assert format(amount, "f") == expected


@pytest.mark.parametrize(
    "told",
    [
        None, True, False, "", "Sin datos", "doce", "1.2.3", "1,23,456", "12 de mayo", "0x10",
        float("nan"), float("inf"), Decimal("NaN"), Decimal("1e400"), 10**400, "1e999", "9" * 5000,
        [], {}, "١٢٣",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_none(told):
    assert values.number(told) is None


@pytest.mark.parametrize(
    ("told", "expected"), [(2, 2), (2.0, 2), ("2", 2), ("2.0", 2), ("1.000", 1), ("2,5", "2.5")]
)
def test_a_quantity_never_has_thousands(told, expected):
    assert values.quantity(told) == Decimal(expected)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("  Luz   Dary ", "Luz Dary"),
        ("Sin datos", ""),
        ("SIN DATOS", ""),
        ("null", ""),
        (None, ""),
        (True, ""),
        ([], ""),
        (3105550142, "3105550142"),
        (3105550142.0, "3105550142"),
        (10**20, "1" + "0" * 20),
        (10**400, ""),
        ("a\x00b\r\nc", "a b c"),
        ("a\ud800b", "a b"),
        ("0", "0"),
    ],
)
def test_texts_come_clean(told, expected):
    assert values.text(told) == expected


def test_a_text_is_cut_to_its_limit():
    assert values.text("x" * 1_000_000, limit=10) == "x" * 10


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (904417, "904417"),
        (904417.0, "904417"),
        (" 904417 ", "904417"),
        ("WEB-1", "WEB-1"),
        (10**18, "1" + "0" * 18),
        (0, ""),
        ("0", ""),
        (-5, ""),
        (1.5, ""),
        (True, ""),
        (None, ""),
        ("x" * 65, ""),
        (10**400, ""),
        ({"id": 1}, ""),
    ],
)
def test_identifiers_are_texts_and_never_cut(told, expected):
    assert values.key(told) == expected


@pytest.mark.parametrize(
    "told",
    [
        "2026-11-03T14:05:12Z",
        "2026-11-03T09:05:12-05:00",
        "2026-11-03 09:05:12",
        1793714712,
        1793714712000,
    ],
)
def test_moments_are_utc_and_one_without_zone_is_bogotas(told):
    assert values.moment(told) == datetime(2026, 11, 3, 14, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "told", ["", "ayer", None, True, 0, -1, 10**400, "0001-01-01T00:00:00+14:00", "9999-12-31", []]
)
def test_an_impossible_moment_is_none(told):
    assert values.moment(told) is None


def test_a_field_is_found_in_every_spelling():
    for name in ("order_items", "order_Items", "orderItems", "Order-Items"):
        assert values.Fields({name: [1]}).first("order_items") == [1]


def test_of_two_spellings_the_one_with_content_counts():
    assert values.Fields({"order_items": [], "order_Items": [1]}).first("order_items") == [1]
    assert values.Fields({"order_items": None, "order_Items": [1]}).first("order_items") == [1]


def test_only_a_plain_yes_is_a_yes():
    assert all(values.flag(told) for told in (True, 1, "1", "true", "Sí"))
    assert not any(values.flag(told) for told in (False, 0, None, "no", "", [1], 2))
