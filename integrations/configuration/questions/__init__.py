"""All that a person is asked once, as one table: one file for each subject.

The files are joined here. A question is written once and complete, beside those of its subject.
"""

from __future__ import annotations

from integrations.configuration.questions import (
    amounts,
    articles,
    bundles,
    buyers,
    charges,
    payments,
    sales,
    set_up,
    short_totals,
    sizes,
    totals,
    warehouse,
)
from integrations.configuration.questions.charges import CHARGE_NAME
from integrations.configuration.questions.payments import PAYMENT_METHOD, PAYMENT_OF_ORDER
from integrations.configuration.questions.question import Choice, KeptAs, Pick, Question, Subject
from integrations.configuration.questions.sales import (
    ANOTHER,
    CREATE,
    DATED,
    FURTHER,
    LEAVE_OUT,
    NUMBER_TWICE,
    OLD_SALES,
    STATUS_OF_ORDER,
    THE_SAME,
)
from integrations.configuration.questions.set_up import (
    EXCLUDED,
    GOODS_UNTAXED,
    LACKING,
    VAT_STANDING,
    WHO_SELLS,
)
from integrations.configuration.questions.warehouse import ACCEPT, CHECK_EACH, WAREHOUSE_KEPT

__all__ = [
    "ACCEPT",
    "ANOTHER",
    "CHARGE_NAME",
    "CHECK_EACH",
    "CREATE",
    "DATED",
    "EXCLUDED",
    "FURTHER",
    "GOODS_UNTAXED",
    "LACKING",
    "LEAVE_OUT",
    "NUMBER_TWICE",
    "OLD_SALES",
    "PAYMENT_METHOD",
    "PAYMENT_OF_ORDER",
    "QUESTIONS",
    "STATUS_OF_ORDER",
    "THE_SAME",
    "VAT_STANDING",
    "WAREHOUSE_KEPT",
    "WHO_SELLS",
    "Choice",
    "KeptAs",
    "Pick",
    "Question",
    "Subject",
]

QUESTIONS: dict[str, Question] = {
    question.code: question
    for subject in (
        amounts,
        articles,
        bundles,
        buyers,
        charges,
        payments,
        sales,
        set_up,
        short_totals,
        sizes,
        totals,
        warehouse,
    )
    for question in subject.QUESTIONS
}
