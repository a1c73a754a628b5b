"""The order of a seed: the same one on every machine."""

from __future__ import annotations

from random import Random

from tests.documents.random_orders.bundles import Bundles
from tests.documents.random_orders.charges import Charges
from tests.documents.random_orders.discounts import Below, LineDiscounts
from tests.documents.random_orders.making import Making, NoOrder
from tests.documents.random_orders.payments import Payments
from tests.documents.random_orders.plain import Plain
from tests.documents.random_orders.quantities import Quantities
from tests.documents.random_orders.sale import Sale
from tests.documents.random_orders.sizes import Sizes
from tests.documents.random_orders.states import States

# How often each kind comes.
OFTEN: dict[type[Making], int] = {
    Plain: 6, Payments: 4, LineDiscounts: 3, Below: 2, Charges: 4, Bundles: 3, Quantities: 3,
    Sizes: 3, States: 1,
}  # fmt: skip
KINDS = {each.kind: each for each in OFTEN}


def random_sale(seed: int, kind: str = "") -> Sale:
    """The order of this seed; of one kind where it is named."""
    drawn = Random(f"kind.{seed}").choices(list(OFTEN), weights=OFTEN.values())[0]
    maker = KINDS[kind] if kind else drawn
    for attempt in range(100):
        try:
            return maker(Random(f"{seed}.{attempt}"), seed).make()
        except NoOrder:
            continue
    raise AssertionError(f"no order for seed {seed}")
