"""What a document costs: CPU of the worker's functions against a bare loop: a minute.

    ./run bench document-cost [documents]

Orders of a known buyer are interpreted, sent and verified (one call each) by the functions that a
worker runs, in a database of its own (SQLite, or `DATABASE_URL`), with the simulated Alegra in
another process. The bare loop posts the same invoices with `requests` and commits two statements
each. Of each the best tenth counts, so that a busy machine changes little.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.checks.machine import figure

BATCH = 10
_numbers = itertools.count(1)


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    folder = Path(tempfile.mkdtemp(prefix="document-cost-"))
    try:
        set_up(folder)
        with simulated_alegra(folder) as url:
            measure(merchant(url), documents, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def set_up(folder: Path) -> None:
    (folder / "static").mkdir()
    os.environ |= {"VAR": str(folder), "LOG_LEVEL": "WARNING"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from integrations.scoping.context import unscoped
    from integrations.timekeeping import waking

    with unscoped("the database of a measurement"):
        call_command("migrate", verbosity=0)
    # No broker: what a task costs by itself is not measured.
    waking.give = lambda task, arguments: None  # type: ignore[assignment]


@contextmanager
def simulated_alegra(folder: Path) -> Iterator[str]:
    from django.conf import settings

    ports = [str(free_port()), str(free_port())]
    options = ("--alegra-port", ports[0], "--mastershop-port", ports[1], "--data", folder / "far")
    command = [sys.executable, "-m", "integrations.simulators", *map(str, options)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603
    try:
        running.stdout.readline()  # type: ignore[union-attr]
        settings.SIMULATED_ALEGRA_URL = f"http://127.0.0.1:{ports[0]}/api/v1"
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        running.terminate()
        running.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def merchant(url: str) -> Any:
    """A shop with one integration that is on, and no limit of calls a minute."""
    from tests.cast import make_organization
    from tests.documents.engine import make_engine

    shop = make_organization()
    running = SimpleNamespace(alegra_root=url, alegra_url=f"{url}/api/v1")
    engine = make_engine(SimpleNamespace(organization=shop), running, None)  # type: ignore[arg-type]
    engine.switch(
        rate_limit={"per_minute": 1_000_000, "window": "fixed", "per": "user", "headers": True}
    )
    return engine


def measure(engine: Any, documents: int, folder: Path) -> None:
    from integrations.intake.interpret import interpret

    bare = BareLoop(engine, folder)

    def read(events: list[int]) -> None:
        for pk in events:
            interpret(pk)

    warm = [told(engine) for _ in range(3)]
    read(warm)
    engine.run()
    bare.learn()
    spent: dict[str, list[float]] = {"interpreted": [], "sent": [], "bare": []}
    sent_in = 0.0
    for _ in range(max(1, documents // BATCH)):
        events = [told(engine) for _ in range(BATCH)]
        spent["interpreted"].append(cpu(lambda events=events: read(events)))  # type: ignore[misc]
        began = time.monotonic()
        spent["sent"].append(cpu(engine.run))
        sent_in += time.monotonic() - began
        spent["bare"].append(cpu(lambda: bare.run(BATCH)))
    made = len(engine.invoices()) - len(warm) - bare.count
    ms = {name: best(each) * 1000 / BATCH for name, each in spent.items()}
    ours = ms["interpreted"] + ms["sent"]
    figure(
        f"{made} documents, {made / sent_in:.1f}/s sent by one process;"
        f" CPU a document: {ms['interpreted']:.1f} ms interpreted, {ms['sent']:.1f} ms sent,"
        f" bare loop {ms['bare']:.2f} ms: ratio {ours / ms['bare']:.1f}"
    )


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def best(spent: list[float]) -> float:
    kept = sorted(spent)[: max(1, len(spent) // 10)]
    return sum(kept) / len(kept)


def told(engine: Any) -> int:
    """The id of an event that was just received, of an order of its own."""
    price = 20_000 + next(_numbers)
    now = datetime.now(UTC)
    line = {"id_product": 1, "id_variant": 11, "sku": "TERMO", "name": "Termo acero 750 ml"}
    return engine.kept_event(
        date_created_order=(now - timedelta(days=1)).isoformat(),
        updated=now.isoformat(),
        lines=[{**line, "quantity": 2, "price": price}],
        total=2 * price,
        warehouse={"idWarehouse": 61},
    )


class BareLoop:
    """The least that a document can cost: its intention, its call, its result."""

    def __init__(self, engine: Any, folder: Path) -> None:
        import requests

        self.engine, self.count = engine, 0
        self.session = requests.Session()
        self.session.auth = (engine.company["alegra_user"], engine.company["alegra_token"])
        self.rows = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
        self.rows.execute("PRAGMA journal_mode=WAL")
        self.rows.execute("PRAGMA synchronous=FULL")
        self.rows.execute("CREATE TABLE sent(id INTEGER PRIMARY KEY, payload TEXT, made TEXT)")

    def learn(self) -> None:
        """What the portal sent of the first order, but for its marker."""
        from integrations.alegra import wire
        from integrations.documents.models import Document
        from integrations.scoping.context import scope
        from integrations.sending.frozen import thaw

        with scope(self.engine.integration.organization_id):
            payload = Document.objects.exclude(payload=None).order_by("pk")[0].payload
        self.payload = json.loads(wire.encode(thaw(payload)))

    def run(self, documents: int) -> None:
        for _ in range(documents):
            self.count += 1
            payload = {**self.payload, "observations": f"bare {self.count}"}
            new = "INSERT INTO sent(id, payload) VALUES (?, ?)"
            self.rows.execute(new, (self.count, json.dumps(payload)))
            url = f"{self.engine.running.alegra_url}/invoices"
            answer = self.session.post(url, json=payload, timeout=30)
            answer.raise_for_status()
            made = str(answer.json()["id"])
            self.rows.execute("UPDATE sent SET made = ? WHERE id = ?", (made, self.count))


if __name__ == "__main__":
    main()
