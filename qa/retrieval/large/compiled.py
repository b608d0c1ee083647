"""Compiling a function once for all processes: numba with its cache on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

__all__ = ["compiled"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """``function`` compiled by numba when it is first called, without the interpreter's lock.

    The machine code is kept beside the module, as Python keeps its own, or in the user's cache where that
    cannot be written; where neither can be, every process compiles for itself.
    """
    try:
        made = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba: no locator available
        made = njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)
