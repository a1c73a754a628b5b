"""Orders that were paid in part before: the document keeps full price and IVA."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.documents.random_orders.making import Making, NoOrder
from tests.documents.random_orders.rules import less
from tests.documents.random_orders.sale import Answered, Asks, Document, Line, Nothing, Sale

FIELDS = (
    "gift_card_amount", "giftCardAmount", "gift_card", "tarjeta_regalo", "valor_bono_regalo",
    "total_gift_card", "Tarjeta-De-Regalo", "store_credit", "saldo_a_favor", "saldoAFavor",
    "credito_tienda", "customer_balance", "wallet_amount", "abono", "valor_abono", "anticipo",
    "monto_anticipo", "deposit_amount", "prepaid_amount", "advance_payment", "down_payment",
    "pago_parcial", "loyalty_points_amount", "puntos_redimidos", "amount_paid", "total_paid",
    "valor_pagado", "already_paid", "amount_received",
)  # fmt: skip
PLACES = ("", "order_transaction", "payment", "payment_details")
NAMES = (
    "Gift card", "Tarjeta de regalo", "GIFT-CARD 8842", "Bono de regalo", "Saldo a favor",
    "Store credit", "Abono", "Abono del cliente", "Anticipo", "Cuota inicial",
)  # fmt: skip
NOTES = (
    "Cliente abonó {pesos}, el resto contra entrega", "Anticipo de {plain} por Nequi",
    "Pagó {pesos} con tarjeta de regalo", "Ya transfirió {pesos}", "Seña: {pesos}",
    "ABONO {plain}. Llamar antes de entregar", "Cuota inicial {pesos} pagada",
    "Usó {pesos} de saldo a favor",
)  # fmt: skip
CODES = ("GIFT-CARD-8842", "gift_card_2026", "TARJETA DE REGALO 55", "STORE CREDIT", "ABONO-17")
# As a gateway tells the split, without its amount.
GATEWAYS = (
    "Gift Card + Contraentrega", "abono_y_contraentrega", "Saldo a favor, contra entrega",
    "Store Credit / COD", "Anticipo Nequi y contraentrega", "Tarjeta de regalo - efectivo",
)  # fmt: skip
PREPAID = ("Nequi", "Bancolombia", "PSE", "Tarjeta de crédito", "Wompi")
AT_THE_DOOR = ("Contraentrega", "contra_entrega", "COD", "Pago contra entrega")
# The limits of the settings for what is short without being told.
MOST, MOST_PERCENT = 50_000, 30


class Payments(Making):
    kind = "paid in part before"
    scenarios = (
        "in a field", "as a charge", "as a line", "in a note", "one by one", "by its code",
        "by the gateway's word", "the word and too much", "the whole price", "nobody says it",
        "a card for all of it", "a total of 0", "a total of 0, answered", "a real discount too",
    )  # fmt: skip

    def make(self) -> Sale:
        lines = self.lines(most=4)
        priced = self.of_lines(lines)
        worth = self.total_of(priced)
        if self.scenario in ("a card for all of it", "a total of 0", "a total of 0, answered"):
            return self._of_nothing(lines, worth)
        limit = min(MOST, int(worth) * MOST_PERCENT // 100)
        match self.scenario:
            case "by the gateway's word":
                paid = self.odd(50, limit)
            case "the word and too much":
                paid = self.odd(limit + 50, int(worth) * 3 // 4)
            case _:
                paid = self.odd(int(worth) // 20, int(worth) * 3 // 4)
        exact = sum((base + tax for base, tax in priced), Decimal(0))
        is_by_rest = self.scenario == "by the gateway's word"
        outcome: Document | Asks = self.document(
            lines, priced, received=paid, value=exact if is_by_rest else worth
        )
        total = worth - paid
        money: dict[str, Any] = {}
        body: dict[str, Any] = {}
        items = self.told(lines)
        plain, pesos = str(int(paid)), f"$ {int(paid):,}".replace(",", ".")
        match self.scenario:
            case "in a field" | "the whole price" | "a real discount too":
                money, body = self._in_a_field(paid)
            case "as a charge":
                body["charges"] = [{"name": self._name(), "amount": -int(paid)}]
            case "as a line":
                items.append({"name": self._name(), "quantity": 1, "price": -int(paid)})
            case "in a note":
                text = self.chance.choice(NOTES).format(plain=plain, pesos=pesos)
                body["notes"] = self.chance.choice((text, [text]))
            case "one by one":
                money, body = self._one_by_one(paid, total)
            case "by its code":
                money = self._by_its_code(paid)
            case "by the gateway's word" | "the word and too much":
                money = {"payment_gateway": self.chance.choice(GATEWAYS)}
        if self.scenario in ("nobody says it", "the word and too much"):
            outcome = Asks(frozenset({"short_total"}))
        elif self.scenario == "the whole price":
            total = worth
        elif self.scenario == "a real discount too":
            return self._with_discount(lines, paid, money, body)
        return self.sale(lines, outcome, total=total, money=money, items=items, **body)

    def _name(self) -> str:
        return self.chance.choice(NAMES)

    def _in_a_field(self, paid: Decimal) -> tuple[dict, dict]:
        name, place = self.chance.choice(FIELDS), self.chance.choice(PLACES)
        shapes = (int(paid), str(int(paid)), f"{int(paid):,}".replace(",", "."),
                  {"amount": int(paid), "currency": "COP"}, -int(paid))  # fmt: skip
        told = {name: self.chance.choice(shapes)}
        if place == "order_transaction":
            return told, {}
        return {}, {place: told} if place else told

    def _one_by_one(self, paid: Decimal, door: Decimal) -> tuple[dict, dict]:
        named = self.chance.choice(("method", "gateway", "payment_method", "name"))
        entries = [
            {named: self.chance.choice(PREPAID), "amount": int(paid), "status": "approved"},
            {named: self.chance.choice(AT_THE_DOOR), "amount": int(door)},
        ]
        self.chance.shuffle(entries)
        told = {
            self.chance.choice(("payments", "transactions", "pagos", "paymentDetails")): entries
        }
        return (told, {}) if self.chance.random() < 0.5 else ({}, told)

    def _by_its_code(self, paid: Decimal) -> dict[str, Any]:
        code = self.chance.choice(CODES)
        named = self.chance.choice(("discount_code", "coupon_name", "discount_type", "codigo"))
        if named == "codigo":
            entry = {"code": code, "amount": str(int(paid)), "type": "fixed_amount"}
            return {"discount": int(paid), "discount_codes": [entry]}
        return {"discount": int(paid), named: code}

    def _with_discount(self, lines: list[Line], paid: Decimal, money: dict, body: dict) -> Sale:
        worth = sum((line.amount for line in lines), Decimal(0))
        off = self.odd(0, int(worth) // 5) - 10
        priced = self.of_lines(lines, less([line.amount for line in lines], off))
        total = self.total_of(priced) - paid
        if total <= 0 or off == paid:
            raise NoOrder
        outcome = self.document(lines, priced, received=paid)
        return self.sale(lines, outcome, total=total, money={**money, "discount": int(off)}, **body)

    def _of_nothing(self, lines: list[Line], worth: Decimal) -> Sale:
        """A total of 0 over priced lines: paid before in full, or a question."""
        priced = self.of_lines(lines)
        exact = sum((base + tax for base, tax in priced), Decimal(0))
        whole_sale = self.document(lines, priced, received=exact, value=exact)
        if self.scenario == "a card for all of it":
            full = self.document(lines, priced, received=worth)
            money = {"gift_card_amount": int(worth)}
            return self.sale(lines, full, total=Decimal(0), money=money)
        if self.scenario == "a total of 0":
            return self.sale(lines, Asks(frozenset({"total_zero"})), total=Decimal(0))
        value, outcome = self.chance.choice(
            (("received", whole_sale), ("exchange", Nothing("exchange")),
             ("discount", Nothing("full_discount")))
        )  # fmt: skip
        answers = [Answered("total_zero", str(700_000 + self.seed), value)]
        return self.sale(lines, outcome, total=Decimal(0), answers=answers)
