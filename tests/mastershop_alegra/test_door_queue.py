"""One sender's flood does not make others wait for a thread."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from mastershop_alegra.door.queue import Queue
from tests.mastershop_alegra.served import post, until


class Waiting:
    """A connection whose request waits."""

    def __init__(self, path: str) -> None:
        self.handed = SimpleNamespace(head=SimpleNamespace(path=path))


request = Waiting


def test_each_sender_has_its_turn_and_a_page_is_its_readers_alone():
    queue = Queue(threads=4)
    flood = [request("/webhooks/a/") for _ in range(5)]
    for one in flood:
        queue.put(one)
    other, page, again = request("/webhooks/b/"), request("/c/"), request("/c/")
    for one in (other, page, again):
        queue.put(one)
    taken = [queue.take() for _ in range(4)]
    assert taken == [flood[0], other, page, again]
    assert queue.take() is None
    queue.done(other)
    assert queue.take() is flood[1]


def test_one_sender_leaves_a_thread_free_for_others():
    queue = Queue(threads=4)
    for _ in range(9):
        queue.put(request("/webhooks/a/"))
    assert [queue.take() is None for _ in range(4)] == [False, False, False, True]
    late = request("/webhooks/b/")
    queue.put(late)
    assert queue.take() is late
    assert len(queue) == 6


def test_the_only_thread_there_is_serves_everybody():
    queue = Queue(threads=1)
    first, second = request("/webhooks/a/"), request("/webhooks/a/")
    queue.put(first)
    queue.put(second)
    assert queue.take() is first
    assert queue.take() is None
    queue.done(first)
    assert queue.take() is second


def test_an_event_does_not_wait_for_those_of_another_address(door):
    with ThreadPoolExecutor(6) as senders:
        # Three seconds of work for the one thread that they may have.
        flood = [
            senders.submit(door.ask, post("/webhooks/flood/hang?0.5", b"{}")) for _ in range(6)
        ]
        until(lambda: "POST /webhooks/flood/hang 0.5" in door.seen())
        took = []
        for _ in range(5):
            began = time.monotonic()
            assert door.ask(post("/webhooks/quiet/", b"{}")).startswith(b"HTTP/1.1 200")
            took.append(time.monotonic() - began)
        assert max(took) < 0.5
        assert not all(each.done() for each in flood)
        assert all(each.result().startswith(b"HTTP/1.1 200") for each in flood)
