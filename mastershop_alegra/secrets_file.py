"""The secrets of an embedded installation, made once and kept in `$VAR/secrets`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def embedded_secrets(var: Path) -> dict[str, str]:
    """Read `$VAR/secrets` (mode 600), making it on the first start.

    Two processes may start at once: the file is written under another name and linked
    into place, so that the second one reads what the first one made.
    """
    path = var / "secrets"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "MARKER_KEY": secrets.token_urlsafe(32),
        }
        draft = var / f"secrets.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)
