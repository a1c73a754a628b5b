"""*Pedidos anteriores*: orders past their trigger that no pull documents by itself.

Whatever makes past orders due (switching on, an earlier *Procesar pedidos desde*, another
trigger, a key added late) shows this plan and waits for a yes (product: *Acciones*, *On*). The
plan only counts; whether an order is documented decides `issue_document`, asked one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.configuration import saving
from integrations.configuration.questions import OLD_SALES
from integrations.connections.models import Integration
from integrations.documents.decide import reason_text
from integrations.documents.issue import issue_document
from integrations.mastershop import statuses
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders import reread
from integrations.orders.models import Order, OrderStatusTime
from integrations.orders.newest import rank
from integrations.orders.reached import statuses_from
from integrations.scoping.context import scope, unscoped
from integrations.sending.states import State
from integrations.timekeeping import clock, waking
from integrations.triggers.models import TriggerRule
from integrations.triggers.rules import rules_of

BATCH = 50
_MOST_BATCHES = 20
_SILENT_AFTER = 3
NEW, DONE, ON_THEIR_WAY, ASKED = "new", "done", "due", "asked"
_COLOMBIA = ["", "co", "CO", "Co", "col", "COL", "colombia", "COLOMBIA", "Colombia"]


@dataclass(frozen=True)
class Group:
    """So many orders for so many pesos; `label` says which."""

    code: str
    label: str
    count: int
    pesos: int


@dataclass(frozen=True)
class Plan:
    """`new` wait for a yes; `done` have their document; `asked` wait for a yes and then for the
    answer how they are paid; `excluded` never get one, and why."""

    new: Group
    done: Group
    on_their_way: Group
    asked: Group
    excluded: list[Group] = field(default_factory=list)
    without_rule: list[str] = field(default_factory=list)

    @property
    def to_confirm(self) -> int:
        return self.new.count + self.asked.count


def waiting_in(integration: Integration) -> int:
    """How many orders were decided to be past ones and wait for a yes."""
    return Order.objects.filter(integration=integration, decision="backlog").count()


def connect() -> None:
    if waiting_in not in saving.past_orders:
        saving.past_orders.append(waiting_in)


def plan(integration: Integration, *, now: datetime) -> Plan:
    """Every order past its trigger, counted. One query per payment family, known or not."""
    counted: dict[str, tuple[int, int]] = {}
    rules = _working_rules(integration)
    for past in _all_past(integration, rules, now=now):
        rows = (
            past.values("place").annotate(orders=Count("pk"), pesos=Sum("total_pesos")).order_by()
        )
        for row in rows:
            count, pesos = counted.get(row["place"], (0, 0))
            counted[row["place"]] = (count + row["orders"], pesos + (row["pesos"] or 0))
    own = {NEW, DONE, ON_THEIR_WAY, ASKED}
    excluded = [_group(code, counted) for code in counted if code not in own]
    families = {rule.family for rule in rules}
    return Plan(
        new=_group(NEW, counted),
        done=_group(DONE, counted),
        on_their_way=_group(ON_THEIR_WAY, counted),
        asked=_group(ASKED, counted),
        excluded=sorted(excluded, key=lambda group: -group.pesos),
        without_rule=[
            str(TriggerRule.Family(family).label)
            for family in TriggerRule.Family.values
            if family not in families
        ],
    )


def confirm(integration: Integration, counted: Plan, *, now: datetime, request=None) -> None:
    """A person's yes: the orders that are new by now are documented in batches."""
    with transaction.atomic():
        by = request.user.email if request is not None else ""
        Integration.objects.filter(pk=integration.pk).update(
            backlog={"since": now.isoformat(), "after": 0, "by": by}
        )
        trail.record(
            action="backlog.confirm",
            target=integration,
            request=request,
            after={
                "orders": counted.new.count + counted.asked.count,
                "pesos": counted.new.pesos + counted.asked.pesos,
            },
        )
    waking.wake("intake.issue_backlog", integration_id=integration.pk)


def waiting_backlogs() -> list[int]:
    """The integrations whose confirmed orders are not all worked off."""
    with unscoped("whose past orders are being documented"):
        return list(Integration.objects.filter(backlog__isnull=False).values_list("pk", flat=True))


def work_off(integration_id: int) -> int:
    """Document confirmed orders, some batches of them; how many were asked about.

    Runs again until none is left; what one run leaves the sweep takes up. Each order stands
    alone, so that a run may die anywhere.
    """
    with unscoped("whose past orders are these"):
        integration = Integration.objects.filter(pk=integration_id).first()
    if integration is None:
        return 0
    asked = 0
    silent: list[Order] = []
    with scope(integration.organization_id):
        if not integration.working_off.acquire(integration, now=clock.now()):
            return 0
        _go_back(integration)
        for _turn in range(_MOST_BATCHES):
            orders = _next_batch(integration, now=clock.now())
            if not orders:
                return asked
            for order in orders:
                asked += 1
                silent = [] if _issue(order) else [*silent, order]
                if len(silent) >= _SILENT_AFTER:
                    # MasterShop does not answer: what is left waits for the lease to end.
                    return asked
        _give_back(integration)
    return asked


def _issue(order: Order) -> bool:
    """False when its source would have to be read first and does not answer."""
    now = clock.now()

    def issue(known: Order) -> None:
        issue_document(known, now=clock.now(), confirmed=True, backfill=True)

    if reread.is_needed(order) and reread.ask_for(order, now=now):
        return reread.reread(order, now=now, then=issue) is not reread.Outcome.AGAIN
    issue(order)
    return True


