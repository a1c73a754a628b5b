"""The words of `stamp.legalStatus`."""

import pytest

from integrations.colombia.legal_status import read_legal_status


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("STAMPED_AND_ACCEPTED", "accepted"),
        ("STAMPED_AND_ACCEPTED_WITH_OBSERVATIONS", "accepted_with_observations"),
        ("STAMPED_AND_REJECTED", "rejected"),
        ("STAMPED_AND_WAITING_RESPONSE", "waiting"),
        ("PENDING", "waiting"),
        ("ACCEPTED", "accepted"),
        ("REJECTED", "rejected"),
        ("stamped_and_accepted", "accepted"),
        ("NOT_ACCEPTED", None),
        ("SOMETHING_NEW", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_legal_status_is_read(value, expected):
    assert read_legal_status(value) == expected
