"""Celery carries hints: ids of rows that may be due. Losing one loses no work."""

import os
from typing import Any

import kombu
from celery import Celery, signals
from celery.app.amqp import AMQP
from django.db import close_old_connections

from integrations.timekeeping import database_limits
from integrations.timekeeping.timing import timing
from mastershop_alegra import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")


class _Connection(kombu.Connection):
    """Tries to reach a broker every few seconds, however long it is gone; Celery waits 30 s."""

    def _ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        longest = timing().broker_tried_again
        return super()._ensure_connection(*args, **{**kwargs, "interval_max": longest})


class _Messages(AMQP):
    Connection = _Connection


file_broker.register()
app = Celery("mastershop_alegra", amqp=_Messages)
# By its name, because its module needs the models, which are not loaded yet.
app.steps["worker"].add("mastershop_alegra.unprompted:Unprompted")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"], related_name="tasks")


@signals.celeryd_init.connect(dispatch_uid="database_limits")
def _wait_as_a_worker(**kwargs: object) -> None:
    from integrations.scoping import lacking

    database_limits.use(database_limits.WORKER)
    # The rows that it was working on are taken up again by others.
    lacking.end_without_memory()


@signals.task_prerun.connect(dispatch_uid="connections")
@signals.task_postrun.connect(dispatch_uid="connections")
def _keep_connections(**kwargs: object) -> None:
    """A thread keeps its connection over many tasks, as long as it is good and not old. Celery
    would open one for each task (`CELERY_DB_REUSE_MAX`)."""
    close_old_connections()
