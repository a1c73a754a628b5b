"""Whether a thing that Alegra does not show under its id is really gone.

A suspended account may answer 404 to everything (Alegra reference, open questions), so may a
login that has come to another company, and once so may a server that hiccups.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from integrations.alegra import company as alegra_company
from integrations.alegra.client import AlegraClient
from integrations.alegra.company import Company
from integrations.alegra.errors import NotFound, OutcomeUnknown
from integrations.sending.models import Work

T = TypeVar("T")


def read_or_gone(
    client: AlegraClient, work: Work, read: Callable[[AlegraClient, str], T]
) -> T | None:
    """The thing as Alegra has it now; None only where its own company, which can be read, does
    not have it twice over. Needs an `alegra_id`; two calls more where it is missing.

    Raises AlegraError, also where another company answers.
    """
    try:
        return read(client, work.alegra_id)
    except NotFound as missing:
        found = _company(client)
        if found.nit != work.company.nit:
            text = "Alegra respondió con los datos de otra empresa."
            raise OutcomeUnknown(text, call=missing.call) from missing
    try:
        return read(client, work.alegra_id)
    except NotFound:
        return None


def _company(client: AlegraClient) -> Company:
    """Raises AlegraError; never NotFound, which says nothing about the thing."""
    try:
        return alegra_company.read(client)
    except NotFound as missing:
        text = "Alegra no muestra ni la empresa ni sus documentos."
        raise OutcomeUnknown(text, call=missing.call) from missing
