"""Linking a variant with its Alegra product. A link is a cure: what waited for it goes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from integrations.audit import trail
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.catalog.usable import Unusable
from integrations.connections.models import Integration
from integrations.sending.models import Cause
from integrations.sending.release import release
from integrations.timekeeping import clock


class LinkRefused(Exception):
    """`code` says why, `sentence` says it to the merchant.

    `other` is the link that already has the item, where a person may confirm sharing it.
    """

    def __init__(self, code: str, sentence: str | Promise, other: ProductLink | None = None):
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.other = other


@transaction.atomic
def link(
    *,
    variant: Variant,
    item: AlegraItem,
    units_per_sale: int = 1,
    shared: bool = False,
    by: str,
    reason: str = "",
    request=None,
) -> ProductLink:
    """Link, or link anew. `shared` is a person's yes to an item that serves another variant.

    `units_per_sale` is how many of the item one unit of the variant takes (*Lleve 2*).
    The answer's `released` says how many works became due. Raises LinkRefused.
    """
    integration = variant.integration
    # Serialises two people who give the same item away.
    item = AlegraItem.objects.select_for_update().get(pk=item.pk)
    _refuse_unusable(integration, item, units_per_sale)
    others = ProductLink.objects.filter(integration=integration, item=item).exclude(variant=variant)
    other = others.select_related("variant", "item").first()
    if other is not None and not shared:
        raise taken(other)

    existing = ProductLink.objects.filter(variant=variant).select_related("item").first()
    before = _facts(existing)
    old_item = existing.item if existing is not None else None
    row = existing or ProductLink(
        organization_id=variant.organization_id, integration=integration, variant=variant
    )
    row.item = item
    row.units_per_sale = units_per_sale
    row.shared = other is not None
    row.reason = reason[:40]
    row.linked_by = by[:120]
    row.created_at = clock.now()
    row.keep_words()
    try:
        with transaction.atomic():
            # Whoever shares an item is shared: stock of such items moves by documents only.
            if other is not None:
                others.update(shared=True)
            row.save()
    except IntegrityError as error:
        raise LinkRefused("taken", _("Otra persona acaba de usar ese producto.")) from error
    if old_item is not None and old_item.pk != item.pk:
        _settle_sharing(integration, old_item)
    trail.record(
        action="product_link.create" if existing is None else "product_link.change",
        target=row,
        before=before,
        after=_facts(row),
        request=request,
    )
    row.released = _release(variant, old_item, integration=integration, by=by)
    return row


@transaction.atomic
def unlink(*, variant: Variant, by: str, request=None) -> ProductLink | None:
    """Take the link away; returns what it was, None when there was none.

    Orders that reach their trigger from now on wait for a new one.
    """
    row = ProductLink.objects.filter(variant=variant).select_related("item", "variant").first()
    if row is None:
        return None
    before = {**(_facts(row) or {}), "by": by}
    trail.record(action="product_link.delete", target=row, before=before, request=request)
    row.delete()
    _settle_sharing(variant.integration, row.item)
    return row


def taken(other: ProductLink) -> LinkRefused:
    return LinkRefused(
        "taken",
        gettext("«%(item)s» ya está vinculado con «%(variant)s».")
        % {"item": other.item.name, "variant": other.variant.label},
        other,
    )


_NOT_ON_AN_INVOICE = {
    Unusable.GONE: _("Ya no existe en Alegra."),
    Unusable.INACTIVE: _("Está inactivo en Alegra."),
    Unusable.HAS_VARIANTS: _(
        "Es un producto con variantes y no se puede facturar: elige una de ellas."
    ),
}


def not_on_an_invoice(item: AlegraItem) -> str | Promise:
    """Why this item cannot be on an invoice, as a sentence; '' when it can."""
    why = item.why_unusable
    return _NOT_ON_AN_INVOICE.get(why, "") if why is not None else ""


def released_sentence(released: int, integration: Integration) -> str:
    """What a cure set free, to be said after «Vinculado.»; '' when nothing waited."""
    if not released:
        return ""
    held = integration.hold(clock.now())
    if held is None:
        return ngettext(
            "El pedido que esperaba ya sale.",
            "Los %(count)d pedidos que esperaban ya salen.",
            released,
        ) % {"count": released}
    return "{} {}".format(
        ngettext(
            "El pedido que esperaba queda listo y saldrá cuando se reanuden los envíos.",
            "Los %(count)d pedidos que esperaban quedan listos y saldrán cuando se reanuden "
            "los envíos.",
            released,
        )
        % {"count": released},
        held.sentence,
    )


def _refuse_unusable(integration: Integration, item: AlegraItem, units_per_sale: int) -> None:
    if item.company_id != integration.company_id:
        raise LinkRefused("other_company", _("Ese producto es de otra empresa de Alegra."))
    why = not_on_an_invoice(item)
    if why:
        raise LinkRefused("unusable", why)
    if units_per_sale < 1:
        raise LinkRefused("units", _("Las unidades por venta son 1 o más."))


def _settle_sharing(integration: Integration, item: AlegraItem) -> None:
    """An item that only one variant uses any more is not shared."""
    left = ProductLink.objects.filter(integration=integration, item=item)
    if left.count() == 1:
        left.update(shared=False)


def _release(
    variant: Variant, old_item: AlegraItem | None, *, integration: Integration, by: str
) -> int:
    released = release("product_unlinked", variant.subject_key, integration=integration, by=by)
    # What was doubted is compared anew, with what the variant is called now.
    doubted = Cause.objects.open().filter(
        integration=integration,
        code="another_article",
        subject_key__startswith=f"{variant.subject_key}@",
    )
    for subject in sorted(doubted.values_list("subject_key", flat=True)):
        released += release("another_article", subject, integration=integration, by=by)
    if old_item is not None:
        released += release("item_unusable", old_item.alegra_id, integration=integration, by=by)
    return released


def _facts(row: ProductLink | None) -> dict | None:
    if row is None:
        return None
    return {
        "variant": row.variant.label,
        "item": row.item.name,
        "item_id": row.item.alegra_id,
        "units_per_sale": row.units_per_sale,
        "shared": row.shared,
    }
