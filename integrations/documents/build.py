"""The document, as a pure function of facts: the exact payload, or all problems at once.

What is previewed is what is sent, because both call this. Product rules: *The document is
built*; amounts and rounding: Colombian invoicing reference, "Money".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from integrations.colombia.money import is_right, to_pesos
from integrations.colombia.peso_text import pesos
from integrations.colombia.pricing import LineAmount, PricedLine, price_document
from integrations.documents.bundles import settle
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.facts import Facts, ItemFact, LineFact
from integrations.documents.line_answers import line_key, line_question, why_wrong
from integrations.documents.reading import Reading, read_amounts
from integrations.documents.received import Payments
from integrations.documents.shared_discount import rates_note
from integrations.documents.sizes import unlikely
from integrations.documents.tax_totals import tax_rows
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class BuiltLine:
    """One line of the document beside what was bought. Amounts in COP, with cents."""

    label: str
    quantity: Decimal
    amount: Decimal
    discount: Decimal
    item: ItemFact
    parts: tuple[PricedLine, ...]
    is_charge: bool = False

    @property
    def base(self) -> Decimal:
        return sum((part.base for part in self.parts), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((part.tax for part in self.parts), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


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
    return Result(
        Built(
            kind=facts.settings.kind,
            payload=_payload(facts, lines),
            contact=contact,
            lines=lines,
            value=reading.value,
            notes=(
                *settled.notes,
                *reading.notes,
                *rates_note(reading.shared, lines),
                *contact.notes,
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
        )
        for (label, line, item, _amount, amount, discount), priced in zip(
            wanted, parts, strict=True
        )
    )


def _payload(facts: Facts, lines: tuple[BuiltLine, ...]) -> dict[str, Any]:
    settings = facts.settings
    due = facts.today
    if settings.payment_term == "credit":
        due += timedelta(days=settings.credit_days)
    rows = [row for line in lines for row in _rows(line)]
    people = f"Pedido {facts.number}"
    if facts.external_number:
        people += f" · {facts.external_number}"
    payload: dict[str, Any] = {
        "date": facts.today.isoformat(),
        "dueDate": due.isoformat(),
        "observations": people,
        "items": rows,
    }
    if settings.kind == "invoice":
        payload |= {
            "status": "draft",
            "type": "NATIONAL",
            "operationType": "STANDARD",
            "paymentForm": "CREDIT" if settings.payment_term == "credit" else "CASH",
            "paymentMethod": facts.payment_means,
        }
        if settings.number_template:
            payload["numberTemplate"] = {"id": settings.number_template}
    if facts.warehouse_id:
        payload["warehouse"] = {"id": facts.warehouse_id}
    if settings.seller:
        payload["seller"] = {"id": settings.seller}
    if settings.cost_center:
        payload["costCenter"] = {"id": settings.cost_center}
    return payload


def _rows(line: BuiltLine) -> list[dict[str, Any]]:
    description = line.label if line.is_charge else ""
    if line.discount:
        description = f"Descuento {pesos(line.discount)}"
    rows = []
    for part in line.parts:
        row: dict[str, Any] = {
            "id": line.item.alegra_id,
            "price": part.unit_price,
            "quantity": part.quantity,
            "discount": 0,
            # Sent even when empty: what Alegra does without it is not known.
            "tax": [{"id": tax.alegra_id} for tax in line.item.taxes],
        }
        if description:
            row["description"] = description
        rows.append(row)
    return rows


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
