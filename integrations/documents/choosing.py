"""*Elegir la variación*: what a line of one order sells, said by a person for it alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.catalog.models import AlegraItem, Variant
from integrations.documents.acts import NotPossible, build_anew, refuse_made
from integrations.documents.gather_lines import item_fact
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order, OrderLine, OrderLineChoice
from integrations.sending.states import State
from integrations.timekeeping import clock


@transaction.atomic
def choose(
    order: Order,
    *,
    position: int,
    variant: Variant | None = None,
    item: AlegraItem | None = None,
    by,
    request=None,
) -> Document | None:
    """Keep the variation, or the Alegra product, of the line at this place; one of the two.

    Other orders are not touched. What waited for it is built anew at once. Raises NotPossible
    once the document exists, for a line that is gone, and for what cannot be invoiced.
    """
    now = clock.now()
    order = locked_order(order)
    document = order.document
    refuse_made(document)
    line = order.lines.filter(position=position).first()
    if line is None:
        raise NotPossible(_("El pedido cambió mientras tanto: míralo otra vez."))
    _refuse_foreign(order, variant, item)
    before = OrderLineChoice.objects.filter(order=order, position=position).first()
    OrderLineChoice.objects.update_or_create(
        order=order,
        position=position,
        defaults={
            "organization_id": order.organization_id,
            "source_product": line.source_product,
            "source_variant": line.source_variant,
            "sku": line.sku,
            "name": line.name,
            "variant": variant,
            "item": item,
            "by": by,
            "at": now,
        },
    )
    trail.record(
        action="order.choose_line", target=order, actor=by, request=request,
        before=_chosen(before), after={"line": _told(line), **_named(variant, item)},
    )  # fmt: skip
    if document is not None and document.state == State.BLOCKED:
        build_anew(document, now=now, by=by)
    return document


def _refuse_foreign(order: Order, variant: Variant | None, item: AlegraItem | None) -> None:
    if (variant is None) == (item is None):
        raise NotPossible(_("Elige una variación o un producto de Alegra."))
    if variant is not None and variant.integration_id != order.integration_id:
        raise NotPossible(_("Esa variación es de otra integración."))
    if item is None:
        return
    if item.company_id != order.integration.company_id:
        raise NotPossible(_("Ese producto es de otra empresa de Alegra."))
    if why := item_fact(item).why:
        raise NotPossible(
            _("«%(item)s» no se puede facturar: %(why)s.") % {"item": item.name, "why": why}
        )


def _told(line: OrderLine) -> str:
    return line.name or line.sku or str(line.position + 1)


def _chosen(choice: OrderLineChoice | None) -> dict | None:
    return None if choice is None else _named(choice.variant, choice.item)


def _named(variant: Variant | None, item: AlegraItem | None) -> dict:
    if variant is not None:
        return {"variant": variant.label, "variant_key": variant.subject_key}
    return {"item": item.name, "item_id": item.alegra_id}
