"""A panel for each open cause, what is worth most first, with its repair in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Sum, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.attention.answers import QUESTIONS, Question
from integrations.catalog import cure as product_cure
from integrations.configuration.choices import Kind, Lists
from integrations.configuration.models import BankEquivalence
from integrations.connections.models import Integration
from integrations.mastershop import payment_methods
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import KINDS, cure_label, cure_url, kind_of, sentence

# A page of more repairs than this is no help; the rest is told by its number.
MOST_PANELS = 40
ORDERS_SHOWN = 10
# A person decides; nothing is broken.
_ASKED = frozenset(
    {"gift_line", "short_total", "identity_ambiguous", "claim", "look_alike", "two_found"}
)
_PER_ORDER = sorted(code for code, kind in KINDS.items() if kind.per_order)
# Repaired elsewhere, then tried again by a person.
_RETRIED = frozenset({"rejected", "plan", "forbidden", "internal"})
# The field of *Configuración general* that repairs it.
_FIELDS = {
    "cod_disabled": "id_cod_enabled",
    "charges_disabled": "id_charges_enabled",
    Kind.SELLER: "id_seller",
    Kind.COST_CENTER: "id_cost_center",
    Kind.NUMBER_TEMPLATE: "id_number_template",
    Kind.BANK_ACCOUNT: "t-cta",
}
_TITLES = {
    "identity_ambiguous": gettext_lazy("¿NIT o cédula?"),
    "identity_wrong": gettext_lazy("Identificaciones por corregir"),
    "total_mismatch": gettext_lazy("Pedidos cuyo total no cuadra con sus productos"),
    "total_missing": gettext_lazy("Pedidos sin un total que se pueda leer"),
    "no_lines": gettext_lazy("Pedidos que llegaron sin productos"),
    "line_wrong": gettext_lazy("Pedidos con una línea que no se puede leer"),
    "order_unreadable": gettext_lazy("Pedidos que no se pudieron leer en MasterShop"),
    "claim": gettext_lazy("Pedidos en reclamaciones, sin documento"),
    "total_differs": gettext_lazy("Documentos que en Alegra quedaron con otro total"),
    "look_alike": gettext_lazy("Documentos iguales en Alegra que no salieron de aquí"),
    "two_found": gettext_lazy("Pedidos con dos documentos en Alegra"),
    "unconfirmed_too_long": gettext_lazy("Documentos que no aparecen en Alegra"),
    "gave_up": gettext_lazy("Alegra no respondió durante tres días"),
    "poison": gettext_lazy("Algo falló de nuestro lado; ya lo estamos viendo"),
}
_ADVICE = {
    "rejected": gettext_lazy(
        "No se creó nada. Arregla en Alegra o en la configuración lo que dice y reintenta."
    ),
    "plan": gettext_lazy("No se creó nada. Pide que lo habiliten en Alegra y reintenta."),
    "forbidden": gettext_lazy("No se creó nada. Pide que lo habiliten en Alegra y reintenta."),
    "internal": gettext_lazy("No tienes que hacer nada; también puedes reintentar."),
}


@dataclass(frozen=True)
class OrderLine:
    """One order of a group: its sentence and where it is repaired."""

    text: str
    pesos: int
    label: str
    url: str
    # Where who may not repair it can at least look.
    order_url: str


@dataclass(frozen=True)
class AccountCure:
    """*Cuenta de Alegra* for a payment method, chosen right here."""

    method: str
    family: str
    options: list[tuple[str, str]]


@dataclass
class Panel:
    """`orders` and `pesos` since `since`. One of the cures below is set; `cure_url` else."""

    code: str
    title: str
    icon: str
    tone: str
    orders: int
    pesos: int
    since: datetime
    history_url: str
    integration: str = ""
    cause: Cause | None = None
    product: Any = None
    account: AccountCure | None = None
    question: Question | None = None
    retry_url: str = ""
    advice: str = ""
    lines: list[OrderLine] = field(default_factory=list)
    more: int = 0
    cure_label: str = ""
    cure_url: str = ""


def panels_of(integrations: dict[int, Integration], *, slug: str) -> tuple[list[Panel], int]:
    """The panels, and how many more causes are open than are shown."""
    history = reverse("history", args=[slug])
    shared = list(
        Cause.objects.filter(state=Cause.State.OPEN, open_count__gt=0)
        .exclude(code__in=_PER_ORDER)
        .order_by("-pesos", "-open_count", "id")
    )
    groups = _groups(history, slug)
    made = groups + [_shared(each, history) for each in shared]
    made.sort(key=lambda panel: (-panel.pesos, -panel.orders))
    shown, left = made[:MOST_PANELS], len(made[MOST_PANELS:])
    _add_cures(shown, integrations, slug)
    if len(integrations) > 1:
        for panel in shown:
            if panel.cause is not None:
                panel.integration = integrations[panel.cause.integration_id].name
    return shown, left


def _shared(cause: Cause, history: str) -> Panel:
    kind = kind_of(cause.code)
    return Panel(
        code=cause.code,
        title=sentence(cause.code, cause.params) if cause.params else cause.label,
        icon=kind.icon,
        tone="ask" if cause.code in _ASKED else "fail",
        orders=cause.open_count,
        pesos=cause.pesos,
        since=cause.first_at,
        history_url=f"{history}?causa={cause.pk}",
        cause=cause,
    )


def _groups(history: str, slug: str) -> list[Panel]:
    """Causes of one order each, told together: a panel a kind, with its dearest orders."""
    rows = Cause.objects.filter(
        state=Cause.State.OPEN, open_count__gt=0, code__in=_PER_ORDER
    ).order_by()
    totals = rows.values("code").annotate(
        n=Sum("open_count"), pesos=Sum("pesos"), since=Min("first_at"), causes=Count("id")
    )
    panels = {}
    for total in totals:
        code = total["code"]
        kind = kind_of(code)
        panels[code] = Panel(
            code=code,
            title=str(_TITLES.get(code, code)),
            icon=kind.icon,
            tone="ask" if code in _ASKED else "fail",
            orders=total["n"],
            pesos=total["pesos"],
            since=total["since"],
            history_url=f"{history}?causa={code}",
            more=total["causes"],
        )
    if panels:
        _fill(panels, rows, slug)
    return list(panels.values())


def _fill(panels: dict[str, Panel], rows, slug: str) -> None:
    """The dearest orders of each group, in one query."""
    rank = Window(RowNumber(), partition_by="code", order_by=["-pesos", "id"])
    found = rows.annotate(rank=rank).filter(rank__lte=ORDERS_SHOWN).order_by("-pesos", "id")
    for cause in found:
        panel = panels[cause.code]
        panel.lines.append(
            OrderLine(
                text=cause.label,
                pesos=cause.pesos,
                label=cure_label(cause.code),
                url=cure_url(
                    cause.code,
                    organization=slug,
                    integration=cause.integration_id,
                    params=cause.params,
                ),
                order_url=reverse("order", args=[slug, cause.params["order_id"]])
                if "order_id" in cause.params
                else panel.history_url,
            )
        )
    for panel in panels.values():
        panel.more = max(0, panel.more - len(panel.lines))


# --- Cures in place -------------------------------------------------------------------------
def _add_cures(panels: list[Panel], integrations: dict[int, Integration], slug: str) -> None:
    products = product_cure.cures_for([p.cause for p in panels if p.cause], organization=slug)
    lists: dict[int, Lists] = {}
    for panel in panels:
        cause = panel.cause
        if cause is None:
            continue
        if found := products.get(cause.pk):
            panel.product = found
        elif cause.code in QUESTIONS:
            panel.question = QUESTIONS[cause.code]
        elif cause.code in _RETRIED:
            panel.retry_url = reverse("attention_retry", args=[slug, cause.pk])
            panel.advice = str(_ADVICE[cause.code])
        else:
            if cause.code == "account_missing":
                panel.account = _account(cause, integrations[cause.integration_id], lists)
            if panel.account is None:
                panel.cure_label, panel.cure_url = _link(cause, slug)


def _account(cause: Cause, integration: Integration, lists: dict[int, Lists]) -> AccountCure | None:
    """None where a select would not do: too many accounts, or a row that is there already."""
    method = payment_methods.normalise(cause.subject_key)
    rows = BankEquivalence.objects.filter(integration=integration, method=method)
    if not method or rows.exists():
        return None
    known = lists.setdefault(integration.company_id, Lists(integration.company))
    options = known.choice("account", Kind.BANK_ACCOUNT, "", empty="").options
    return AccountCure(method, payment_methods.family(method), options) if options else None


def _link(cause: Cause, slug: str) -> tuple[str, str]:
    url = cure_url(
        cause.code, organization=slug, integration=cause.integration_id, params=cause.params
    )
    if cause.code == "reference_missing" and cause.params.get("reference") == Kind.WAREHOUSE:
        return _("Ver las bodegas"), reverse("warehouses", args=[slug, cause.integration_id])
    if cause.code == "account_missing":
        return cure_label(cause.code), f"{url}#t-cta"
    anchor = _FIELDS.get(cause.params.get("reference") or cause.code, "")
    return cure_label(cause.code), f"{url}#{anchor}" if anchor else url
