"""Celery carries hints: ids of rows that may be due. Losing one loses no work."""

import os

from celery import Celery

from mastershop_alegra import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")

file_broker.register()
app = Celery("mastershop_alegra")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"], related_name="tasks")
