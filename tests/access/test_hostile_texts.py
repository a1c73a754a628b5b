"""What senders write into an order is text on every page, and no formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from itertools import chain

import pytest
from django.apps import apps
from django.urls import reverse

from integrations.colombia.spreadsheet import safe
from integrations.orders.models import OrderCorrection, OrderEvent
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.access.test_every_address import OF_A_COMERCIO, QUESTION, _path
from tests.cast import make_integration
from tests.history.factories import make_attempt, make_order, make_problem, make_step

pytestmark = pytest.mark.django_db

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea></title></style></script><b id=zx>",
    "javascript:alert(1)//--><a href=javascript:alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)<i>",
    "\t=1+1<u>",
)


class _Alive(HTMLParser):
    """What a browser would make of a text that was not escaped."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            value = (value or "").strip().lower()
            is_run = name in ("href", "src", "action") and value.startswith("javascript:")
            if name.startswith("on") or is_run or (name, value) in (("src", "x"), ("id", "zx")):
                self.found.append(f"<{tag} {name}={value}>")
        if tag in ("i", "u") and not attributes:
            self.found.append(f"<{tag}>")

    def handle_data(self, data):
        if self.cdata_elem and "alert" in data:
            self.found.append(data)


def _assert_dead(body: str, where: str) -> None:
    assert not _Alive(body).found, (where, _Alive(body).found)


@pytest.fixture
def hostile(cast) -> dict[str, dict]:
    """One blocked order for each text; the rows its pages are of by text."""
    return {text: _told(cast, n, text) for n, text in enumerate(CORPUS)}


def _told(cast, n: int, text: str) -> dict:
    """The text wherever a sender's text is kept."""
    shop = make_integration(cast.organization, name=f"N {text}"[:80], business_id=str(48213 + n))
    order = make_order(
        shop,
        number=f"104881{n}",
        lines=[(text, 1, 100)],
        **dict.fromkeys(
            ("external_number", "status_raw", "method", "buyer_name", "buyer_doc_number",
             "buyer_email", "buyer_phone", "ship_address", "ship_city", "ship_department",
             "bodega_name", "carrier", "guide"), text[:40]),
        problems=[{"code": "lines", "field": text, "sentence": text, "blocking": True}],
    )  # fmt: skip
    told = {"product": text, "name": text, "sku": text, "message": text, "value": text}
    cause = make_problem(order, "rejected", text[:100], told)
    step = make_step(order.document, "create", 1, note=text, input=text, output=text)
    make_attempt(step, path=text, code=text[:40], response_excerpt=text)
    now = clock.now()
    with scope(cast.organization.pk):
        OrderEvent.objects.create(
            integration=shop, order=order, body_digest="d" * 64, body=text, event_name=text,
            problem=text, headers={"user-agent": text}, received_at=now, last_received_at=now,
        )  # fmt: skip
        OrderCorrection.objects.create(
            order=order, field="city", before=text, after=text, by=cast.editor, at=now
        )
    return {
        "integration": shop.pk, "order": order.pk, "document": order.document.pk,
        "cause": cause.pk, "kind": "seller",
    }  # fmt: skip


@pytest.mark.one_database
def test_every_page_shows_it_as_text(cast, hostile, login):
    client = login(cast.owner)
    shown = Counter()
    walked = set()
    for text, rows in hostile.items():
        for address in OF_A_COMERCIO:
            if address.access[0] is None or not set(address.arguments) <= {"organization", *rows}:
                continue
            path = _path(address, cast.organization.slug, rows)
            queries = [QUESTION.get(address.name, {})]
            # Lists are asked for the text too; the pages of one thing ask nothing.
            if not {"order", "document", "cause"} & set(address.arguments):
                queries.append({"q": text})
            for query in queries:
                asked = (path, *query.items())
                if asked in walked:
                    continue
                walked.add(asked)
                page = client.get(path, query)
                body = b"".join(page).decode()
                if "html" in page.headers["Content-Type"]:
                    _assert_dead(body, path)
                    body = unescape(body)
                    shown.update(text for text in CORPUS if text[:40].strip() in body)
    assert min(shown[text] for text in CORPUS) > 2


@pytest.mark.one_database
def test_every_page_of_the_staff_shows_it_as_text(cast, hostile, login):
    client = login(cast.staff)
    for model in apps.get_app_config("integrations").get_models():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        page = client.get(reverse(name))
        pages = [page.content.decode()]
        for link in set(re.findall(r'href="(/admin/[^"]+/change/)', pages[0])):
            pages.append(client.get(link).content.decode())
        for body in pages:
            _assert_dead(body, name)


def test_no_cell_of_the_export_is_a_formula(cast, hostile, login):
    path = reverse("history_export", args=[cast.organization.slug])
    said = b"".join(login(cast.owner).get(path)).decode().lstrip("\ufeff")
    _header, *rows = csv.reader(io.StringIO(said, newline=""), delimiter=";")
    assert len(rows) == len(CORPUS)
    for cell in chain(*rows):
        assert cell == "" or cell[0] not in "=+-@\t\r\n", cell
    for text in hostile:
        assert any(safe(text)[:40].strip() in "\n".join(row) for row in rows), text
