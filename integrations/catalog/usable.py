"""Which products of Alegra a document may be built with: the rule, for rows and for queries."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.querysets import CopyQuerySet

# Alegra needs one product for each variation: this one is only their heading.
VARIANT_PARENT = "variantParent"


class Unusable(models.TextChoices):
    """Why no document may be built with a product, as the end of a sentence about it."""

    GONE = "gone", _("ya no existe en Alegra")
    INACTIVE = "inactive", _("está inactivo en Alegra")
    HAS_VARIANTS = "variants", _("tiene variantes; Alegra necesita un producto por cada una")
    TAX_UNKNOWN = "tax", _("su impuesto no dice cuánto es")


def cannot_be_invoiced(at: str = "") -> Q:
    """The products that no link may name; `at` leads to them, as in "link__item__".

    The same as `AlegraItem.can_be_invoiced`; a query does not look into taxes.
    """
    return (
        Q(**{f"{at}missing_since__isnull": False})
        | Q(**{f"{at}is_active": False})
        | Q(**{f"{at}type": VARIANT_PARENT})
    )


class AlegraItemQuerySet(CopyQuerySet):
    def that_can_be_invoiced(self) -> Self:
        return self.exclude(cannot_be_invoiced())
