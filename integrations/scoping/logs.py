"""Logs: one event a line, with the request's id, and never a secret or a buyer's data."""

from __future__ import annotations

import logging.config
import re

import structlog

# Secrets of these shapes are removed from a message at the last moment. An error may quote
# megabytes, so a text is cut before it is searched. The last characters of a cut text are not
# shown, because half of a secret is not recognised.
_LONGEST, _MARGIN = 20_000, 500
_SECRETS = re.compile(
    r"(Basic\s+[A-Za-z0-9+/=]{8,}|gAAAA[\w-]{20,}|webhooks/mastershop/[\w-]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+)"
)
# Errors quote what they failed on: a database its row, a parser its text. Identifications and
# telephones are digits, however they are grouped.
_DIGITS = re.compile(r"(?<!\w)(?:\(\d{1,4}\) ?)?\d(?:[ .\-]?\d){6,}(?!\w)")
_QUOTES = frozenset({"event", "exception", "error"})
_SECRET_NAMES = re.compile(r"token|secret|password|authorization|api.?key|cookie", re.IGNORECASE)


def _redact(logger, method_name, event):
    for name, value in list(event.items()):
        if name != "event" and _SECRET_NAMES.search(name):
            event[name] = "•••"
        elif isinstance(value, str):
            event[name] = _clean(value, has_digits=name not in _QUOTES)
    return event


def _redact_line(logger, method_name, line: str) -> str:
    # Tracebacks are text by now; one event stays one line only in JSON.
    return _clean(line, has_digits=True)


def _clean(text: str, *, has_digits: bool) -> str:
    """The text without secrets, and without long numbers unless it `has_digits` of its own."""
    kept = _SECRETS.sub("•••", text[: _LONGEST + _MARGIN])
    if not has_digits:
        kept = _DIGITS.sub("•••", kept)
    return kept if len(text) <= _LONGEST + _MARGIN else f"{kept[:-_MARGIN]}…"


def configure(options: dict) -> None:
    """Called by Django with settings.LOGGING: {"format": "json" | "text", "level": …}."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    as_json = options["format"] == "json"
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        last,
                        _redact_line,
                    ],
                }
            },
            "filters": {"once": {"()": "integrations.scoping.lacking.Once"}},
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "line",
                    "filters": ["once"],
                }
            },
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                # One line for each of our requests is enough.
                "django.server": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},
                "celery": {"level": "WARNING"},
                "kombu": {"level": "WARNING"},
                "urllib3": {"level": "WARNING"},
                "faker": {"level": "WARNING"},
                "asyncio": {"level": "WARNING"},
            },
        }
    )
