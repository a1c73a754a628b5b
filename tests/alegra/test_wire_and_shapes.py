"""Exact numbers out, tolerant shapes in."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.alegra import shapes, wire


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("41932.773109"), b"41932.773109"),
        (Decimal("42016.8100"), b"42016.8100"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("1E-7"), b"0.0000001"),
        (Decimal("0.1") + Decimal("0.2"), b"0.3"),
        (
            {"a": [1, None, True, "ñ", (Decimal("2.50"),)]},
            '{"a":[1,null,true,"ñ",[2.50]]}'.encode(),
        ),
        ({}, b"{}"),
        ('"\n', b'"\\"\\n"'),
    ],
)
def test_values_are_written_exactly(value, sent):
    assert wire.encode(value) == sent


@pytest.mark.parametrize("value", [0.1, [1.0], {"a": {"b": 2.5}}, object()])
def test_floats_and_strangers_are_refused(value):
    with pytest.raises(TypeError):
        wire.encode(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_amount(value):
    with pytest.raises(ValueError, match="finite"):
        wire.encode(Decimal(value))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_a_decimal_comes_back_as_it_went(value):
    assert wire.decode(wire.encode([value]))[0] == value
    json.loads(wire.encode([value]))


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_a_value_error(body):
    with pytest.raises(ValueError):  # noqa: PT011 - several texts
        wire.decode(body)


UUID = "0199aa10-4c1e-7b52-9d3f-5e0c7a41b206"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("5821", "5821"),
        (5821, "5821"),
        (Decimal("5821.0"), "5821"),
        (UUID, UUID),
        ({"id": 7}, "7"),
        ([{"id": "7"}], "7"),
        ("007", "007"),
        (None, ""),
        ([], ""),
        ({}, ""),
        (True, ""),
    ],
)
def test_ids_are_text_whatever_they_came_as(value, read):
    assert shapes.identity(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("20000.0000000000", Decimal("20000.0000000000")),
        (Decimal("112000.01"), Decimal("112000.01")),
        (12000, Decimal(12000)),
        ("-3", Decimal(-3)),
        (" 19.00 ", Decimal("19.00")),
        ("0E-10", Decimal(0)),
        (None, None),
        ("", None),
        ("abc", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999999", None),
        (True, None),
        ({}, None),
    ],
)
def test_money_is_read_from_number_and_text(value, read):
    assert shapes.money(value) == read


def test_an_object_may_be_an_array_of_one():
    assert shapes.one({"id": "1"}) == shapes.one([{"id": "1"}]) == shapes.one(1) == {"id": "1"}
    assert shapes.one(None) == shapes.one([]) == {}


def test_a_name_may_be_text_or_parts():
    parts = {"firstName": "Ana", "secondName": None, "lastName": "Ruiz"}
    assert shapes.person_name(parts) == shapes.person_name(" Ana Ruiz ") == "Ana Ruiz"
    assert shapes.person_name(None) == ""


def test_an_id_cannot_climb_out_of_its_path():
    assert shapes.segment("../company?x=1") == "..%2Fcompany%3Fx%3D1"
    for bad in ("", None, ".", ".."):
        with pytest.raises(ValueError, match="id"):
            shapes.segment(bad)


def test_days_come_with_and_without_a_time():
    assert shapes.day("2026-11-20 10:14:03") == shapes.day("2026-11-20") == date(2026, 11, 20)
    assert shapes.day("0000-00-00") is None
    assert shapes.day(None) is None


def test_observations_that_are_absent_differ_from_empty_ones():
    assert shapes.optional_text({}, "observations") is None
    assert shapes.optional_text({"observations": None}, "observations") == ""


def test_whole_numbers_and_flags_come_as_text_too():
    assert shapes.whole("2") == shapes.whole(2) == shapes.whole("2.00") == 2
    assert shapes.whole("2.5") is None
    assert shapes.flag("true")
    assert not shapes.flag("false")
    assert not shapes.flag(None)
