"""The embedded broker under haste: writers and a reader at once."""

from __future__ import annotations

import errno
import os
import threading
import time

import pytest
import structlog
from kombu import Connection

from mastershop_alegra import file_broker

MESSAGES = 300


@pytest.fixture
def connection(tmp_path):
    file_broker.register()
    # Remembered for the whole process: which queues are bound.
    file_broker.Transport.global_state.clear()
    folders = {name: tmp_path / name for name in ("queue", "control", "processed")}
    for folder in folders.values():
        folder.mkdir()
    options = {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["processed"]),
    }
    return lambda: Connection(f"{file_broker.SCHEME}://localhost", transport_options=options)


def test_a_message_is_whole_before_it_can_be_seen(connection, tmp_path, monkeypatch):
    seen = []
    dumps = file_broker.dumps
    monkeypatch.setattr(
        file_broker,
        "dumps",
        lambda content: seen.append(list((tmp_path / "queue").glob("*.msg"))) or dumps(content),
    )
    with connection() as sender:
        sender.SimpleQueue("portal").put({"id": 1})
    assert seen
    assert not any(seen)
    assert len(list((tmp_path / "queue").glob("*.portal.msg"))) == 1
    assert not list((tmp_path / "queue").glob("*.draft"))


def test_every_message_arrives_once_while_others_are_written(connection):
    def send(sender_number: int) -> None:
        with connection() as sender:
            queue = sender.SimpleQueue("portal")
            for n in range(MESSAGES):
                queue.put([sender_number, n])

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    received = []
    with connection() as receiver:
        queue = receiver.SimpleQueue("portal")
        for thread in threads:
            thread.start()
        while len(received) < 2 * MESSAGES:
            message = queue.get(timeout=10)
            received.append(tuple(message.payload))
            message.ack()
    for thread in threads:
        thread.join()
    assert len(set(received)) == 2 * MESSAGES


def test_a_message_without_content_is_passed_over(connection, tmp_path):
    (tmp_path / "queue" / "1_torn.portal.msg").touch()
    with connection() as receiver:
        queue = receiver.SimpleQueue("portal")
        queue.put({"id": 2})
        assert queue.get(timeout=5).payload == {"id": 2}


def test_the_oldest_comes_first_and_each_queue_has_its_own(connection):
    with connection() as sender:
        for n in range(5):
            # Of two in the same millisecond either may come first.
            time.sleep(0.002)
            sender.SimpleQueue("portal").put(n)
            sender.SimpleQueue("other").put(-n)
    with connection() as receiver:
        portal, other = receiver.SimpleQueue("portal"), receiver.SimpleQueue("other")
        assert [other.get(timeout=5).payload for _ in range(5)] == [0, -1, -2, -3, -4]
        assert [portal.get(timeout=5).payload for _ in range(5)] == [0, 1, 2, 3, 4]


def test_what_another_worker_took_is_passed_over(connection):
    with connection() as sender:
        for n in range(4):
            sender.SimpleQueue("portal").put(n)
    with connection() as first, connection() as second:
        one, other = first.SimpleQueue("portal"), second.SimpleQueue("portal")
        found = [queue.get(timeout=5).payload for queue in (one, other, one, other)]
    assert sorted(found) == [0, 1, 2, 3]


def test_the_folder_is_not_listed_for_each_message(connection, monkeypatch):
    with connection() as sender:
        for n in range(50):
            sender.SimpleQueue("portal").put(n)
    listed = []
    listdir = file_broker.os.listdir
    monkeypatch.setattr(file_broker.os, "listdir", lambda path: listed.append(1) or listdir(path))
    with connection() as receiver:
        queue = receiver.SimpleQueue("portal")
        found = {queue.get(timeout=5).payload for _ in range(50)}
    assert found == set(range(50))
    assert len(listed) < 10


def test_without_a_file_handle_a_receiver_waits_and_then_goes_on(connection, monkeypatch, tmp_path):
    """Celery would end its worker, and the next one would meet the same."""
    monkeypatch.setattr(file_broker, "LACKING_RESTS", 0.2)
    listed, failures = os.listdir, []

    def none_left(*args):
        failures.append(time.monotonic())
        raise OSError(errno.EMFILE, "Too many open files")

    with connection() as receiver:
        queue = receiver.SimpleQueue("portal")
        with connection() as sender:
            sender.SimpleQueue("portal").put({"id": 1})
        monkeypatch.setattr(file_broker.os, "listdir", none_left)
        with structlog.testing.capture_logs() as lines, pytest.raises(queue.Empty):
            queue.get(timeout=1)
        # It looks now and then, and says it once.
        assert 2 <= len(failures) <= 8
        assert [line["event"] for line in lines] == ["no file handle left"]
        assert "ulimit -n" in lines[0]["advice"]
        monkeypatch.setattr(file_broker.os, "listdir", listed)
        message = queue.get(timeout=2)
        message.ack()
        assert message.payload == {"id": 1}


def test_a_message_that_cannot_be_read_for_want_of_a_handle_is_not_lost(
    connection, monkeypatch, tmp_path
):
    monkeypatch.setattr(file_broker, "LACKING_RESTS", 0.01)
    opened = file_broker.Path.open

    def none_left(self, *args, **kwargs):
        if self.suffix == ".msg":
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(self, *args, **kwargs)

    with connection() as receiver:
        queue = receiver.SimpleQueue("portal")
        with connection() as sender:
            sender.SimpleQueue("portal").put({"id": 1})
        with monkeypatch.context() as patch:
            patch.setattr(file_broker.Path, "open", none_left)
            with pytest.raises(queue.Empty):
                queue.get(timeout=0.3)
        assert queue.get(timeout=2).payload == {"id": 1}
    assert not list((tmp_path / "processed").glob("*.msg*"))


def test_a_full_disk_costs_a_hint_and_leaves_nothing_behind(connection, monkeypatch, tmp_path):
    with connection() as sender:
        queue = sender.SimpleQueue("portal")
        write = file_broker.Path.write_text

        def no_room(path, text):
            # A part of it is there already.
            write(path, text[:3])
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(file_broker.Path, "write_text", no_room)
            with pytest.raises(OSError, match="No space"):
                queue.put({"id": 1})
        queue.put({"id": 2})
    assert len(list((tmp_path / "queue").iterdir())) == 1
