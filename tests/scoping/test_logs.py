"""What is said in the logs: one event is one line, and what an error quotes is taken out."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SPOKEN = """
import logging, structlog
from integrations.scoping.logs import configure
configure({{"format": "{kind}", "level": "INFO"}})
log = structlog.get_logger("prueba")
hostile = "Juan\\r\\nlevel='error' event='falso'\\x1b[2J\\u2028fin"
log.info("llegó", name=hostile, token="canario-secreto", order=1048812)
logging.getLogger("celery").warning("Task failed: %r", hostile)
try:
    raise ValueError("Failing row contains (1.093.517.241, +57 (315) 708-4941, a@example.com, 12)")
except ValueError:
    log.exception("internal failure")
"""


@pytest.mark.parametrize("kind", ["text", "json"])
def test_one_event_is_one_line_and_quotes_nobody(kind):
    done = subprocess.run(
        [sys.executable, "-c", SPOKEN.format(kind=kind)], capture_output=True, timeout=60
    )
    said = done.stderr.decode()
    lines = said.rstrip("\n").split("\n")
    assert len(lines) == 3, said
    assert "\r" not in said
    assert "\x1b" not in said
    for hidden in ("canario-secreto", "517.241", "1093517241", "708-4941", "a@example.com"):
        assert hidden not in said, hidden
    assert "1048812" in lines[0]
    assert "Failing row contains" in lines[2]
    if kind == "json":
        assert [json.loads(line)["logger"] for line in lines] == ["prueba", "celery", "prueba"]
