"""A variant without variation becomes the real one, once that is known.

Its link, the orders' lines and everything else that pointed at it move along.
"""

from __future__ import annotations

from django.db import models, transaction

from integrations.audit import trail
from integrations.catalog.models import ProductLink, Variant
from integrations.connections.models import Integration
from integrations.sending.release import release


@transaction.atomic
def merge_blank(blank: Variant, real: Variant, *, integration: Integration) -> None:
    """Move what `blank` has to `real` and forget `blank`. A link of `real` itself wins."""
    link = ProductLink.objects.filter(variant=blank).select_related("item").first()
    if link is not None and ProductLink.objects.filter(variant=real).exists():
        trail.record(
            action="product_link.delete", target=link, before={"variant": blank.label}, after=None
        )
        link.delete()
    elif link is not None:
        trail.record(
            action="product_link.move",
            target=link,
            before={"variant": blank.subject_key},
            after={"variant": real.subject_key},
        )
    for relation in _pointing_at_variants():
        # The rooms above point here; they are reached through the model, never imported.
        rows = relation.related_model.objects.filter(**{relation.field.name: blank})
        rows.update(**{relation.field.name: real})
    # Works that waited for the nameless one are built anew: either they go, or they say it
    # with the variation's own name.
    release("product_unlinked", blank.subject_key, integration=integration)
    Variant.objects.filter(pk=blank.pk).delete()


@transaction.atomic
def forget_blank(blank: Variant, *, integration: Integration) -> None:
    """The catalogue tells several variations, and `blank` means none of them.

    Its link would make every size the same product: it is taken away, and the orders' lines
    are told apart anew, each by what it says itself.
    """
    link = ProductLink.objects.filter(variant=blank).select_related("item").first()
    if link is not None:
        trail.record(
            action="product_link.delete", target=link, before={"variant": blank.label}, after=None
        )
        link.delete()
    is_needed = False
    for relation in _pointing_at_variants():
        rows = relation.related_model.objects.filter(**{relation.field.name: blank})
        if relation.name == "order_lines":
            rows.update(variant=None)
        else:
            is_needed |= rows.exists()
    release("product_unlinked", blank.subject_key, integration=integration)
    if not is_needed:
        Variant.objects.filter(pk=blank.pk).delete()


def _pointing_at_variants() -> list[models.ForeignObjectRel]:
    return [
        field
        for field in Variant._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel) and field.auto_created and not field.concrete
    ]
