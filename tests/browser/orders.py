"""Orders in every state a merchant can meet, made from outside over HTTP."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.confirming import word_in
from tests.flows.live import LivePortal, line

PEOPLE = (
    ("Yuliana Andrea Restrepo Gómez", "43115721", "05001000", "Medellín", "Antioquia"),
    ("Carlos Eduardo Quiñones Mina", "94512367", "76001000", "Cali", "Valle del Cauca"),
    ("María Fernanda Ñáñez Mosquera", "34567120", "19001000", "Popayán", "Cauca"),
    ("Jhon Fredy Castañeda", "79845210", "11001000", "Bogotá", "Bogotá D.C."),
    ("Luz Marina Arboleda de Betancourt", "24318905", "17001000", "Manizales", "Caldas"),
    ("Sebastián Hurtado Vélez", "1037612459", "05360000", "Itagüí", "Antioquia"),
    ("Paola Ximena Rincón", "52901433", "68001000", "Bucaramanga", "Santander"),
    ("Wilmar Antonio Guerrero", "13870246", "54001000", "Cúcuta", "Norte de Santander"),
    ("Ana Lucía Bermúdez", "31904158", "76111000", "Buga", "Valle del Cauca"),
    ("Óscar Iván Peñaloza Del Río", "80123977", "25754000", "Soacha", "Cundinamarca"),
)


class Orders:
    """Posts orders and answers with the addresses of their pages."""

    def __init__(self, portal: LivePortal) -> None:
        self._portal = portal
        self._session = portal.login("owner")
        self._root = f"{portal.url}/c/{portal.demo['organization']}"
        self._made = 0

    def post(self, *, kind: str = "invoice", prices: tuple[int, ...] = (), **changes: Any) -> int:
        """Post an order of the next customer; its number."""
        self._made += 1
        return self._tell(1_048_700 + self._made, kind=kind, prices=prices, **changes)

    def _tell(self, number: int, *, kind: str, prices: tuple[int, ...], **changes: Any) -> int:
        name, document, code, city, state = PEOPLE[self._made % len(PEOPLE)]
        first, _, last = name.partition(" ")
        customer = {
            "full_name": name,
            "first_name": first,
            "last_name": last,
            "email": f"cliente{self._made}@example.com",
            "documentNumber": document,
            **changes.pop("customer", {}),
        }
        place = {"cityDaneCode": code, "city": city, "state": state}
        if prices:
            goods = self._portal.products(kind=kind)
            changes["order_items"] = [
                line(goods[(self._made + n) % len(goods)], price=price)
                for n, price in enumerate(prices)
            ]
        self._portal.post_order(
            number, kind=kind, customer=customer, shipping_address=place, **changes
        )
        return number

    def again(self, number: int, *, prices: tuple[int, ...], **changes: Any) -> None:
        """A later body of the order that was posted last."""
        later = datetime.now(UTC) + timedelta(seconds=2)
        changes["date_update_order"] = later.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._tell(number, kind="invoice", prices=prices, **changes)

    def page(self, number: int) -> str:
        """The address of the order's page, once the portal has read its event."""

        def look() -> str:
            text = self._session.get(f"{self._root}/historial/?numero={number}").text
            found = re.search(rf'href="([^"]*/pedidos/\d+/)">(?:Pedido )?{number}<', text)
            return found[1] if found else ""

        return self._portal.url + self._portal.wait_for(look, f"the page of {number}")

    def page_that_says(self, number: int, words: str) -> str:
        """The same, once the page says these words."""
        page = self.page(number)
        self._portal.wait_for(
            lambda: words in html.unescape(self._session.get(page).text),
            f"«{words}» on {page}",
            seconds=40,
        )
        return page

    def act(self, page: str, act: str, **form: str) -> None:
        answer = self._session.post(f"{page}{act}/", form)
        assert answer.status_code == 302, f"{act}: {answer.status_code}"

    def name_document(self, page: str, number: str) -> None:
        """*Ya tiene documento* with a number that Alegra does not know: said twice."""
        asked = self._session.post(f"{page}ya-tiene-documento/", {"number": number})
        confirmed = word_in(asked.text)
        self.act(page, "ya-tiene-documento", number=number, confirmed=confirmed)

    def hold_remissions(self) -> None:
        """Let remissions wait for a person: the settings form, as a browser would send it."""
        url = self._portal.integration("remission")["urls"]["settings"]
        form = _filled_in(self._session.get(url).text)
        answer = self._session.post(url, {**form, "document": "remission-draft"})
        assert answer.status_code == 302, answer.status_code


