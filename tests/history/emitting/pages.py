"""What a person sees and presses on the pages of *Emitir*."""

from __future__ import annotations

import re

from django.urls import reverse

from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.bulk import worker
from integrations.sending.bulk.models import BulkRun

# What a person changed in Alegra, as it is kept.
EDITED = {
    "changes": [
        {
            "what": "total", "name": "Total", "was": "$ 50.000", "now": "$ 50.100",
            "sentence": "el total era $ 50.000 y ahora es $ 50.100", "exactly": ["50000", "50100"],
        }
    ],
    "digest": "una-huella",
}  # fmt: skip


class Portal:
    def __init__(self, cast, login):
        self.slug, self.cast, self.login = cast.organization.slug, cast, login

    def url(self, name, *args):
        return reverse(name, args=[self.slug, *args])

    def get(self, url, role="editor"):
        response = self.login(self.cast.member(role)).get(url)
        assert response.status_code == 200, url
        return self.text(response)

    def post(self, url, role="editor", **data):
        return self.text(self.login(self.cast.member(role)).post(url, data, follow=True))

    def emit_all(self, query="", role="editor"):
        """Press the button of the list; the page after a worker has planned it."""
        self.post(self.url("history_emit") + query, role, todos="1")
        return self.worked_off(role)

    def worked_off(self, role="editor"):
        run = self.run()
        worker.work_off(run.pk)
        return self.get(self.url("history_run", run.pk), role)

    def run(self):
        with scope(self.cast.organization.pk):
            return BulkRun.objects.order_by("-pk").first()

    def yes(self, role="editor"):
        return self.post(self.url("history_run", self.run().pk), role)

    @staticmethod
    def text(response):
        page = response.content.decode().replace("\xa0", " ")
        return re.sub(r"\s+", " ", page)


def behind(portal, page, label, role="editor"):
    """How many orders the list shows behind the figure with this label, and the figure."""
    told = re.search(
        rf'<dt>(?:(?!</dt>).)*{re.escape(label)}(?:(?!</dt>).)*</dt><dd><a href="([^"]+)">(\d+) ',
        page,
    )
    assert told, f"{label!r} is not on the page"
    listed = portal.get(told[1].replace("&amp;", "&"), role)
    found = re.search(r'<b class="num">([\d.]+) pedidos?</b>', listed)
    return int(found[1]), int(told[2])


def documents(cast, **which):
    with scope(cast.organization.pk):
        return list(Document.objects.filter(**which).order_by("pk"))
