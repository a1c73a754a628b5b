from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.catalog.models import AlegraItem, Variant
from integrations.connections.models import Integration
from integrations.scoping.chosen import ChosenField
from integrations.scoping.fields import EncryptedTextField
from integrations.scoping.models import Tenant
from integrations.scoping.search_key import SearchKeyField
from integrations.timekeeping.lease import Lease


class Order(Tenant):
    """One order of MasterShop, in its newest truth.

    `snapshot` is the normalised order as JSON (money as text); the other columns repeat
    what is filtered, sorted or shown in lists. Buyer fields are as received: what a person
    corrected is in `OrderCorrection`, and the order as received stays.
    """

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=64)
    # A number can come twice. '' for the sale that was known first; of another sale of that
    # number its date of creation in minutes of UTC, "202611071941" (orders/number_twice.py).
    occurrence = models.CharField(max_length=12, default="", blank=True)
    # The dates of creation that bodies gave it, as ISO texts, the newest last.
    created_as = models.JSONField(default=list, blank=True)
    # The sale that it may be, told anew with another date of creation; and the sale that it
    # turned out to be: what is told of it goes there.
    may_be = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    external_number = models.CharField(max_length=120, default="", blank=True)
    # Codes of MasterShop's status table; rank_max is the highest rank ever seen.
    status = models.CharField(max_length=16, default="unknown")
    status_raw = models.CharField(max_length=60, default="", blank=True)
    substatus = models.CharField(max_length=20, default="", blank=True)
    rank_max = models.SmallIntegerField(default=0)
    # cod · prepaid · unknown: no rule speaks of an unknown one, and no document is made of it.
    family = models.CharField(max_length=8, default="unknown")
    method = models.CharField(max_length=80, default="", blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    total_pesos = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=8, default="COP", blank=True)
    country = models.CharField(max_length=40, default="", blank=True)
    buyer_name = models.CharField(max_length=200, default="", blank=True)
    buyer_doc_type = models.CharField(max_length=60, default="", blank=True)
    buyer_doc_number = models.CharField(max_length=40, default="", blank=True)
    buyer_email = models.CharField(max_length=254, default="", blank=True)
    buyer_phone = models.CharField(max_length=40, default="", blank=True)
    ship_address = models.CharField(max_length=300, default="", blank=True)
    ship_city = models.CharField(max_length=80, default="", blank=True)
    ship_department = models.CharField(max_length=80, default="", blank=True)
    ship_dane_code = models.CharField(max_length=8, default="", blank=True)
    bodega_id = models.CharField(max_length=64, default="", blank=True)
    bodega_name = models.CharField(max_length=120, default="", blank=True)
    carrier = models.CharField(max_length=80, default="", blank=True)
    guide = models.CharField(max_length=80, default="", blank=True)
    source_created_at = models.DateTimeField(null=True, blank=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.JSONField(default=dict, blank=True)
    # Which telling each part of the snapshot comes from (orders/parts_known.py).
    parts = models.JSONField(default=dict, blank=True)
    # What the parser found wrong with the newest truth: code, field, sentence, blocking.
    problems = models.JSONField(default=list, blank=True)
    # When the newest truth arrived; decides between bodies with equal dates and ranks.
    received_at = models.DateTimeField(null=True, blank=True)
    # When MasterShop's API answered it; null where an event told it.
    answered_at = models.DateTimeField(null=True, blank=True)
    # A status that was told later than the newest truth and dated before it
    # (orders/contradiction.py); {} where there is none.
    contradiction = models.JSONField(default=dict, blank=True)
    is_test = models.BooleanField(default=False)
    # Whether the newest truth came signed, and when it was read again at its source.
    is_signed = models.BooleanField(default=False)
    reread_at = models.DateTimeField(null=True, blank=True)
    reread_started_at = models.DateTimeField(null=True, blank=True)
    reread_outcome = models.CharField(max_length=20, default="", blank=True)
    # When to ask its source again; null when nothing is to be asked. While it is set the
    # order's content is not yet believed.
    reread_next_at = models.DateTimeField(null=True, blank=True)
    # Its lines or its total are still unknown, its source denied it, or the list told another
    # total: it is documented only once that is settled.
    needs_detail = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The rule that was asked last and its answer, for the timeline ("why not?").
    reached_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=24, default="", blank=True)
    search_key = SearchKeyField()  # the order number
    external_key = SearchKeyField()
    buyer_key = SearchKeyField()
    # The document of the newest cycle; kept here because the history lists orders, with or
    # without one, a million rows at a time.
    document = models.ForeignKey(
        "integrations.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    rereading = Lease("reread_lease", until="reread_next_at", is_due=True)

    class Meta(Tenant.Meta):
        verbose_name = _("pedido")
        verbose_name_plural = _("pedidos")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "number", "occurrence"], name="order_once"
            ),
            models.CheckConstraint(
                condition=Q(family__in=["cod", "prepaid", "unknown"]), name="order_family"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-first_seen_at", "-id"], name="order_newest"),
            models.Index(
                fields=["organization", "integration", "-first_seen_at", "-id"],
                name="order_newest_integration",
            ),
            models.Index(fields=["organization", "search_key"], name="order_number"),
            models.Index(fields=["organization", "external_key"], name="order_external"),
            models.Index(fields=["organization", "buyer_key"], name="order_buyer"),
            models.Index(fields=["organization", "total_pesos"], name="order_pesos"),
            # Who else gave this address.
            models.Index(
                fields=["organization", "integration", "buyer_email", "buyer_doc_number"],
                condition=~Q(buyer_email=""),
                name="order_email",
            ),
            models.Index(
                fields=["organization", "integration", "reached_at"],
                condition=Q(document=None),
                name="order_undecided",
            ),
            models.Index(
                fields=["reread_next_at"],
                condition=Q(reread_next_at__isnull=False),
                name="order_reread_due",
            ),
        ]

    @property
    def key(self) -> str:
        """Tells the order from all others of its integration, also from one of its number."""
        return f"{self.number}@{self.occurrence}" if self.occurrence else self.number

    @classmethod
    def of_key(cls, integration: Integration, key: str) -> Order | None:
        number, _at, occurrence = key.rpartition("@")
        names = Q(number=key, occurrence="")
        if number and occurrence:
            names |= Q(number=number, occurrence=occurrence)
        return cls.objects.filter(names, integration=integration).first()

    def __str__(self) -> str:
        return self.number


