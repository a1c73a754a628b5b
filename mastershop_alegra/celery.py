"""Celery carries hints: ids of rows that may be due. Losing one loses no work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")

app = Celery("mastershop_alegra")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"], related_name="tasks")
