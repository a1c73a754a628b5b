"""Joins the rooms' Celery tasks, so that the worker finds them in one place."""

from integrations.books import tasks as books
from integrations.catalog import tasks as catalog
from integrations.configuration import tasks as configuration
from integrations.documents import tasks as documents
from integrations.intake import tasks as intake
from integrations.inventory import tasks as inventory
from integrations.notifications import tasks as notifications
from integrations.scoping import tasks as scoping
from integrations.sending import tasks as sending

__all__ = [
    "books",
    "catalog",
    "configuration",
    "documents",
    "intake",
    "inventory",
    "notifications",
    "scoping",
    "sending",
]
