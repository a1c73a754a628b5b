"""Payment means of the invoice and of its payments."""

import pytest

from integrations.colombia.payment_means import (
    BY_ALEGRA,
    PAYMENT_MEANS,
    PAYMENT_METHODS,
    default_means,
    payment_method,
)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("1", "INSTRUMENT_NOT_DEFINED"),
        ("10", "CASH"),
        ("20", "CHECK"),
        ("30", "CREDIT_TRANSFER"),
        ("31", "DEBIT_TRANSFER"),
        ("42", "BANK_DEPOSIT"),
        ("45", "CREDIT_TRANSFER_BANK"),
        ("46", "DEBIT_TRANSFER_INTERBANK"),
        ("47", "DEBIT_TRANSFER_BANK"),
        ("48", "CREDIT_CARD"),
        ("49", "DEBIT_CARD"),
        ("71", "BONDS"),
        ("72", "VOUCHERS"),
        ("ZZZ", "MUTUAL_AGREEMENT"),
    ],
)
def test_every_code_of_the_dian_has_alegras_word(code, word):
    assert BY_ALEGRA[word].code == code
    assert len(PAYMENT_MEANS) == 14


@pytest.mark.parametrize(
    ("family", "word"), [("cod", "CASH"), ("prepaid", "CREDIT_TRANSFER"), ("", "CREDIT_TRANSFER")]
)
def test_only_contraentrega_is_cash(family, word):
    assert default_means(family) == word


def test_a_payment_uses_the_lower_case_list():
    assert payment_method("CASH") == "cash"
    assert payment_method("CREDIT_CARD") == "credit-card"
    assert {payment_method(means.alegra) for means in PAYMENT_MEANS} == set(PAYMENT_METHODS)
