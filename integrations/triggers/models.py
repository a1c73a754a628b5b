from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import Integration
from integrations.scoping.models import Tenant


class TriggerRule(Tenant):
    """*Acción*: which status of a payment family's orders creates the document.

    `status` is a status code of MasterShop's table ('delivered'), '' for *No crear*. Until
    a person saves it the row does not exist, and nothing is created.
    """

    class Family(models.TextChoices):
        COD = "cod", _("Pago contraentrega")
        PREPAID = "prepaid", _("Pago anticipado")

    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, related_name="trigger_rules"
    )
    family = models.CharField(max_length=8, choices=Family)
    status = models.CharField(max_length=16, default="", blank=True)
    active = models.BooleanField(default=True)
    # Orders whose last step came before this moment follow the rule only after a yes.
    changed_at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("acción")
        verbose_name_plural = _("acciones")
        constraints = [
            models.UniqueConstraint(fields=["integration", "family"], name="trigger_rule_once"),
            models.CheckConstraint(
                condition=Q(family__in=["cod", "prepaid"]), name="trigger_rule_family"
            ),
        ]
