"""The document, as a pure function of facts: the exact payload, or all problems at once.

What is previewed is what is sent, because both call this. Product rules: *The document is
built*; amounts and rounding: Colombian invoicing reference, "Money".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from integrations.colombia.money import is_right, to_pesos
from integrations.colombia.peso_text import pesos
from integrations.colombia.pricing import LineAmount, price_document
from integrations.documents.built_line import BuiltLine
from integrations.documents.bundles import settle
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.facts import Facts, ItemFact, LineFact
from integrations.documents.line_answers import line_key, line_question, why_wrong
from integrations.documents.payload import payload_of
from integrations.documents.printed import Delivery, delivery
from integrations.documents.reading import Reading, read_amounts
from integrations.documents.received import Payments
from integrations.documents.shared_discount import rates_note
from integrations.documents.sizes import unlikely
from integrations.documents.tax_totals import tax_rows
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class Built:
    """What would be sent. `payload` lacks only the client's id, known after the contact step."""

    kind: str
    payload: dict[str, Any]
    contact: ContactFact
    lines: tuple[BuiltLine, ...]
    value: Decimal
    notes: tuple[str, ...] = ()
    # What of the value was paid before: how, and how much.
    received: Payments = ()
    # Why there is nothing to document, as the document's reason; '' where there is.
    nothing: str = ""

    @property
    def base(self) -> Decimal:
        return sum((line.base for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.base + self.tax

    @property
    def is_worth_nothing(self) -> bool:
        """No sale: nothing to document."""
        return self.value <= 0


@dataclass(frozen=True)
class Result:
    """Either `built`, or `problems`; never neither."""

    built: Built | None = None
    problems: tuple[Found, ...] = field(default_factory=tuple)


def build(facts: Facts) -> Result:
    doubted = unlikely(facts)
    settled = settle(facts)
    facts = settled.facts
    line_problems = _line_problems(facts)
    problems = [*facts.problems, *settled.problems, *line_problems]
    # The sum of lines that cannot be read says nothing.
    unreadable = any(found.code == "line_wrong" for found in problems)
    if not unreadable:
        problems += doubted
    contact = identify(facts)
    if isinstance(contact, Found):
        problems.append(contact)
    if any(found.code == "order_unreadable" for found in facts.problems):
        # It is being read at its source: what it lacks is asked about when that is done.
        return Result(problems=_once(problems))
    if not facts.lines and facts.rest is None:
        problems.append(_about(facts, "no_lines"))
        return Result(problems=tuple(problems))
    # What was read with the wrong sizes or the wrong lines would ask what the first answer settles.
    asks_first = unreadable or doubted or settled.problems
    reading = [] if asks_first else read_amounts(facts)
    if isinstance(reading, list):
        problems += reading
    if problems or isinstance(reading, list) or isinstance(contact, Found):
        return Result(problems=_once(problems))
    if reading.value <= 0:
        nothing = Built(facts.settings.kind, {}, contact, (), reading.value)
        return Result(replace(nothing, nothing=reading.nothing))
    lines = _priced(facts, reading)
    total = sum((line.total for line in lines), Decimal(0))
    if not is_right(total, reading.value):
        # Cannot happen with the readings above; the promise is checked all the same.
        params = {"lines": pesos(total), "total": pesos(reading.value)}
        return Result(problems=(_about(facts, "total_mismatch", **params),))
    is_invoice = facts.settings.kind == "invoice"
    if facts.settings.is_definitive and (lacking := _without_unit(lines)):
        return Result(problems=_once(lacking))
    delivered = delivery(facts.buyer, contact) if is_invoice else Delivery()
    return Result(
        Built(
            kind=facts.settings.kind,
            payload=payload_of(facts, lines, delivered=delivered),
            contact=contact,
            lines=lines,
            value=reading.value,
            notes=(
                *settled.notes,
                *reading.notes,
                *rates_note(reading.shared, lines),
                *contact.notes,
                *delivered.notes,
            ),
            received=reading.received,
        )
    )


def _line_problems(facts: Facts) -> list[Found]:
    found = []
    told = {each.subject_key for each in facts.problems if each.code == "line_wrong"}
    for line in facts.lines:
        why = why_wrong(line)
        if why and line_key(facts.key, line.position) not in told:
            found.append(line_question(facts.number, facts.key, facts.order_id, line, why))
        if line.item is not None and line.item.why:
            found.append(
                Found(
                    "item_unusable",
                    line.item.alegra_id,
                    {
                        "item": line.item.name,
                        "why": line.item.why,
                        "variant": line.variant_id,
                    },
                )
            )
    return found


def _without_unit(lines: tuple[BuiltLine, ...]) -> list[Found]:
    """Alegra would take these in a draft and then not emit it."""
    return [
        Found("item_without_unit", line.item.alegra_id, {"item": line.item.name})
        for line in lines
        if not line.item.unit
    ]


def _priced(facts: Facts, reading: Reading) -> tuple[BuiltLine, ...]:
    wanted: list[tuple[str, LineFact | None, ItemFact, LineAmount, Decimal, Decimal]] = []
    for each in reading.lines:
        line = each.line
        amount = LineAmount(
            unit_price=line.unit_price,
            quantity=int(line.quantity),
            rate=line.rate,
            gross=each.paid,
            units_per_sale=line.units_per_sale,
            with_tax=each.with_tax,
            rates=line.item.rates,
        )
        wanted.append((line.label, line, line.item, amount, line.amount, each.discount))
    for charge in reading.charges:
        amount = LineAmount(
            charge.amount, 1, charge.rate, charge.amount,
            with_tax=charge.with_tax, rates=charge.item.rates,
        )  # fmt: skip
        wanted.append((charge.name, None, charge.item, amount, charge.amount, Decimal(0)))
    parts = price_document(
        [each[3] for each in wanted],
        includes_tax=facts.settings.prices_include_tax,
        precision=facts.precision,
        value=reading.value,
    )
    return tuple(
        BuiltLine(
            label=label,
            quantity=line.quantity if line else Decimal(1),
            amount=amount,
            discount=discount,
            item=item,
            parts=tuple(priced),
            is_charge=line is None,
            variation=line.variation if line else "",
            sku=line.sku if line else "",
            units_per_sale=line.units_per_sale if line else 1,
        )
        for (label, line, item, _amount, amount, discount), priced in zip(
            wanted, parts, strict=True
        )
    )


def summary(built: Built) -> dict[str, Any]:
    """What the document's page keeps of the build: amounts as text, no buyer data."""
    return {
        "base": str(built.base),
        "tax": str(built.tax),
        "total": str(built.total),
        "value": str(built.value),
        "pesos": to_pesos(built.value),
        "rows": sum(len(line.parts) for line in built.lines),
        "warehouse": built.payload.get("warehouse", {}).get("id", ""),
        "client": built.payload.get("client", {}).get("id", ""),
        "generic_buyer": built.contact.is_generic,
        "notes": list(built.notes),
        "received": [{"label": label, "amount": str(amount)} for label, amount in built.received],
        "lines": [
            {
                "label": line.label,
                "quantity": str(line.quantity),
                "amount": str(line.amount),
                "discount": str(line.discount),
                "item": line.item.name,
                "reference": line.item.reference,
                "base": str(line.base),
                "tax": str(line.tax),
                "total": str(line.total),
                "taxes": tax_rows(
                    line.base,
                    line.tax,
                    [(tax.alegra_id, tax.name, tax.percentage) for tax in line.item.taxes],
                ),
                # What goes to Alegra for it: two rows where one price cannot give the amount.
                "rows": [{"base": str(part.base), "tax": str(part.tax)} for part in line.parts],
            }
            for line in built.lines
        ],
    }


def _about(facts: Facts, code: str, **params) -> Found:
    return Found(code, facts.key, {"order": facts.number, "order_id": facts.order_id, **params})


def _once(problems: list[Found]) -> tuple[Found, ...]:
    """Two lines may miss the same link: one problem."""
    return tuple({(each.code, each.subject_key): each for each in problems}.values())
