"""Whether a document that a person mended in Alegra is what its order is now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.same_buyer import share_a_name
from integrations.configuration.answers import answer_of
from integrations.configuration.questions import ACCEPT, WAREHOUSE_KEPT
from integrations.documents import verify
from integrations.documents.build import Built, build, summary
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.contact import known_contact
from integrations.documents.facts import Facts
from integrations.documents.gather import gather
from integrations.documents.made_of import UNDOES, Change, changes, made_of
from integrations.documents.mended_by_total import differences_unbuilt, summary_of
from integrations.documents.models import BuyerContact, Document
from integrations.documents.same_person import answer_about_name
from integrations.documents.warehouse_kept import differs
from integrations.orders.models import Order


@dataclass(frozen=True)
class Mended:
    """`left`: what still differs, in Spanish; without any, what it is made of now."""

    left: tuple[str, ...] = ()
    built: dict[str, Any] = field(default_factory=dict)
    made_of: dict[str, Any] = field(default_factory=dict)
    buyer: BuyerContact | None = None


def compare(document: Document, order: Order, found: AlegraDocument, *, now: datetime) -> Mended:
    """Total, IVA, bodega, products, payment and client, with what would be built of the order.

    Where the order cannot be built as it is now, what can be compared without: total, client,
    bodega and payment. Needs the order's lock; makes no call.
    """
    facts = gather(order, now=now)
    form = made_of(facts, order)
    changed = {each.what: each for each in changes(document.made_of, form)}
    result = build(facts)
    # No document in Alegra can be right for these.
    left = [changed[what].sentence for what in UNDOES if what in changed]
    if result.built is None:
        left += differences_unbuilt(facts, found, changed, document.built)
        known = summary_of(found, facts, document.built)
        contact = identify(facts)
    else:
        known, contact = summary(result.built), result.built.contact
        left += _differences(result.built, known, found)
    if found.payment_means and facts.payment_means and facts.settings.kind == "invoice":
        left += _payment_left(facts, found)
    if not verify.warehouse_is_kept(found, known) and (
        answer_of(document.integration, WAREHOUSE_KEPT) != ACCEPT
    ):
        left.append(differs(document.company, found, known))
    buyer = document.buyer_contact
    if isinstance(contact, ContactFact):
        buyer = known_contact(document.company, contact)
    elif "buyer" in changed:
        buyer = None
    left += filter(None, [_client_left(buyer, facts, found, changed.get("buyer"))])
    return Mended(tuple(left), {**known, "client": found.client_id}, form, buyer)


def _differences(built: Built, known: dict[str, Any], found: AlegraDocument) -> list[str]:
    # A person may put the same goods in other lines: they are counted below.
    left = verify.differences(found, {**known, "rows": len(found.lines)})
    if found.lines and _units_of(found) != _units_wanted(built):
        left.append(_("los productos o sus cantidades no son los del pedido"))
    return left


def _units_of(found: AlegraDocument) -> Counter:
    units: Counter = Counter()
    for line in found.lines:
        units[line.item_id] += Decimal(line.quantity)
    return units


def _units_wanted(built: Built) -> Counter:
    units: Counter = Counter()
    for row in built.payload["items"]:
        units[str(row["id"])] += Decimal(row["quantity"])
    return units


def _payment_left(facts: Facts, found: AlegraDocument) -> list[str]:
    if found.payment_means.upper() == facts.payment_means.upper():
        return []
    told = {"found": found.payment_means, "wanted": facts.payment_means}
    return [_("el medio de pago es %(found)s y debe ser %(wanted)s") % told]


def _client_left(
    buyer: BuyerContact | None, facts: Facts, found: AlegraDocument, changed: Change | None
) -> str:
    if buyer is None or (found.client_number is None and not buyer.alegra_id):
        return _("no pudimos comprobar que el cliente es el del pedido")
    if verify.is_another_client(found, {"client": buyer.alegra_id}, buyer):
        return _("el cliente es otro")
    if changed is None or buyer.is_generic:
        return ""
    # The number alone does not show a name that was corrected.
    name = facts.buyer.name
    if answer_about_name(found.client_id, name) in buyer.same_as:
        return ""
    if share_a_name(name, found.client_name) is False:
        return _("el cliente tiene otro nombre en Alegra")
    return ""
