"""Tells the sending room how documents are pushed; called once, when Django is ready."""

from __future__ import annotations

from django.utils.translation import ngettext

from integrations.connections import guards
from integrations.connections.models import Integration
from integrations.documents import (
    amount_answers,
    charge_answers,
    goods_tax,
    identity_answers,
    number_answers,
    old_sales,
    paid_how,
    size_answers,
    status_doubt,
    warehouse_kept,
    who_sells,
)
from integrations.documents.models import Document
from integrations.documents.steps.start import start
from integrations.sending.registry import kinds, register
from integrations.sending.release import follow_login
from integrations.sending.states import MAYBE_SENT


def connect() -> None:
    register(Document, start)
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
    guards.before_archiving.append(_unsettled)
    guards.login_changed.append(follow_login)


def _unsettled(integration: Integration) -> str | None:
    under_way = {"integration": integration, "state__in": MAYBE_SENT}
    count = sum(kind.work.objects.filter(**under_way).count() for kind in kinds())
    if not count:
        return None
    text = ngettext(
        "%(count)s envío se está verificando en Alegra; espera a que se resuelva.",
        "%(count)s envíos se están verificando en Alegra; espera a que se resuelvan.",
        count,
    )
    return text % {"count": count}
