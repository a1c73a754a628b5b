"""Whether a document that a person mended in Alegra is what its order is now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import Document as AlegraDocument
from integrations.configuration.answers import answer_of
from integrations.configuration.questions import ACCEPT, WAREHOUSE_KEPT
from integrations.documents import verify
from integrations.documents.build import Built, build, summary
from integrations.documents.contact import known_contact
from integrations.documents.gather import gather
from integrations.documents.made_of import made_of
from integrations.documents.models import BuyerContact, Document
from integrations.orders.models import Order
from integrations.sending.problem_kinds import sentence


@dataclass(frozen=True)
class Mended:
    """`left`: what still differs, in Spanish; without any, what it is made of now."""

    left: tuple[str, ...] = ()
    built: dict[str, Any] = field(default_factory=dict)
    made_of: dict[str, Any] = field(default_factory=dict)
    buyer: BuyerContact | None = None


def compare(document: Document, order: Order, found: AlegraDocument, *, now: datetime) -> Mended:
    """Total, IVA, bodega, products and client, with what would be built of the order now.

    Needs the order's lock; makes no call.
    """
    facts = gather(order, marker=document.marker, now=now)
    result = build(facts)
    if result.built is None:
        return Mended(left=tuple(sentence(each.code, each.params) for each in result.problems))
    built = result.built
    known = summary(built)
    # A person may put the same goods in other lines: they are counted below.
    left = verify.differences(found, {**known, "rows": len(found.lines)})
    is_kept = verify.warehouse_is_kept(found, known)
    if not is_kept and answer_of(document.integration, WAREHOUSE_KEPT) != ACCEPT:
        left.append(_("la bodega es otra"))
    if found.lines and _units_of(found) != _units_wanted(built):
        left.append(_("los productos o sus cantidades no son los del pedido"))
    buyer = known_contact(document.company, built.contact)
    left += filter(None, [_client_left(buyer, found)])
    return Mended(tuple(left), {**known, "client": found.client_id}, made_of(facts, order), buyer)


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


def _client_left(buyer: BuyerContact, found: AlegraDocument) -> str:
    if found.client_number is None and not buyer.alegra_id:
        return _("no pudimos comprobar que el cliente es el del pedido")
    is_another = verify.is_another_client(found, {"client": buyer.alegra_id}, buyer)
    return _("el cliente es otro") if is_another else ""