def orders_in_every_state(portal: LivePortal) -> dict[str, str]:
    """State → address of the page of an order that is in it. Expects times as in real life:
    shortened ones would settle what is shown as unsettled."""
    orders = Orders(portal)
    unlinked = portal.products(iva=None, linked=False)
    for prices in ((174_900,), (289_900, 64_900), (119_900,), (69_900, 45_000, 38_500)):
        orders.post(prices=prices)
    remission = orders.post(kind="remission", prices=(213_700,))
    created = orders.post(
        prices=(174_900, 64_900),
        additional_charge=[{"concept": "Envío Coordinadora", "amount": 14_900}],
    )
    changed = orders.post(prices=(69_900, 45_000))
    pages = {"changed": orders.page_that_says(changed, "Borrador en Alegra")}
    buyer = {"full_name": "Carlos Mario Duque Osorio", "documentNumber": "71222333"}
    orders.again(changed, prices=(69_900,), customer=buyer)
    returned = orders.post(prices=(129_900,))
    pages["returned"] = orders.page_that_says(returned, "Borrador en Alegra")
    orders.again(returned, prices=(129_900,), id_status=10)
    waiting = orders.post(prices=(69_900,), id_status=4)
    skipped = orders.post(prices=(129_900,), is_test=True)
    blocked = orders.post(order_items=[line(unlinked[0], price=174_900)])
    orders.post(order_items=[line(unlinked[0], price=174_900, quantity=2)])
    orders.post(order_items=[line(unlinked[1], price=359_900)])
    external = orders.post(order_items=[line(unlinked[0], price=174_900)])
    dismissed = orders.post(order_items=[line(unlinked[1], price=89_900)])
    identity = orders.post(prices=(254_700,), customer={"documentNumber": "901.482.337-2"})
    pages |= {
        "created": orders.page_that_says(created, "Borrador en Alegra"),
        "remission": orders.page_that_says(remission, "Remisión creada"),
        "changed": orders.page_that_says(changed, "cambió después de su documento"),
        "returned": orders.page_that_says(returned, "se devolvió después de su documento"),
        "waiting": orders.page(waiting),
        "skipped": orders.page_that_says(skipped, "Omitid"),
        "blocked": orders.page_that_says(blocked, "Por atender"),
        "identity": orders.page_that_says(identity, "Por atender"),
        "external": orders.page(external),
        "dismissed": orders.page(dismissed),
    }
    orders.name_document(pages["external"], "FEHA 4318")
    orders.act(pages["dismissed"], "no-facturar", reason="Cambio de producto")
    orders.hold_remissions()
    held = orders.post(kind="remission", prices=(213_700, 198_900, 145_000))
    pages["approval"] = orders.page_that_says(held, "Por aprobar")
    lost = {"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices"}
    deaf = {"fault": "status", "status": 503, "method": "GET", "path": "/invoices"}
    portal.switches(faults=[{**lost, "times": 1}, deaf])
    pages["unconfirmed"] = orders.page_that_says(
        orders.post(prices=(254_700,)), "Verificando en Alegra"
    )
    return pages


def _filled_in(page: str) -> dict[str, Any]:
    """What the page's only filled-in form would send."""
    form: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        kind = _attribute(tag, "type")
        if not name or kind in ("submit", "button", "search"):
            continue
        if kind in ("radio", "checkbox") and not re.search(r"\bchecked\b", tag):
            continue
        form[name] = value or ("on" if kind == "checkbox" else "")
    for tag, body in re.findall(r"(<select\b[^>]*>)(.*?)</select>", page, re.DOTALL):
        chosen = [each for each in re.findall(r"<option\b[^>]*>", body) if " selected" in each]
        form[_attribute(tag, "name")] = _attribute(chosen[0], "value") if chosen else ""
    return form


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""
