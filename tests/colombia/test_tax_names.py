"""What a reader is told of a line's taxes."""

from decimal import Decimal

import pytest

from integrations.colombia.tax_names import taxes_label


@pytest.mark.parametrize(
    ("taxes", "label"),
    [
        ([("IVA", "19")], "IVA 19 %"),
        ([("IVA", "19.00")], "IVA 19 %"),
        ([("IVA reducido", "5")], "IVA 5 %"),
        ([("IVA exento", "0")], "IVA 0 % (exento)"),
        ([("Exento", "0.00")], "IVA 0 % (exento)"),
        ([], "Excluido, sin IVA"),
        ([("IVA excluido", "0")], "Excluido, sin IVA"),
        ([("Impuesto al consumo", "8")], "INC 8 %"),
        ([("INC", "8.00")], "INC 8 %"),
        ([("IVA", "19"), ("INC", "8")], "IVA 19 % + INC 8 %"),
        ([("Bolsas plásticas", "0.5")], "Bolsas plásticas 0,5 %"),
    ],
)
def test_taxes_are_called_by_the_name_that_tells_them_apart(taxes, label):
    assert taxes_label([(name, Decimal(rate)) for name, rate in taxes]) == label
