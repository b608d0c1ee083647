"""Rules with branches told apart by a date: which branch is the asker's.

A rule such as 「2011年6月30日及以前已参保的，可…；2011年7月1日及以后参保的，可…」 has a clause for each
case. A year that the asker names (我2009年开始交) chooses among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Bound", "bound_of", "fits"]

_BOUND = re.compile(
    r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?\s*(?:[(（]含[)）])?\s*"
    r"(?:及其?|（含）)?(以前|之前|前|以后|之后|起|后)"
)
_BEFORE = frozenset({"以前", "之前", "前"})


@dataclass(frozen=True, slots=True)
class Bound:
    """The date a branch begins or ends with: ``before`` says that it holds up to then."""

    year: int
    month: int
    before: bool


def bound_of(words: str) -> Bound | None:
    """The first dated bound of a clause (folded to half width): the one that says whom it is for."""
    match = _BOUND.search(words)
    if match is None:
        return None
    return Bound(int(match[1]), int(match[2] or 0), match[4] in _BEFORE)


def fits(bound: Bound, year: int) -> bool | None:
    """Whether something of ``year`` falls under a bound; None in the bound's own year, when either may."""
    if year == bound.year:
        # A bound at the turn of a year decides its own year too.
        if bound.before and bound.month in (0, 12):
            return True
        if not bound.before and bound.month in (0, 1):
            return True
        return None
    return (year < bound.year) == bound.before
