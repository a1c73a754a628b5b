"""Starts what takes too long for `./run test`, or lists it.

python -m tests.checks [NAME [arguments]]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.checks.starting import Startable, first_line, start

HERE = Path(__file__).parent


def checks() -> dict[str, Startable]:
    """Every package here, under its name with hyphens."""
    return {
        init.parent.name.replace("_", "-"): Startable(first_line(init), _command(init.parent))
        for init in HERE.glob("*/__init__.py")
    }


def _command(package: Path) -> tuple[str, ...]:
    if (package / "__main__.py").exists():
        return (sys.executable, "-m", f"tests.checks.{package.name}")
    return (sys.executable, "-m", "pytest", "-p", "no:xdist", "-s", f"tests/checks/{package.name}")


if __name__ == "__main__":
    sys.exit(start("check", "checks", checks(), sys.argv[1:]))
