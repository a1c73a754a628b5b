"""Requests that the network swallows, and a database that stops under load: 30 minutes.

The first part needs Linux and root, for network namespaces; it is skipped elsewhere, with the
reason.
"""
