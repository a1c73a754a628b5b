"""Neighbours that hang, are gone, locked or full, and machines without room: 25 minutes.

What needs root (a small disk, a network that swallows packets) is skipped without it, with the
reason. Every answer is kept in the raw output, one line each.
"""
