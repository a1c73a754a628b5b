"""The worker class and the log that gunicorn uses for the portal."""

from __future__ import annotations

from gunicorn.glogging import Logger

from mastershop_alegra.door.worker import Door


class Worker(Door):
    """The door, with a thread that looks whether the database answers (`GET /healthz`)."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        # Not earlier, because Django is loaded only now; not in the master, because threads do not
        # survive a fork.
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
