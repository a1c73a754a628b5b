"""Windows that keep what their console complained about, and what is wrong with a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WAYS = {
    "375": {"viewport": {"width": 375, "height": 812}, "color_scheme": "light"},
    "1280": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "1280-oscuro": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
# A page that is not there is said so in the console too.
_STATUS_SAID = "Failed to load resource: the server responded with a status of"


@dataclass
class Window:
    """A browser window of one of the WAYS."""

    way: str
    page: Any
    complaints: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        return WAYS[self.way]["viewport"]["width"]

    def wrongs(self, address: str, picture: Path, *, status: int = 200) -> list[str]:
        """Open an address and take its picture; everything that is wrong with the page."""
        from axe_playwright_python.sync_playwright import Axe

        self.complaints.clear()
        answer = self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=picture, full_page=True)
        wrong = [
            each for each in self.complaints if status == 200 or not each.startswith(_STATUS_SAID)
        ]
        if answer.status != status:
            wrong.append(f"answered {answer.status}")
        scroll = self.page.evaluate("document.documentElement.scrollWidth")
        if scroll > self.width:
            wrong.append(f"scrolls sideways: {scroll} px")
        headings = self.page.locator("h1").count()
        if headings != 1:
            wrong.append(f"{headings} h1")
        if not self.page.title().strip(" ·"):
            wrong.append("no title")
        found = Axe().run(self.page).response["violations"]
        return wrong + [f"axe {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def open_window(browser, way: str) -> Window:
    context = browser.new_context(
        locale="es-CO", timezone_id="America/Bogota", reduced_motion="reduce", **WAYS[way]
    )
    window = Window(way, context.new_page())
    window.page.on(
        "console",
        lambda message: window.complaints.append(message.text) if message.type == "error" else None,
    )
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    return window


def sign_in(window: Window, portal, role: str) -> None:
    user = portal.user(role)
    window.page.goto(portal.demo["login_url"])
    window.page.fill("input[name=login]", user["email"])
    window.page.fill("input[name=password]", user["password"])
    window.page.press("input[name=password]", "Enter")
    window.page.wait_for_load_state()
    assert "/login/" not in window.page.url, f"{role} cannot sign in"
