"""Forty silent and a hundred slow senders for a minute, with one and two web workers: 4 minutes.

The short form is `tests/flows/test_door.py`.
"""
