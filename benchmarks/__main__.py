"""Starts a benchmark, or lists them.

    python -m benchmarks [NAME [arguments]]

A benchmark is a module or package here with a function `main`, in a package's `__main__.py`; the
first line of its docstring is its line in the list.
"""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

from tests.checks.starting import Startable, first_line, start

HERE = Path(__file__).parent
# `$VAR` holds keys; a database server does not. These are invented and good for nothing else.
_KEYS = {
    "FIELD_KEYS": "ZmllbGQta2V5LW9mLW1lYXN1cmVtZW50cy0zMi1ieXQ=",
    "MARKER_KEY": "measurements-only",
}


def benchmarks() -> dict[str, Startable]:
    modules = [path for path in HERE.glob("*.py") if not path.stem.startswith("__")]
    known = {path.stem: path for path in modules if _has_main(path)}
    known |= {path.parent.name: path for path in HERE.glob("*/__main__.py")}
    return {
        name.replace("_", "-"): Startable(
            first_line(path), (sys.executable, "-m", f"benchmarks.{name}")
        )
        for name, path in known.items()
    }


def _has_main(path: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef) and node.name == "main"
        for node in ast.parse(path.read_text()).body
    )


if __name__ == "__main__":
    if os.environ.get("DATABASE_URL"):
        os.environ.update({name: os.environ.get(name, value) for name, value in _KEYS.items()})
    sys.exit(start("bench", "benchmarks", benchmarks(), sys.argv[1:]))
