"""Whether a clause holds what is asked for: a name, a figure in its unit, all members of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.answering.binding import bound_to
from qa.answering.features import HARD_KINDS
from qa.answering.match import stands_alone
from qa.answering.titles import asked_titles, bears
from qa.answering.view import ClauseView, PassageView
from qa.language.expect import Facet
from qa.language.lexicon import Expectation, Lexicon
from qa.language.query import Query
from qa.model import Span

__all__ = ["PEOPLE", "Expected", "Expecting", "names_members"]

PEOPLE = frozenset({"person", "position"})
_FIGURE = r"[\d.一二三四五六七八九十百千两数几首半]+\s*[余多]?[万亿]?[余多]?"
_REMEMBERED = 128
"""How many counters' patterns are kept: about as many as are ever asked for."""
_GENERAL = "个"
"""The counter that counts anything."""
_ITEMS = re.compile(r"、|[”’」』》][“‘「『《]")
"""What stands between the members of a list within a phrase."""
_PARTS = re.compile(r"[;；]|[一二三四五六七八九十]是")
"""What stands between members that are phrases, or before each of them."""
_COMMA = re.compile("[,，]")
_PAIR = re.compile(r"、|[;；]|[”’」』》]|[和与及并]|[一二三四五六七八九十]是")
"""The same where two would do."""
_ENDS = ";；。,，:："
_LAST = re.compile(r"[和与及]")
"""What stands before the last one."""
_MOST_MEMBERS = 6
"""From how many members on a list is taken as whole."""
_AND_SO_ON = re.compile(r"等\s*[\d一二三四五六七八九十]+")
_SOME = 3
"""How many members are enough where the list itself says that there are more (等8个)."""


class Expected(NamedTuple):
    """Whether what is asked for is there, near a concept, and in the unit asked for, and how much of the
    piece that asks stands by it, each in [0, 1], 0.5 where nothing of the kind is asked for.

    ``missed`` says that it is not there and that without it there is no answer.
    """

    met: float
    near: float
    unit: float
    bound: float
    missed: bool = False


_NOTHING = Expected(0.5, 0.5, 0.5, 0.5)


class Expecting:
    """Looks for what is asked for.

    Args:
        lexicon: its expectations say what words answer, its counters what counts the same.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._expectations: Mapping[str, Expectation] = {e.name: e for e in lexicon.expectations}
        self._counters = lexicon.counters
        self._titles = lexicon.titles
        self._figure = lru_cache(_REMEMBERED)(self._figure_of)

    def somebody(self, query: Query, facet: Facet, view: PassageView, clause: ClauseView) -> Expected:
        """What a clause of a transcript that says who speaks holds where a person or a post is asked for."""
        inside = [a for a in view.attributed if clause.span.contains(a.span)]
        if facet.kind == "person":
            inside = [a for a in inside if a.speaker.name not in query.text]
        else:
            inside = [a for a in inside if a.speaker.name in query.text]
        titles = asked_titles(query.text, self._titles) if facet.kind == "person" else ()
        inside = [a for a in inside if all(bears(a.speaker.office or "", t, query.text) for t in titles)]
        if not inside:
            return _missed(hard=True)
        offices = [c for c in query.concepts if c.kind == "office"]
        fits = any(any(f.text in (a.speaker.office or "") for f in c.forms) for a in inside for c in offices)
        near = float(fits or facet.kind == "position")
        return Expected(1.0, near, 1.0, near)

    def words(
        self,
        asked: str,
        facet: Facet,
        clause: ClauseView,
        places: Sequence[Span],
        claims: Sequence[tuple[str, float]],
        total: float,
        strict: bool,
    ) -> Expected:
        """What a clause holds of what is asked for otherwise.

        Args:
            asked: the question.
            places: where the clause holds concepts of it.
            claims: the words of the piece that asks which it holds, with what they weigh.
            total: what all words of that piece weigh.
            strict: whether a place must be named where one is asked for.
        """
        expectation = self._expectations.get(facet.expects)
        if expectation is None or expectation.evidence is None:
            return _NOTHING
        hard = expectation.must or facet.kind in HARD_KINDS or (strict and facet.kind == "place")
        if facet.members and not names_members(clause.words, facet.members):
            return _missed(hard)
        spots = [
            Span(*match.span())
            for match in expectation.evidence.finditer(clause.words)
            if not _repeats(match.group(), asked)
        ]
        unit = self._in_unit(facet, clause.words, asked)
        if not spots or (facet.kind == "count" and unit == 0.0 and self._tells(facet)):
            return _missed(hard)
        near = any(
            any(phrase.start <= spot.start < phrase.end for spot in spots)
            and any(place.overlaps(phrase) for place in places)
            for phrase in clause.phrases
        )
        return Expected(1.0, float(near), unit, bound_to(clause.words, spots, claims, total))

    def _tells(self, facet: Facet) -> bool:
        """Whether the counter asked for says what is counted."""
        return facet.unit is not None and self._counter(facet.unit) in self._counters

    def _in_unit(self, facet: Facet, words: str, asked: str) -> float:
        """Whether a figure stands in the unit asked for, or one that counts the same."""
        if facet.unit is None:
            return 0.5
        figures = self._figure(self._counter(facet.unit)).finditer(words)
        return float(any(not _repeats(figure.group(), asked) for figure in figures))

    def _counter(self, unit: str) -> str:
        """The counter of a unit as written, which may be followed by what is counted: 张床, or 个 of 个人."""
        return unit if unit in self._counters else unit[0]

    def _figure_of(self, counter: str) -> re.Pattern[str]:
        """Figures of what is counted by a counter."""
        if counter == _GENERAL:
            counted = {_GENERAL, *self._counters}
        else:
            counted = {counter, *self._counters.get(counter, ())}
        alike = "|".join(map(re.escape, sorted(counted, key=lambda one: (-len(one), one))))
        return re.compile(rf"{_FIGURE}(?:{alike})")


def names_members(words: str, wanted: int) -> bool:
    """Whether ``words`` list things one by one, so many of them that they may be the ``wanted`` ones.

    大力建设卫生乡镇8个 counts; 龙水、万古、三驱等8个乡镇 lists.
    """
    words = words.rstrip(_ENDS)
    if wanted <= 2:
        return _PAIR.search(words) is not None
    told = max(len(_PARTS.findall(words)), *(len(_ITEMS.findall(part)) for part in _COMMA.split(words)))
    enough = _SOME if _AND_SO_ON.search(words) else _MOST_MEMBERS
    return told > 0 and told + (_LAST.search(words) is not None) >= min(wanted, enough) - 1


def _missed(hard: bool) -> Expected:
    return Expected(0.0, 0.0, 0.0, 0.0, hard)


def _repeats(told: str, asked: str) -> bool:
    """Whether the question already says what is told: a figure as a whole, other words anywhere."""
    if not told.strip():
        return True
    return stands_alone(told, asked) if told[0].isdigit() else told in asked
