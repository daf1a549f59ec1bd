"""Logging: one line an event, for people or as JSON, and nothing that identifies a person.

Readers' addresses, cookies and user agents never reach a log: `without_personal_data` takes the
fields out whoever logs them. What they asked for is named only if its page failed (5xx). Libraries
that log through the standard library come out the same way.
"""

import logging
import logging.config
import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

PROCESS_VARIABLE = "STOPPRESS_PROCESS"
PERSONAL_FIELDS = frozenset(
    {"address", "client", "cookie", "cookies", "email", "ip", "password", "referer", "remote_addr"}
    | {"user", "user_agent", "username", "x_forwarded_for"}
)
NOISY_LOGGERS = (
    "uvicorn",
    "uvicorn.access",
    "uvicorn.error",
    "httpx",
    "httpcore",
    "PIL",
    "asyncio",
    "django_tasks",
)


def configure(options: Mapping[str, str]) -> None:
    """Set up logging; called by Django with LOGGING, and by processes that run without Django."""
    level = options.get("level", "info").upper()
    is_json = options.get("format") == "json"
    shared = [_name_the_process, *SHARED_PROCESSORS] if is_json else SHARED_PROCESSORS
    renderer = _renderer(is_json=is_json)
    logging.config.dictConfig(_standard_library(level, shared, renderer))
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


def _standard_library(level: str, shared: list[Any], renderer: Any) -> dict[str, Any]:
    quiet = {"level": "WARNING", "handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structlog"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **dict.fromkeys(NOISY_LOGGERS, quiet),
            # Django would mail the administrators; the desk's alarms are the place for that.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # What a reader asked for in vain is theirs, and a flood of it would fill the disk.
            "django.request": {"level": "ERROR", "handlers": [], "propagate": True},
        },
    }


def _renderer(*, is_json: bool) -> Any:
    if is_json:
        return structlog.processors.JSONRenderer(default=str)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _name_the_process(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    # Text lines get the name from the supervisor, in front.
    if name := os.environ.get(PROCESS_VARIABLE):
        event.setdefault("process", name)
    return event


def without_personal_data(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every field that names or places a person."""
    for field in PERSONAL_FIELDS & event.keys():
        del event[field]
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_personal_data,
]