def _go_back(integration: Integration) -> None:
    """The run before died, or met a MasterShop that does not answer, in the middle of a batch."""
    with transaction.atomic():
        state = _locked(integration).backlog
        if state is not None and "batch_after" in state:
            state["after"] = min(state["after"], state.pop("batch_after"))
            Integration.objects.filter(pk=integration.pk).update(backlog=state)


def _next_batch(integration: Integration, *, now: datetime) -> list[Order]:
    """The next confirmed orders, and the place kept; [] when there are none or the lease is
    lost."""
    with transaction.atomic():
        locked = _locked(integration)
        state = locked.backlog
        if state is None:
            integration.working_off.release(integration)
            return []
        since = datetime.fromisoformat(state["since"])
        orders = sorted(
            (
                order
                for past in _all_past(locked, _working_rules(locked), now=since)
                if locked.is_on
                for order in past.filter(
                    place__in=[NEW, ASKED], pk__gt=state["after"], first_seen_at__lte=since
                )
                .select_related("integration__source")
                .order_by("pk")[:BATCH]
            ),
            key=lambda order: order.pk,
        )[:BATCH]
        if not orders:
            integration.working_off.release(integration, backlog=None)
            return []
        state |= {"batch_after": state["after"], "after": orders[-1].pk}
        kept = integration.working_off.renew(integration, now=now, backlog=state)
    return orders if kept else []


def _give_back(integration: Integration) -> None:
    """After whole batches: the next run goes on behind them."""
    with transaction.atomic():
        state = _locked(integration).backlog
        if state is not None:
            state.pop("batch_after", None)
        integration.working_off.release(integration, backlog=state)


def _locked(integration: Integration) -> Integration:
    """As it is now; a person may say yes again meanwhile."""
    return Integration.objects.select_for_update().get(pk=integration.pk)


def _working_rules(integration: Integration) -> list[TriggerRule]:
    return [rule for rule in rules_of(integration) if rule.active and rule.status]


def _all_past(
    integration: Integration, rules: list[TriggerRule], *, now: datetime
) -> list[QuerySet[Order]]:
    """The orders past their trigger, those of unknown payment past the first of any."""
    found = [_past_trigger(integration, rule, rule.family, now=now) for rule in rules]
    if rules:
        first = min(rules, key=lambda rule: rank(rule.status))
        found.append(_past_trigger(integration, first, UNKNOWN, now=now))
    return found


def _past_trigger(
    integration: Integration, rule: TriggerRule, family: str, *, now: datetime
) -> QuerySet[Order]:
    """The family's orders that ever reached the rule's status, each with its `place` in the
    plan. The first condition that holds names it, in the order in which a document is decided.
    """
    passed = statuses_from(rule.status)
    times = OrderStatusTime.objects.filter(order=OuterRef("pk"), status__in=passed).values("order")
    # Orders of an integration that is not on follow their rule only from the day it is.
    cut = max(filter(None, [integration.automatic_from, rule.changed_at]))
    cut = cut if integration.is_on else max(cut, now)
    behind = [
        status.code
        for status in statuses.STATUSES
        if status.rank is not None and status.rank < rank(rule.status)
    ]
    places = [
        When(
            Q(document__state=State.BLOCKED, decision=OLD_SALES)
            | Q(document__state=State.SKIPPED, document__reason=OLD_SALES),
            then=Value(OLD_SALES),
        ),
        When(document__live=True, then=Value(DONE)),
        When(document__state__in=[State.WITHDRAWN, State.CONVERTED], then=Value(DONE)),
        When(document__state=State.DISMISSED, then=Value("dismissed")),
        When(is_test=True, then=Value("test")),
        When(~Q(country__in=_COLOMBIA), then=Value("country")),
        When(~Q(currency__in=["", "COP"]), then=Value("currency")),
        *(When(status=code, then=Value(code)) for code in ("cancelled", "returned", "claim")),
        When(status__in=behind, then=Value("back_to_waiting")),
    ]
    if integration.who_sells == Integration.Seller.OTHER:
        places.insert(4, When(pk__gt=0, then=Value("other_seller")))
    if integration.process_from is not None:
        # Of an unknown family the later trigger may be the one that counts.
        since = "last_step" if family == UNKNOWN else "reached"
        early = Q((f"{since}__lt", integration.process_from))
        places.append(When(early, then=Value("before_start")))
    rest = ASKED if family == UNKNOWN else NEW
    if rest == NEW:
        places.append(When(last_step__gte=cut, then=Value(ON_THEIR_WAY)))
    return (
        Order.objects.filter(
            integration=integration, family=family, rank_max__gte=rank(rule.status)
        )
        .annotate(
            reached=Subquery(times.annotate(first=Min("at")).values("first")),
            last_step=Subquery(times.annotate(latest=Max("at")).values("latest")),
        )
        .annotate(place=Case(*places, default=Value(rest), output_field=CharField()))
    )


def _group(code: str, counted: dict[str, tuple[int, int]]) -> Group:
    labels = {
        NEW: _("Esperan tu confirmación"),
        DONE: _("Ya tienen documento"),
        ON_THEIR_WAY: _("Salen por sí solos"),
        ASKED: _("Esperan tu confirmación y que digas cómo se pagan"),
        "dismissed": _("Marcados «No facturar»"),
    }
    count, pesos = counted.get(code, (0, 0))
    return Group(code, str(labels.get(code) or reason_text(code) or code), count, pesos)
