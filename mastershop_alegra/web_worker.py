"""What gunicorn runs: the worker that serves the portal, and where it says what it has to say."""

from __future__ import annotations

from gunicorn.glogging import Logger

from mastershop_alegra.door.worker import Door


class Worker(Door):
    """Each process looks by itself whether the database answers (`GET /healthz`)."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        # Not before: Django is there only now. Not in the master: threads survive no fork.
        from integrations.dashboard import probe

        probe.start()

    def tell_no_room(self, error: OSError) -> None:
        from integrations.scoping import lacking

        lacking.tell(lacking.lack_of(error) or lacking.Lack.MEMORY)


class Log(Logger):
    """What gunicorn says goes the way of our own lines, which hides addresses that hold tokens."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
