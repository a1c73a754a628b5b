"""*Acciones*: for each payment family, the status at which the document is created."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.audit import trail
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.connections.rights import rights
from integrations.mastershop import statuses
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule
from integrations.triggers.rules import RECOMMENDED

NOT_CREATED = "none"
FAMILIES = TriggerRule.Family

# What a choice means for the merchant, by family and status.
CONSEQUENCES = {
    ("cod", "delivered"): gettext_lazy(
        "El documento nace cuando el cliente ya pagó al recibir. Si lo devuelven antes, no hay"
        " nada que anular."
    ),
    ("prepaid", "in_transit"): gettext_lazy(
        "El pago ya está confirmado: el documento se genera apenas el producto sale."
    ),
}
_EARLY = gettext_lazy(
    "El documento nace antes de la entrega. Si el pedido se devuelve, habrá que anularlo o hacer"
    " una nota crédito."
)
_LATE = gettext_lazy("El documento nace cuando el cliente ya recibió el pedido.")
_NEVER = gettext_lazy("Ningún pedido de esta forma de pago tendrá documento: quedan omitidos.")


class RuleForm(forms.Form):
    """The family is not called `status` of the model: *No crear* has a word of its own here."""

    family = forms.ChoiceField(choices=FAMILIES.choices)
    status = forms.ChoiceField(
        choices=[(status.code, status.label) for status in statuses.TRIGGERS]
        + [(NOT_CREATED, gettext_lazy("No crear"))],
        error_messages={"required": gettext_lazy("Elige un estado o «No crear».")},
    )


@dataclass
class Row:
    """One panel. `chosen` is a status code or NOT_CREATED; `consequence` is its sentence."""

    family: str
    title: str
    icon: str
    rule: TriggerRule | None
    chosen: str
    recommended: str
    editing: bool
    consequence: str
    error: str = ""

    @property
    def stops(self) -> tuple[statuses.Status, ...]:
        return statuses.TRIGGERS

    @property
    def label(self) -> str:
        return _("No crear") if self.chosen == NOT_CREATED else statuses.by_code(self.chosen).label


@organization_view(read=Act.READ, write=Act.EDIT)
def actions(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    error, editing = {}, request.GET.get("editar", "")
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            save_rule(row, **form.cleaned_data, request=request)
            messages.success(request, _("Guardado. La acción está activa."))
            return redirect("actions", request.organization.slug, row.pk)
        editing = request.POST.get("family", "")
        error[editing] = _("Elige un estado o «No crear».")
    saved = {rule.family: rule for rule in TriggerRule.objects.filter(integration=row)}
    may_edit = request.may(Act.EDIT)
    rows = [
        _row(family, saved.get(family), editing, may_edit, error.get(family, ""))
        for family in FAMILIES.values
    ]
    context = {"integration": row, "rows": rows, "not_created": NOT_CREATED, **rights(request)}
    return render(request, "triggers/actions.html", context)


def save_rule(integration: Integration, *, family: str, status: str, request=None) -> TriggerRule:
    """Make the family's rule active with this status (or NOT_CREATED).

    `changed_at` moves only when the status does: orders whose last step came before it follow
    the rule only after a person's yes.
    """
    status = "" if status == NOT_CREATED else status
    now = clock.now()
    with transaction.atomic():
        rule = (
            TriggerRule.objects.select_for_update()
            .filter(integration=integration, family=family)
            .first()
        )
        before = None if rule is None else {"status": rule.status, "active": rule.active}
        if rule is None:
            rule = TriggerRule(integration=integration, family=family, status=status)
            rule.changed_at = now
        elif rule.status != status or not rule.active:
            rule.status, rule.changed_at = status, now
        rule.active = True
        rule.save()
        after = {"status": rule.status, "active": True}
        if before != after:
            trail.record(
                action="rule.save",
                target=rule,
                request=request,
                before=before,
                after={"family": family, **after},
            )
    return rule


def _row(family: str, rule: TriggerRule | None, editing: str, may_edit: bool, error: str) -> Row:
    active = rule if rule is not None and rule.active else None
    recommended = RECOMMENDED[FAMILIES(family)]
    chosen = recommended if active is None else (active.status or NOT_CREATED)
    return Row(
        family=family,
        title=FAMILIES(family).label,
        icon="truck" if family == FAMILIES.COD else "card",
        rule=active,
        chosen=chosen,
        recommended=recommended,
        # Until it is saved it is open: that is what is left to do.
        editing=may_edit and (active is None or editing == family),
        consequence=str(_consequence(family, chosen)),
        error=error,
    )


def _consequence(family: str, chosen: str) -> str:
    if chosen == NOT_CREATED:
        return _NEVER
    told = CONSEQUENCES.get((family, chosen))
    return told or (_LATE if chosen == "delivered" else _EARLY)
