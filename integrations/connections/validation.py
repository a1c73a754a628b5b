"""*Validar credenciales*: what Alegra says about a login, in sentences.

Five reading calls: company, user, numberings, warehouses, bank accounts. Sources: Alegra
reference (company, catalogues), Colombian invoicing reference (precision, numbering).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.alegra import bank_accounts, company, number_templates, users, warehouses
from integrations.alegra.client import AlegraClient
from integrations.alegra.company import Company
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    Forbidden,
    PlanExcludes,
    RateLimited,
    Unauthorized,
)
from integrations.colombia.dates import bogota_today
from integrations.colombia.money import LEAST_PRECISION
from integrations.connections import numbering
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.clients import typed_client
from integrations.connections.pace import Pace
from integrations.timekeeping import clock


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `tone`: ok (good), ask (review) or fail (blocks)."""

    tone: str
    title: str
    text: str

    @property
    def icon(self) -> str:
        return {"ok": "ok", "ask": "warn", "fail": "x"}[self.tone]

    @property
    def word(self) -> str:
        return {"ok": _("Bien"), "ask": _("Revisar"), "fail": _("Impide continuar")}[self.tone]


@dataclass(frozen=True)
class Probe:
    """What was found. `failure` is a sentence when the company could not even be read.

    Holds no token, so it may be kept in a session and shown. `at` is ISO 8601.
    """

    mode: str
    at: str
    failure: str = ""
    failure_code: str = ""
    name: str = ""
    nit: str = ""
    dv: str = ""
    city: str = ""
    regime: str = ""
    precision: int = LEAST_PRECISION
    user_name: str = ""
    has_warehouses: bool = True
    has_banks: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def blocks(self) -> bool:
        return bool(self.failure) or any(each.tone == "fail" for each in self.findings)

    @property
    def to_review(self) -> int:
        return sum(each.tone == "ask" for each in self.findings)

    @property
    def nit_text(self) -> str:
        return f"{self.nit}-{self.dv}" if self.dv else self.nit

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Probe:
        findings = tuple(Finding(**each) for each in stored["findings"])
        return cls(**{**stored, "findings": findings})


def probe(email: str, token: str, mode: str) -> Probe:
    """Ask Alegra. Never raises for what Alegra answers: a failure is part of the probe."""
    now = clock.now()
    at = now.isoformat()
    pace = Pace(alegra_user_for(email, mode=mode), for_person=True)
    with typed_client(email, token, mode=mode, pace=pace) as client:
        try:
            found = company.read(client)
        except AlegraError as error:
            code, sentence = explain(error)
            return Probe(mode=mode, at=at, failure=sentence, failure_code=code)
        if not found.nit:
            sentence = _("La empresa no tiene NIT en Alegra. Complétalo allá y valida otra vez.")
            return Probe(mode=mode, at=at, failure=sentence, failure_code="no_nit")
        user_name, user_finding = _user(client)
        numbering_finding = _numbering(client, bogota_today(now))
        has_warehouses, warehouse_finding = _warehouses(client)
        has_banks, bank_finding = _banks(client)
    return Probe(
        mode=mode,
        at=at,
        name=found.name,
        nit=found.nit,
        dv=found.dv,
        city=found.city,
        regime=found.regime,
        precision=found.precision,
        user_name=user_name,
        has_warehouses=has_warehouses,
        has_banks=has_banks,
        findings=(
            user_finding,
            _country(found),
            _precision(found.precision),
            numbering_finding,
            warehouse_finding,
            bank_finding,
        ),
    )


def explain(error: AlegraError) -> tuple[str, str]:
    """(code, sentence with what to do) for a company that could not be read."""
    if isinstance(error, Unauthorized):
        return "unauthorized", _(
            "Alegra no aceptó el usuario o el token. Revisa que el correo sea el de ese usuario y"
            " copia el token de nuevo: en Alegra, Configuración › Integraciones › API."
        )
    if isinstance(error, PlanExcludes):
        return "plan", _(
            "Tu plan de Alegra no permite conectarse o la cuenta está suspendida. Revísalo en"
            " Alegra, en Configuración › Suscripción, y valida otra vez."
        )
    if isinstance(error, Forbidden):
        return "forbidden", _(
            "El token es bueno, pero su usuario no puede ver la empresa. Dale permiso de consulta"
            " y de facturación en Alegra, o usa el token de otro usuario."
        )
    if isinstance(error, BudgetExhausted | RateLimited):
        seconds = max(1, round(error.retry_after))
        return "slow_down", ngettext(
            "Alegra recibió muchas solicitudes de este usuario. Vuelve a validar en %(n)s segundo.",
            "Alegra recibió muchas solicitudes de este usuario. Vuelve a validar en %(n)s"
            " segundos.",
            seconds,
        ) % {"n": seconds}
    return "unreachable", _(
        "Alegra no respondió. No cambiamos nada; vuelve a validar en un momento. Si sigue así,"
        " mira status.alegra.com."
    )


