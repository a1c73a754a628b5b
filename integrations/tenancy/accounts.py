"""What the accounts library is told about our people."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class PortalAccountAdapter(DefaultAccountAdapter):
    pass
