"""BM25 over segments: the small engine's scores, from the statistics of all segments together.

The formula and its parameters are those of :mod:`qa.retrieval.ranker`. Nothing that depends on the corpus
as a whole is written into a segment, so a segment more changes every score as building anew would.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.keys import keys_of
from qa.retrieval.large.postings import SHORTEST, OpenLists, Terms
from qa.retrieval.large.scoring import MANY, STEPS, room_for, search
from qa.retrieval.ranker import K1, B

__all__ = ["WINDOW", "Found", "Segment", "Segments", "SegmentsRanker"]

Array = NDArray[Any]
WINDOW: Final = 1 << 17
"""How many units are gone through together: their sums stay in the processor's cache."""
_NONE: Final = np.empty(0, np.bool_)
_ALONE: Final = np.empty(0, np.uint32)


@dataclass(frozen=True)
class Segment:
    """Passages and documents that were indexed together; ``document_of`` the document of each passage."""

    terms: Terms
    passages: OpenLists
    documents: OpenLists
    document_of: Array


class Found(NamedTuple):
    """A unit, its score in all, and what of it is the whole document's score before the share is taken."""

    unit: int
    score: float
    document: float = 0.0


@dataclass(frozen=True)
class _Asked:
    """A query, looked up: the terms that some unit has, in the query's order."""

    weight: Array
    numbers: tuple[Array, ...]


class _Statistics:
    """How many units of one kind there are in all segments, how long they are, which terms they have."""

    def __init__(self, lists: Sequence[OpenLists]) -> None:
        self.lists = tuple(lists)
        self.size = sum(len(held.lengths) for held in lists)
        total = sum(int(held.lengths.sum(dtype=np.int64)) for held in lists)
        self.average = total / self.size if self.size else 0.0
        self.first = np.cumsum([0, *(len(held.lengths) for held in lists)])
        impacts = self._impacts()
        self.arrays = tuple(
            (
                held.postings.array,
                held.many_at,
                held.many,
                held.lengths,
                held.classes,
                impacts,
                self.average,
            )
            for held in lists
        )

    def _impacts(self) -> Array:
        """What a count is worth in the shortest unit of each class, in steps, never rounded down."""
        counts = np.arange(MANY + 1, dtype=np.float64)[:, None]
        norm = K1 * (1 - B) + (K1 * B / self.average if self.average else 0.0) * SHORTEST
        found = np.ceil(STEPS * (1 + 1e-9) * counts / (counts + norm))
        found[MANY] = STEPS
        return np.minimum(found, STEPS).astype(np.uint16).reshape(-1)

    def idf(self, holding: int) -> float:
        """The idf of a term by how many units hold it, as the small engine works it out."""
        return math.log(1 + (self.size - holding + 0.5) / (holding + 0.5))


