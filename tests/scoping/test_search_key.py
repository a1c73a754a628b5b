"""What people type into a search is made into a key that every database takes."""

from __future__ import annotations

import pytest

from integrations.scoping.search_key import normalised


@pytest.mark.parametrize(
    ("typed", "key"),
    [("  Térmo  NEGRO ", "termo negro"), ("a\x00b", "a b"), ("\x00", ""), ("x" * 500, "x" * 120)],
)
def test_a_key_has_no_accents_capitals_or_signs_that_cannot_be_asked_for(typed, key):
    assert normalised(typed) == key
