"""How closely what is asked for stands by what it is asked of.

建成敬老院7个、服务中心3个 tells how many homes and how many centres, and nothing of clinics: a figure belongs
to the words beside it, less the further away they stand and the more stops lie between.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from qa.model import Span

__all__ = ["bound_to"]

_REACH = 12.0
"""The code points over which a word's claim to a figure falls to a third."""
_STOP = 6
"""What a stop between them counts, in code points."""
_STOPS = re.compile("[、,，;；:：。]")
_MOST = 12
"""How many places are looked at in a clause, the first ones: a longer list says no more."""


def bound_to(words: str, spots: Sequence[Span], held: Sequence[tuple[str, float]], total: float) -> float:
    """The share of what is asked of that stands by one of the ``spots``, the best of them, in [0, 1].

    Args:
        words: a clause.
        spots: where in it what is asked for stands: figures, names, dates.
        held: the words asked of that the clause holds, each with what it weighs.
        total: what all words asked of weigh, held or not.
    """
    if not spots or not held or total <= 0.0:
        return 0.0
    places = [(list(_places(words, text)), weight) for text, weight in held]
    return max(_claims(words, spot, places) for spot in spots[:_MOST]) / total


def _claims(words: str, spot: Span, places: Sequence[tuple[Sequence[Span], float]]) -> float:
    return sum(
        weight * math.exp(-min(_distance(words, spot, place) for place in found) / _REACH)
        for found, weight in places
        if found
    )


def _distance(words: str, spot: Span, place: Span) -> float:
    between = words[spot.end : place.start] if spot.end <= place.start else words[place.end : spot.start]
    return len(between) + _STOP * len(_STOPS.findall(between)) if between else 0


def _places(words: str, text: str) -> Iterator[Span]:
    at = words.find(text)
    while at >= 0:
        yield Span(at, at + len(text))
        at = words.find(text, at + 1)
