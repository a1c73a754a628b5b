"""The project: settings, addresses, the worker's wiring. No logic."""

from mastershop_alegra.celery import app as celery_app

__all__ = ["celery_app"]
