"""What of an order a document was made of, and what of it is other now.

One form for both, kept on the document when it is built: total, payment, bodega, lines, and
the buyer as a keyed digest with masked text, because no buyer's data lies on a document. One
function compares; every screen, list, file and mail says what it found (product rules, *Seeing
it*: an order that changed after its document).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.colombia.masking import mask_name, mask_number
from integrations.colombia.peso_text import number, pesos
from integrations.connections.alegra_users import keyed_digest
from integrations.documents.facts import BuyerFact, Facts
from integrations.mastershop import payment_methods
from integrations.orders.buyer import Buyer, effective_buyer
from integrations.orders.models import Order, OrderLine
from integrations.scoping.prepared import Prepared
from integrations.scoping.search_key import normalised

# An order of which one of these became other is none to have a document in Alegra, or is again.
UNDOES = ("test", "currency", "country")
# How Colombia is written in an order (`documents.decide`).
_COLOMBIA = ("", "co", "col", "colombia")
# Lines told one by one; a parcel of more is told by its number.
_LINES_TOLD = 6


@dataclass(frozen=True)
class Change:
    """One thing that differs: `was` when the document was made, `now` in the order.

    `what` is test · currency · country · total · lines · buyer · bodega · payment. `sentence`
    says it without the buyer's data; `was` and `now` mask it. `exactly` tells two differences
    apart that read the same.
    """

    what: str
    name: str
    was: str
    now: str
    sentence: str
    exactly: tuple[str, str]

    def plain(self) -> dict[str, str]:
        """For a problem's params, which lists and files read."""
        return {"what": self.what, "name": self.name, "was": self.was, "now": self.now}


def made_of(facts: Facts, order: Order) -> dict[str, Any]:
    """What the builder read, as JSON. `order` is the one that `facts` were gathered from."""
    lines = (
        _line(each.variant_key, each.sku, each.label, each.quantity, each.unit_price)
        for each in facts.lines_told or facts.lines
    )
    # What the order tells, and not what a person said of it.
    return _form(order.total, facts.family, facts.method, order, lines, facts.buyer)


_sold = Prepared(
    lambda order: OrderLine.objects.filter(order_id=order).exclude(quantity=0).order_by("position")
)


def as_it_is(order: Order) -> dict[str, Any]:
    """The order of this moment in the same form. One query for its lines, unless it came with
    them."""
    lines = (
        _line(
            f"{each.source_product}/{each.source_variant}",
            each.sku,
            each.name or each.sku or each.source_product,
            each.quantity,
            each.unit_price,
        )
        # One of quantity 0 is no line of a document.
        for each in _sold_of(order)
    )
    buyer = effective_buyer(order)
    return _form(order.total, order.family, order.method, order, lines, buyer)


def _sold_of(order: Order) -> Iterable[OrderLine]:
    at_hand = getattr(order, "_prefetched_objects_cache", {}).get("lines")
    if at_hand is None:
        return _sold(order=order.pk)
    return sorted((each for each in at_hand if each.quantity), key=lambda each: each.position)


def changes(before: dict[str, Any], now: dict[str, Any]) -> tuple[Change, ...]:
    """What differs, the most costly first."""
    found = (
        _test(before, now),
        _other(before, now, "currency", _("Moneda"), _("la moneda era %(was)s y ahora es %(now)s")),
        _other(before, now, "country", _("País"), _("el país era %(was)s y ahora es %(now)s")),
        _total(before, now),
        _lines(before, now),
        _buyer(before, now),
        _bodega(before, now),
        _payment(before, now),
    )
    return tuple(change for change in found if change is not None)


