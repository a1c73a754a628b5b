"""Thousands of random orders from the event's body to the simulated Alegra's books.

Each is read, kept, decided and built as the portal does, and compared with what the rules make of
it; each document is written to a simulated Alegra of its own under precision 2 and 6 and each of
the nine roundings. Ends with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

BATCH = 200
KINDS = (
    "everyday", "paid in part before", "discount of a line", "amount below 0",
    "charge by its name", "bundle", "quantity or price", "another size", "returned or unknown",
)  # fmt: skip


def main() -> int:
    wanted = _arguments()
    _set_up_django()
    if wanted.show:
        from tests.documents.random_orders.choosing import random_sale
        from tests.documents.random_orders.proof import replay

        print(replay(random_sale(wanted.seed, wanted.kind)))
        return 0
    with _database():
        return _run(wanted)


def _run(wanted: argparse.Namespace) -> int:
    from tests.documents.random_orders.choosing import random_sale
    from tests.documents.random_orders.proof import Figures, prove, replay

    figures, began = Figures(), time.monotonic()
    seeds = range(wanted.seed, wanted.seed + wanted.orders)
    for first in range(0, wanted.orders, BATCH):
        sales = [random_sale(seed, wanted.kind) for seed in seeds[first : first + BATCH]]
        before = len(figures.wrong)
        with _shop() as shop:
            prove(shop, sales, figures)
        for sale, sentence in figures.wrong[before:]:
            print(f"WRONG {sale}: {sentence}\n{replay(sale)}", flush=True)
            print(_again(sale.seed, wanted.kind), flush=True)
        print(
            f"{figures.orders.total()} of {wanted.orders} orders, {figures.written} documents "
            f"written, {len(figures.wrong)} wrong, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    _tell(figures, time.monotonic() - began)
    return 1 if figures.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run check random-orders", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--orders", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next has the next")
    parser.add_argument("--kind", choices=KINDS, default="", help="only orders of this kind")
    parser.add_argument(
        "--show",
        action="store_true",
        help="only print the order of --seed and what must come of it",
    )
    return parser.parse_args()


def _again(seed: int, kind: str) -> str:
    told = f' --kind "{kind}"' if kind else ""
    command = "./run check random-orders"
    return f"Again: {command} --orders 1 --seed {seed}{told}"


def _tell(figures, seconds: float) -> None:
    for (kind, scenario), count in sorted(figures.orders.items()):
        print(f"{count:7} {kind} · {scenario}")
    outcomes = ", ".join(f"{count} {name}" for name, count in figures.outcomes.most_common())
    print(f"{figures.orders.total()} orders ({outcomes}), {figures.written} documents written")
    print(f"Largest difference of a line of a payload, base or IVA: $ {figures.most_off_line}")
    print(f"Largest difference of a total in the books: $ {figures.most_off:f}")
    print(f"{len(figures.wrong)} wrong, {seconds:.0f} s")


def _set_up_django() -> None:
    import django

    import tests.environment  # noqa: F401  before the settings are read

    os.environ["DJANGO_SETTINGS_MODULE"] = "mastershop_alegra.settings"
    django.setup()


@contextmanager
def _database() -> Iterator[None]:
    """An empty database of its own, which is gone afterwards."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    from tests.databases import set_up_databases

    setup_test_environment()
    tear_down = set_up_databases(verbosity=0)
    try:
        yield
    finally:
        tear_down()
        teardown_test_environment()


@contextmanager
def _shop() -> Iterator:
    """A merchant and a simulated Alegra that hold nothing yet and keep nothing."""
    from django.core.cache import cache
    from django.db import transaction
    from django.test import override_settings

    from integrations.simulators.local import start_local
    from integrations.timekeeping import clock
    from tests import cast
    from tests.documents.engine import make_engine
    from tests.documents.random_orders.shop import Shop

    cache.clear()
    running = start_local()
    try:
        with (
            clock.frozen(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) as at,
            override_settings(
                SIMULATED_ALEGRA_URL=running.alegra_url,
                SIMULATED_MASTERSHOP_URL=running.mastershop_url,
            ),
            transaction.atomic(),
        ):
            yield Shop(make_engine(cast.make_cast(), running, at))
            transaction.set_rollback(True)
    finally:
        running.stop()


if __name__ == "__main__":
    sys.exit(main())
