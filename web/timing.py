"""How long an answer took, as a header; never part of the answer itself."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

__all__ = ["timed"]

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, dict[str, str]]:
    """The result of ``work`` and the ``Server-Timing`` header that says what it cost."""
    started = perf_counter()
    result = work()
    milliseconds = (perf_counter() - started) * 1000
    return result, {"Server-Timing": f"ask;dur={milliseconds:.1f}"}
