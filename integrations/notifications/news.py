"""What there is to tell, in words that belong to no room above: causes, logins, pauses.

Upper rooms fill these in (`sources`); here it is decided who hears of it, when, and in how
many mails. Text comes in cleaned: a line break in an order number must not become a header,
nor a sign that turns the reading direction a disguise.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum

from integrations.notifications.wording import one_line


class Told(Enum):
    """What a mark says: told as this."""

    OPENED = "opened"
    DIGEST = "digest"
    SOLVED = "solved"
    # Nothing was mailed and nothing will be: it was solved and came back in the meantime.
    SILENT = "silent"
    PAUSED = "paused"
    REMINDED = "reminded"
    OVER = "over"


class _Clean:
    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, one_line(value))
            elif isinstance(value, tuple) and all(isinstance(part, str) for part in value):
                object.__setattr__(self, field.name, tuple(one_line(part) for part in value))


@dataclass(frozen=True)
class OrderRow(_Clean):
    """An order as a mail may name it: number and pesos, never its buyer."""

    number: str
    pesos: int | None
    path: str


@dataclass(frozen=True)
class Repeated:
    """What a sum over causes counts more than once: an order may belong to two of them."""

    orders: int = 0
    # The part of these orders that waits for more than one of the causes.
    holding: int = 0
    pesos: int = 0


@dataclass(frozen=True)
class CauseNews(_Clean):
    """One cause, open or solved, with what has been mailed about it.

    `group` is what counts as the same thing for being told at once: the cause's own key, or
    for problems that each order has for itself their kind. `told_before` is the last mail
    about another cause of the same group. `new_orders` counts orders
    that came since this cause was told last, the first of them at `new_since`.
    `urgent`: it is mailed within a minute. Paths are the portal's, without host.
    """

    cause_id: int
    integration_id: int
    integration_name: str
    code: str
    group: str
    headline: str
    orders: int
    pesos: int
    since: datetime
    cure_label: str
    cure_path: str
    list_path: str
    heals_itself: bool = True
    # False: it is beside what is in Alegra already; no order waits for it.
    holds: bool = True
    # For a cause that holds nothing: whether a document of its orders may still be a draft.
    of_drafts: bool = True
    # What its orders wait for, after «esperan».
    waits_for: str = "su documento"
    urgent: bool = False
    mailed_at: datetime | None = None
    digested_at: datetime | None = None
    told_before: datetime | None = None
    new_orders: int = 0
    new_since: datetime | None = None
    solved_at: datetime | None = None
    solved_mailed_at: datetime | None = None
    reopened: bool = False

    @property
    def told_at(self) -> datetime | None:
        return max((at for at in (self.mailed_at, self.digested_at) if at), default=None)


@dataclass(frozen=True)
class CredentialNews(_Clean):
    """One Alegra login, whatever the number of integrations on it.

    `since` is None once Alegra accepts it again. `code`: unauthorized · plan · forbidden.
    """

    credential_ids: tuple[int, ...]
    integration_id: int
    code: str
    login: str
    companies: tuple[str, ...]
    integrations: tuple[str, ...]
    orders: int
    pesos: int
    since: datetime | None
    cure_path: str
    # Alegra's own words, masked.
    said: str = ""
    mailed_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class PauseNews(_Clean):
    """An integration that stands still for a reason of its own; `reason` '' when it goes again."""

    integration_id: int
    integration_name: str
    reason: str
    sentence: str
    what_to_do: str
    orders: int
    pesos: int
    cure_path: str
    mailed_at: datetime | None = None


@dataclass(frozen=True)
class RefusedNews(_Clean):
    """Events of MasterShop's that one integration refuses; nothing of them is known.

    `reasons`: each with its number and how to correct it. `untold`: the codes of reasons that no
    mail has named. `closed_at` is None while it lasts.
    """

    row_id: int
    integration_id: int
    integration_name: str
    headline: str
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    untold: tuple[str, ...]
    count: int
    since: datetime
    last_at: datetime
    can_fetch: bool
    cure_path: str
    told: str = ""
    mailed_at: datetime | None = None
    closed_at: datetime | None = None
    brought: int = 0


@dataclass(frozen=True)
class RestoreNews(_Clean):
    """The database went back to an older copy: what it had forgotten about one company.

    `found`: how many documents and payments so far; `what`: the same by kind ("12 facturas").
    `waiting`: those whose order has not arrived yet. `ended_at`: None while the company is being
    checked, which holds its writes.
    """

    look_id: int
    integration_id: int
    company: str
    integrations: tuple[str, ...]
    lists: tuple[str, ...]
    found: int
    what: tuple[str, ...]
    adopted: int
    waiting: int
    orders: int
    pesos: int
    noticed_at: datetime
    cure_path: str
    ended_at: datetime | None = None
    mailed_at: datetime | None = None


@dataclass(frozen=True)
class BooksNews(_Clean):
    """The new findings of one comparison of a company's books. `count`: how many; `lines`: the
    first of them, in words."""

    audit_id: int
    integration_id: int
    company: str
    lines: tuple[str, ...]
    count: int
    cure_path: str
    mailed_at: datetime | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


News = BooksNews | CauseNews | CredentialNews | PauseNews | RefusedNews | RestoreNews
