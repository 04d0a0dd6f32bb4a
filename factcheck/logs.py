"""How every process writes its log: one structure, and no secret in it."""

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
_SECRET_NAMES = re.compile(
    r"(?i)passw|secret|token|authori[sz]ation|cookie|api_?key|private|salt|otp"
)
_SECRET_VALUES = re.compile(
    r"fcd_[A-Za-z0-9_-]{8,}"  # our tokens
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password in an address
    r"|(?i:(?<=bearer )|(?<=token ))[A-Za-z0-9._~+/=-]{16,}"
)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what is a secret by its name, and what looks like one inside a value."""
    for name, value in event.items():
        event[name] = _cleaned(name, value)
    return event


def skip_beginnings(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the line that says a request began: the one that says how it ended has it all."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event


def _cleaned(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name) and value not in (None, "", True, False):
        return HIDDEN
    if isinstance(value, str):
        return _SECRET_VALUES.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {key: _cleaned(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned("", inner) for inner in value]
    return value


def configure(*, level: str, for_people: bool) -> None:
    """Send everything to standard error: JSON lines, or aligned words ``for_people``."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            skip_beginnings,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        hide_secrets,
                        last,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # Each request is said once, with its outcome, by django_structlog.
                "django.request": {"level": "CRITICAL"},
                "django.server": {"level": "ERROR"},
                # A tick every few seconds is no news; jobs say themselves what went wrong.
                "celery.beat": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
            },
        }
    )
