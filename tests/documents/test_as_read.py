"""What a reading in Alegra leaves in the row of a document."""

from __future__ import annotations

from datetime import UTC, datetime

from integrations.alegra import invoices
from integrations.documents import as_read
from integrations.documents.models import Document


def test_a_number_longer_than_its_column_is_cut():
    row = {"id": 7, "numberTemplate": {"fullNumber": "FE" + "1" * 60}, "total": 1000}
    document = Document(kind="invoice")
    found = as_read.columns(document, invoices.from_row(row), now=datetime.now(UTC))
    assert found["number"] == "FE" + "1" * 38
