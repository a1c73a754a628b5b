"""The embedded broker: plain files, of which nobody ever sees half a one.

Kombu's file transport opens a message under its final name and locks it afterwards; a worker
that looks in between takes an empty file, cannot decode it and ends. Here every file is written
under another name first and then renamed, which is one step for whoever looks.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "files"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        # Sorted by name is sorted by time: the oldest is read first.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str) -> dict[str, Any]:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                # A power cut can leave a name without its content: a hint, and it is gone.
                continue

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        known = self.get_table(exchange)
        if bound not in known:
            self.control_folder.mkdir(exist_ok=True)
            _write(self._exchange_file(exchange), [bound, *known])


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Make `files://` an address Celery understands."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def _write(path: Path, content: Any) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}-{uuid.uuid4().hex}.draft")
    draft.write_text(dumps(content))
    draft.replace(path)
