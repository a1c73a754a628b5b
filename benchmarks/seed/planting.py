"""Fills an empty database: a sample of each comercio, then its copies."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

from django.db import connection

from benchmarks.seed.bare import bare, of_models
from benchmarks.seed.copies import COPIED, copy_all
from benchmarks.seed.sample import Comercio, make_comercios
from integrations.scoping.context import unscoped
from integrations.tenancy.models import Organization

# Above this number of orders, checking each row while it is inserted costs more than inserting it.
MANY = 20_000


class Refused(Exception):
    """The database is not empty."""


def plant(
    orders: int, *, say: Callable[[str], object] = lambda text: None
) -> tuple[list[Comercio], Counter[str]]:
    """Make at least this number of orders with all their rows, a third for the first comercio.

    Return the comercios and the number of rows by table. `say` gets a line of progress. Raises
    Refused where the database has an organization: it may be somebody's. More than `MANY` orders
    need to be made outside of a transaction.
    """
    if Organization.objects.exists():
        raise Refused("There is a comercio in this database: orders are made in an empty one only.")
    began = time.monotonic()
    comercios = make_comercios()
    say(f"{sum(len(each.orders) for each in comercios)} orders made by the portal itself in"
        f" {time.monotonic() - began:.0f} s")  # fmt: skip
    rows: Counter[str] = Counter()
    whole = sum(each.share for each in comercios)
    with ExitStack() as stack:
        if orders > MANY:
            stack.enter_context(bare(of_models(COPIED)))
        for each in comercios:
            began = time.monotonic()
            wanted = -(-orders * each.share // whole)
            copies = max(0, -(-(wanted - len(each.orders)) // len(each.orders)))
            made = copy_all(each, copies)
            rows += made
            say(f"{made['integrations_order']:,} orders of {each.organization.slug},"
                f" {made.total():,} rows in {time.monotonic() - began:.0f} s")  # fmt: skip
        began = time.monotonic()
    if orders > MANY:
        say(f"indexes and keys made again in {time.monotonic() - began:.0f} s")
    return comercios, rows


def size() -> str:
    """The size of the whole database, in MB."""
    with connection.cursor() as cursor, unscoped("the size of the database"):
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            (found,) = cursor.fetchone()
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            (found,) = cursor.fetchone()
    return f"{found / 1e6:,.0f} MB"
