"""Loads an old copy of the database after fifty more orders, on SQLite and PostgreSQL: 20 minutes.

Draft invoices, remissions, invoices that are emitted and paid; with the times of production, and
the dump loaded into the same cluster, once with the portal stopped and once under its workers.
"""