def digest_of(parts: Iterable[tuple[str, ...]]) -> str:
    """One short text for exactly this difference: a further one has another."""
    text = json.dumps(sorted(parts), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _form(
    total: Decimal | None,
    family: str,
    method: str,
    order: Order,
    lines: Iterable[dict[str, str]],
    buyer: BuyerFact | Buyer,
) -> dict[str, Any]:
    return {
        "total": None if total is None else _plain(total),
        "currency": order.currency.strip().upper() or "COP",
        "country": _country(order.country),
        "is_test": order.is_test,
        "family": family,
        "method": method,
        "bodega": order.bodega_id or order.bodega_name,
        "bodega_name": order.bodega_name or order.bodega_id,
        "lines": list(lines),
        "buyer": _buyer_digest(buyer),
        "buyer_text": _buyer_text(buyer),
    }


def _country(told: str) -> str:
    told = told.strip()
    return "CO" if told.casefold() in _COLOMBIA else told.upper()


def _line(key: str, sku: str, label: str, quantity: Decimal, price: Decimal) -> dict[str, str]:
    return {
        # Without the ids of MasterShop a line is known by what it is called.
        "key": key if key.strip("/") else sku or label,
        "label": label,
        "quantity": _plain(quantity),
        "price": _plain(price),
    }


def _plain(value: Decimal) -> str:
    """The same text for 2, 2.0 and 2.0000."""
    return format(Decimal(value).normalize(), "f")


def _buyer_digest(buyer: BuyerFact | Buyer) -> str:
    """Who the document is made out to, however it is spelled: name and identification."""
    if buyer.unidentified:
        return keyed_digest("document-buyer", "unidentified")
    told = re.sub(r"\W", "", buyer.doc_number).casefold()
    kind = normalised(buyer.doc_type) if told else ""
    return keyed_digest("document-buyer", "|".join((normalised(buyer.name), kind, told)))


def _buyer_text(buyer: BuyerFact | Buyer) -> str:
    if buyer.unidentified:
        return _("Cliente no identificado")
    identification = f"{buyer.doc_type} {mask_number(buyer.doc_number)}".strip()
    return ", ".join(filter(None, [mask_name(buyer.name), identification])) or "—"


# --- What differs --------------------------------------------------------------------------
def _test(before: dict, now: dict) -> Change | None:
    was, is_now = before.get("is_test", False), now.get("is_test", False)
    if was == is_now:
        return None
    words = {False: _("venta"), True: _("de prueba")}
    sentence = _("el pedido ahora es de prueba") if is_now else _("el pedido ya no es de prueba")
    exactly = (str(was), str(is_now))
    return Change("test", _("Clase de pedido"), words[was], words[is_now], sentence, exactly)


def _other(before: dict, now: dict, what: str, name: str, sentence: str) -> Change | None:
    was, is_now = before.get(what, ""), now.get(what, "")
    # What was not kept then is none to have changed.
    if was == is_now or not was:
        return None
    told = {"was": was, "now": is_now}
    return Change(what, name, was, is_now, sentence % told, (was, is_now))


def _total(before: dict, now: dict) -> Change | None:
    was, is_now = before["total"], now["total"]
    if was == is_now:
        return None
    told = {"was": _amount(was), "now": _amount(is_now)}
    return Change(
        "total",
        _("Total"),
        told["was"],
        told["now"],
        _("el total era %(was)s y ahora es %(now)s") % told,
        (str(was), str(is_now)),
    )


def _lines(before: dict, now: dict) -> Change | None:
    was, is_now = _counted(before["lines"]), _counted(now["lines"])
    if was == is_now:
        return None
    return Change(
        "lines",
        _("Productos"),
        _in_words(before["lines"]),
        _in_words(now["lines"]),
        _("cambiaron los productos"),
        (str(sorted(was.items())), str(sorted(is_now.items()))),
    )


def _buyer(before: dict, now: dict) -> Change | None:
    if before["buyer"] == now["buyer"]:
        return None
    return Change(
        "buyer",
        _("Comprador"),
        before["buyer_text"],
        now["buyer_text"],
        _("el comprador es otro"),
        (before["buyer"], now["buyer"]),
    )


def _bodega(before: dict, now: dict) -> Change | None:
    was, is_now = before["bodega"], now["bodega"]
    if was == is_now:
        return None
    told = {"was": before["bodega_name"] or _("ninguna"), "now": now["bodega_name"] or _("ninguna")}
    sentence = _("la bodega era %(was)s y ahora es %(now)s") % told
    return Change("bodega", _("Bodega"), told["was"], told["now"], sentence, (was, is_now))


def _payment(before: dict, now: dict) -> Change | None:
    was, is_now = _paid(before), _paid(now)
    # A method that was not named is none to have changed.
    if was == is_now or (was[0] == is_now[0] and not (was[1] and is_now[1])):
        return None
    told = {"was": _payment_words(before), "now": _payment_words(now)}
    sentence = _("el pago era %(was)s y ahora es %(now)s") % told
    exactly = ("/".join(was), "/".join(is_now))
    return Change("payment", _("Pago"), told["was"], told["now"], sentence, exactly)


def _counted(lines: list[dict[str, str]]) -> Counter:
    """Units by product and price: the same goods in other lines are the same."""
    counted: Counter = Counter()
    for line in lines:
        counted[line["key"], line["price"]] += Decimal(line["quantity"])
    return Counter({key: _plain(units) for key, units in counted.items()})


def _in_words(lines: list[dict[str, str]]) -> str:
    told = [
        _("%(n)s × %(label)s a %(price)s")
        % {
            "n": number(Decimal(line["quantity"])),
            "label": line["label"],
            "price": pesos(Decimal(line["price"])),
        }
        for line in lines[:_LINES_TOLD]
    ]
    if len(lines) > _LINES_TOLD:
        told.append(_("y %(n)d más") % {"n": len(lines) - _LINES_TOLD})
    return ", ".join(told) or _("ninguno")


def _paid(form: dict[str, Any]) -> tuple[str, str]:
    # However it is written, contraentrega is paid at the door.
    is_cod = form["family"] == payment_methods.COD
    return form["family"], "" if is_cod else payment_methods.key(form["method"])


def _payment_words(form: dict[str, Any]) -> str:
    if form["family"] == payment_methods.COD:
        return _("contraentrega")
    if form["family"] == payment_methods.PREPAID:
        words = _("pago anticipado")
        return f"{words} ({form['method']})" if form["method"] else words
    return form["method"] or _("sin forma de pago")


def _amount(text: str | None) -> str:
    return _("un total que no se puede leer") if text is None else pesos(Decimal(text))
