"""Settings change while orders are on their way: nothing is doubled, nothing leaves by itself."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

from tests.flows.browsing import form_values
from tests.flows.test_stories import moment, order_page, text_of


def save(portal, session, kind: str, **changes: str) -> None:
    url = portal.integration(kind)["urls"]["settings"]
    values = form_values(session.get(url).text) | changes
    answer = session.post(url, values)
    assert answer.status_code == 302, text_of(answer)[:1500]


def test_a_remission_stays_alone_when_the_kind_becomes_invoice(portal):
    integration = portal.integration("remission")
    session = portal.login("owner")
    like = portal.order(0, kind="remission")
    known = {name: like[name] for name in ("customer", "order_items", "warehouse")}
    made = portal.control(
        "orders",
        {"business_id": integration["business_id"], "status": 8, "send": False, "order": known},
        side="mastershop",
    )
    number, body = made["id_order"], {**made["order"], "id_status": 8}
    assert portal.post_event(body, kind="remission").status_code == 200
    portal.wait_for_document(number, kind="remission")
    before = form_values(session.get(integration["urls"]["settings"]).text)["document"]
    save(portal, session, "remission", document="invoice-draft")
    try:
        # Seen again by the webhook, with another body, and by asking MasterShop for it.
        again = {**body, "eventName": "Pedido Entregado"}
        assert portal.post_event(again, kind="remission").status_code == 200
        bring = f"/c/{portal.demo['organization']}/integraciones/{integration['id']}/traer-pedido/"
        assert session.post(bring, {"number": str(number)}).status_code == 302
        time.sleep(3)
        books = portal.ledger("remission")
        naming = [
            row
            for row in [*books["invoices"], *books["remissions"]]
            if re.search(rf"\b{number}\b", row["observations"] or "")
        ]
        assert len(naming) == 1
    finally:
        save(portal, session, "remission", document=before, confirm_definitive="on")


def test_a_start_moved_back_sends_nothing_until_somebody_says_yes(portal):
    session = portal.login("owner")
    url = portal.integration()["urls"]["settings"]
    started = form_values(session.get(url).text)["process_from"]
    old = datetime.fromisoformat(started)
    try:
        _start(portal, session, datetime.now() - timedelta(days=10))
        dates = {
            "date_created_order": moment(days=21), "date_update_order": moment(days=20)
        }  # fmt: skip
        portal.post_order(740_001, **dates)
        page = order_page(portal, session, 740_001)
        portal.wait_for(lambda: "antes de" in text_of(session.get(page)), "why it is not sent")
        _start(portal, session, datetime.now() - timedelta(days=25))
        portal.post_order(740_001, **dates, eventName="Otra vez")
        time.sleep(3)
        assert portal.documents(740_001) == []

        plan = portal.integration()["urls"]["settings"].replace(
            "configuracion", "pedidos-anteriores"
        )
        assert "740001" in text_of(session.get(plan)) or "1 pedido" in text_of(session.get(plan))
        assert session.post(plan, form_values(session.get(plan).text)).status_code == 302
        portal.wait_for_document(740_001)
    finally:
        _start(portal, session, old)


def _start(portal, session, at: datetime) -> None:
    save(portal, session, "invoice", process_from=at.strftime("%Y-%m-%dT%H:%M"))
