"""Whether reading in the background has to wait for works of the same Alegra user."""

from __future__ import annotations

from datetime import datetime

from integrations.connections.models import AlegraUser
from integrations.scoping.context import unscoped
from integrations.sending.registry import kinds
from integrations.sending.rows import due_rows


def is_somebody_due(alegra_user: AlegraUser, now: datetime) -> bool:
    """Whether a work of any company of this user is due, or in a worker's hands."""
    with unscoped("works of one Alegra user go first"):
        for kind in kinds():
            of_user = kind.work.objects.filter(alegra_user=alegra_user)
            if of_user.filter(kind.work.lease.held(now)).exists():
                return True
            if due_rows(kind.work, now).filter(alegra_user=alegra_user).exists():
                return True
    return False
