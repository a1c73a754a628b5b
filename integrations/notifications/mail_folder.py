"""Mail without a mail server: one `*.eml` a message in `settings.MAIL_DIR`.

Names sort by time. A message that comes again (same Message-ID) takes its own place. A file
appears whole or not at all: whoever watches the folder never reads half a mail.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from integrations.timekeeping import clock

NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{16}")


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        for message in email_messages:
            store(message.message())
        return len(email_messages)


def store(message: Message) -> Path:
    """Write the message; returns where. Raises OSError when the folder cannot be written."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
    earlier = next(folder.glob(f"*-{mark}.eml"), None)
    target = earlier or folder / f"{clock.now():%Y%m%dT%H%M%S%f}-{mark}.eml"
    handle, half = tempfile.mkstemp(dir=folder, prefix=".", suffix=".half")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, target)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    return target


def names() -> list[str]:
    """Names without ending, newest first."""
    folder = Path(settings.MAIL_DIR)
    if not folder.is_dir():
        return []
    found = (path.stem for path in folder.glob("*.eml"))
    return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)


def path_of(name: str) -> Path | None:
    """The file of a name as `names` gives it; None for anything else, paths included."""
    if not NAME.fullmatch(name):
        return None
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    return path if path.is_file() else None
