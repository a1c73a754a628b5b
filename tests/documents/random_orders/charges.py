"""Charges by their names: the seller's own, another's money, a tax, a discount, or unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.documents.random_orders.making import Charged, Making, NoOrder
from tests.documents.random_orders.rules import less
from tests.documents.random_orders.sale import UNTAXED, Answered, Asks, Line, Sale

OWN = (
    "Envío", "Flete", "Domicilio", "Costo de envío", "Shipping", "ENVIO NACIONAL", "Despacho",
    "Envío contraentrega", "Flete (IVA incluido)", "Seguro de envío", "Recaudo", "Manejo",
    "Delivery fee", "Transportadora", "Otros cargos",
)  # fmt: skip
THIRD_PARTY = (
    "Propina", "Propina voluntaria", "Tip", "Donación", "DONACION TELETON", "Aporte solidario",
    "Donation",
)  # fmt: skip
TAX = ("IVA 19%", "IVA", "Impuesto", "IVA 5%", "Tax", "INC 8%", "Impuestos")
DISCOUNT = ("Descuento", "Cupón BIENVENIDA", "Promo fin de mes", "Descuento envío", "Discount")
UNKNOWN = ("Empaque", "Caja de lujo", "Garantía extendida", "Marcación", "Bordado", "Tarjetica")
TIP_FIELDS = ("tip", "propina", "total_tip", "tip_amount", "donation", "donacion")
FREIGHT_FIELDS = (
    "shipping_cost", "costo_envio", "valor_flete", "shippingPrice", "flete", "freight_amount",
    "envio", "shipping_total", "delivery_cost",
)  # fmt: skip
ANSWERS = ("own", "third_party", "discount", "tax", "received", "product")


class Charges(Making):
    kind = "charge by its name"
    scenarios = (
        "of every kind", "as an object", "a tip in its field", "a tax in its field",
        "freight in its field", "a list of fees", "nobody knows it", "nobody knows it, answered",
        "nobody knows it, not paid",
    )  # fmt: skip

    def make(self) -> Sale:
        lines = self.lines(most=4)
        self.worth = int(sum((line.amount for line in lines), Decimal(0)))
        match self.scenario:
            case "of every kind" | "as an object" | "a list of fees":
                return self._named(lines)
            case "a tip in its field":
                tip = self.odd(1_000, 9_000)
                where = {self.chance.choice(TIP_FIELDS): int(tip)}
                return self._one(lines, [self._untaxed(tip)], where)
            case "a tax in its field":
                tax = int(sum((tax for _base, tax in self.of_lines(lines)), Decimal(0)))
                of_tax = [{"title": "IVA", "rate": 0.19, "price": tax}]
                shapes = ({"total_tax": tax}, {"iva": tax}, {"tax_amount": str(tax)},
                          {"tax_lines": of_tax})  # fmt: skip
                return self._one(lines, [], self.chance.choice(shapes))
            case "freight in its field":
                cost = self.odd(5_000, 20_000)
                where = {self.chance.choice(FREIGHT_FIELDS): int(cost)}
                return self._one(lines, [self.charged(cost)], where)
        return self._unknown(lines)

    def _untaxed(self, amount: Decimal) -> Charged:
        return UNTAXED, (amount, Decimal(0))

    def _one(self, lines: list[Line], charges: list[Charged], told: dict[str, Any]) -> Sale:
        """An order with one amount outside of its charges."""
        priced = self.of_lines(lines)
        total = self.total_of([*priced, *(each for _kind, each in charges)])
        money, body = (told, {}) if self.chance.random() < 0.5 else ({}, told)
        outcome = self.document(lines, priced, charges)
        return self.sale(lines, outcome, total=total, money=money, **body)

    def _named(self, lines: list[Line]) -> Sale:
        told: list[tuple[str, int]] = []
        rows: list[Charged] = []
        amounts = [line.amount for line in lines]
        off = Decimal(0)
        pools = [OWN, THIRD_PARTY, TAX, DISCOUNT]
        for pool in self.chance.sample(pools, self.chance.randint(1, 3)):
            name, cost = self.chance.choice(pool), self.odd(5_000, 20_000) + 10 * len(told)
            if pool is DISCOUNT:
                cost = self.odd(0, self.worth // 4) + 10 * len(told)
                off += cost
            elif pool is OWN:
                rows.append(self.charged(cost))
            elif pool is THIRD_PARTY:
                rows.append(self._untaxed(cost))
            told.append((name, int(cost)))
        amounts = less(amounts, off)
        priced = self.of_lines(lines, amounts)
        total = self.total_of([*priced, *(each for _kind, each in rows)])
        body: dict[str, Any] = {}
        if self.scenario == "as an object":
            body["charges"] = dict(told)
        elif self.scenario == "a list of fees":
            named = self.chance.choice(("name", "title", "description", "concept"))
            held = self.chance.choice(("amount", "value", "price", "total"))
            place = self.chance.choice(("fee_lines", "fees", "other_charges", "cargos"))
            body[place] = [{named: name, held: cost} for name, cost in told]
        else:
            named = self.chance.choice(("name", "description", "concept"))
            body["charges"] = [{named: name, "amount": cost} for name, cost in told]
        return self.sale(lines, self.document(lines, priced, rows), total=total, **body)

    def _unknown(self, lines: list[Line]) -> Sale:
        name, cost = self.chance.choice(UNKNOWN), self.odd(5_000, 20_000)
        amounts = [line.amount for line in lines]
        rows: list[Charged] = []
        received = Decimal(0)
        answers = []
        value = "own"
        if self.scenario == "nobody knows it, answered":
            value = self.chance.choice(ANSWERS)
            item = "product" if value == "product" else ""
            # What the total shows to be unpaid is not asked about: a tax is none of it.
            is_kept = value == "tax"
            answers.append(Answered("charge_unknown", _key(name), value, item, is_kept))
        match value:
            case "own":
                rows.append(self.charged(cost))
            case "third_party":
                rows.append(self._untaxed(cost))
            case "product":
                rows.append(self.charged(cost, "5"))
            case "discount":
                if cost * 2 > self.worth:
                    raise NoOrder
                amounts = less(amounts, cost)
            case "received":
                received = cost
        if self.scenario == "nobody knows it, not paid":
            rows = []
        priced = self.of_lines(lines, amounts)
        total = self.total_of([*priced, *(each for _kind, each in rows)]) - received
        if total <= 0:
            raise NoOrder
        outcome = self.document(lines, priced, rows, received=received)
        if self.scenario == "nobody knows it":
            outcome = Asks(frozenset({"charge_unknown"}))
        charges = [{"name": name, "amount": int(cost)}]
        return self.sale(lines, outcome, total=total, charges=charges, answers=answers)


def _key(name: str) -> str:
    """As names of charges are known by: small letters without accents and spaces."""
    plain = str.maketrans("áéíóú", "aeiou")
    return name.casefold().translate(plain).replace(" ", "")
