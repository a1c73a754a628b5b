from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.configuration.models import DocumentSettings
from integrations.connections.models import AlegraCompany
from integrations.orders.buyer import effective_buyer, received_buyer
from integrations.orders.models import Order
from integrations.scoping.chosen import ChosenField
from integrations.scoping.models import Tenant
from integrations.scoping.search_key import SearchKeyField
from integrations.sending.models import (
    Attempt,
    Problem,
    StateChange,
    Step,
    Work,
    attempt_indexes,
    change_indexes,
    problem_constraints,
    problem_indexes,
    step_constraints,
    work_constraints,
    work_indexes,
)
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping.lease import Lease


class BuyerContact(Tenant):
    """A buyer of one company, known by identification: the lock for "ten orders, one contact"."""

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    doc_type = models.CharField(max_length=12)
    number = models.CharField(max_length=40)
    alegra_id = models.CharField(max_length=64, default="", blank=True)
    # The unidentified buyer's contact is only ever read.
    is_generic = models.BooleanField(default=False)
    # A creation left whose answer was lost: it is searched for before another one leaves.
    creation_sent_at = models.DateTimeField(null=True, blank=True)
    # When Alegra last told who it is: by its creation, a search or a reading.
    seen_at = models.DateTimeField(null=True, blank=True)
    # Searched for and not there: who had to wait then need not search again.
    absent_at = models.DateTimeField(null=True, blank=True)
    # A digest of the e-mail, telephone and address that it has from an order, and when those of
    # a newer one are to be written.
    details = models.CharField(max_length=64, default="", blank=True)
    details_due_at = models.DateTimeField(null=True, blank=True)
    # How often in a row Alegra did not answer when they were to be written.
    details_failures = models.PositiveSmallIntegerField(default=0)
    # Digests of what a person said is the same buyer under another name or number
    # (`same_person`), the newest last.
    same_as = models.JSONField(default=list, blank=True)
    generation = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)

    lease = Lease("contact_lease", counted=True)
    following = Lease("follow_lease", until="details_due_at", is_due=True)

    class Meta(Tenant.Meta):
        verbose_name = _("contacto en Alegra")
        verbose_name_plural = _("contactos en Alegra")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "doc_type", "number"], name="buyer_contact_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["details_due_at"],
                condition=Q(details_due_at__isnull=False),
                name="buyer_contact_due",
            )
        ]


