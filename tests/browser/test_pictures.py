"""Every screen on the phone, on the desk and in the dark: a picture to look at, and what a
machine can check.

No page scrolls sideways, breaks the content policy, or fails an accessibility check (WCAG 2.0
to 2.2 A and AA and best practices, by axe).
"""

from __future__ import annotations

import email
import json
from email import policy
from urllib.parse import urlsplit

import pytest

from tests.browser.watching import WAYS, open_window, sign_in

# The portal starts and forty pages are looked at.
pytestmark = pytest.mark.timeout(600)

ACTS = ("corregir", "ya-tiene-documento", "no-facturar")


@pytest.fixture(params=WAYS)
def window(request, browser):
    opened = open_window(browser, request.param)
    yield opened
    opened.page.context.close()


@pytest.fixture(scope="module")
def plan(live_portal, order_pages) -> str:
    """The address of a plan to emit every draft, once it was made."""
    session = live_portal.login("owner")
    history = f"/c/{live_portal.demo['organization']}/historial/"
    session.get(history)
    url = session.post(f"{history}emitir-facturas/", {"todos": "1"}).headers["Location"]
    # Alegra answers no reading while an answer is being looked for: the plan waits for it, and is
    # then made without.
    live_portal.wait_for(lambda: "Qué va a pasar" in session.get(url).text, "a plan", seconds=60)
    return live_portal.url + url


@pytest.fixture(scope="module")
def screens(live_portal, order_pages, plan) -> dict[str, str]:
    """Name → address of every screen of a merchant. Orders of every state are in the history."""
    invoices, remissions, definitive = live_portal.demo["integrations"][:3]
    root = f"{live_portal.url}/c/{live_portal.demo['organization']}"
    one = f"{root}/integraciones/{invoices['id']}"
    return {
        "comercios": f"{live_portal.url}/comercios/?todos=1",
        "comercio-nuevo": f"{live_portal.url}/comercios/nuevo/",
        "por-atender": f"{root}/por-atender/",
        "historial": f"{root}/historial/",
        "historial-filtrado": f"{root}/historial/?estado=por-atender&pago=cod",
        "historial-vacio": f"{root}/historial/?numero=ninguno",
        **{f"pedido-{state}": url for state, url in order_pages.items()},
        **{f"pedido-{act}": f"{order_pages['blocked']}{act}/" for act in ACTS},
        "pedido-esta-bien": f"{order_pages['changed']}esta-bien/",
        "pedido-borrar": f"{order_pages['returned']}borrar-borrador/",
        "pedido-reemplazar": f"{order_pages['changed']}borrar-borrador/",
        "historial-cambio": f"{root}/historial/?cambio=todo",
        "emitir-plan": plan,
        "emisiones": f"{root}/emisiones/",
        "integraciones": f"{root}/integraciones/",
        "integracion": f"{one}/",
        "nueva-integracion": f"{root}/integraciones/nueva/",
        "mastershop": f"{one}/mastershop/",
        "credenciales": invoices["urls"]["credentials"],
        "archivar": f"{one}/archivar/",
        "configuracion": invoices["urls"]["settings"],
        "configuracion-remision": remissions["urls"]["settings"],
        "configuracion-definitiva": definitive["urls"]["settings"],
        "equivalencia": f"{one}/configuracion/equivalencias/nueva/",
        "bodegas": invoices["urls"]["warehouses"],
        "productos": invoices["urls"]["products"],
        "productos-vinculados": f"{invoices['urls']['products']}?estado=vinculados",
        "acciones": invoices["urls"]["actions"],
        "notificaciones": f"{one}/notificaciones/",
        "pedidos-anteriores": f"{one}/pedidos-anteriores/",
        "menu": f"{root}/menu/",
        "cuenta-contrasena": f"{live_portal.url}/cuenta/password/change/",
        "cuenta-segundo-paso": f"{live_portal.url}/cuenta/2fa/",
    }


def _none(broken: dict[str, list[str]]) -> None:
    assert not broken, json.dumps(broken, indent=1, ensure_ascii=False)


def test_every_screen_is_sound(window, screens, live_portal, pictures):
    sign_in(window, live_portal, "owner")
    found = {
        name: window.wrongs(address, pictures / f"{name}-{window.way}.png")
        for name, address in screens.items()
    }
    _none({name: wrongs for name, wrongs in found.items() if wrongs})


def test_strangers_find_a_way_in_and_nothing_else(window, live_portal, pictures):
    login = live_portal.demo["login_url"]
    account = login.removesuffix("login/")
    doors = {
        "entrar": (login, 200),
        "registro": (f"{account}signup/", 200),
        "olvide": (f"{account}password/reset/", 200),
        "no-existe": (f"{live_portal.url}/no-existe/", 404),
    }
    found = {
        name: window.wrongs(address, pictures / f"{name}-{window.way}.png", status=status)
        for name, (address, status) in doors.items()
    }
    _none({name: wrongs for name, wrongs in found.items() if wrongs})


def test_who_only_reads_is_told_so_kindly(window, live_portal, order_pages, pictures):
    sign_in(window, live_portal, "viewer")
    wrongs = window.wrongs(
        f"{order_pages['blocked']}no-facturar/",
        pictures / f"sin-permiso-{window.way}.png",
        status=403,
    )
    wrongs += window.wrongs(order_pages["blocked"], pictures / f"lectura-{window.way}.png")
    _none({"lectura": wrongs} if wrongs else {})


def test_staff_pages_work_under_the_content_policy(browser, live_portal, order_pages, pictures):
    """Mostly the framework's own pages: the desk is enough, and axe is not asked."""
    window = open_window(browser, "1280")
    sign_in(window, live_portal, "admin")
    found = {
        name: [
            wrong
            for wrong in window.wrongs(
                live_portal.url + path, pictures / f"{name}-{window.way}.png"
            )
            if not wrong.startswith("axe")
        ]
        for name, path in {
            "admin": "/admin/",
            "admin-pedidos": "/admin/integrations/order/",
            "admin-documentos": "/admin/integrations/document/",
            "correo": "/correo/",
        }.items()
    }
    window.page.context.close()
    _none({name: wrongs for name, wrongs in found.items() if wrongs})


def test_a_failure_mail_reads_well(window, live_portal, order_pages, pictures):
    """The HTML part as a mail program shows it: without the portal's policy and stylesheet."""
    held = live_portal.wait_for(lambda: _failure_mails(live_portal), "a failure mail", seconds=60)
    body = held[0].get_body(preferencelist=("html",)).get_content()
    window.page.set_content(body)
    window.page.screenshot(path=pictures / f"correo-fallo-{window.way}.png", full_page=True)
    assert window.page.evaluate("document.documentElement.scrollWidth") <= window.width
    links = [urlsplit(each.get_attribute("href")) for each in window.page.locator("a").all()]
    assert all(f"{link.scheme}://{link.netloc}" == live_portal.url for link in links)
    assert "no está vinculado" in window.page.inner_text("body")


def _failure_mails(portal) -> list:
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((portal.var / "mail").rglob("*"))
        if path.is_file()
    ]
    return [mail for mail in mails if "vinculado" in str(mail["subject"])]
