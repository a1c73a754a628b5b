"""Orders of MasterShop become documents in Alegra: one Django app, divided by subject.

The rooms stand on floors (`docs/architecture.md`); imports point down.
"""
