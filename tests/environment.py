"""Loaded by pytest before the settings are: every run has a world of its own.

Two runs at once, and the workers of one run, must not share a database file, a broker
folder or secrets. Whatever the caller's environment says about a database stays in force,
so that the same tests run on PostgreSQL under `pgbox`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker:
    _var = Path(os.environ["VAR"]) / _worker
    _var.mkdir(exist_ok=True)
else:
    _var = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    _owner = os.getpid()

    @atexit.register
    def _remove() -> None:
        if os.getpid() == _owner:
            shutil.rmtree(_var, ignore_errors=True)


(_var / "static").mkdir(exist_ok=True)
os.environ["VAR"] = str(_var)
os.environ["TEST_SQLITE"] = str(_var / "test.sqlite3")
# Invented, and of no use anywhere else.
os.environ["SECRET_KEY"] = "tests-only"
os.environ["FIELD_KEYS"] = "ZmllbGQta2V5LW9mLXRoZS10ZXN0cy1vbmx5LTMyYnk="
os.environ["MARKER_KEY"] = "tests-only"
os.environ["LOG_LEVEL"] = "WARNING"
for _name in ("EMAIL_URL", "BASE_URL", "TIMING_DIVISOR", "DEBUG"):
    os.environ.pop(_name, None)

from mastershop_alegra import settings  # noqa: E402 - it reads what was set above

# A kind of work that only the engine's own tests know.
settings.INSTALLED_APPS.append("tests.sending.toy.apps.ToyConfig")
