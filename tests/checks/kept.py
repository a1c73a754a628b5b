"""Where the raw output of a check or of a benchmark goes."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "RAW_OUTPUT"


def folder() -> Path:
    """The folder of this run, made by whoever started it; one of its own when nobody did."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="raw-output-")
    return Path(os.environ[VARIABLE])


def new_folder(shelf: str, name: str) -> Path:
    """An empty folder for one run: `var/<shelf>/<name>/<time>`, UTC."""
    var = Path(os.environ.get("VAR") or ROOT / "var").resolve()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    made = var / shelf / name / stamp
    number = 1
    while made.exists():
        number += 1
        made = made.with_name(f"{stamp}-{number}")
    made.mkdir(parents=True)
    return made
