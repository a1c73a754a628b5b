"""A person's browser, as far as HTTP goes."""

from __future__ import annotations

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
