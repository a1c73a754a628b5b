"""PostgreSQL is stopped (SIGSTOP), the whole of it or only its sessions, gone, or swallowed by the
network, for a minute each."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import pytest

from tests.checks.late.network import Network, Refused
from tests.checks.resilience.minute import all_documented, answered_in_time, one_minute
from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, warm
from tests.flows.starved import family
from tests.pgbox import Servers, free_port

pytestmark = pytest.mark.timeout(1200)

ADDRESS = "10.77.3.1"


@pytest.fixture
def servers(monkeypatch):
    made = Servers()
    try:
        for name, value in made.start(keeps_commits=True).items():
            monkeypatch.setenv(name, value)
        yield made
    finally:
        made.stop()


def send(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@pytest.mark.parametrize("which", ["whole", "sessions"])
def test_a_server_that_is_stopped(servers, which):
    with LivePortal() as portal:
        warm(portal, 950_000)
        session = portal.login("owner")
        stopped: list[int] = []

        def stop() -> None:
            everything = family(servers.postgresql.pid)
            stopped.extend(everything if which == "whole" else everything[1:])
            send(stopped, signal.SIGSTOP)

        with Watch(portal, session, first=950_001, rest=0.5) as watch:
            began, ended = one_minute(
                portal,
                watch,
                f"postgresql-stopped-{which}",
                stop,
                lambda: send(stopped, signal.SIGCONT),
            )
        if which == "whole":
            answered_in_time(watch, began, ended, pages={503})
        else:
            # The server itself makes new sessions, which work.
            answered_in_time(watch, began, ended, pages={200, 503})
        all_documented(portal, watch)


def test_a_server_that_is_gone(servers):
    with LivePortal() as portal:
        warm(portal, 951_000)
        session = portal.login("owner")
        with Watch(portal, session, first=951_001, rest=0.5) as watch:
            began, ended = one_minute(
                portal,
                watch,
                "postgresql-gone",
                servers.stop_postgresql,
                servers.start_postgresql,
            )
        answered_in_time(watch, began, ended, pages={503})
        all_documented(portal, watch)


def test_a_network_that_swallows_what_goes_to_the_server(monkeypatch):
    """The portal reaches the server through a router, which loses everything for a minute."""
    servers, port = Servers(), free_port()
    try:
        network = Network([ADDRESS])
        with network:
            with network.in_far():
                told = servers.start(keeps_commits=True, address=(ADDRESS, port))
            for name, value in told.items():
                monkeypatch.setenv(name, value)
            made = LivePortal()
            # Redis stayed on the far side of the router: files carry the hints.
            made._environment.pop("REDIS_URL")
            with made as portal:
                warm(portal, 952_000)
                session = portal.login("owner")
                with Watch(portal, session, first=952_001, rest=0.5) as watch:
                    began, ended = one_minute(
                        portal,
                        watch,
                        "postgresql-swallowed",
                        lambda: network.swallow(ADDRESS),
                        lambda: network.let_through(ADDRESS),
                    )
                answered_in_time(watch, began, ended, pages={503})
                all_documented(portal, watch)
    except Refused as reason:
        pytest.skip(str(reason))
    finally:
        servers.stop()
