"""BM25 over segments: the small engine's scores, from the statistics of all segments together.

The formula and its parameters are those of :mod:`qa.retrieval.ranker`. Nothing that depends on the corpus
as a whole is written into a segment, so a segment more changes every score as building anew would.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.postings import OpenLists, Terms
from qa.retrieval.large.scoring import exact, search
from qa.retrieval.ranker import K1, B

__all__ = ["Found", "Segment", "Segments", "SegmentsRanker"]

Array = NDArray[Any]
_BEYOND: Final = 8
"""How many more than asked are scored exactly: sums made in another order differ in the last digit."""
_NONE: Final = np.empty(0, np.bool_)
_ALONE: Final = np.empty(0, np.uint32)
_NEARLY_ALL: Final = 0.9
"""Of the most that a document can be given: what the terms give that are added up for every document."""


@dataclass(frozen=True)
class Segment:
    """Passages and documents that were indexed together; ``document_of`` the document of each passage."""

    terms: Terms
    passages: OpenLists
    documents: OpenLists
    document_of: Array


@dataclass(frozen=True, slots=True)
class Found:
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

    @property
    def slope(self) -> float:
        return K1 * B / self.average if self.average else 0.0

    def idf(self, holding: Array) -> Array:
        """The idf of terms by how many units hold them, as the small engine works it out."""
        return np.asarray(
            [math.log(1 + (self.size - n + 0.5) / (n + 0.5)) for n in holding.tolist()], np.float64
        )


@dataclass(frozen=True)
class _Ranges:
    """Where the postings of the asked terms stand in each segment, and the terms' idf."""

    begin: tuple[Array, ...]
    end: tuple[Array, ...]
    idf: Array


