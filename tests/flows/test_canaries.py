"""Nothing that is secret and no buyer leaves the places where they belong.

Orders of unmistakable buyers end in every way an order can end, credentials are typed right
and wrong, and then everything the portal wrote or shows is read through.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import sqlite3
import zlib
from itertools import chain
from urllib.parse import urlsplit

import pytest

from tests.flows.browsing import Session
from tests.flows.canaries import Canary, crawl, everything_of, finder, plain, spellings


@pytest.fixture(scope="module")
def _live_portal(rough_portal):
    return rough_portal


MADE, BLOCKED, REFUSED, CONTACT, UNSURE, CORRECTED, ODD, LOST = map(Canary, range(41, 49))
TYPED = Canary(49)  # what a person corrected CORRECTED to
BUYERS = finder()
AMBIGUOUS = {"documentType": None, "documentNumber": "900123456"}
TYPED_SECRETS = ("canario-token-alegra-9f31c7", "canario-llave-ms-77d0ae", "canario-secreto-5b2e10")
PASSWORD = "canario-clave-mala-31aa"
ROLES = ("owner", "editor", "accountant", "viewer", "admin", "outsider")
NUMBER = 730_000
# How far each order must have come, in words of its page.
SAID = {1: "Borrador en Alegra", 2: "NIT o cédula", 3: "no es válido", 4: "no es válido",
        5: "Verificando en Alegra", 6: "NIT o cédula", 7: "no tiene la forma"}  # fmt: skip


@pytest.fixture(scope="module")
def told(_live_portal) -> dict[str, str]:
    """All orders are told and settled; the addresses of their pages by number."""
    portal = _live_portal
    _try_credentials(portal)
    _tell_orders(portal)
    owner = portal.login("owner")
    pages = {number: _page_of(portal, owner, NUMBER + number) for number in SAID}
    for number, words in SAID.items():
        page = pages[number]
        portal.wait_for(
            lambda page=page, words=words: words in owner.get(page).text, f"{number}: {words}"
        )
    portal.login("editor").post(
        f"{pages[6]}corregir/",
        {"who": "buyer", "doc_type": "CC", "doc_number": TYPED.spelled_identification,
         "name": "Canaria Corregida", "email": TYPED.email, "city": "Medellín",
         "department": "Antioquia"},
    )  # fmt: skip
    portal.wait_for_document(NUMBER + 6)
    return pages


def test_the_orders_own_page_shows_the_buyer_to_those_who_work_with_it(portal, told):
    for role in ("owner", "editor", "accountant"):
        text = portal.login(role).get(told[1]).text
        assert MADE.identification in re.sub(r"[ .]", "", text), role
        assert MADE.email in text, role
    assert not BUYERS.search(everything_of(portal.login("viewer").get(told[1])))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_secret_or_a_buyer(portal, told, role):
    hidden = _secrets(portal)
    session = portal.login(role)
    starts = ["/", "/correo/", "/cuenta/email/", "/no/existe/"]
    if role == "admin":
        starts.append("/admin/")
    elif role != "outsider":
        slug = portal.demo["organization"]
        integration = portal.integration()["urls"]
        starts += [f"/c/{slug}/", *told.values(), *integration.values()]
        starts += [f"/c/{slug}/historial/?q={NUMBER + n}" for n in told]
    own = ("", "corregir/", "documento/")
    shown = {page + each for page in told.values() for each in own}
    seen = 0
    for answer in crawl(session, starts, queries=role != "admin"):
        seen += 1
        path = answer.request.path_url
        text = everything_of(answer)
        assert answer.status_code < 500, path
        for secret in hidden:
            assert secret not in text, (role, path, secret[:6])
        if not (role in ("owner", "editor", "accountant") and path in shown):
            found = BUYERS.search(text)
            assert not found, (role, path, text[found.start() - 80 : found.end() + 40])
        _assert_safe(answer, path)
    assert seen > {"outsider": 10, "admin": 60}.get(role, 40), seen


def test_no_file_the_portal_writes_holds_a_secret_or_a_buyer(portal, told):
    hidden = [*_secrets(portal), *(token for token in _webhook_tokens(portal))]
    folders = [portal.var / name for name in ("log", "mail", "broker")]
    files = [path for path in chain(*(f.rglob("*") for f in folders)) if path.is_file()]
    files += [*portal.var.glob("beat-schedule*"), portal.output]
    assert {"web.log", "worker.log", "beat.log"} <= {path.name for path in files}
    for path in files:
        if path.name == "simulators.log":
            continue  # not ours: it plays the outside systems
        try:
            text = path.read_text(errors="replace")
        except FileNotFoundError:
            continue  # a message that its reader has taken meanwhile
        if path.suffix == ".eml":
            text += _opened_mail(path)
        for part in (text, plain(text)):
            for secret in hidden:
                assert secret not in part, (path.name, secret[:6])
            found = BUYERS.search(part)
            assert not found, (path.name, part[found.start() - 200 : found.end() + 80])


def test_the_database_keeps_secrets_sealed_and_evidence_masked(portal, told):
    file = portal.var / "portal.sqlite3"
    if not file.exists():
        pytest.skip("the portal is not on SQLite")
    # Where a buyer's own fields are kept, and corrections of them.
    homes = {"integrations_order", "integrations_ordercorrection", "integrations_buyercontact"}
    hidden = [*_secrets(portal), *_webhook_tokens(portal)]
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        names = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        assert homes <= set(names)
        for name in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                text = "\n".join(_as_text(name, value) for value in row)
                for secret in hidden:
                    assert secret not in text, (name, secret[:6])
                if name not in homes:
                    found = BUYERS.search(text)
                    assert not found, (name, text[found.start() - 200 : found.end() + 80])


# --- What is told ---------------------------------------------------------------------------


def _tell_orders(portal) -> None:
    portal.post_order(NUMBER + 1, **MADE.order())
    portal.wait_for_document(NUMBER + 1)
    portal.post_order(NUMBER + 2, **BLOCKED.order(**AMBIGUOUS))
    for number, canary, path, status in (
        (3, REFUSED, "/invoices", 400),
        (4, CONTACT, "/contacts", 400),
        (5, UNSURE, "/invoices", 500),
    ):
        body = {"code": 1008, "message": canary.echo, "error": {"client": canary.customer()}}
        fault = {"fault": "status", "path": path, "status": status, "body": body}
        # A contact is sent once more without what is optional: both are refused.
        times = 2 if path == "/contacts" else 1
        faults = [{**fault, "method": "POST", "times": times}]
        if number == 5:  # nobody can look whether it is there: it stays unsure for a while
            faults.append({**fault, "method": "GET"})
        portal.switches(faults=faults)
        portal.post_order(NUMBER + number, **canary.order())
        portal.wait_for(
            lambda times=times: _happened(portal) >= times, f"the fault of order {number}"
        )
    portal.post_order(NUMBER + 6, **CORRECTED.order(**AMBIGUOUS))
    odd = ODD.order(documentNumber=f"{ODD.identification}z{ODD.phone}", email=f"{ODD.email} <malo")
    portal.post_order(NUMBER + 7, **odd)
    # Refused at the door: signed wrong, of another business, unreadable, odd all over.
    assert (
        portal.post_event(portal.order(NUMBER + 8, **LOST.order()), secret=None).status_code == 401
    )
    other = portal.order(NUMBER + 8, id_business=987_654, **LOST.order())
    assert portal.post_event(other).status_code == 403
    assert portal.post_event(json.dumps(other).encode()[:-9]).status_code == 400
    business = portal.integration()["business_id"]
    lost = {"id_business": business, "id_status": LOST.phone, "eventName": LOST.email}
    assert portal.post_event({**lost, "customer": [LOST.customer()]}).status_code == 200

    _talk_badly(portal)


def _talk_badly(portal) -> None:
    """Requests that the web server itself refuses, and may complain of in its log."""
    address = urlsplit(portal.integration()["webhook_url"]).path
    for head in (f"POST {address} HTTP/9.9", f"POST {address}?{LOST.email} HTTP/1.1\r\nbad header",
                 f"P OST {address} {LOST.phone}", f"GET /\x01{LOST.email} HTTP/1.1"):  # fmt: skip
        with socket.create_connection(("127.0.0.1", portal.port), timeout=20) as line:
            line.sendall(f"{head}\r\nContent-Length: {LOST.phone}x\r\n\r\n".encode())
            line.recv(100)


def _happened(portal) -> int:
    return portal.control("switches")["faults"][0]["happened"]


def _try_credentials(portal) -> None:
    token, key, secret = TYPED_SECRETS
    integration = portal.integration()
    owner = portal.login("owner")
    new = f"{portal.url}/c/{portal.demo['organization']}/integraciones/nueva/"
    real = {"email": integration["alegra_user"], "token": integration["alegra_token"]}
    for typed in ({"email": "canaria@example.com", "token": token}, {"email": "", "token": token},
                  {"email": "canaria@example.com", "token": f"{token} dos"}, real):  # fmt: skip
        answer = owner.post(new, {"name": "Otra", "mode": "trial", **typed})
        assert answer.status_code in (200, 302), answer.status_code
        assert not any(each in everything_of(answer) for each in (*TYPED_SECRETS, real["token"]))
    url = integration["urls"]["credentials"]
    for form in ({"action": "mastershop", "key": key, "secret": secret},
                 {"action": "mastershop", "secret": f"{secret} y más"},
                 {"action": "token", "email": "canaria@example.com", "token": token}):  # fmt: skip
        answer = owner.post(url, form)
        assert answer.status_code == 200, answer.status_code
        assert not any(each in everything_of(answer) for each in TYPED_SECRETS)
    stranger = Session(portal.url)
    stranger.get(portal.demo["login_url"])
    answer = stranger.post(
        portal.demo["login_url"], {"login": integration["alegra_user"], "password": PASSWORD}
    )
    assert PASSWORD not in everything_of(answer)


# --- Where is looked ------------------------------------------------------------------------


def _secrets(portal) -> set[str]:
    found = {*TYPED_SECRETS, PASSWORD}
    for each in portal.demo["integrations"]:
        found |= {each["alegra_token"], each["webhook_secret"], each["mastershop_key"]}
        found.add(f"{each['alegra_user']}:{each['alegra_token']}")
    assert all(len(secret) > 7 for secret in found)
    return set(chain(*map(spellings, found)))


def _webhook_tokens(portal) -> list[str]:
    return [each["webhook_url"].rstrip("/").split("/")[-1] for each in portal.demo["integrations"]]


def _page_of(portal, session, number: int) -> str:
    history = portal.integration()["urls"]["history"]

    def look():
        listed = session.get(history, params={"q": str(number)})
        found = re.search(r'href="(/c/[^"]+/pedidos/\d+/)"', listed.text)
        return found and found[1]

    return portal.wait_for(look, f"order {number} in the history")


def _assert_safe(answer, path: str) -> None:
    """What every answer has and none has."""
    headers = answer.headers
    if not path.startswith("/static/"):
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe-" not in policy, path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["Referrer-Policy"] == "same-origin", path
    assert headers["X-Request-ID"], path
    assert "Traceback" not in answer.text, path


def _opened_mail(path) -> str:
    from email import message_from_bytes, policy

    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = [str(value) for value in message.values()]
    parts += [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
    return "\n".join(parts)


def _as_text(table: str, value) -> str:
    if (
        table == "django_session"
        and isinstance(value, str)
        and re.fullmatch(r"\.?[\w-]+(:[\w-]+){2}", value)
    ):
        sealed = value.split(":")[0]
        raw = base64.urlsafe_b64decode(sealed.lstrip(".") + "=" * (-len(sealed.lstrip(".")) % 4))
        return (zlib.decompress(raw) if sealed.startswith(".") else raw).decode()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