class ContactIndex(Tenant):
    """How far one company's contacts are known: read once, newest first, a page at a time.

    `position` is where the next page begins. `spellings` remembers, by DANE code, how Alegra
    takes a city: {"11001": ["Bogotá D.C.", "Bogotá D.C."]}, or [] where it took none.
    """

    company = models.OneToOneField(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    next_page_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    spellings = models.JSONField(default=dict, blank=True)

    lease = Lease("lease")

    class Meta(Tenant.Meta):
        verbose_name = _("índice de contactos")
        verbose_name_plural = _("índices de contactos")


class IndexedContact(Tenant):
    """One contact of Alegra, known by a keyed digest of its number and by nothing personal."""

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    alegra_id = models.CharField(max_length=64)
    number_type = models.CharField(max_length=12, default="", blank=True)
    is_company = models.BooleanField(default=False)
    # Keyed digests of the words of its name, with blanks between them.
    names = models.CharField(max_length=160, default="", blank=True)
    is_active = models.BooleanField(default=True)

    class Meta(Tenant.Meta):
        verbose_name = _("contacto conocido")
        verbose_name_plural = _("contactos conocidos")
        constraints = [
            models.UniqueConstraint(fields=["company", "alegra_id"], name="indexed_contact_once"),
        ]
        indexes = [
            models.Index(fields=["company", "digest"], name="indexed_contact_digest"),
        ]


class Document(Work):
    """One invoice or remission to be made for one order."""

    WORTH = "order__total_pesos"

    class LegalState(models.TextChoices):
        NONE = "", "—"
        WAITING = "waiting", _("En validación")
        ACCEPTED = "accepted", _("Aceptada")
        ACCEPTED_WITH_OBSERVATIONS = "accepted_obs", _("Aceptada con observaciones")
        REJECTED = "rejected", _("Rechazada")
        # Open in Alegra and never sent to the DIAN, with an electronic numbering.
        UNSTAMPED = "unstamped", _("Abierta sin emitir")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = ChosenField(max_length=10, choices=DocumentSettings.Kind)
    mode = models.CharField(max_length=10, choices=DocumentSettings.Mode)
    cycle = models.PositiveSmallIntegerField(default=0)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settings_version = models.PositiveIntegerField(default=0)
    settings_snapshot = models.JSONField(default=dict, blank=True)
    # What the builder found (amounts, reading, notes), for the page; no buyer data.
    built = models.JSONField(default=dict, blank=True)
    # What of the order it was made of, to say later what changed. The buyer is a keyed digest
    # and masked text.
    made_of = models.JSONField(default=dict, blank=True)
    # Differences of which a person said *Está bien así*: digest, reason, who, when.
    said_fine = models.JSONField(default=list, blank=True)
    number = models.CharField(max_length=40, default="", blank=True)
    number_key = SearchKeyField()  # the number, ours or the one somebody else's document has
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    total_pesos = models.BigIntegerField(null=True, blank=True)
    tax = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    returned_total = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    returned_pesos = models.BigIntegerField(null=True, blank=True)
    legal_state = models.CharField(
        max_length=12, choices=LegalState, default=LegalState.NONE, blank=True
    )
    cufe = models.CharField(max_length=120, default="", blank=True)
    # Since when its emission is wanted, null while nobody wants it: a definitive invoice from its
    # creation on, a draft from a person's *Emitir*. `emit_by` asked, '' for the portal.
    emit_since = models.DateTimeField(null=True, blank=True)
    emit_by = models.CharField(max_length=120, default="", db_default="", blank=True)
    # Set where a call for several invoices was refused without naming one: it is sent alone.
    emit_alone = models.BooleanField(default=False, db_default=False)
    # How many calls left that ask for its emission, and when the last one was written ahead.
    stamps = models.PositiveSmallIntegerField(default=0, db_default=0)
    stamp_sent_at = models.DateTimeField(null=True, blank=True)
    # Since when the portal knows that the DIAN accepted it.
    issued_at = models.DateTimeField(null=True, blank=True)
    # What the DIAN or Alegra's provider said of it, masked: [{"code": …, "message": …}].
    legal_words = models.JSONField(null=True, blank=True)
    # As Alegra showed it when it was compared with what was built (`known.shown`) …
    as_verified = models.JSONField(null=True, blank=True)
    # … and what a person changed of it there since, null where nothing is other.
    edited = models.JSONField(null=True, blank=True)
    # A draft that a person wants deleted in Alegra, null where nobody does: which, and what is
    # done afterwards (`deleting.py`). Kept until it is known whether it was.
    removal = models.JSONField(null=True, blank=True)
    # Others in Alegra with its marker, of which a person said that they are not the order's.
    doubles = models.JSONField(null=True, blank=True)
    # Credit notes that a person made for it in Alegra, as they were read there, the oldest first.
    credit_notes = models.JSONField(null=True, blank=True)
    # Ids of invoices in Alegra that carry its marker beside it: made with *clonar*.
    copies = models.JSONField(null=True, blank=True)
    buyer_contact = models.ForeignKey(
        BuyerContact, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The draft made out to another person that is, or was, deleted to be made again: written
    # before it is, and once for each row.
    removed_id = models.CharField(max_length=64, default="", blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    # As Alegra said at that moment: draft, open, closed (paid) or void.
    alegra_status = models.CharField(max_length=12, default="", blank=True)
    # *Por aprobar*: who let it go, when.
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, default="", blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("documento")
        verbose_name_plural = _("documentos")
        constraints = [
            *work_constraints("document", one_id_per=["company", "kind"]),
            models.UniqueConstraint(fields=["order", "cycle"], name="document_cycle_once"),
            # At most one live sale document per order, whatever its kind.
            models.UniqueConstraint(
                fields=["order"], condition=Q(live=True), name="document_one_live_per_order"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "remission"]), name="document_kind"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["draft", "definitive"]), name="document_mode"
            ),
        ]
        indexes = [
            *work_indexes("document"),
            models.Index(fields=["organization", "-created_at", "-id"], name="document_newest"),
            models.Index(
                fields=["organization", "-created_at", "-id"],
                condition=Q(state="blocked"),
                name="document_attention",
            ),
            models.Index(
                fields=["organization", "integration", "state", "-state_since"],
                name="document_state",
            ),
            models.Index(fields=["organization", "alegra_id"], name="document_alegra_id"),
            models.Index(fields=["organization", "number_key"], name="document_number"),
            # Those that share a call of emission.
            models.Index(
                fields=["company", "emit_since"],
                condition=Q(state="created", emit_since__isnull=False),
                name="document_to_emit",
            ),
            # Those that a person may still change, emit or delete in Alegra.
            models.Index(
                fields=["company", "last_read_at"],
                condition=Q(kind="invoice", state__in=["blocked", "created", "rejected"])
                & Q(alegra_id__gt=""),
                name="document_to_read",
            ),
        ]

    @property
    def may_be_withdrawn(self) -> bool:
        """It waits on our side, and nothing of it is in Alegra, or may be."""
        waits = self.state in (State.PENDING, State.BLOCKED, State.AWAITING_APPROVAL)
        return waits and not self.alegra_id and not self.may_be_there

    @property
    def is_free(self) -> bool:
        """Nothing of it is, or may be, in Alegra, and nobody else's document stands for it."""
        if self.alegra_id:
            return False
        if self.state in (State.SKIPPED, State.DISMISSED, State.BLOCKED):
            return True
        return self.may_be_withdrawn

    @property
    def is_left_in_alegra(self) -> bool:
        """The order was put aside and the document made for it stays there."""
        return self.reason.endswith("_left")

    @property
    def called(self) -> str:
        return gettext("la factura") if self.kind == "invoice" else gettext("la remisión")

    @classmethod
    def ids_of(cls, order: Order) -> list[int]:
        # An order comes with its newest document, and few have one before it.
        document = order.document
        if document is not None and not document.cycle:
            return [document.pk]
        return super().ids_of(order) if document is not None else []

    @classmethod
    def may_have_problems(cls, order: Order) -> bool:
        """It is blocked, or it exists, where something may be found beside it."""
        document = order.document
        return document is not None and document.state in (
            State.BLOCKED, State.EXTERNAL, *EXISTS_IN_ALEGRA,
        )  # fmt: skip

    def private_words(self) -> list[str]:
        buyers = (received_buyer(self.order), effective_buyer(self.order))
        return [
            word
            for buyer in buyers
            for word in (buyer.name, buyer.address, buyer.email, buyer.doc_number)
            # Shorter numbers say nothing, and stand in amounts and codes too.
            if len(word) > 4 and not (word.isdigit() and len(word) > 5)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.alegra_id or self.pk}"


