"""The five tables of a kind of work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from integrations.orders.models import Order
from integrations.scoping.models import Tenant
from integrations.sending.models import (
    Attempt,
    Problem,
    StateChange,
    Step,
    Work,
    work_constraints,
    work_indexes,
)


class Toy(Work):
    """A note to be written to Alegra once; it may be about an order and is worth that one's
    pesos."""

    WORTH = "order__total_pesos"

    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=80)

    class Meta(Tenant.Meta):
        constraints = work_constraints("toy", one_id_per=["company"])
        indexes = work_indexes("toy")


class ToyStateChange(StateChange):
    work = models.ForeignKey(Toy, on_delete=models.CASCADE, related_name="changes")


class ToyStep(Step):
    TITLES: ClassVar = {"write": "Escribir la nota"}

    work = models.ForeignKey(Toy, on_delete=models.CASCADE, related_name="steps")

    class Meta(Tenant.Meta):
        constraints = [
            models.UniqueConstraint(fields=["work", "name", "cycle"], name="toy_step_once")
        ]


class ToyAttempt(Attempt):
    step = models.ForeignKey(ToyStep, on_delete=models.CASCADE, related_name="attempts")


class ToyProblem(Problem):
    work = models.ForeignKey(Toy, on_delete=models.CASCADE, related_name="problems")

    class Meta(Tenant.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["work", "code", "subject_key"],
                condition=Q(closed_at=None),
                name="toy_problem_open_once",
            )
        ]
