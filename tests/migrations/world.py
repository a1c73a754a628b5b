"""What the kept database holds: two comercios with a few rows of every table. All invented."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from integrations.audit import trail
from integrations.books.models import BooksAudit, BooksFinding, BooksSeen
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.models import Answer, BankEquivalence
from integrations.connections import connect, reads
from integrations.connections.business import learn_business
from integrations.connections.models import Integration, PlatformState, ReferenceEntry
from integrations.documents.draft_reading import DraftReading
from integrations.documents.models import BuyerContact, ContactIndex, IndexedContact
from integrations.intake.models import RefusedEvents
from integrations.inventory.models import Bodega, StockMovement, WarehouseLink
from integrations.notifications.models import MailLog, Recipient
from integrations.orders.deliveries import keep_delivery
from integrations.orders.models import OrderCorrection, OrderLineChoice, OrderStatusTime
from integrations.payments.models import Payment, PaymentAttempt, PaymentStep
from integrations.scoping.context import scope
from integrations.sending import causes
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.problem_kinds import Found
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State, Why
from integrations.sending.transition import begin
from integrations.tenancy.models import Invitation, Role, User
from integrations.triggers.models import TriggerRule
from tests.cast import Cast, make_cast, make_integration
from tests.history.factories import (
    BUILT,
    NOW,
    make_attempt,
    make_document,
    make_order,
    make_problem,
    make_step,
)


def make() -> None:
    cast = make_cast()
    PlatformState.objects.get_or_create(pk=1)
    for organization in (cast.organization, cast.other):
        with scope(organization.pk):
            shop = make_integration(organization, business_id=None, key="llave", key_last4="lave")
            learn_business(shop, f"4821{organization.pk}", now=NOW)
            _lists(shop)
            _chosen(shop, cast)
            _orders(shop, cast, list(State) if organization == cast.organization else [])
            _paid(shop)
            _rest(shop, cast)
            connect.archive(make_integration(organization, "remission", state="off"), now=NOW)
    # Nobody signs in there with a password.
    User.objects.update(password="!")


def _lists(shop: Integration) -> None:
    """What was read from outside."""
    for kind in reads.Kind:
        row = reads.begin(kind, shop.company if kind in reads.OF_COMPANY else shop, now=NOW)
        assert row is not None
        reads.end(row, now=NOW, rows=1)
    about = {"organization_id": shop.organization_id, "company": shop.company}
    for kind in ReferenceEntry.Kind:
        ReferenceEntry.objects.create(
            kind=kind, alegra_id="1", name=f"Opción {kind}", fetched_at=NOW, **about
        )
    item = AlegraItem.objects.create(
        alegra_id="71", name="Termo acero inox 750 ml negro", fetched_at=NOW, **about
    )
    variant = Variant.objects.create(
        integration=shop, product_id="501", variant_id="9001", sku="TER-750", seen_at=NOW,
        product_name="Termo acero 750 ml", variant_name="Negro",
    )  # fmt: skip
    ProductLink.objects.create(integration=shop, variant=variant, item=item, created_at=NOW)
    bodega = Bodega.objects.create(integration=shop, source_id="61", name="Bogotá", seen_at=NOW)
    link = WarehouseLink.objects.create(
        integration=shop, company=shop.company, bodega=bodega, warehouse="1", is_default=True,
        created_at=NOW,
    )  # fmt: skip
    StockMovement.objects.create(
        integration=shop, link=link, variant=variant, item=item, origin="mastershop",
        source_id="m-1", direction="out", quantity=Decimal("2.5"), at=NOW,
    )  # fmt: skip
    ContactIndex.objects.create(company=shop.company)
    IndexedContact.objects.create(company=shop.company, digest="c" * 64, alegra_id="31")
    BuyerContact.objects.create(
        company=shop.company, doc_type="CC", number="1020334455", alegra_id="31"
    )


def _chosen(shop: Integration, cast: Cast) -> None:
    for family in ("cod", "prepaid"):
        TriggerRule.objects.create(
            integration=shop, family=family, status="delivered", changed_at=NOW
        )
    BankEquivalence.objects.create(
        integration=shop, method="Addi", key="addi", family="prepaid", account="1"
    )
    Answer.objects.create(
        integration=shop, question="number_twice", subject_key="1", value="same", at=NOW
    )
    Recipient.objects.create(email="avisos@ejemplo.test")


def _orders(shop: Integration, cast: Cast, states: list[State]) -> None:
    """One in each of these states of its document, one that waits for a product, one without."""
    make_order(shop)
    for number, state in enumerate(states):
        order = make_order(shop)
        at_alegra = state in (State.CREATED, State.ISSUED, State.EMITTING, State.REJECTED)
        document = make_document(
            order, state, built=BUILT, payload={"observations": "—"},
            alegra_id=str(number + 100) if at_alegra else "",
        )  # fmt: skip
        make_attempt(make_step(document, "create", 1), request_excerpt="{}")
    order = make_order(shop)
    make_problem(order, "product_unlinked", "501/9001")
    OrderStatusTime.objects.create(order=order, status="delivered", at=NOW, seen_at=NOW)
    OrderCorrection.objects.create(
        order=order, field="city", before="Medellin", after="Medellín", by=cast.editor, at=NOW
    )
    OrderLineChoice.objects.create(order=order, position=0, item=AlegraItem.objects.get(), at=NOW)
    keep_delivery(
        shop, body='{"id_order": 1}', digest="d" * 64, source="webhook", is_signed=True, now=NOW
    )


def _paid(shop: Integration) -> None:
    """An accepted invoice that a person emitted with *Emitir*, and its payment, which waits."""
    order = make_order(shop)
    document = make_document(
        order, State.ISSUED, alegra_id=f"9{order.pk}", alegra_status="open", issued_at=NOW
    )
    DraftReading.objects.create(company=shop.company, read_at=NOW)
    audit = BooksAudit.objects.create(
        company=shop.company, from_day=NOW.date(), to_day=NOW.date(), began_at=NOW,
        state="compared", ended_at=NOW, counted=2, ours=2, right=1,
    )  # fmt: skip
    BooksSeen.objects.create(audit=audit, found_in="invoice", alegra_id="71")
    BooksFinding.objects.create(
        company=shop.company, first_audit=audit, last_audit=audit, code="missing",
        found_in="invoice", document=document, order=document.order, order_number="100245",
        alegra_id="71", exactly="x", first_at=NOW, last_at=NOW,
    )  # fmt: skip
    run = BulkRun.objects.create(act="emit", state="ended", by="Diana Ospina", created_at=NOW)
    BulkItem.objects.create(run=run, work_id=document.pk, outcome="done", at=NOW)
    payment = begin(
        Payment, State.PENDING, now=NOW, why=Why.DECIDED, organization_id=shop.organization_id,
        integration=shop, company=shop.company, alegra_user=document.alegra_user, order=order,
        document=document, marker=f"[MS1-PAGO{order.pk}]",
    )  # fmt: skip
    step = PaymentStep.objects.create(work=payment, name="owed", position=1, intent_at=NOW)
    PaymentAttempt.objects.create(
        step=step, call_id=f"pago-{payment.pk}", generation=1, method="GET", path="/invoices/9",
        started_at=NOW, deadline_at=NOW,
    )  # fmt: skip
    params = {"order": order.number}
    assert payment.transition(State.BLOCKED, now=NOW, why=Why.PROBLEM)
    causes.open_problems(payment, [Found("payment_by_hand", order.number, params)], now=NOW)


def _rest(shop: Integration, cast: Cast) -> None:
    RefusedEvents.objects.create(integration=shop, first_at=NOW, last_at=NOW)
    MailLog.objects.create(
        kind="cause", key=f"correo-{shop.pk}", email="avisos@ejemplo.test", created_at=NOW,
        subject="Un producto sin vincular",
    )  # fmt: skip
    Invitation.objects.create(
        email="nueva@ejemplo.test", role=Role.VIEWER, token_digest=f"{shop.pk:064d}",
        expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    CompanyLook.objects.create(
        company=shop.company, looked_at=NOW, noticed_at=NOW, passes=2, ended_at=NOW
    )
    Forgotten.objects.create(
        company=shop.company, integration=shop, found_in="invoice", alegra_id="771",
        marker="[MS1-OLVIDADO]", order_number="100245", found_at=NOW,
    )  # fmt: skip
    trail.record(action="integration.switch_on", target=shop, actor=cast.owner)
