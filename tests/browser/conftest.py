"""A real browser on a real portal. Left out, with the reason, where there is no browser."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from tests.browser.orders import orders_in_every_state
from tests.flows.live import LivePortal

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
DRIVER = ("playwright", "axe_playwright_python")

QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing() -> str:
    """Why no browser can be driven here, or ''."""
    if any(importlib.util.find_spec(each) is None for each in DRIVER):
        return "no browser driver here: ./run e2e installs it"
    if CHROMIUM is None:
        return "no Chromium on this machine: install it, or set CHROMIUM to its path"
    if os.environ.get("EXPECT_VENDOR"):
        return "pages look the same on every database"
    return ""


def pytest_collection_modifyitems(items):
    missing = _missing()
    for item in items:
        if missing and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_portal():
    """A portal in real time: what is unsettled stays so while it is looked at."""
    with LivePortal(divisor=1) as portal:
        yield portal


@pytest.fixture(scope="session")
def order_pages(live_portal) -> dict[str, str]:
    """State → address of the page of an order in that state."""
    return orders_in_every_state(live_portal)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the pictures go: `$PICTURES`, else `var/pictures`."""
    folder = Path(os.environ.get("PICTURES", "var/pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