class OrderLine(Tenant):
    """One line of the newest truth. `variant` is null while it cannot be told which one."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(
        Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    source_product = models.CharField(max_length=64, default="", blank=True)
    source_variant = models.CharField(max_length=64, default="", blank=True)
    sku = models.CharField(max_length=120, default="", blank=True)
    name = models.CharField(max_length=300, default="", blank=True)
    variant_name = models.CharField(max_length=200, default="", blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    # The bundle it is part of, as the order names it; '' for none.
    bundle = models.CharField(max_length=64, default="", blank=True)
    # As exact as it was told: a hundred units at a price cut to cents miss their total.
    unit_price = models.DecimalField(max_digits=22, decimal_places=6)

    class Meta(Tenant.Meta):
        verbose_name = _("línea de pedido")
        verbose_name_plural = _("líneas de pedidos")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "variant", "order"], name="order_line_variant")
        ]


class OrderLineChoice(Tenant):
    """What a person chose for one line of one order: its variation, or an Alegra product.

    It counts only while the line says what it said when it was chosen; a line told otherwise
    is asked about anew.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="line_choices")
    position = models.PositiveSmallIntegerField()
    source_product = models.CharField(max_length=64, default="", blank=True)
    source_variant = models.CharField(max_length=64, default="", blank=True)
    sku = models.CharField(max_length=120, default="", blank=True)
    name = models.CharField(max_length=300, default="", blank=True)
    variant = models.ForeignKey(
        Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(
        AlegraItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("producto elegido para un pedido")
        verbose_name_plural = _("productos elegidos para un pedido")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_choice_once"),
            models.CheckConstraint(
                condition=Q(variant__isnull=False, item__isnull=True)
                | Q(variant__isnull=True, item__isnull=False),
                name="order_line_choice_one",
            ),
        ]

    def is_about(self, line: OrderLine) -> bool:
        return all(
            getattr(self, name) == getattr(line, name)
            for name in ("position", "source_product", "source_variant", "sku", "name")
        )


class OrderStatusTime(Tenant):
    """When an order reached a status, and whether MasterShop said so or we saw it then."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="status_times")
    status = models.CharField(max_length=16)
    at = models.DateTimeField()
    from_event = models.BooleanField(default=True)
    seen_at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("estado alcanzado")
        verbose_name_plural = _("estados alcanzados")
        constraints = [
            models.UniqueConstraint(fields=["order", "status"], name="order_status_time_once"),
        ]


class OrderEvent(Tenant):
    """One delivery as received: evidence. The body is encrypted and reduced after 90 days."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", _("Por interpretar")
        APPLIED = "applied", _("Interpretado")
        OUTDATED = "outdated", _("Anterior a lo ya sabido")
        IGNORED = "ignored", _("Ignorado")
        UNREADABLE = "unreadable", _("Ilegible")
        OTHER_BUSINESS = "other_business", _("De otro negocio")
        FAILED = "failed", _("Falló al interpretarse")

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("Evento")
        PULL = "pull", _("Consulta periódica")
        REREAD = "reread", _("Relectura del pedido")
        NUMBER = "number", _("Traído por número")

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="events")
    body_digest = models.CharField(max_length=64)
    body = EncryptedTextField(default="", blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.WEBHOOK)
    is_signed = models.BooleanField(default=False)
    headers = models.JSONField(default=dict, blank=True)
    event_name = models.CharField(max_length=80, default="", blank=True)
    verdict = ChosenField(max_length=16, choices=Verdict, default=Verdict.WAITING)
    problem = models.CharField(max_length=300, default="", blank=True)
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    received_at = models.DateTimeField()
    last_received_at = models.DateTimeField()
    copies = models.PositiveIntegerField(default=1)
    interpreted_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Whoever interprets it holds it until then; after a death the next one takes over.
    lease_until = models.DateTimeField(null=True, blank=True)

    lease = Lease("event_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("evento recibido")
        verbose_name_plural = _("eventos recibidos")
        constraints = [
            models.UniqueConstraint(fields=["integration", "body_digest"], name="order_event_once"),
            models.CheckConstraint(
                condition=Q(
                    verdict__in=[
                        "waiting",
                        "applied",
                        "outdated",
                        "ignored",
                        "unreadable",
                        "other_business",
                        "failed",
                    ]
                ),
                name="order_event_verdict",
            ),
        ]
        indexes = [
            # Finds the next delivery in the turn of an integration.
            models.Index(
                fields=["integration", "received_at", "id"],
                condition=Q(verdict="waiting"),
                name="order_event_turn",
            ),
            models.Index(
                fields=["organization", "integration", "-received_at"], name="order_event_newest"
            ),
            models.Index(fields=["organization", "order", "received_at"], name="order_event_order"),
        ]


class OrderCorrection(Tenant):
    """One field of the buyer as a person corrected it for this order; the latest counts."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=24)
    before = models.CharField(max_length=300, default="", blank=True)
    after = models.CharField(max_length=300, default="", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The question whose answer it is, '' where a person typed it.
    question = models.CharField(max_length=40, default="", blank=True)
    at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("dato corregido")
        verbose_name_plural = _("datos corregidos")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    field__in=[
                        "name",
                        "doc_type",
                        "doc_number",
                        "email",
                        "phone",
                        "address",
                        "city",
                        "department",
                        "unidentified",
                    ]
                ),
                name="order_correction_field",
            ),
        ]
