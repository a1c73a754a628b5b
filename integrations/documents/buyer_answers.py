"""*Es el mismo comprador*: a person's word about who a contact of Alegra's is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.connections.models import Integration
from integrations.documents.acts import NotPossible
from integrations.documents.models import BuyerContact, Document, DocumentProblem
from integrations.sending.problems.buyers import SAME_BUYER
from integrations.sending.release import release
from integrations.timekeeping import clock

MOST_ANSWERS = 20


def is_asked(codes: frozenset[str]) -> bool:
    """Whether one of these open problems is answered so."""
    return bool(codes & SAME_BUYER)


@transaction.atomic
def same_buyer(document: Document, *, by, request=None) -> int:
    """Believe that the contact asked about is the order's buyer, and let go who waited for it.

    It counts for that record of Alegra's under that number, for all orders of this buyer with
    that name.
    Returns how many orders became due. Raises NotPossible where nothing is asked any more.
    """
    # Before the contact's row, as whoever settles a document does.
    list(Integration.objects.select_for_update(no_key=True).filter(pk=document.integration_id))
    asked = _asked(document)
    row = BuyerContact.objects.select_for_update().filter(pk=document.buyer_contact_id).first()
    if asked is None or row is None or not asked.params.get("contact"):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    row.alegra_id = asked.params["contact"]
    answers = asked.params.get("answers", [])
    row.same_as = [*(each for each in row.same_as if each not in answers), *answers][-MOST_ANSWERS:]
    row.seen_at = clock.now()
    row.save(update_fields=["alegra_id", "same_as", "seen_at"])
    freed = release(
        asked.code, asked.subject_key, integration=document.integration, by=trail.name_of(by)
    )
    trail.record(action="document.same_buyer", target=document, actor=by, request=request)
    return freed


def _asked(document: Document) -> DocumentProblem | None:
    return document.problems.filter(code__in=SAME_BUYER, closed_at=None).order_by("pk").first()
