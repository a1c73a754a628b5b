"""What is unclear about who the buyer is, as the question that a person is asked.

Rules: Colombian invoicing reference, "Identity documents" and "The buyer"; product rules, *The
document is built*. A typed identification never becomes another person's, nor *Cliente no
identificado* unasked. Each question offers only the readings that a document can be made of.
"""

from __future__ import annotations

from integrations.colombia import identity
from integrations.colombia.company_names import may_be_of_a_company
from integrations.colombia.identity_readings import Reading, readings
from integrations.colombia.name_and_number import DOUBTS, name_for
from integrations.configuration.questions.buyers import (
    AS_KNOWN,
    BUYER_LOST,
    COMPANY_NAME,
    IDENTITY_AMBIGUOUS,
    IDENTITY_WRONG,
    ITS_NAME,
    NAME_OF_ANOTHER,
    UNIDENTIFIED,
)
from integrations.documents.facts import BuyerFact, Facts
from integrations.sending.problem_kinds import Found

_LOST = "lo que dice ahora no alcanza para saber si es el mismo."
_ELSEWHERE = {
    False: "Trae una identificación en un campo o una nota que no son para ella.",
    True: "Trae en un campo o una nota un NIT que no es el de su comprador.",
}


def judge(facts: Facts) -> identity.Judgement:
    buyer = facts.buyer
    return identity.judge(
        buyer.doc_type,
        buyer.doc_number,
        phone=buyer.phone,
        name=whole_name(buyer),
        seller=facts.seller_nit,
        is_certain=buyer.is_certain,
    )


def doubt_about(facts: Facts, judged: identity.Judgement) -> Found | None:
    """The question about this identification, and about its name where the number is usable."""
    buyer = facts.buyer
    if judged.verdict == "missing" and buyer.lost[1]:
        return _asked(facts, BUYER_LOST, _LOST, [AS_KNOWN])
    if buyer.elsewhere[1] and not buyer.is_certain:
        why = _ELSEWHERE[judged.verdict != "missing"]
        return _asked(facts, IDENTITY_AMBIGUOUS, why, values(read_of(buyer, facts.seller_nit)))
    if judged.verdict in ("ask", "wrong"):
        code = IDENTITY_AMBIGUOUS if judged.verdict == "ask" else IDENTITY_WRONG
        return _asked(facts, code, judged.sentence, values(read_of(buyer, facts.seller_nit)))
    if judged.verdict == "missing" or buyer.name_is_checked:
        return None
    belongs = name_for(judged, name=whole_name(buyer), company=buyer.company)
    if not belongs.doubt:
        return None
    offers = [ITS_NAME] if whole_name(buyer).strip() else []
    if may_be_of_a_company(buyer.company):
        offers.append(COMPANY_NAME)
    # What it is read as now is what asks.
    others = tuple(
        reading
        for reading in read_of(buyer, facts.seller_nit)
        if (reading.doc_type, reading.number) != (judged.type, judged.number)
    )
    return _asked(facts, NAME_OF_ANOTHER, DOUBTS[belongs.doubt], [*offers, *values(others)])


def read_of(buyer: BuyerFact, seller_nit: str) -> tuple[Reading, ...]:
    """What the identification in doubt can mean: the one that stands elsewhere, if there is."""
    doc_type, number = buyer.elsewhere if buyer.elsewhere[1] else (buyer.doc_type, buyer.doc_number)
    name = whole_name(buyer)
    return readings(doc_type, number, phone=buyer.phone, name=name, seller=seller_nit)


def whole_name(buyer: BuyerFact) -> str:
    return buyer.name or f"{buyer.first_name} {buyer.last_name}"


def values(found: tuple[Reading, ...]) -> list[str]:
    return [reading.value for reading in found]


def _asked(facts: Facts, code: str, why: str, offers: list[str]) -> Found:
    return Found(
        code,
        facts.key,
        {
            "order": facts.number,
            "order_id": facts.order_id,
            "why": why,
            "offers": [*offers, UNIDENTIFIED],
        },
    )
