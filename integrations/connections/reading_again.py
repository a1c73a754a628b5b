"""What orders wait for in Alegra is read again, one call each, so that a cure there is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

import structlog

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Credential

log = structlog.get_logger("connections")
# Of one list in one round: documents come first.
MOST = 20


def read_each(
    credential: Credential | None,
    wanted: Iterable[str],
    read: Callable[[AlegraClient, str], object],
) -> None:
    """Call `read(client, id)` for the first ones of `wanted`. Raises nothing of Alegra's.

    What cannot be read stays as it is; where the budget is used up the rest waits for the next
    round. Nothing is called without a valid login. Outside a transaction.
    """
    ids = list(islice(wanted, MOST))
    if credential is None or credential.state != Credential.State.VALID or not ids:
        return
    try:
        client = alegra_client(credential)
    except NoStandIn:
        return
    with client:
        for each in ids:
            try:
                read(client, each)
            except (BudgetExhausted, RateLimited):
                return
            except AlegraError as error:
                log.info(
                    "not_read_again", company=credential.company_id, error=type(error).__name__
                )
