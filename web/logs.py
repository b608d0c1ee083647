"""The log: one line for each event on standard error, for programs (JSON) or people; never what was asked."""

from __future__ import annotations

import sys
from typing import Any, Final

import structlog

from web.service import LogFormat

__all__ = ["make_log"]

_PROCESSORS: Final[tuple[Any, ...]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


def make_log(format: LogFormat) -> structlog.typing.FilteringBoundLogger | None:
    """A log of its own, configured by nothing global; None where there is to be none."""
    if format == "off":
        return None
    shown: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    made: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[*_PROCESSORS, shown],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return made
