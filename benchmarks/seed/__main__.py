"""A million orders of five comercios, made with SQL for whatever is measured on many: 8 minutes.

    VAR=/somewhere ./run bench seed [--orders 1000000]

They go into the database of the settings: `$VAR/portal.sqlite3`, or `DATABASE_URL` (with
`DATABASE_OWNER_URL`). It is made and migrated; a database that holds a comercio is refused. A
portal started on it (`VAR=/somewhere ./run --empty`) shows them to semillero1@example.com, …
Programs call `benchmarks.seed.planting.plant`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.checks.machine import figure


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./run bench seed", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--orders", type=int, default=1_000_000, help="how many (1000000)")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.seed.planting import Refused, plant, size
    from integrations.scoping.context import unscoped
    from integrations.scoping.database_role import as_owner
    from integrations.timekeeping import waking
    from tests.cast import PASSWORD

    # No worker is woken for these orders.
    waking.give = lambda task, arguments: None  # type: ignore[assignment]
    with as_owner(), unscoped("the database of a measurement"):
        call_command("migrate", verbosity=0)
    began = time.monotonic()
    try:
        comercios, rows = plant(wanted.orders, say=figure)
    except Refused as refused:
        sys.exit(f"seed: {refused}")
    for table, count in sorted(rows.items()):
        print(f"{count:12,} {table}")
    figure(f"{rows.total():,} rows, {size()}, in {time.monotonic() - began:.0f} s")
    for each in comercios:
        print(f"{each.organization.slug}: {each.email}, password {PASSWORD}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
