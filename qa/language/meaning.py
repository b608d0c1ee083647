"""Which questions mean the same, by what the engine understands of them.

Two questions are alike as far as they share concepts, weighed by importance (the weighted Jaccard index:
Ioffe, "Improved Consistent Sampling, Weighted Minhash and L1 Sketching", 2010):

    likeness(a, b) = shared / (weight of a + weight of b - shared)

Two concepts are one where they have a form in common that surely means it; what was repaired, dialect and
synonyms included, is therefore the same. Questions that ask for different things (who, how much), of other
years or of other places are never alike. Everything is in order of the input, so the same questions make
the same groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from qa.language.query import Query

__all__ = ["SAME", "SAME_QUOTED", "Idea", "Meaning", "group", "likeness", "meaning_of"]

SAME: Final = 0.45
"""The likeness from which two questions mean the same."""
SAME_QUOTED: Final = 0.25
"""That of two questions which were answered with the same words."""
_SURE: Final = 0.75
"""What a form of a concept must weigh to stand for it."""
_PRECISE: Final = frozenset(
    ("phone", "person", "position", "rate", "money", "age", "duration", "time", "place", "ordinal", "count")
)
"""Kinds of expectation that no other may be meant by, unless nothing is asked for in so many words."""
_ANY: Final = frozenset({"any"})
_ONE_KIND: Final = {"duration": "time"}
"""好久 asks how long and when; who asks for one in dialect asks for the other in standard Chinese."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A concept as it is compared: its surest forms, and how much of the question it is, in (0, 1]."""

    forms: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question is about: its ideas in reading order, what it asks for, and of when and where.

    ``weight`` is that of all ideas together.
    """

    ideas: tuple[Idea, ...]
    kinds: frozenset[str]
    years: frozenset[int]
    places: frozenset[str]
    weight: float


def meaning_of(query: Query) -> Meaning:
    """The meaning of a question understood."""
    ideas = tuple(
        Idea(frozenset(f.text for f in c.forms if f.weight >= _SURE), c.importance) for c in query.concepts
    )
    places = (form.text for c in query.concepts if c.kind == "place" for form in c.forms)
    kinds = frozenset(_ONE_KIND.get(facet.kind, facet.kind) for facet in query.facets)
    weight = sum(idea.weight for idea in ideas)
    return Meaning(ideas, kinds, frozenset(query.years), frozenset(places), weight)


def likeness(one: Meaning, other: Meaning) -> float:
    """How far two questions mean the same, in [0, 1]; 0 where they ask for different things."""
    if not _comparable(one, other):
        return 0.0
    shared = _shared(one.ideas, other.ideas)
    whole = one.weight + other.weight - shared
    return shared / whole if whole > 0 else 0.0


def group(meanings: Sequence[Meaning], quoted: Sequence[Hashable]) -> list[int]:
    """Puts questions together: for each the number of the first of its group, its own where it is that.

    A question joins the earlier first one that it is most like, from ``SAME`` on; else one that was
    answered with the same words, from ``SAME_QUOTED`` on. So whatever comes first gives a group its name.

    Args:
        quoted: what each was answered with, anything that can be compared; None where it was not.
    """
    leaders = _Leaders()
    return [leaders.place(at, *pair) for at, pair in enumerate(zip(meanings, quoted, strict=True))]


@dataclass
class _Leaders:
    """The first questions of groups, found by forms of their ideas and by what they were answered with."""

    _by_form: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_quote: dict[Hashable, list[int]] = field(default_factory=lambda: defaultdict(list))
    _meaning: dict[int, Meaning] = field(default_factory=dict)

    def place(self, at: int, meaning: Meaning, quote: Hashable) -> int:
        """The group of question number ``at``."""
        best = self._nearest(meaning, self._candidates(meaning), SAME)
        if best is None and quote is not None:
            best = self._nearest(meaning, self._by_quote.get(quote, ()), SAME_QUOTED)
        leader = at if best is None else best
        if leader == at:
            self._meaning[at] = meaning
            for form in frozenset().union(*(idea.forms for idea in meaning.ideas)):
                self._by_form[form].append(at)
        if quote is not None and leader not in self._by_quote[quote]:
            self._by_quote[quote].append(leader)
        return leader

    def _nearest(self, meaning: Meaning, candidates: Iterable[int], least: float) -> int | None:
        near = ((self._meaning[number], -number) for number in candidates)
        rated = ((likeness(meaning, other), at) for other, at in near if _most(meaning, other) >= least)
        value, number = max(rated, default=(0.0, 0))
        return -number if value > 0 and value >= least else None

    def _candidates(self, meaning: Meaning) -> set[int]:
        """All that can reach ``SAME``: they share one of ideas so heavy that the others do not suffice.

        The ideas that fewest leaders have, or for a common word one would have to look at every leader.
        """
        counted = [(sum(map(len, self._held(idea))), idea) for idea in meaning.ideas]
        left, needed = meaning.weight, SAME * meaning.weight
        together: set[int] = set()
        for _, idea in sorted(counted, key=lambda pair: (pair[0] / pair[1].weight, -pair[1].weight)):
            if left < needed:
                break
            together.update(*self._held(idea))
            left -= idea.weight
        return together

    def _held(self, idea: Idea) -> Iterator[list[int]]:
        """The numbers of the leaders with an idea, by each of its forms."""
        return (self._by_form[form] for form in idea.forms if form in self._by_form)


def _most(one: Meaning, other: Meaning) -> float:
    """The most that their likeness can be, by their weights alone."""
    lesser, greater = sorted((one.weight, other.weight))
    return lesser / greater if greater > 0 else 0.0


def _comparable(one: Meaning, other: Meaning) -> bool:
    if one.years != other.years or not (one.kinds & other.kinds or _loose(one.kinds, other.kinds)):
        return False
    return not one.places or not other.places or bool(one.places & other.places)


def _loose(kinds: frozenset[str], others: frozenset[str]) -> bool:
    """Whether kinds of which none is the same may still ask for one thing."""
    return kinds == _ANY or others == _ANY or not (kinds | others) & _PRECISE


def _shared(ideas: Sequence[Idea], others: Sequence[Idea]) -> float:
    """The weight of the ideas that both have, each taken once; the lesser weight where they differ."""
    shared, free = 0.0, list(others)
    for idea in ideas:
        same = [other for other in free if not other.forms.isdisjoint(idea.forms)]
        if same:
            nearest = max(same, key=lambda other: min(other.weight, idea.weight))
            free.remove(nearest)
            shared += min(nearest.weight, idea.weight)
    return shared
