"""Keeps a small database of today's schema: `python -m tests.migrations.keep`.

Run it once when a schema has been released; `tests/migrations/kept` then has one file more, and
every later schema is reached from it too. A file that is there is never made anew.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.migrations import worlds


def main() -> int:
    if "inside" not in sys.argv:
        with tempfile.TemporaryDirectory() as var:
            told = worlds.run(__spec__.name, "inside", env=worlds.environment(Path(var), {}))
        print(told["file"])
        return 0
    import django

    django.setup()
    from django.core.management import call_command

    from integrations.scoping.context import unscoped
    from tests.migrations import kept, world

    call_command("migrate", verbosity=0)
    path = kept.FOLDER / f"{kept.last_migration()}.json"
    if path.exists():
        sys.exit(f"{path} is kept already.")
    with unscoped("making the kept database"):
        world.make()
        kept.save(path, kept.read_rows(kept.last_migration()))
    print(json.dumps({"file": str(path)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
