"""Reading from the database what a document is built from. Makes no call."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings as platform

from integrations.colombia.contact_details import clean_email
from integrations.colombia.dates import bogota_today
from integrations.colombia.money import LEAST_PRECISION
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import DocumentSettings
from integrations.documents import same_sale
from integrations.documents.amount_answers import amount_answers
from integrations.documents.bundles import is_about
from integrations.documents.charge_answers import charge_facts
from integrations.documents.choices import account_of, missing_references
from integrations.documents.facts import BuyerFact, Facts, ItemFact, SettingsFact
from integrations.documents.gather_amounts import amounts_told
from integrations.documents.gather_lines import Sold, item_of_charges, line_facts, sold_of
from integrations.documents.item_facts import item_fact
from integrations.documents.line_answers import with_answers as with_line_answers
from integrations.documents.said_amounts import SaidAmounts, said_of, unread_question
from integrations.documents.size_answers import with_answers
from integrations.inventory.lookup import warehouse_for
from integrations.mastershop.orders import NormalisedOrder
from integrations.orders.buyer import Buyer, effective_buyer
from integrations.orders.models import Order
from integrations.orders.parts_known import PartsKnown
from integrations.orders.reread import Outcome
from integrations.orders.shop_email import is_shops_own
from integrations.sending.problem_kinds import Found


def gather(order: Order, *, now: datetime, sold: Sold | None = None) -> Facts:
    """The facts of this order with the settings of this moment. Needs an open scope.

    `sold`: what its lines sell, where that was just read.
    """
    settings = settings_of(order.integration)
    company = order.integration.company
    known = NormalisedOrder.from_json(order.snapshot)
    lines, problems = line_facts(order, sold or sold_of(order))
    charges, charge_problems = charge_facts(order, known.charges)
    named, _of_named = charge_facts(order, known.named)
    problems += charge_problems
    told = amounts_told(order, known, lines, charges)
    said = said_of(order)
    of_lines = with_line_answers(order, told.lines)
    problems = [
        each for each in problems if not is_about(each, order.key, of_lines.gone, of_lines.lines)
    ]
    charges_item = _charges_item(settings, company.pk)
    if settings.charges_enabled and charges_item is not None and charges_item.why:
        problems.append(
            Found(
                "charges_item_unusable",
                charges_item.alegra_id,
                {"item": charges_item.name, "why": charges_item.why},
            )
        )
    warehouse, warehouse_problem = _warehouse(order)
    problems += warehouse_problem
    means, account_problem = account_of(order, settings)
    problems += account_problem
    problems += missing_references(settings, company.pk)
    problems += [*of_lines.asked, *unread_question(order, said)]
    problems += filter(None, [same_sale.question(order)])
    if order.needs_detail and not _is_known_to_lack(order):
        about = {"order": order.number, "order_id": order.pk}
        problems = [Found("order_unreadable", order.key, about)]
    facts = Facts(
        order_id=order.pk,
        number=order.number,
        order_key=order.key,
        external_number=order.external_number,
        family=order.family,
        method=order.method,
        total=_total(order, said),
        discount=known.discount,
        charges=told.charges,
        lines=of_lines.lines,
        lines_told=told.lines,
        rest=of_lines.rest or said.rest,
        rest_asked="" if of_lines.rest else said.rest_asked,
        as_lines=said.as_lines,
        left_out=told.left_out,
        not_read=of_lines.not_read,
        returned=told.returned,
        cuts=told.cuts + of_lines.cuts,
        freight=told.freight,
        named=named,
        received=told.received,
        answers=amount_answers(order, told.received),
        buyer=buyer_fact(effective_buyer(order), order, known),
        settings=settings_fact(settings),
        # Under two the gate holds every document; what is shown meanwhile is what will be sent.
        precision=max(company.precision, LEAST_PRECISION),
        today=bogota_today(now),
        charges_item=charges_item,
        warehouse_id=warehouse,
        payment_means=means,
        surname_filler=platform.SURNAME_FILLER,
        seller_nit=company.nit,
        problems=tuple(problems),
    )
    return with_answers(facts, order.integration)


def settings_fact(settings: DocumentSettings) -> SettingsFact:
    names = SettingsFact.__dataclass_fields__
    return SettingsFact(**{name: getattr(settings, name) for name in names})


def snapshot(settings: SettingsFact) -> dict:
    """What is kept beside the document: as JSON, amounts as text."""
    values = {name: getattr(settings, name) for name in SettingsFact.__dataclass_fields__}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }


def _is_known_to_lack(order: Order) -> bool:
    """Whether all that keeps it is content nobody told, with no source left to ask: what is
    missing is then named, not that the order could not be read."""
    asked = order.reread_outcome in (Outcome.NO_KEY, Outcome.CONFIRMED)
    known = PartsKnown.from_json(order.parts)
    return asked and bool(known.lacks()) and not known.is_total_in_doubt(order.snapshot["total"])


def _total(order: Order, said: SaidAmounts) -> Decimal | None:
    """What the buyer paid. A total below 0 that is to be left out is none."""
    if said.total is not None:
        return said.total
    is_none = said.repairs and order.total is not None and order.total < 0
    return None if is_none else order.total


def _charges_item(settings: DocumentSettings, company_id: int) -> ItemFact | None:
    item = item_of_charges(settings, company_id)
    return item_fact(item) if item else None


def _warehouse(order: Order) -> tuple[str | None, list[Found]]:
    resolved = warehouse_for(order.integration, order.bodega_id, order.bodega_name)
    if resolved.problem:
        return None, [Found(resolved.problem, resolved.subject_key, dict(resolved.params))]
    return resolved.warehouse_id, []


def buyer_fact(buyer: Buyer, order: Order, known: NormalisedOrder) -> BuyerFact:
    """The buyer in the form that the builder reads; `known` is what the order says."""
    corrected = buyer.name != order.buyer_name
    return BuyerFact(
        name=buyer.name,
        # A name that a person corrected is not split by what the order said before.
        first_name="" if corrected else known.customer.first_name,
        last_name="" if corrected else known.customer.last_name,
        doc_type=buyer.doc_type,
        doc_number=buyer.doc_number,
        email=buyer.email,
        # One that a person corrected was looked at.
        name_is_checked="name" in buyer.corrected,
        email_is_shops_own="email" not in buyer.corrected
        and is_shops_own(order, clean_email(buyer.email)),
        phone=buyer.phone,
        address=buyer.address,
        city=buyer.city,
        department=buyer.department,
        dane_code=order.ship_dane_code if buyer.city == order.ship_city else "",
        unidentified=buyer.unidentified,
        company=buyer.company,
        is_named_by_company=buyer.is_named_by_company,
        is_certain=buyer.is_certain,
        elsewhere=buyer.elsewhere,
        lost=buyer.lost,
    )
