"""Companies and their users: what a token opens, and how a new company is made."""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from dataclasses import dataclass
from typing import Any

from integrations.simulators.alegra.books import Call
from integrations.simulators.alegra.contacts import check_digit
from integrations.simulators.alegra.facts import COMPANY_REGIMES
from integrations.simulators.alegra.refusals import not_found, refusal
from integrations.simulators.alegra.seed import seed_company
from integrations.simulators.control import CannotMake
from integrations.simulators.server import Router
from integrations.simulators.storage import Record, Store

KEPT_AT_RESET = ("company", "user", "counter")  # a number once given is never given again
_DEFAULT_NAME = "Comercial Andina"


@dataclass(frozen=True)
class Access:
    """Who calls: a user of one company."""

    nit: str
    email: str


class Companies:
    """All companies of this Alegra. Users are found by e-mail and token."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._users: dict[str, tuple[str, Access]] = {}  # lower e-mail -> token, access
        self._headers: dict[str, Access] = {}
        for nit in store.scopes():
            for user in store.all(nit, "user"):
                self._remember(nit, user)

    def _remember(self, nit: str, user: Record) -> None:
        email = user["email"]
        self._users[email.lower()] = (user["token"], Access(nit, email))

    def access(self, header: str) -> Access | None:
        """Who an Authorization header is, or None."""
        known = self._headers.get(header)
        if known is not None:
            return known
        email, token = credentials(header)
        expected, access = self._users.get(email.lower(), ("", None))
        if access is None or not secrets.compare_digest(expected.encode(), token.encode()):
            return None
        self._headers[header] = access
        return access

    def make(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """A seeded company with one user; an existing one is answered as it is.

        ``chosen`` may hold nit, name, alegra_user, alegra_token, precision, regime,
        plan_without (``warehouses``, ``banks``) and catalogue (``demo`` or ``empty``). A
        user more for a company that exists is made by naming its nit. Raises CannotMake.
        """
        _check(chosen)
        with self._lock, self._store.transaction():
            email, token = chosen.get("alegra_user"), chosen.get("alegra_token")
            known = self._users.get(str(email).lower()) if email else None
            if known is not None:
                if token not in (None, known[0]):
                    raise CannotMake(f"The user {email} exists with another token")
                if chosen.get("nit") not in (None, known[1].nit):
                    raise CannotMake(f"The user {email} belongs to another company")
                return self._answer(known[1], known[0], chosen)
            nit = str(chosen.get("nit") or self._free_nit())
            email = str(email or f"contabilidad@empresa-{nit}.example.com")
            if self._store.look(nit, "company", "company") is None:
                self._make_company(nit, chosen)
            secret = str(token or secrets.token_hex(10))
            user: Record = {"id": email, "email": email, "token": secret}
            user["business_id"] = chosen.get("business_id")
            self._store.put(nit, "user", email, user)
            self._remember(nit, user)
            return self._answer(Access(nit, email), user["token"], chosen)

    def remember_business(self, email: str, business: Any) -> None:
        """Which business of MasterShop was made together with a user."""
        known = self._users.get(email.lower())
        if known is None or business is None:
            return
        access = known[1]
        with self._store.transaction():
            user = self._store.get(access.nit, "user", access.email)
            if user is not None and user.get("business_id") is None:
                user["business_id"] = business
                self._store.put(access.nit, "user", access.email, user)

    def reset(self) -> None:
        """Every company as it was when it was made; its users and tokens stay."""
        with self._store.transaction():
            for nit in self._store.scopes():
                self._store.drop_scope(nit, but=KEPT_AT_RESET)
                company = self._store.look(nit, "company", "company")
                if company is not None:
                    seed_company(self._store, nit, company["catalogue"])

    def _make_company(self, nit: str, chosen: dict[str, Any]) -> None:
        catalogue = chosen.get("catalogue") or "demo"
        company = {
            "id": "company",
            "name": str(chosen.get("name") or f"{_DEFAULT_NAME} {nit[-4:]} S.A.S."),
            "nit": nit,
            "regime": "COMMON_REGIME" if chosen.get("regime") is None else chosen["regime"],
            "precision": chosen.get("precision"),
            "without": chosen.get("plan_without"),
            "catalogue": catalogue,
        }
        self._store.put(nit, "company", "company", company)
        seed_company(self._store, nit, catalogue)

    def _free_nit(self) -> str:
        nit = 901_500_001
        while self._store.look(str(nit), "company", "company") is not None:
            nit += 7
        return str(nit)

    def _answer(self, access: Access, token: str, chosen: dict[str, Any]) -> dict[str, Any]:
        company = self._store.look(access.nit, "company", "company") or {}
        user = self._store.look(access.nit, "user", access.email) or {}
        business = chosen.get("business_id") or user.get("business_id")
        return {
            **({"business_id": business} if business else {}),
            "nit": access.nit,
            "name": company["name"],
            "alegra_user": access.email,
            "alegra_token": token,
        }


def credentials(header: str) -> tuple[str, str]:
    """User and password of a Basic header; empty when it is none."""
    scheme, _, code = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        email, _, token = base64.b64decode(code, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return email, token


def _check(chosen: dict[str, Any]) -> None:
    nit = chosen.get("nit")
    if nit is not None and not (str(nit).isdigit() and 6 <= len(str(nit)) <= 10):
        raise CannotMake(f"nit must be 6 to 10 digits: {nit!r}")
    if chosen.get("precision") not in (None, *range(7)):
        raise CannotMake(f"precision must be 0 to 6: {chosen['precision']!r}")
    if chosen.get("regime") not in (None, *COMPANY_REGIMES):
        offered = ", ".join(filter(None, COMPANY_REGIMES))
        raise CannotMake(f"regime must be one of {offered}: {chosen['regime']!r}")
    if chosen.get("catalogue") not in (None, "demo", "empty"):
        raise CannotMake(f"catalogue must be demo or empty: {chosen['catalogue']!r}")
    without = chosen.get("plan_without")
    if without is not None and not (
        isinstance(without, list) and set(without) <= {"warehouses", "banks"}
    ):
        raise CannotMake(f"plan_without must list warehouses or banks: {without!r}")
    email = chosen.get("alegra_user")
    if email is not None and ("@" not in str(email) or ":" in str(email)):
        raise CannotMake(f"alegra_user must be an e-mail address: {email!r}")


# The API's own endpoints -------------------------------------------------------------


def add_company_routes(router: Router) -> None:
    router.add("GET", "/company", read_company)
    router.add("PUT", "/company", edit_company)
    router.add("GET", "/users", list_users)
    router.add("GET", "/users/self", read_self)
    router.add("GET", "/users/{id}", read_user)


def read_company(call: Call) -> Any:
    books, company = call.books, call.books.company
    nit, precision = company["nit"], books.precision
    regime = books.facts["regime"]
    if regime is None:
        regime = company["regime"]
    as_text = books.shapes.turn(2, "precision", nit) or not books.shapes.varied
    return {
        "id": "1",
        "name": company["name"],
        "identification": nit,
        "identificationObject": {"type": "NIT", "number": nit, "dv": str(check_digit(nit))},
        "phone": "6015550100",
        "email": f"contabilidad@empresa-{nit}.example.com",
        "website": None,
        **({"regime": regime} if regime else {}),
        "kindOfPerson": "LEGAL_ENTITY",
        "address": {
            "address": "Cl 80 # 68-21",
            "city": "Bogotá, D.C.",
            "department": "Bogotá, D.C.",
        },
        "currency": {"code": "COP", "symbol": "$"},
        "multicurrency": False,
        "decimalPrecision": str(precision) if as_text else precision,
        "decimalSeparator": ",",
        "applicationVersion": "colombia",
        "timezone": "America/Bogota",
        "invoicePreferences": {"defaultAnotation": "", "defaultTermsAndConditions": ""},
        "logo": None,
    }


def edit_company(call: Call) -> Any:
    """Only the name can be changed here, for a company that was renamed in Alegra."""
    name = call.body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise refusal("El nombre de la empresa es obligatorio")
    call.books.put("company", {**call.books.company, "name": name.strip()})
    return read_company(call)


def _show_user(call: Call, place: int, email: str) -> Record:
    name = email.split("@")[0].replace(".", " ").title()
    return {
        "id": str(place + 1),
        "name": name,
        "lastName": "Rojas",
        "email": email,
        "phone": "3005550100",
        "phoneCode": "+57",
        "position": "Contabilidad",
        "role": "admin",
        "status": "active",
        "type": "user",
        "username": email,
        "language": "es",
        "file": None,
    }


def list_users(call: Call) -> Any:
    users = call.books.all("user")
    return [_show_user(call, place, user["email"]) for place, user in enumerate(users)]


def read_self(call: Call) -> Any:
    return next(user for user in list_users(call) if user["email"] == call.user)


def read_user(call: Call) -> Any:
    for user in list_users(call):
        if user["id"] == call.key:
            return user
    raise not_found("El usuario no existe")
