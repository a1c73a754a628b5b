"""A panel for each open cause, what is worth most first, with its repair in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Sum, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from integrations.catalog import cure as product_cure
from integrations.configuration.choices import Kind, Lists
from integrations.configuration.lookup import method_key
from integrations.configuration.models import BankEquivalence
from integrations.configuration.questions import QUESTIONS, Question
from integrations.connections.models import Integration
from integrations.mastershop import payment_methods
from integrations.sending import trying
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import (
    KINDS,
    Retry,
    cure_label,
    cure_url,
    kind_of,
    sentence,
)
from integrations.sending.problems.kind import GOES_BY_ITSELF, ON_ORDER_PAGE

# A page of more repairs than this is no help; the rest is told by its number.
MOST_PANELS = 40
ORDERS_SHOWN = 10
_PER_ORDER = sorted(code for code, kind in KINDS.items() if kind.per_order)


@dataclass(frozen=True)
class OrderLine:
    """One order of a group: its sentence and where it is repaired."""

    text: str
    pesos: int
    label: str
    url: str
    # Where who may not repair it can at least look.
    order_url: str
    # What to do about it in Alegra, or ''.
    todo: str = ""
    # Asked and answered on the line itself.
    question: Question | None = None
    answer_url: str = ""


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
    question_text: str = ""
    retry_url: str = ""
    # One order of it is tried again by itself, last then and next then.
    tries: bool = False
    tried_at: datetime | None = None
    next_try_at: datetime | None = None
    advice: str = ""
    lines: list[OrderLine] = field(default_factory=list)
    more: int = 0
    cure_label: str = ""
    cure_url: str = ""

    @property
    def holds(self) -> bool:
        """False: it stands beside documents that are where they should be."""
        return kind_of(self.code).blocks


def panels_of(integrations: dict[int, Integration], *, slug: str) -> tuple[list[Panel], int]:
    """The panels, and how many more causes are open than are shown."""
    history = reverse("history", args=[slug])
    shared = list(
        Cause.objects.open()
        .with_orders()
        .exclude(code__in=_PER_ORDER)
        .order_by("-pesos", "-open_count", "id")
    )
    groups = _groups(history, slug)
    made = groups + [_shared(each, history) for each in shared]
    made.sort(key=lambda panel: (-panel.pesos, -panel.orders))
    left = [panel for panel in made[MOST_PANELS:] if panel.holds]
    # The few that hold nothing are shown whatever they are worth: what is left does hold.
    shown = [panel for panel in made if panel not in left]
    _add_cures(shown, integrations, slug)
    if len(integrations) > 1:
        for panel in shown:
            if panel.cause is not None:
                panel.integration = integrations[panel.cause.integration_id].name
    return shown, len(left)


def _said(cause: Cause) -> str:
    """The whole sentence of the cause; its `label` may be cut to the length of its column."""
    return sentence(cause.code, cause.params) if cause.params else cause.label


def _shared(cause: Cause, history: str) -> Panel:
    kind = kind_of(cause.code)
    return Panel(
        code=cause.code,
        title=_said(cause),
        icon=kind.icon,
        tone=kind.tone,
        orders=cause.open_count,
        pesos=cause.pesos,
        since=cause.first_at,
        history_url=f"{history}?causa={cause.pk}",
        cause=cause,
    )


def _groups(history: str, slug: str) -> list[Panel]:
    """Causes of one order each, told together: a panel a kind, with its dearest orders."""
    rows = Cause.objects.open().with_orders().filter(code__in=_PER_ORDER).order_by()
    totals = rows.values("code").annotate(
        n=Sum("open_count"), pesos=Sum("pesos"), since=Min("first_at"), causes=Count("id")
    )
    panels = {}
    for total in totals:
        code = total["code"]
        kind = kind_of(code)
        panels[code] = Panel(
            code=code,
            title=str(kind.title),
            icon=kind.icon,
            tone=kind.tone,
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
        asks = kind_of(cause.code).asks
        panel.lines.append(
            OrderLine(
                text=_said(cause),
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
                todo=str(cause.params.get("todo", "")),
                question=QUESTIONS[asks].offered(cause.params) if asks else None,
                answer_url=reverse("attention_answer", args=[slug, cause.pk]) if asks else "",
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
        kind = kind_of(cause.code)
        if found := products.get(cause.pk):
            panel.product = found
        elif kind.asks:
            panel.question = QUESTIONS[kind.asks].offered(cause.params)
            panel.question_text = panel.question.ask(cause.words)
        elif kind.retry is Retry.MANY:
            panel.retry_url = reverse("attention_retry", args=[slug, cause.pk])
            panel.advice = str(kind.advice)
            if kind.screen not in ON_ORDER_PAGE:
                # What is chosen in the portal is repaired there first, and sent again after it.
                panel.cure_label, panel.cure_url = _link(cause, slug)
            if kind.code in trying.TRIED:
                panel.tries, panel.tried_at = True, cause.tried_at
                panel.next_try_at = trying.next_try_at(cause)
        else:
            if cause.code == "account_missing":
                panel.account = _account(cause, integrations[cause.integration_id], lists)
            if panel.account is None:
                panel.cure_label, panel.cure_url = _link(cause, slug)
                # The first sentence of the page says the same.
                if kind.advice != GOES_BY_ITSELF:
                    panel.advice = str(kind.advice)


def _account(cause: Cause, integration: Integration, lists: dict[int, Lists]) -> AccountCure | None:
    """None where a select would not do: too many accounts, or a row that is there already."""
    method = payment_methods.normalise(cause.params.get("method") or cause.subject_key)
    family = payment_methods.family(method)
    rows = BankEquivalence.objects.filter(integration=integration, key=method_key(method))
    if family == payment_methods.UNKNOWN or rows.exists():
        return None
    known = lists.setdefault(integration.company_id, Lists(integration.company))
    options = known.choice("account", Kind.BANK_ACCOUNT, "", empty="").options
    return AccountCure(method, family, options) if options else None


def _link(cause: Cause, slug: str) -> tuple[str, str]:
    url = cure_url(
        cause.code, organization=slug, integration=cause.integration_id, params=cause.params
    )
    return cure_label(cause.code), url
