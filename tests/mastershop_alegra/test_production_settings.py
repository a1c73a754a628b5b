"""`check --deploy` with an environment as in production finds nothing to warn of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_django_finds_nothing_to_warn_of_in_production(tmp_path):
    (tmp_path / "static").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "VAR": str(tmp_path),
        "BASE_URL": "https://puente.example.com",
        "SECRET_KEY": "k9-Vb3_xQ7mZp2RtY8wLc5NfH1jD4sGa6EoUiTqXrWy0-and-long-enough",
        "FIELD_KEYS": "ZmllbGQta2V5LW9mLXRoZS10ZXN0cy1vbmx5LTMyYnk=",
        "MARKER_KEY": "q8Zt1Xw5Rb7Lm3Kc9Vd2Ns6Hf4Jg0PaY",
        # Nobody is asked: checks of the database run only where one is named.
        "DATABASE_URL": "postgres://app:invented@127.0.0.1:9/portal",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout + done.stderr
