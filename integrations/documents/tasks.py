"""The worker's entrances of this room."""

from __future__ import annotations

from celery import shared_task

from integrations.documents.contact_following import follow_due
from integrations.documents.contact_reads import read_due
from integrations.documents.stock_again import read_what_orders_wait_for
from integrations.documents.watching import watch_due


@shared_task(name="documents.read_contacts")
def read_contacts() -> None:
    read_due()


@shared_task(name="documents.follow_contacts")
def follow_contacts() -> None:
    follow_due()


@shared_task(name="documents.read_stock_again")
def read_stock_again() -> None:
    read_what_orders_wait_for()


@shared_task(name="documents.watch_drafts")
def watch_drafts() -> None:
    watch_due()
