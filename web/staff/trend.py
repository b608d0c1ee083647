"""How often something was asked over time, as the bars of a chart and the rows of the table beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from qa.model import Status
from web.records.model import DayCount

__all__ = ["Bar", "bars"]

_WIDTH, _HEIGHT = 720.0, 120.0
_DAYS: Final = 31
"""Up to how many days a bar is a day; beyond that it is a week."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or a week: how many were answered and how many were not, and where they are drawn."""

    first: date
    last: date
    answered: int
    others: int
    x: float
    width: float
    top: float
    middle: float
    bottom: float


def bars(counts: Iterable[DayCount], since: date, until: date) -> tuple[Bar, ...]:
    """A bar for every day from ``since`` to ``until``, or for every week that ends with ``until``'s weekday.

    Those without questions are there, too; the first week may be cut short.
    """
    whole = (until - since).days + 1
    size = 1 if whole <= _DAYS else _WEEK
    number = -(-whole // size)
    answered, others = [0] * number, [0] * number
    for one in counts:
        if since <= one.day <= until:
            at = number - 1 - (until - one.day).days // size
            (answered if one.status is Status.ANSWERED else others)[at] += one.count
    most = max(1, *map(sum, zip(answered, others, strict=True)))
    step = _WIDTH / number
    made = []
    for at in range(number):
        last = until - timedelta(days=(number - 1 - at) * size)
        first = max(since, last - timedelta(days=size - 1))
        middle = _HEIGHT * (1 - answered[at] / most)
        top = middle - _HEIGHT * others[at] / most
        place = (round(at * step, 2), round(step * 0.8, 2), round(top, 2), round(middle, 2), _HEIGHT)
        made.append(Bar(first, last, answered[at], others[at], *place))
    return tuple(made)