class Segments:
    """Searches segments together.

    Args:
        share: how much of a document's score its passages are given.
        window: how many units are gone through together.
    """

    def __init__(self, segments: Sequence[Segment], share: float, window: int = WINDOW) -> None:
        self.segments = tuple(segments)
        self._share = share
        self._window = window
        self._passages = _Statistics([s.passages for s in segments])
        self._documents = _Statistics([s.documents for s in segments])
        most = max(self._passages.size, self._documents.size)
        widths = [_width(segment.document_of, window) for segment in segments]
        self._room = (min(window, most), max(widths, default=0))
        self._rooms: list[tuple[Array, ...]] = []

    @cached_property
    def passages(self) -> SegmentsRanker:
        """The ranker of the passages alone."""
        return SegmentsRanker(self, self._passages)

    @cached_property
    def documents(self) -> SegmentsRanker:
        """The ranker of the whole documents."""
        return SegmentsRanker(self, self._documents)

    def asked(self, query: Mapping[str, float]) -> _Asked:
        """Looks the terms of a query up.

        Raises:
            ValueError: if a weight is negative.
        """
        weights = {term: weight for term, weight in query.items() if term and weight}
        if weights and min(weights.values()) < 0:
            raise ValueError("a term's weight is negative")
        terms = list(weights)
        keys = keys_of(terms)
        numbers = [segment.terms.find(terms, keys) for segment in self.segments]
        weight = np.asarray(list(weights.values()), np.float64)
        some = np.logical_or.reduce([found >= 0 for found in numbers]) if numbers else _NONE
        if len(some) and some.all():
            return _Asked(weight, tuple(numbers))
        return _Asked(weight[some], tuple(found[some] for found in numbers))

    def top(self, query: Mapping[str, float], k: int, keep: Sequence[Array] = ()) -> tuple[Found, ...]:
        """The best passages, a share of their documents' scores added; ties to the earlier.

        Args:
            keep: of each segment, whether each passage is wanted; all are where there is none.
        """
        return self._best(self.asked(query), k, self._passages, self._documents, keep)

    def top_of(self, query: Mapping[str, float], k: int, over: _Statistics) -> tuple[Found, ...]:
        """The best of one kind of unit, by its own score alone."""
        return self._best(self.asked(query), k, over, None, ())

    def _best(
        self, asked: _Asked, k: int, over: _Statistics, about: _Statistics | None, keep: Sequence[Array]
    ) -> tuple[Found, ...]:
        if k < 1 or not len(asked.weight):
            return ()
        size = min(k, over.size)
        best = (np.empty(size), np.empty(size, np.int64), np.empty(size), np.zeros(1, np.int64))
        own = _terms(asked, over)
        documents = own if about is None else _terms(asked, about)
        room = self._taken_room()
        for number, lists in enumerate(over.arrays):
            if len(over.lists[number].lengths):
                search(
                    lists,
                    own[number],
                    lists if about is None else about.arrays[number],
                    documents[number],
                    _ALONE if about is None else self.segments[number].document_of,
                    0.0 if about is None else self._share,
                    K1,
                    B,
                    keep[number] if keep else _NONE,
                    self._window,
                    room,
                    int(over.first[number]),
                    best,
                )
        self._rooms.append(room)
        scores, units, wholes, held = best
        order = np.lexsort((units[: held[0]], -scores[: held[0]]))
        return tuple(map(Found, units[order].tolist(), scores[order].tolist(), wholes[order].tolist()))

    def _taken_room(self) -> tuple[Array, ...]:
        """Room that no other thread uses; whoever took it appends it to the free ones again."""
        try:
            return self._rooms.pop()
        except IndexError:
            return room_for(*self._room)


def _width(document_of: Array, window: int) -> int:
    """How many documents the passages of a window are at most of."""
    first, last = document_of[::window], document_of[window - 1 :: window]
    ends = np.append(last, document_of[-1:])[: len(first)].astype(np.int64)
    return int((ends - first).max()) + 1 if len(first) else 0


def _terms(asked: _Asked, over: _Statistics) -> list[tuple[Array, ...]]:
    """Of each segment: where the terms' postings are, their weight and idf, the most they can give."""
    found = [
        lists.ranges(numbers, over.average) for lists, numbers in zip(over.lists, asked.numbers, strict=True)
    ]
    holding = sum((end - begin for begin, end, _ in found), np.zeros(len(asked.weight), np.int64))
    idf = np.asarray(list(map(over.idf, holding.tolist())), np.float64)
    return [(begin, end, asked.weight, idf, most) for begin, end, most in found]


class SegmentsRanker:
    """A :class:`~qa.retrieval.ranker.Ranker` of one kind of unit over all segments."""

    def __init__(self, segments: Segments, over: _Statistics) -> None:
        self._segments = segments
        self._over = over

    def top(self, query: Mapping[str, float], k: int) -> tuple[tuple[int, float], ...]:
        """See :class:`~qa.retrieval.ranker.Ranker`."""
        return tuple((found.unit, found.score) for found in self._segments.top_of(query, k, self._over))

    def idf(self, term: str) -> float:
        """See :class:`~qa.retrieval.ranker.Ranker`."""
        return self._over.idf(self.holding(term))

    def knows(self, term: str) -> bool:
        """Whether some unit has the term."""
        return self.holding(term) > 0

    def holding(self, term: str) -> int:
        """How many units have the term."""
        if not term:
            return 0
        held, keys = 0, keys_of([term])
        for segment, lists in zip(self._segments.segments, self._over.lists, strict=True):
            number = int(segment.terms.find([term], keys)[0])
            if number >= 0:
                lists.starts.check(number, number + 2)
                held += int(lists.starts.array[number + 1] - lists.starts.array[number])
        return held
