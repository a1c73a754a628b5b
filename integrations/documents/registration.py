"""Tells the sending room how documents are pushed; called once, when Django is ready."""

from __future__ import annotations

from integrations.connections import guards
from integrations.documents import (
    amount_answers,
    beside,
    charge_answers,
    emitting_many,
    goods_tax,
    identity_answers,
    issued,
    number_answers,
    old_sales,
    paid_how,
    size_answers,
    status_doubt,
    warehouse_kept,
    who_sells,
)
from integrations.documents.far_side import far_side_of
from integrations.documents.listed import INVOICES, REMISSIONS
from integrations.documents.models import Document
from integrations.documents.steps.start import start
from integrations.sending.registry import register
from integrations.sending.release import follow_login
from integrations.sending.unsettled import unsettled


def connect() -> None:
    register(Document, start, far=far_side_of, lists=(INVOICES, REMISSIONS))
    charge_answers.connect()
    size_answers.connect()
    identity_answers.connect()
    paid_how.connect()
    amount_answers.connect()
    old_sales.connect()
    number_answers.connect()
    status_doubt.connect()
    warehouse_kept.connect()
    who_sells.connect()
    goods_tax.connect()
    emitting_many.connect()
    if beside.follow_emission not in issued.followers:
        issued.followers.append(beside.follow_emission)
    guards.before_archiving.append(unsettled)
    guards.login_changed.append(follow_login)
