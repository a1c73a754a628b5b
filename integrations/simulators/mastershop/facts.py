"""What nobody could prove about MasterShop, with what is taken for true until told otherwise."""

from __future__ import annotations

from typing import Any

from integrations.simulators.facts import Facts


def _are_words(value: Any) -> bool:
    return all(isinstance(word, str) and word for word in value.values())


def _is_limit(value: Any) -> bool:
    return isinstance(value["per_minute"], int) and value["per_minute"] > 0


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def make_facts() -> Facts:
    """The facts of this side.

    ``price_includes_tax`` off: the prices of the lines are without IVA, the total is still what
    the buyer pays. ``movement_events`` on: every movement of stock is reported to the webhook.
    ``numbers_again`` on: a new order may be given the number of an old one, which is then gone,
    as after a reset.
    """
    return Facts(
        {
            "payment_words": ({"cod": "cod", "prepaid": "transfer"}, _are_words),
            "items_key": ("order_items", ("order_items", "order_Items")),
            "identification_in_event": (True, (True, False)),
            "warehouse_in_event": (True, (True, False)),
            "payment_method_in_event": (True, (True, False)),
            "partial_events": (0, _is_share),
            "order_detail": ("a", ("a", "b", "missing")),
            "signature": ("hex", ("none", "hex", "prefixed")),
            "price_includes_tax": (True, (True, False)),
            "movement_events": (False, (True, False)),
            "numbers_again": (False, (True, False)),
            "rate_limit": ({"per_minute": 500}, _is_limit),
        }
    )
