"""structlog, set up once: JSON lines where a machine reads, colours where a person does.

Values under a name that means a secret are masked, and so is the password in any address, before anything is
written: secrets never reach a log.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

# Without the values of local variables: they may hold secrets or whole pages.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
_SECRET_NAMES = re.compile(r"secret|password|token|authorization|api_?key", re.I)
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/@\s:]*:[^/@\s]*@", re.I)
_WHSEC = re.compile(r"whsec_[A-Za-z0-9+/=_-]+")


def masked(text: str) -> str:
    """``text`` with the credentials of addresses and webhook secrets replaced by "***"."""
    return _WHSEC.sub("whsec_***", _USERINFO.sub(r"\1***@", text))


def _mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = masked(value)
    return event


def set_up(format_: Literal["auto", "console", "json"], level: str, stream: TextIO | None = None) -> None:
    """Log to ``stream`` (default: standard error). "auto" is readable on a terminal, JSON elsewhere."""
    stream = stream or sys.stderr
    readable = format_ == "console" or (format_ == "auto" and stream.isatty())
    numeric = logging.getLevelNamesMapping()[level.upper()]
    last: list[Any] = [
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
    if not readable:
        last = [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=logging.ERROR, format="%(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
