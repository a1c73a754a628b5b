"""The client of a document as the contact step found or made it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.alegra.contacts import Contact


class Source(models.TextChoices):
    """Where a contact's id comes from; the label is the step's note."""

    KNOWN = "known", _("Ya lo conocíamos. No se modificó.")
    READ = "read", _("Ya lo conocíamos y sigue igual en Alegra. No se modificó.")
    INDEXED = "indexed", _("Ya existía en Alegra con el mismo número. No se modificó.")
    FOUND = "found", _("Ya existía en Alegra con el mismo número. No se modificó.")
    CREATED = "created", _("Se creó en Alegra.")
    CREATED_WITHOUT = "created_without", _("Se creó en Alegra sin lo que no aceptó.")
    ACTIVATED = "activated", _("Estaba inactivo en Alegra: lo activamos y nada más cambió.")
    WITHOUT_ADDRESS = (
        "without_address",
        _("Se creó en Alegra sin dirección: Alegra no aceptó la ciudad."),
    )


@dataclass(frozen=True)
class ResolvedContact:
    """The client of the document. `contact` is what Alegra said of it just now; None where no
    call was needed (KNOWN, INDEXED). `is_company` is None where that is not known either."""

    id: str
    source: Source
    is_company: bool | None = None
    is_active: bool = True
    contact: Contact | None = None
    # What Alegra refused of a new contact, in words; it was made without.
    left_out: str = ""

    @classmethod
    def read(cls, contact: Contact, source: Source, left_out: str = "") -> ResolvedContact:
        return cls(contact.id, source, contact.is_company, contact.is_active, contact, left_out)

    @property
    def is_new(self) -> bool:
        return self.source in (Source.CREATED, Source.CREATED_WITHOUT, Source.WITHOUT_ADDRESS)

    @property
    def note(self) -> str:
        return self.left_out_note or str(self.source.label)

    @property
    def left_out_note(self) -> str:
        """What the document's page says of a contact that lacks what the order has."""
        if self.source == Source.CREATED_WITHOUT:
            return gettext("El cliente se creó en Alegra sin %(what)s: Alegra no lo aceptó.") % {
                "what": self.left_out
            }
        return str(self.source.label) if self.source == Source.WITHOUT_ADDRESS else ""
