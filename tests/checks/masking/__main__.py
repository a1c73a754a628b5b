"""Both measurements, or the one that is named. Ends with 1 where a promise is not kept.

./run check masking [figures | neighbour] [rounds]
"""

from __future__ import annotations

import argparse
import os
import sys

PARTS = ("figures", "neighbour")


def main(words: list[str]) -> int:
    told = argparse.ArgumentParser(prog="./run check masking", description=__doc__)
    told.add_argument("part", nargs="?", choices=PARTS, help="one of both (both)")
    told.add_argument("rounds", nargs="?", type=int, help="of the neighbour's measurement")
    chosen = told.parse_args(words)
    import tests.environment  # noqa: F401  before the settings are read

    os.environ["DJANGO_SETTINGS_MODULE"] = "mastershop_alegra.settings"
    import django

    django.setup()
    from tests.checks.masking import figures, neighbour

    held = []
    if chosen.part in (None, "figures"):
        held.append(figures.measure())
    if chosen.part in (None, "neighbour"):
        held.append(neighbour.measure(*[chosen.rounds] if chosen.rounds else []))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
