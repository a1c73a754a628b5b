"""The five tables of a kind of work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from integrations.orders.models import Order
from integrations.scoping.models import Tenant
from integrations.sending.models import (
    Attempt,
    Problem,
    StateChange,
    Step,
    Work,
    problem_constraints,
    step_constraints,
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
        constraints = step_constraints("toy")


class ToyAttempt(Attempt):
    step = models.ForeignKey(ToyStep, on_delete=models.CASCADE, related_name="attempts")


class ToyProblem(Problem):
    work = models.ForeignKey(Toy, on_delete=models.CASCADE, related_name="problems")

    class Meta(Tenant.Meta):
        constraints = problem_constraints("toy")
