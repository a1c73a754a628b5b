"""A person's browser, as far as HTTP goes."""

from __future__ import annotations

from html.parser import HTMLParser

import requests


class Session(requests.Session):
    """A browser's part of HTTP: the token of the last page goes with every form."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method, url, *args, **options):
        options.setdefault("timeout", 30)
        if url.startswith("/"):
            url = self._url + url
        return super().request(method, url, *args, **options)

    def post(self, url, data=None, **options):
        """A form, with the token and without following where it leads."""
        options.setdefault("allow_redirects", False)
        token = self.cookies.get("csrftoken", "")
        headers = {"Referer": self._url, **options.pop("headers", {})}
        data = {"csrfmiddlewaretoken": token, **(data or {})}
        return super().post(url, data, headers=headers, **options)


def form_values(html: str) -> dict[str, str]:
    """What a browser would post of a page's form, unchanged."""
    values: dict[str, str] = {}

    class Reader(HTMLParser):
        select = ""

        def handle_starttag(self, tag, attributes):
            each = dict(attributes)
            kind = each.get("type", "text")
            if tag == "input" and each.get("name"):
                checked = kind not in ("radio", "checkbox") or "checked" in each
                if checked and kind not in ("submit", "search"):
                    values[each["name"]] = each.get("value") or "on"
            elif tag == "select":
                self.select = each.get("name", "")
            elif tag == "option" and "selected" in each and self.select:
                values[self.select] = each.get("value", "")

    Reader().feed(html)
    values.pop("csrfmiddlewaretoken", None)
    return values
