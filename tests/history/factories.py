"""Orders, documents, causes and what hangs on them, made quickly. All of it invented."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from integrations.documents.models import Document, DocumentAttempt, DocumentProblem, DocumentStep
from integrations.mastershop.orders import Customer, Line, NormalisedOrder
from integrations.mastershop.payment_methods import UNKNOWN
from integrations.orders.models import Order, OrderLine
from integrations.scoping.context import scope
from integrations.scoping.search_key import normalised
from integrations.sending.marker import make_marker
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import sentence
from integrations.sending.states import LIVE, State, StepState, Why

_numbers = itertools.count(1_048_000)
NOW = datetime(2026, 11, 21, 15, 31, tzinfo=UTC)  # 10:31 in Bogotá


def make_order(integration, *, total: int | None = 174_900, **fields) -> Order:
    """An order with one line, without a document, first seen a minute before the one before."""
    number = fields.pop("number", "") or str(next(_numbers))
    lines = fields.pop("lines", [("Termo acero 750 ml · Negro", 1, total or 0)])
    defaults = {
        "status": "delivered",
        "rank_max": 8,
        "family": "cod",
        "method": "cod",
        "total": None if total is None else Decimal(total),
        "total_pesos": total,
        "buyer_name": "Yuliana Restrepo",
        "buyer_doc_type": "CC",
        "buyer_doc_number": "1020334455",
        "buyer_email": "yuliana@example.com",
        "buyer_phone": "3005550142",
        "ship_address": "Calle 10 # 20-30",
        "ship_city": "Medellín",
        "ship_department": "Antioquia",
        "first_seen_at": NOW - timedelta(minutes=int(number) - 1_048_000)
        if number.isdigit()
        else NOW,
        "changed_at": NOW,
        "decision": "not_reached",
    }
    columns = {**defaults, **fields}
    columns.setdefault("buyer_key", normalised(columns["buyer_name"]))
    columns.setdefault("external_key", normalised(columns.get("external_number", "")))
    known = NormalisedOrder(
        order_id=number,
        total=columns["total"],
        customer=Customer(name=columns["buyer_name"]),
        lines=tuple(
            Line("501", "9001", "TER-750", name, "", Decimal(quantity), Decimal(price))
            for name, quantity, price in lines
        ),
    )
    columns.setdefault("snapshot", known.to_json())
    with scope(integration.organization_id):
        order = Order.objects.create(
            integration=integration, number=number, search_key=normalised(number), **columns
        )
        for position, (name, quantity, price) in enumerate(lines):
            OrderLine.objects.create(
                order=order,
                position=position,
                name=name,
                source_product="501",
                source_variant="9001",
                quantity=quantity,
                unit_price=price,
            )
    return order


def make_document(order: Order, state: State = State.PENDING, **fields) -> Document:
    integration = order.integration
    defaults = {
        "kind": "invoice",
        "mode": "draft",
        "state": state,
        "live": state in LIVE,
        "state_since": NOW,
        "created_at": order.first_seen_at,
        "marker": make_marker(integration.source_key, order.number, 0),
        "total": order.total,
        "total_pesos": order.total_pesos,
    }
    columns = {**defaults, **fields}
    if columns.get("number"):
        columns.setdefault("number_key", normalised(columns["number"]))
    with scope(integration.organization_id):
        document = Document.objects.create(
            integration=integration,
            company=integration.company,
            alegra_user=integration.credential.alegra_user,
            order=order,
            **columns,
        )
        _came_to(document, state)
        Order.objects.filter(pk=order.pk).update(document=document)
    order.document = document
    return document


def _came_to(document: Document, state: State) -> None:
    """Its changes: due by its rule, and from there to where it is; or left out or asked at once."""
    told = {"organization_id": document.organization_id, "at": document.created_at}
    is_due = state in LIVE and document.order.family != UNKNOWN
    first = State.PENDING if is_due else state
    document.changes.create(to_state=first, why=Why.DECIDED, **told)
    if state != first:
        why = Why.PROBLEM if state == State.BLOCKED else Why.ANSWERED
        document.changes.create(from_state=first, to_state=state, why=why, **told)


def make_problem(
    order: Order, code: str, subject_key: str = "", params: dict | None = None, **cause_fields
) -> Cause:
    """The order's document is blocked by this problem; problems with one subject share a cause."""
    params = params or {}
    with scope(order.organization_id):
        document = order.document or make_document(order, State.BLOCKED)
        cause = Cause.objects.filter(
            integration=order.integration, code=code, subject_key=subject_key, state="open"
        ).first()
        if cause is None:
            cause = Cause.objects.create(
                integration=order.integration,
                code=code,
                subject_key=subject_key,
                label=sentence(code, params),
                params=params,
                **{"first_at": NOW, "last_at": NOW, **cause_fields},
            )
        DocumentProblem.objects.create(
            work=document,
            order=order,
            cause=cause,
            code=code,
            subject_key=subject_key,
            params=params,
            opened_at=NOW,
        )
        cause.open_count += 1
        cause.pesos += order.total_pesos or 0
        cause.save()
    return cause


def make_step(
    document: Document, name: str, position: int, state: StepState = StepState.DONE, **fields
) -> DocumentStep:
    fields.setdefault("intent_at", NOW + timedelta(seconds=position))
    with scope(document.organization_id):
        return DocumentStep.objects.create(
            work=document, name=name, position=position, state=state, **fields
        )


def make_attempt(step: DocumentStep, **fields) -> DocumentAttempt:
    defaults = {
        "call_id": f"llamada-{next(_numbers)}",
        "generation": 1,
        "method": "POST",
        "path": "/invoices",
        "started_at": NOW,
        "deadline_at": NOW + timedelta(seconds=35),
    }
    with scope(step.organization_id):
        return DocumentAttempt.objects.create(step=step, **{**defaults, **fields})


BUILT = {
    "base": "146974.79",
    "tax": "27925.21",
    "total": "174900.00",
    "value": "174900.00",
    "pesos": 174900,
    "rows": 1,
    "generic_buyer": False,
    "notes": [],
    "lines": [
        {
            "label": "Termo acero 750 ml · Negro",
            "quantity": "1",
            "amount": "174900",
            "discount": "0",
            "item": "Termo acero inox 750 ml negro",
            "reference": "TER-750-NG",
            "base": "146974.79",
            "tax": "27925.21",
            "total": "174900.00",
            "taxes": [{"id": "3", "name": "IVA", "rate": "19", "tax": "27925.21"}],
            "rows": [{"base": "146974.79", "tax": "27925.21"}],
        }
    ],
}
