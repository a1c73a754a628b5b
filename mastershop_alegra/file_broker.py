"""The embedded broker: plain files, of which nobody ever sees half a one.

Kombu's file transport opens a message under its final name and locks it afterwards; a worker
that looks in between takes an empty file, cannot decode it and ends. Here every file is written
under another name first and then renamed, which is one step for whoever looks.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import defaultdict, deque
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

from integrations.scoping import lacking

SCHEME = "files"
# Seconds; less than between two polls.
LISTING_LASTS = 0.02
# Seconds for which a process that lacks handles or room does not use the folder.
LACKING_RESTS = 0.5
_ENDING = ".msg"


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: dict[str, deque[str]] = {}
        self._listed_at = -LISTING_LASTS

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        # Sorted by name is sorted by time: the oldest is read first.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str) -> dict[str, Any]:
        while True:
            try:
                taken = self._take(self._next_name(queue))
            except OSError as error:
                lack = lacking.lack_of(error)
                if lack is None:
                    raise
                # Without handles or room no message is taken for a moment. Otherwise Celery would
                # end the worker, and the next one would fail in the same way.
                lacking.tell(lack)
                time.sleep(LACKING_RESTS)
                raise Empty from error
            if taken is not None:
                return taken

    def _next_name(self, queue: str) -> str:
        """The oldest message as the folder was listed last. Raises Empty.

        It is listed anew when all that was found is gone, and not for each queue that is asked
        in one round: listing hundreds of files for one of them cost more than its work.
        """
        if not self._listed.get(queue):
            if time.monotonic() - self._listed_at < LISTING_LASTS:
                raise Empty
            self._listed = defaultdict(deque)
            for name in sorted(os.listdir(self.data_folder_in)):
                if name.endswith(_ENDING):
                    self._listed[name.partition(".")[2].removesuffix(_ENDING)].append(name)
            self._listed_at = time.monotonic()
        if not self._listed.get(queue):
            raise Empty
        return self._listed[queue].popleft()

    def _take(self, name: str) -> dict[str, Any] | None:
        """The message, this process's alone; None where another one had it before."""
        there = Path(self.data_folder_in, name)
        mine = Path(self.processed_folder) / f"{name}.{os.getpid()}"
        try:
            # Opened first, so that a file that cannot be read is left for later.
            with there.open() as message:
                there.rename(mine)
                content = message.read()
        except FileNotFoundError:
            return None
        mine.unlink()
        try:
            return loads(content)
        except ValueError:
            # A power cut can leave a name without its content: a hint, and it is gone.
            return None

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
    try:
        draft.write_text(dumps(content))
        draft.replace(path)
    except OSError:
        # A full disk must not leave half a message behind.
        draft.unlink(missing_ok=True)
        raise