class DocumentStateChange(StateChange):
    work = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="changes")

    class Meta(Tenant.Meta):
        verbose_name = _("cambio de estado")
        verbose_name_plural = _("cambios de estado")
        indexes = change_indexes("document")


class DocumentStep(Step):
    TITLES = {
        "contact": _("Contacto"),
        "create": _("Crear en Alegra"),
        "verify": _("Verificar el total"),
        "emit": _("Emitir ante la DIAN"),
        "dian": _("Respuesta de la DIAN"),
        "date": _("Poner la fecha de hoy"),
        "cure": _("Completar el contacto"),
        "change": _("Corregir la factura"),
        "details": _("Poner al día los datos del contacto"),
        "remove": _("Borrar el borrador de otro cliente"),
        "delete": _("Borrar el borrador"),
    }

    work = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="steps")

    class Meta(Tenant.Meta):
        verbose_name = _("paso")
        verbose_name_plural = _("pasos")
        constraints = step_constraints("document")


class DocumentAttempt(Attempt):
    step = models.ForeignKey(DocumentStep, on_delete=models.CASCADE, related_name="attempts")

    class Meta(Tenant.Meta):
        verbose_name = _("intento")
        verbose_name_plural = _("intentos")
        indexes = attempt_indexes("document")


class DocumentProblem(Problem):
    work = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="problems")

    class Meta(Tenant.Meta):
        verbose_name = _("problema")
        verbose_name_plural = _("problemas")
        constraints = problem_constraints("document")
        indexes = problem_indexes("document")
