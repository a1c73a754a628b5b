from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.catalog.models import AlegraItem, Variant
from integrations.connections.copied import Copied
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import Tenant


class Bodega(Copied):
    """A warehouse of MasterShop, known from its API, named in an order, or by a person.

    Neither API nor orders need name one, and the default still has to be something: so a
    person may write its name.
    """

    class Source(models.TextChoices):
        API = "api"
        ORDER = "order"
        PERSON = "person"

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="bodegas")
    source_id = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80, default="", blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.API)
    seen_at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("bodega de MasterShop")
        verbose_name_plural = _("bodegas de MasterShop")
        constraints = [
            models.UniqueConstraint(fields=["integration", "source_id"], name="bodega_once"),
            models.CheckConstraint(
                condition=Q(source__in=["api", "order", "person"]), name="bodega_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WarehouseLink(Tenant):
    """One MasterShop bodega ↔ one Alegra bodega, and who moves the stock between them."""

    class Whose(models.TextChoices):
        MINE = "mine", _("Mía")
        SUPPLIER = "supplier", _("De un proveedor")

    class Moves(models.TextChoices):
        DOCUMENTS = "documents", _("Solo los documentos")
        BOTH = "both", _("En ambos sentidos")
        NOBODY = "nobody", _("Nadie")

    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, related_name="warehouse_links"
    )
    company = models.ForeignKey(AlegraCompany, on_delete=models.PROTECT, related_name="+")
    bodega = models.OneToOneField(Bodega, on_delete=models.PROTECT, related_name="link")
    warehouse = models.CharField(max_length=64)
    is_default = models.BooleanField(default=False)
    whose = models.CharField(max_length=8, choices=Whose, default=Whose.MINE)
    moves = models.CharField(max_length=10, choices=Moves, default=Moves.DOCUMENTS)
    aligned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    # How many works the act of linking made due; of this act only, never stored.
    released = 0

    class Meta(Tenant.Meta):
        verbose_name = _("relación de bodegas")
        verbose_name_plural = _("relaciones de bodegas")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "warehouse"], name="warehouse_link_warehouse_once"
            ),
            models.UniqueConstraint(
                fields=["company", "warehouse"],
                condition=Q(moves="both"),
                name="warehouse_link_moved_once",
            ),
            models.UniqueConstraint(
                fields=["integration"],
                condition=Q(is_default=True),
                name="warehouse_link_one_default",
            ),
            models.CheckConstraint(
                condition=Q(whose__in=["mine", "supplier"]), name="warehouse_link_whose"
            ),
            models.CheckConstraint(
                condition=Q(moves__in=["documents", "both", "nobody"]), name="warehouse_link_moves"
            ),
        ]


class StockMovement(Tenant):
    """One line of the ledger: what moved or is expected to move, and who caused it."""

    class State(models.TextChoices):
        EXPECTED = "expected"
        SETTLED = "settled"
        WITHDRAWN = "withdrawn"

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(
        WarehouseLink, null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    variant = models.ForeignKey(
        Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(
        AlegraItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(max_length=12)  # mastershop · alegra · document · person
    source_id = models.CharField(max_length=80)
    line = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=4)  # in · out
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("movimiento de inventario")
        verbose_name_plural = _("movimientos de inventario")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "origin", "source_id", "line"], name="stock_movement_once"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["mastershop", "alegra", "document", "person"]),
                name="stock_movement_origin",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out"]), name="stock_movement_direction"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["expected", "settled", "withdrawn"]),
                name="stock_movement_state",
            ),
        ]