def precision_sentence(precision: int) -> str:
    """Why a precision under 2 blocks, and what to do."""
    decimals = _("pesos enteros") if precision == 0 else _("un decimal")
    return _(
        "Tu cuenta de Alegra redondea a %(decimals)s. Ponle 2 decimales en Alegra, en Configuración"
        " › Empresa: con menos, muchas facturas no pueden cuadrar al peso."
    ) % {"decimals": decimals}


def _user(client: AlegraClient) -> tuple[str, Finding]:
    title = _("Usuario")
    try:
        user = users.whoami(client)
    except AlegraError:
        text = _("No pudimos leer a nombre de quién está el token. Puedes seguir.")
        return "", Finding("ask", title, text)
    who = user.name or user.email
    if user.status and user.status != "active":
        text = _("%(who)s figura inactivo en Alegra. Actívalo allá.") % {"who": who}
        return who, Finding("ask", title, text)
    return who, Finding("ok", title, who)


def _country(found: Company) -> Finding:
    title = _("País y moneda")
    if found.country != "colombia":
        text = _(
            "Esta cuenta de Alegra no es de Colombia. Por ahora solo se conectan cuentas de"
            " Colombia: usa el token de una."
        )
        return Finding("fail", title, text)
    if found.currency and found.currency != "COP":
        text = _(
            "La moneda de la cuenta es %(currency)s y los pedidos están en pesos colombianos."
            " Cambia la moneda principal en Alegra."
        ) % {"currency": found.currency}
        return Finding("fail", title, text)
    return Finding("ok", title, _("Colombia, pesos"))


def _precision(precision: int) -> Finding:
    title = _("Decimales")
    if precision < LEAST_PRECISION:
        return Finding("fail", title, precision_sentence(precision))
    text = _("%(n)s, suficientes para que cada total cuadre al peso") % {"n": precision}
    return Finding("ok", title, text)


def _numbering(client: AlegraClient, on: date) -> Finding:
    title = _("Numeración electrónica")
    try:
        templates = number_templates.every(client, "invoice")
    except (PlanExcludes, Forbidden):
        text = _(
            "Este usuario no puede ver las numeraciones. Dale permiso de facturación en Alegra;"
            " para remisiones no hace falta."
        )
        return Finding("ask", title, text)
    except AlegraError:
        return Finding("ask", title, _not_now())
    best = numbering.best([numbering.Numbering.of_template(each) for each in templates], on)
    if best is None:
        text = _(
            "No hay numeración electrónica activa. Créala en Alegra antes de facturar; para"
            " remisiones no hace falta."
        )
        return Finding("ask", title, text)
    trouble = best.trouble(on)
    return Finding("ask", title, trouble) if trouble else Finding("ok", title, best.name)


def _warehouses(client: AlegraClient) -> tuple[bool, Finding]:
    return _list(
        lambda: warehouses.every(client),
        title=_("Bodegas"),
        good=lambda n: ngettext("%(n)s bodega", "%(n)s bodegas", n) % {"n": n},
        plan=_("Tu plan de Alegra no las incluye. Todo saldrá de la bodega principal."),
    )


def _banks(client: AlegraClient) -> tuple[bool, Finding]:
    return _list(
        lambda: bank_accounts.every(client),
        title=_("Bancos"),
        good=lambda n: ngettext("%(n)s cuenta", "%(n)s cuentas", n) % {"n": n},
        plan=_("Tu plan de Alegra no los incluye: no hay cuentas que asociar."),
    )


def _list(
    read: Callable[[], tuple], *, title: str, good: Callable[[int], str], plan: str
) -> tuple[bool, Finding]:
    """Whether the plan has this list, and what to say of it."""
    try:
        rows = read()
    except PlanExcludes:
        return False, Finding("ask", title, plan)
    except Forbidden:
        text = _("Este usuario no tiene permiso para verlas. Dáselo en Alegra y valida otra vez.")
        return True, Finding("ask", title, text)
    except AlegraError:
        return True, Finding("ask", title, _not_now())
    return True, Finding("ok", title, good(len(rows)))


def _not_now() -> str:
    return _("No pudimos leerlo ahora. Lo leeremos de nuevo más tarde; puedes seguir.")
