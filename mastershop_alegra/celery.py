"""Celery carries hints: ids of rows that may be due. Losing one loses no work."""

import os

from celery import Celery, signals
from django.db import close_old_connections

from integrations.timekeeping import database_limits
from mastershop_alegra import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")

file_broker.register()
app = Celery("mastershop_alegra")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"], related_name="tasks")


@signals.celeryd_init.connect(dispatch_uid="database_limits")
def _wait_as_a_worker(**kwargs: object) -> None:
    from integrations.scoping import lacking

    database_limits.use(database_limits.WORKER)
    # Whatever it had in hand is picked up where it stands.
    lacking.end_without_memory()


@signals.task_prerun.connect(dispatch_uid="connections")
@signals.task_postrun.connect(dispatch_uid="connections")
def _keep_connections(**kwargs: object) -> None:
    """A thread keeps its connection over many tasks, as long as it is good and not old. Celery
    would open one for each task (`CELERY_DB_REUSE_MAX`)."""
    close_old_connections()