class Segments:
    """Searches segments together. ``share`` is how much of a document's score its passages are given."""

    def __init__(self, segments: Sequence[Segment], share: float) -> None:
        self.segments = tuple(segments)
        self._share = share
        self._passages = _Statistics([s.passages for s in segments])
        self._documents = _Statistics([s.documents for s in segments])

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
        terms = [term for term in query if term]
        weight = np.asarray([query[term] for term in terms], np.float64)
        if len(weight) and weight.min() < 0:
            raise ValueError("a term's weight is negative")
        numbers = [segment.terms.find(terms) for segment in self.segments]
        some = weight > 0
        some &= np.logical_or.reduce([found >= 0 for found in numbers]) if numbers else False
        return _Asked(weight[some], tuple(found[some] for found in numbers))

    def ranges(self, asked: _Asked, over: _Statistics) -> _Ranges:
        """Where one kind of unit has the terms."""
        found = [held.ranges(terms) for held, terms in zip(over.lists, asked.numbers, strict=True)]
        holding = sum((end - begin for begin, end in found), np.zeros(len(asked.weight), np.int64))
        return _Ranges(tuple(b for b, _ in found), tuple(e for _, e in found), over.idf(holding))

    def top(self, query: Mapping[str, float], k: int, keep: Sequence[Array] = ()) -> tuple[Found, ...]:
        """The best passages, a share of their documents' scores added; ties to the earlier.

        Args:
            keep: of each segment, whether each passage is wanted; all are where there is none.
        """
        asked = self.asked(query)
        if k < 1 or not len(asked.weight):
            return ()
        own, about = self.ranges(asked, self._passages), self.ranges(asked, self._documents)
        units = self._best(asked, own, self._passages, k, about, keep)
        return self._exact(asked, own, about, units, k)

    def top_of(self, query: Mapping[str, float], k: int, over: _Statistics) -> tuple[Found, ...]:
        """The best of one kind of unit, by its own score alone."""
        asked = self.asked(query)
        if k < 1 or not len(asked.weight):
            return ()
        ranges = self.ranges(asked, over)
        units = self._best(asked, ranges, over, k, None, ())
        scores = self._exact_of(asked, ranges, over, units)
        return _ordered(units, scores, np.zeros(len(units)), k)

    def _best(
        self,
        asked: _Asked,
        ranges: _Ranges,
        over: _Statistics,
        k: int,
        about: _Ranges | None,
        keep: Sequence[Array],
    ) -> Array:
        """The best units and a few more; with ``about``, documents' ranges, their share is added."""
        size = min(k + _BEYOND, over.size)
        scores, units, held = np.empty(size), np.empty(size, np.int64), np.zeros(1, np.int64)
        for number, lists in enumerate(over.lists):
            if not len(lists.lengths):
                continue
            documents = self._terms(asked, about or ranges, self._documents if about else over, number)
            arguments: tuple[Any, ...] = (
                *self._terms(asked, ranges, over, number),
                over.slope,
                self.segments[number].document_of if about else _ALONE,
                *documents,
                _leading(documents[-1]),
                self._documents.slope,
                K1 * (1 - B),
                self._share if about else 0.0,
                keep[number] if keep else _NONE,
                int(over.first[number]),
                scores,
                units,
                held,
            )
            search(*arguments)
        return np.sort(units[: held[0]])

    def _terms(self, asked: _Asked, ranges: _Ranges, over: _Statistics, number: int) -> tuple[Array, ...]:
        """The postings of a segment, and where in them the terms are, those that can give most first."""
        lists = over.lists[number]
        weight = asked.weight * ranges.idf * (K1 + 1)
        most = weight * lists.most(asked.numbers[number], over.average)
        order = np.argsort(-most, kind="stable")
        begin, end = ranges.begin[number][order], ranges.end[number][order]
        postings = (lists.postings.array, begin, end, lists.many_at, lists.many, lists.lengths)
        return (*postings, weight[order], most[order])

    def _exact(self, asked: _Asked, own: _Ranges, about: _Ranges, units: Array, k: int) -> tuple[Found, ...]:
        mine = self._exact_of(asked, own, self._passages, units)
        documents = self.documents_of(units)
        once, back = np.unique(documents, return_inverse=True)
        whole = self._exact_of(asked, about, self._documents, once)[back]
        return _ordered(units, mine + self._share * whole, whole, k)

    def documents_of(self, units: Array) -> Array:
        """The number of each passage's document."""
        found = np.empty(len(units), np.int64)
        place = np.searchsorted(self._passages.first, units, side="right") - 1
        for number in np.unique(place).tolist():
            here = place == number
            local = units[here] - self._passages.first[number]
            found[here] = self.segments[number].document_of[local] + self._documents.first[number]
        return found

    def _exact_of(self, asked: _Asked, ranges: _Ranges, over: _Statistics, units: Array) -> Array:
        """The scores of units, in ascending order, as the small engine adds them up."""
        scores = np.zeros(len(units))
        place = np.searchsorted(over.first, units, side="right") - 1
        for number in np.unique(place).tolist():
            here = place == number
            lists = over.lists[number]
            found = np.zeros(int(here.sum()))
            exact(
                lists.postings.array,
                ranges.begin[number],
                ranges.end[number],
                lists.many_at,
                lists.many,
                lists.lengths,
                asked.weight,
                ranges.idf,
                K1,
                B,
                over.average,
                units[here] - over.first[number],
                found,
            )
            scores[here] = found
        return scores


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
        size = self._over.size
        holding = self.holding(term)
        return math.log(1 + (size - holding + 0.5) / (holding + 0.5))

    def knows(self, term: str) -> bool:
        """Whether some unit has the term."""
        return self.holding(term) > 0

    def holding(self, term: str) -> int:
        """How many units have the term."""
        if not term:
            return 0
        held = 0
        for segment, lists in zip(self._segments.segments, self._over.lists, strict=True):
            number = int(segment.terms.find([term])[0])
            if number >= 0:
                lists.starts.check(number, number + 2)
                held += int(lists.starts.array[number + 1] - lists.starts.array[number])
        return held


def _leading(most: Array) -> int:
    """How many terms, the most telling first, make up nearly all that a document can be given."""
    return int(np.searchsorted(np.cumsum(most), _NEARLY_ALL * most.sum())) + 1


def _ordered(units: Array, scores: Array, whole: Array, k: int) -> tuple[Found, ...]:
    order = np.lexsort((units, -scores))[:k]
    return tuple(Found(int(units[at]), float(scores[at]), float(whole[at])) for at in order if scores[at] > 0)
