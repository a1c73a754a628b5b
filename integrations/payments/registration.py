"""Tells the rooms below what a payment is; called once, when Django is ready."""

from __future__ import annotations

from integrations.documents import issued
from integrations.payments.begin import begin_payment
from integrations.payments.far_side import PAYMENTS
from integrations.payments.listed import RECEIVED
from integrations.payments.models import Payment
from integrations.payments.steps import start
from integrations.sending.registry import register


def connect() -> None:
    register(Payment, start, far=lambda _payment: PAYMENTS, lists=(RECEIVED,))
    if begin_payment not in issued.followers:
        issued.followers.append(begin_payment)
