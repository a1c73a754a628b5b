from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.alegra.company import NOT_RESPONSIBLE, RESPONSIBLE, vat_standing
from integrations.connections.copied import Copied
from integrations.connections.hold import Hold, hold_of
from integrations.connections.querysets import IntegrationQuerySet, ReferenceEntryQuerySet
from integrations.connections.source_account import SourceAccount
from integrations.scoping.fields import EncryptedTextField
from integrations.scoping.models import Tenant, TenantManager
from integrations.scoping.prepared import Prepared
from integrations.timekeeping.lease import Lease

# --- Shared by all tenants ---------------------------------------------------------------


class AlegraUser(models.Model):
    """One login of Alegra, whoever typed it: its call budget and its breaker.

    Keyed by an HMAC of the e-mail, so that two organizations which share a login share the
    budget and nothing else, and no fact of one is told to the other.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    # The window as the headers told it last; null until a header was seen.
    limit = models.IntegerField(null=True, blank=True)
    left = models.IntegerField(null=True, blank=True)
    resets_at = models.DateTimeField(null=True, blank=True)
    # Calls and unknown outcomes of the breaker's current minute.
    breaker_since = models.DateTimeField(null=True, blank=True)
    breaker_calls = models.IntegerField(default=0)
    breaker_failures = models.IntegerField(default=0)
    breaker_open_until = models.DateTimeField(null=True, blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)
    last_served_at = models.DateTimeField(null=True, blank=True)
    # The limit of contacts, learned from refusals: when each call of the last minute left
    # (ISO), and a number that grows with every change.
    contacts_sent = models.JSONField(default=list, blank=True)
    contacts_limit = models.PositiveIntegerField(null=True, blank=True)
    contacts_learned_at = models.DateTimeField(null=True, blank=True)
    contacts_closed_until = models.DateTimeField(null=True, blank=True)
    contacts_version = models.BigIntegerField(default=0)
    # From when on the drafts of its companies may be read again (`background`).
    background_at = models.DateTimeField(null=True, blank=True)

    # While the breaker is open: the right to the one call that may try.
    probing = Lease("breaker_probe", until="breaker_open_until", is_due=True)

    class Meta:
        verbose_name = _("usuario de Alegra")
        verbose_name_plural = _("usuarios de Alegra")


class AlegraSlot(models.Model):
    """The right to call as one Alegra user; two of them, taken by conditional UPDATE."""

    alegra_user = models.ForeignKey(AlegraUser, on_delete=models.CASCADE, related_name="slots")
    number = models.SmallIntegerField()
    generation = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)

    lease = Lease("slot_lease", counted=True)

    class Meta:
        verbose_name = _("turno de llamadas")
        verbose_name_plural = _("turnos de llamadas")
        constraints = [
            models.UniqueConstraint(fields=["alegra_user", "number"], name="alegra_slot_once"),
            models.CheckConstraint(condition=Q(number__in=[0, 1]), name="alegra_slot_number"),
        ]


class PlatformState(models.Model):
    """One row: the staff's kill switch, the global breaker, when the sweep last ran."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sending_stopped = models.BooleanField(_("envíos detenidos"), default=False)
    stopped_reason = models.CharField(max_length=200, default="", blank=True)
    breaker_since = models.DateTimeField(null=True, blank=True)
    breaker_calls = models.IntegerField(default=0)
    breaker_failures = models.IntegerField(default=0)
    breaker_open_until = models.DateTimeField(null=True, blank=True)
    last_sweep_at = models.DateTimeField(null=True, blank=True)
    # When a worker last noticed that this database had gone back to an older state.
    went_back_at = models.DateTimeField(null=True, blank=True)
    # Deliveries to unknown tokens, for staff: kept as numbers only.
    unknown_tokens = models.BigIntegerField(default=0)
    unknown_token_at = models.DateTimeField(null=True, blank=True)

    probing = Lease("breaker_probe", until="breaker_open_until", is_due=True)

    class Meta:
        verbose_name = _("estado de la plataforma")
        verbose_name_plural = _("estado de la plataforma")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="platform_state_one_row")]


_platform = Prepared(lambda: PlatformState.objects.filter(pk=1))


class BusinessDigest(models.Model):
    """Which integration a MasterShop business is active in, across tenants.

    Two comercios with the same business are a collision for staff to settle; a digest is
    enough to see it. Neither side is told, because a forged event must not lock out an owner.
    """

    digest = models.CharField(max_length=64, db_index=True)
    integration = models.OneToOneField("Integration", on_delete=models.CASCADE, related_name="+")

    # --- Of one organization -----------------------------------------------------------------

    class Meta:
        verbose_name = _("negocio en uso")
        verbose_name_plural = _("negocios en uso")


