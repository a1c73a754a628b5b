"""Which of a product's variations an order means that names none by its id.

MasterShop reference, products, variants: an order may say `id_variant: null`. Its exact SKU or
the variation's exact name decides; where the two disagree, or neither says anything and there
are several, nobody can tell and a person chooses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.catalog.models import Variant
from integrations.catalog.suggestions import is_evidence
from integrations.scoping.search_key import normalised

_DEFAULT = "default variant"


def meant(rows: Iterable[Variant], *, sku: str, variant_name: str) -> Variant | None:
    """The variation that a line names among those of one product, or None. Pure."""
    rows = [row for row in rows if row.variant_id]
    named = named_by(rows, sku=sku, variant_name=variant_name)
    by_sku, by_name = named.by_sku, named.by_name
    if not by_sku and not by_name:
        return _only_one(rows, _name_key(variant_name))
    found = [row for row in by_sku if row in by_name] if by_sku and by_name else by_sku or by_name
    found = _present(found)
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Named:
    """The variations that a line's SKU names, and those that its variation's name names."""

    by_sku: tuple[Variant, ...] = ()
    by_name: tuple[Variant, ...] = ()

    @property
    def disagree(self) -> bool:
        return bool(self.by_sku and self.by_name) and not set(self.by_sku) & set(self.by_name)


def named_by(rows: Iterable[Variant], *, sku: str, variant_name: str) -> Named:
    """What the two words of a line say, each by itself. Pure."""
    rows = [row for row in rows if row.variant_id]
    sku_key, name_key = _sku_key(sku), _name_key(variant_name)
    return Named(
        tuple(row for row in rows if sku_key and row.sku_key == sku_key),
        tuple(row for row in rows if name_key and _name_key(row.variant_name) == name_key),
    )


def says_the_same(blank: Variant, *, sku: str, variant_name: str) -> bool:
    """Whether a line means the variant that was stored without a variation.

    Without a catalogue it stands for the orders that say what the first one said, and for no
    other size or colour.
    """
    if blank.source == Variant.Source.API:
        # MasterShop itself says that the product has no variations.
        return True
    if _name_key(blank.variant_name) != _name_key(variant_name):
        return False
    known, told = _sku_key(blank.sku), _sku_key(sku)
    return not known or not told or known == told


def _only_one(rows: list[Variant], name_key: str) -> Variant | None:
    # Variations seen in orders are not the catalogue: there may be others.
    known = _present([row for row in rows if row.source == Variant.Source.API])
    if len(known) != 1:
        return None
    own = _name_key(known[0].variant_name)
    return None if own and name_key and own != name_key else known[0]


def _present(rows: list[Variant]) -> list[Variant]:
    return [row for row in rows if row.is_present] or rows


def _sku_key(sku: str) -> str:
    key = normalised(sku)
    return key if is_evidence(key) else ""


def _name_key(name: str) -> str:
    key = normalised(name)
    return "" if key == _DEFAULT else key
