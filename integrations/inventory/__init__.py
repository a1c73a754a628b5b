"""Warehouses of both sides, the links between them, and the ledger of expected movements."""