class AlegraCompany(Tenant):
    """The company whose books we write, known by its NIT."""

    nit = models.CharField(max_length=20)
    dv = models.CharField(max_length=1, default="", blank=True)
    name = models.CharField(max_length=200)
    precision = models.SmallIntegerField(default=2)
    regime = models.CharField(max_length=40, default="", blank=True)
    city = models.CharField(max_length=80, default="", blank=True)
    has_warehouses = models.BooleanField(default=True)
    has_banks = models.BooleanField(default=True)
    books_closed_until = models.DateField(null=True, blank=True)
    # A total came back wrong then: nothing is sent before the company has been read again.
    total_doubted_at = models.DateTimeField(null=True, blank=True)
    # Until then one worker is reading it, or it could not be read: nobody asks.
    asking_until = models.DateTimeField(null=True, blank=True)
    # How often in a row it could not be read.
    asking_failures = models.PositiveSmallIntegerField(default=0)
    # When a total last came back right, and until when the first document after that is alone.
    total_right_at = models.DateTimeField(null=True, blank=True)
    trying_until = models.DateTimeField(null=True, blank=True)

    # Since when it is checked in Alegra what a restored database has forgotten, and how much of
    # that was found so far: nothing is written meanwhile.
    checking_since = models.DateTimeField(null=True, blank=True)
    checking_found = models.PositiveIntegerField(default=0, db_default=0)
    # Some of what was found still waits for the work that it is.
    has_forgotten = models.BooleanField(default=False, db_default=False)

    asking = Lease("lease", until="asking_until")
    trying = Lease("lease", until="trying_until")

    class Meta(Tenant.Meta):
        verbose_name = _("empresa de Alegra")
        verbose_name_plural = _("empresas de Alegra")
        constraints = [
            models.UniqueConstraint(fields=["organization", "nit"], name="alegra_company_nit"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def told_standing(self) -> str:
        """What Alegra says of its IVA: responsible, not_responsible, '' where it does not say."""
        return vat_standing(self.regime)

    @property
    def nit_text(self) -> str:
        return f"{self.nit}-{self.dv}" if self.dv else self.nit


class Credential(Tenant):
    """An Alegra user and its token. The token is never shown again, not even to staff."""

    class State(models.TextChoices):
        VALID = "valid", _("Conectada")
        PAUSED = "paused", _("Credenciales rechazadas")

    alegra_user = models.ForeignKey(AlegraUser, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(AlegraCompany, on_delete=models.PROTECT, related_name="+")
    # Which Alegra the token belongs to: the real one or the built-in stand-in.
    mode = models.CharField(max_length=8, default="real")
    email = models.EmailField(max_length=254)
    token = EncryptedTextField(default="", blank=True)
    token_last4 = models.CharField(max_length=4, default="", blank=True)
    user_name = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.VALID)
    # What Alegra said when it stopped accepting us: unauthorized · plan · forbidden.
    paused_code = models.CharField(max_length=16, default="", blank=True)
    # … its own words, masked, and when we last asked whether it still says so.
    paused_said = models.CharField(max_length=200, default="", blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    validated_at = models.DateTimeField(null=True, blank=True)
    # Until then one worker is asking Alegra whether a refusal is the login's: no other does.
    asking_until = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    asking = Lease("lease", until="asking_until")

    class Meta(Tenant.Meta):
        verbose_name = _("credencial")
        verbose_name_plural = _("credenciales")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "alegra_user", "company"], name="credential_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["valid", "paused"]), name="credential_state"
            ),
            models.CheckConstraint(condition=Q(mode__in=["real", "trial"]), name="credential_mode"),
        ]

    @property
    def is_paused(self) -> bool:
        """Alegra stopped accepting it: nothing is sent with it."""
        return self.state == self.State.PAUSED


