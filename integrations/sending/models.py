"""What every kind of work towards Alegra has in common, and the causes that group problems.

`Work`, `StateChange`, `Step`, `Attempt` and `Problem` are abstract: each kind of work has its own
tables. The row is the queue, the history and the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.colombia.peso_text import number, pesos
from integrations.connections.models import AlegraCompany, AlegraUser, Integration
from integrations.scoping.chosen import ChosenField
from integrations.scoping.models import Tenant, TenantManager
from integrations.sending.querysets import CauseQuerySet
from integrations.sending.states import DUE, LIVE, NOT_LIVE, Outcome, State, StepState, Why
from integrations.sending.transition import Moving


class Work(Moving, Tenant):
    """One thing to be written to Alegra exactly once.

    Its tables point at it: changes of state as `changes`, steps as `steps`, problems as
    `problems`, and attempts at a step as `attempts`.
    """

    # The problem that a no of Alegra makes which nothing else explains.
    REFUSED: ClassVar[str] = "rejected"

    class Priority(models.IntegerChoices):
        PERSON = 0
        LOOK_UP = 1
        STAMP = 2
        LIVE = 3
        # After all live documents and before past orders: payments, and drafts that a person emits
        # by the dozen.
        RETRY = 4
        BACKFILL = 5

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(AlegraCompany, on_delete=models.PROTECT, related_name="+")
    alegra_user = models.ForeignKey(AlegraUser, on_delete=models.PROTECT, related_name="+")
    priority = models.SmallIntegerField(choices=Priority, default=Priority.LIVE)
    state = ChosenField(max_length=20, choices=State, default=State.PENDING)
    live = models.BooleanField(default=True)
    # It must ask Alegra for a contact first, of which few are taken a minute: what needs none
    # goes ahead of it.
    needs_contact = models.BooleanField(default=False)
    state_since = models.DateTimeField()
    # A code where the state alone does not say why: skipped and dismissed rows.
    reason = models.CharField(max_length=40, default="", blank=True)
    reason_text = models.CharField(max_length=200, default="", blank=True)
    # Fencing: every write of a worker carries the generation it claimed.
    generation = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    # Frozen from the first send to a definite no; a re-send sends the same bytes.
    payload = models.JSONField(null=True, blank=True)
    payload_digest = models.CharField(max_length=64, default="", blank=True)
    doc_date = models.DateField(null=True, blank=True)
    marker = models.CharField(max_length=24)
    sends = models.PositiveSmallIntegerField(default=0)
    probes = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    # Transient failures in a row, and since when: back-off and its ceiling.
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    # What Alegra answered to the last call that failed, masked; '' where nothing came back.
    last_said = models.CharField(max_length=200, default="", blank=True)
    # The last send was answered with a success that tells an error: the problem that this is
    # once a look has found nothing (code, subject_key, params).
    refusal = models.JSONField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    # When the portal looks whether Alegra has it twice (`look_again`); null for never.
    look_again_at = models.DateTimeField(null=True, blank=True)
    alegra_id = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()

    # The sale that it is about; a kind that has one names its foreign key so.
    order: Any = None
    # Which making of the same thing this is: its steps are told apart by it.
    cycle: int = 0
    # Where a query finds what the work is worth in pesos, for the order of causes: a path from
    # its row to a column, or '' where it is worth nothing of its own.
    WORTH: ClassVar[str] = ""
    # False where none of the kind ever needs a contact: nobody is asked for such works.
    MAY_NEED_CONTACT: ClassVar[bool] = True

    class Meta(Tenant.Meta):
        abstract = True

    @property
    def worth(self) -> int:
        """Pesos: what the column at `WORTH` says."""
        found: Any = self if self.WORTH else None
        for name in self.WORTH.split("__"):
            found = None if found is None else getattr(found, name)
        return found or 0

    @property
    def called(self) -> str:
        """What it is to a merchant, with its article, inside of a sentence."""
        return gettext("lo que se envió")

    @classmethod
    def ids_of(cls, order: Any) -> list[int]:
        """The works of this kind about an order, of a kind that has orders. One query at most."""
        return list(cls.objects.filter(order=order).values_list("pk", flat=True))

    @classmethod
    def may_have_problems(cls, order: Any) -> bool:
        """False where the order itself, as a list has read it, tells that none is open."""
        return True

    @property
    def may_be_there(self) -> bool:
        """Sent, and no definite no came back: what is kept are the bytes that left."""
        return self.sends > 0 and self.payload is not None

    def private_words(self) -> list[str]:
        """Names, addresses and the like that this work is about: an answer of Alegra's that
        repeats them is stored without them."""
        return []


def work_constraints(name: str, *, one_id_per: list[str]) -> list[models.BaseConstraint]:
    """The guarantees of `Work` for one concrete table."""
    return [
        models.UniqueConstraint(fields=["company", "marker"], name=f"{name}_marker_once"),
        models.UniqueConstraint(
            fields=[*one_id_per, "alegra_id"],
            condition=~Q(alegra_id=""),
            name=f"{name}_alegra_id_once",
        ),
        models.CheckConstraint(
            condition=Q(live=True, state__in=sorted(LIVE))
            | Q(live=False, state__in=sorted(NOT_LIVE)),
            name=f"{name}_live_is_true_to_state",
        ),
    ]


def work_indexes(name: str) -> list[models.Index]:
    return [
        # The queue. The sweep and the claim read it across tenants.
        models.Index(
            fields=["alegra_user", "needs_contact", "priority", "next_attempt_at", "id"],
            condition=Q(state__in=sorted(DUE), next_attempt_at__isnull=False),
            name=f"{name}_due",
        ),
        models.Index(
            fields=["lease_until"],
            condition=Q(lease_until__isnull=False),
            name=f"{name}_leased",
        ),
        models.Index(
            fields=["look_again_at"],
            condition=Q(look_again_at__isnull=False),
            name=f"{name}_look_again",
        ),
    ]


def change_indexes(name: str) -> list[models.Index]:
    return [models.Index(fields=["work", "at", "id"], name=f"{name}_changes")]


def step_constraints(name: str) -> list[models.BaseConstraint]:
    return [models.UniqueConstraint(fields=["work", "name", "cycle"], name=f"{name}_step_once")]


def attempt_indexes(name: str) -> list[models.Index]:
    return [models.Index(fields=["organization", "-started_at"], name=f"{name}_attempt_newest")]


def problem_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["work", "code", "subject_key"],
            condition=Q(closed_at=None),
            name=f"{name}_problem_open_once",
        )
    ]


def problem_indexes(name: str) -> list[models.Index]:
    """Indexes of the open problems by cause, and by code with their orders."""
    return [
        models.Index(
            fields=["organization", "cause"],
            condition=Q(closed_at=None),
            name=f"{name}_problem_by_cause",
        ),
        models.Index(
            fields=["organization", "code", "order"],
            condition=Q(closed_at=None),
            name=f"{name}_problem_by_code",
        ),
    ]


class StateChange(Tenant):
    """One change of a work's state: appended with it, never changed.

    `by` is the name of the person who acted, '' for the portal.
    """

    from_state = models.CharField(max_length=20, choices=State, default="", blank=True)
    to_state = models.CharField(max_length=20, choices=State)
    at = models.DateTimeField()
    why = models.CharField(max_length=12, choices=Why)
    by = models.CharField(max_length=120, default="", blank=True)

    class Meta(Tenant.Meta):
        abstract = True


class Step(Tenant):
    """One thing done towards a work; `input` and `output` are masked text for people."""

    # What a merchant reads for each `name`.
    TITLES: ClassVar[Mapping[str, Promise]] = {}

    name = models.CharField(max_length=20)
    cycle = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.WAITING)
    intent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    input = models.TextField(default="", blank=True)
    output = models.TextField(default="", blank=True)

    class Meta(Tenant.Meta):
        abstract = True

    @property
    def title(self) -> str:
        return f"{self.position}. {self.TITLES.get(self.name, self.name)}"


class Attempt(Tenant):
    """One call: inserted before it without an outcome, completed exactly once after it."""

    call_id = models.CharField(max_length=32)
    generation = models.BigIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, null=True, blank=True)  # noqa: DJ001
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, default="", blank=True)
    request_excerpt = models.TextField(default="", blank=True)
    response_excerpt = models.TextField(default="", blank=True)

    class Meta(Tenant.Meta):
        abstract = True


class Problem(Tenant):
    """Why a person is needed: a code, the culprit, and the words to say it with.

    `order` is that of its work.
    """

    order = models.ForeignKey(
        "integrations.Order", null=True, on_delete=models.CASCADE, related_name="+"
    )
    cause = models.ForeignKey("integrations.Cause", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=160, default="", blank=True)
    params = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        abstract = True


class Cause(Tenant):
    """Open problems of one integration that the same act repairs."""

    class State(models.TextChoices):
        OPEN = "open", _("Abierta")
        SOLVED = "solved", _("Resuelta")

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="causes")
    code = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=160, default="", blank=True)
    # The sentence as it was when the cause opened; rendered anew where params allow.
    label = models.CharField(max_length=300)
    params = models.JSONField(default=dict, blank=True)
    state = ChosenField(max_length=8, choices=State, default=State.OPEN)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # When one order of it was last tried again, where that is its cure.
    tried_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_count = models.IntegerField(default=0)
    solved_pesos = models.BigIntegerField(default=0)
    solved_by = models.CharField(max_length=120, default="", blank=True)
    open_count = models.IntegerField(default=0)
    pesos = models.BigIntegerField(default=0)
    ignored_reason = models.CharField(max_length=200, default="", blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True)
    solved_mailed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(CauseQuerySet)()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def words(self) -> dict[str, Any]:
        """The params of its sentence and question, with how many orders it holds and for how
        much, so that a question about all of them is a plan."""
        return {**self.params, "count": number(self.open_count), "pesos": pesos(self.pesos)}

    class Meta(Tenant.Meta):
        verbose_name = _("causa")
        verbose_name_plural = _("causas")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "code", "subject_key"],
                condition=Q(state="open"),
                name="cause_open_once",
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "solved"]), name="cause_state"),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-pesos"], name="cause_by_pesos"),
            models.Index(fields=["organization", "-solved_at"], name="cause_solved_at"),
        ]
