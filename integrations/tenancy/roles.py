"""What each role may do: one table, from which the access tests are generated."""

from __future__ import annotations

from enum import StrEnum

from integrations.tenancy.models import Role


class Act(StrEnum):
    READ = "read"  # every page of the organization
    SEE_BUYER = "see_buyer"  # identification, phone and e-mail in full, on the order's page
    EDIT = "edit"  # orders, links, settings, rules
    EMIT = "emit"  # invoices to the DIAN, and stopping it
    MARK_EXTERNAL = "mark_external"  # *Ya tiene documento*
    CONFIRM_NOTE = "confirm_note"  # *Ya hice la nota*
    COMPARE_BOOKS = "compare_books"  # *Revisar ahora*, and *Está bien así* of a difference
    ENTER_TOKEN = "enter_token"  # noqa: S105 - a new token for a paused credential
    CLOSE_BOOKS = "close_books"  # *Libros cerrados hasta*
    OWN = "own"  # integrations, credentials, members, on and off, the bin


MAY: dict[Role, frozenset[Act]] = {
    Role.VIEWER: frozenset({Act.READ}),
    Role.ACCOUNTANT: frozenset(
        {
            Act.READ,
            Act.SEE_BUYER,
            Act.EMIT,
            Act.MARK_EXTERNAL,
            Act.CONFIRM_NOTE,
            Act.COMPARE_BOOKS,
            Act.ENTER_TOKEN,
            Act.CLOSE_BOOKS,
        }
    ),
    Role.EDITOR: frozenset(
        {
            *(Act.READ, Act.SEE_BUYER, Act.EDIT, Act.EMIT),
            *(Act.MARK_EXTERNAL, Act.CONFIRM_NOTE, Act.COMPARE_BOOKS),
        }
    ),
    Role.OWNER: frozenset(Act),
}


def may(role: str, act: Act) -> bool:
    return act in MAY[Role(role)]
