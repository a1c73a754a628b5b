"""Both measurements, or the one that is named. Ends with 1 where a promise is not kept.

./run check masking [figures | neighbour] [rounds]
"""

from __future__ import annotations

import os
import sys


def main(words: list[str]) -> int:
    import tests.environment  # noqa: F401  before the settings are read

    os.environ["DJANGO_SETTINGS_MODULE"] = "mastershop_alegra.settings"
    import django

    django.setup()
    from tests.checks.masking import figures, neighbour

    wanted = words[0] if words else ""
    held = [figures.measure()] if wanted in ("", "figures") else []
    if wanted in ("", "neighbour"):
        held.append(neighbour.measure(*map(int, words[1:2])))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
