"""The kinds of an order's charges as they were answered, and what another answer changes."""

from __future__ import annotations

from integrations.catalog.models import AlegraItem
from integrations.configuration import answers
from integrations.configuration.models import Answer
from integrations.configuration.questions import CHARGE_NAME
from integrations.connections.models import Integration
from integrations.documents.facts import ChargeFact
from integrations.documents.item_facts import item_fact
from integrations.documents.waiting_orders import build_anew
from integrations.mastershop.charge_names import PRODUCT, key, told_kind
from integrations.mastershop.orders import Charge, NormalisedOrder
from integrations.orders.models import Order
from integrations.sending.problem_kinds import Found


def connect() -> None:
    if _answered not in answers.followers[CHARGE_NAME]:
        answers.followers[CHARGE_NAME].append(_answered)


def charge_facts(order: Order, charges: tuple[Charge, ...]) -> tuple[tuple[ChargeFact, ...], list]:
    """Those above 0 with their kinds, and what keeps the product of one from being invoiced.

    What a person answered counts before the words of the name.
    """
    charges = tuple(charge for charge in charges if charge.amount > 0)
    answered = _answers_about(order.integration, charges)
    chosen = _items(order, answered.values())
    facts, problems = [], []
    for charge in charges:
        answer = answered.get(key(charge.name))
        if answer is None:
            facts.append(ChargeFact(charge.name, charge.amount, told_kind(charge.name)))
            continue
        item = chosen.get(answer.picked.get("item", ""))
        if answer.value == PRODUCT and item is None:
            # Its copy is no longer here, so that nothing can be said of its taxes.
            problems.append(_unusable(charge, answer, "ya no existe en Alegra"))
        elif answer.value == PRODUCT and item.why:
            problems.append(_unusable(charge, answer, item.why))
        facts.append(ChargeFact(charge.name, charge.amount, answer.value, item))
    return tuple(facts), problems


def chosen_items(order: Order) -> list[AlegraItem]:
    """The products of Alegra that a person chose for charges of this order."""
    if not order.snapshot:
        return []
    known = NormalisedOrder.from_json(order.snapshot)
    charges = (*known.charges, *known.named)
    picked = [answer.picked for answer in _answers_about(order.integration, charges).values()]
    ids = [each["item"] for each in picked if each.get("item")]
    if not ids:
        return []
    return list(AlegraItem.objects.filter(company=order.integration.company, alegra_id__in=ids))


def _answers_about(integration: Integration, charges: tuple[Charge, ...]) -> dict[str, Answer]:
    names = {key(charge.name) for charge in charges}
    if not names:
        return {}
    rows = Answer.objects.filter(
        integration=integration, question=CHARGE_NAME, subject_key__in=names
    )
    return {row.subject_key: row for row in rows}


def _items(order: Order, answered) -> dict:
    ids = [row.picked["item"] for row in answered if row.picked.get("item")]
    if not ids:
        return {}
    rows = AlegraItem.objects.filter(company=order.integration.company, alegra_id__in=ids)
    return {row.alegra_id: item_fact(row) for row in rows}


def _unusable(charge: Charge, answer: Answer, why: str) -> Found:
    about = {"charge": charge.name, "item": answer.picked.get("name", ""), "why": why}
    return Found("charge_product_unusable", answer.picked.get("item", ""), about)


def _answered(integration: Integration, name: str, _value: str) -> None:
    """Orders that carry the name and wait for something else since the answer before."""

    def carries(order: Order) -> bool:
        if not order.snapshot:
            return False
        known = NormalisedOrder.from_json(order.snapshot)
        return any(key(each.name) == name for each in (*known.charges, *known.named))

    build_anew(integration, CHARGE_NAME, name, carries)