class Integration(Tenant):
    """One MasterShop business joined to one Alegra company."""

    class Mode(models.TextChoices):
        REAL = "real", _("Cuentas reales")
        TRIAL = "trial", _("Modo de prueba")

    class State(models.TextChoices):
        SETUP = "setup", _("Falta configurar")
        ON = "on", _("Encendida")
        OFF = "off", _("Apagada")
        ARCHIVED = "archived", _("Archivada")

    class Pause(models.TextChoices):
        NONE = "", "—"
        PRECISION = "precision", _("La precisión decimal de Alegra es menor que 2")
        STAFF = "staff", _("En pausa por el equipo de soporte")

    class Seller(models.TextChoices):
        UNKNOWN = "", "—"
        ME = "me", _("Yo le vendo al consumidor final")
        OTHER = "other", _("Otro vende mi mercancía")

    class VatStanding(models.TextChoices):
        UNKNOWN = "", "—"
        RESPONSIBLE = RESPONSIBLE, _("Responsable de IVA")
        NOT_RESPONSIBLE = NOT_RESPONSIBLE, _("No responsable de IVA")

    name = models.CharField(_("nombre de la cuenta"), max_length=80)
    company = models.ForeignKey(AlegraCompany, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, related_name="integrations"
    )
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.REAL)
    state = models.CharField(max_length=10, choices=State, default=State.SETUP)
    paused_reason = models.CharField(max_length=16, choices=Pause, default=Pause.NONE, blank=True)
    # When the pause in force was mailed; null again once it is over.
    pause_mailed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    prudent_until = models.DateTimeField(null=True, blank=True)
    # Both are asked before it is switched on (`configuration.set_up`).
    who_sells = models.CharField(max_length=8, choices=Seller, default=Seller.UNKNOWN, blank=True)
    vat_standing = models.CharField(
        max_length=16, choices=VatStanding, default=VatStanding.UNKNOWN, blank=True
    )
    # What Alegra said of it when a person answered: only something else is asked about again.
    vat_told = models.CharField(max_length=16, default="", blank=True)
    # Orders that reached their trigger before this moment are never documented.
    process_from = models.DateTimeField(null=True, blank=True)
    # … and those whose last step towards it came before this one only after a person's yes.
    automatic_from = models.DateTimeField(null=True, blank=True)

    # MasterShop's side.
    source = models.OneToOneField(
        SourceAccount, on_delete=models.PROTECT, related_name="integration"
    )
    # What our markers are made from; survives archiving and reopening.
    source_key = models.CharField(max_length=64)
    # Past orders a person let go, while they are being worked off: since, after, by.
    backlog = models.JSONField(null=True, blank=True)
    backlog_lease_until = models.DateTimeField(null=True, blank=True)
    last_document_at = models.DateTimeField(null=True, blank=True)

    working_off = Lease("backlog_lease", until="backlog_lease_until")

    objects = TenantManager.from_queryset(IntegrationQuerySet)()

    class Meta(Tenant.Meta):
        verbose_name = _("integración")
        verbose_name_plural = _("integraciones")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["setup", "on", "off", "archived"]), name="integration_state"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["real", "trial"]), name="integration_mode"
            ),
            models.CheckConstraint(
                condition=Q(who_sells__in=["", "me", "other"]), name="integration_who_sells"
            ),
            models.CheckConstraint(
                condition=Q(vat_standing__in=["", "responsible", "not_responsible"]),
                name="integration_vat_standing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.state == self.State.ON

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def is_trial(self) -> bool:
        return self.mode == self.Mode.TRIAL

    def hold(self, now: datetime, *, doc_date: date | None = None) -> Hold | None:
        """What holds its documents at this moment, those of today or of `doc_date`, or None.

        Reads the platform's row each time, and company and credential where not loaded.
        """
        platform = _platform.first()
        return hold_of(self, platform, now, doc_date=doc_date)


class ReferenceEntry(Copied):
    """A copy of one choice that Alegra offers: a seller, a bank account, a numbering …"""

    class Kind(models.TextChoices):
        SELLER = "seller"
        COST_CENTER = "cost_center"
        BANK_ACCOUNT = "bank_account"
        WAREHOUSE = "warehouse"
        NUMBER_TEMPLATE = "number_template"
        TAX = "tax"

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    alegra_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    data = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    fetched_at = models.DateTimeField()

    objects = TenantManager.from_queryset(ReferenceEntryQuerySet)()

    class Meta(Tenant.Meta):
        verbose_name = _("opción copiada de Alegra")
        verbose_name_plural = _("opciones copiadas de Alegra")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "alegra_id"], name="reference_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "seller",
                        "cost_center",
                        "bank_account",
                        "warehouse",
                        "number_template",
                        "tax",
                    ]
                ),
                name="reference_entry_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "company", "kind", "name"], name="reference_entry_list"
            )
        ]

    @property
    def is_usable(self) -> bool:
        """It may be chosen: present in Alegra, and active there."""
        return self.is_present and self.is_active
