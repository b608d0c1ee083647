"""Ranking: the protocol, and the small engine on rank-bm25.

One scoring model everywhere (BM25, Robertson and Zaragoza 2009):

    score(q, d) = sum over terms t of w(t) * idf(t) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * |d| / avg))
    idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))          never negative

``BM25Okapi`` as shipped has an idf that is zero or negative for common words and small corpora; its
corpus statistics are used here and its idf is replaced.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

__all__ = ["Bm25Ranker", "Postings", "Ranker"]

_NOWHERE = (np.empty(0, np.int32), np.empty(0, np.float64))
K1 = 1.5
B = 0.75


class Ranker(Protocol):
    """Scores indexed units (numbered from 0) for weighted terms."""

    def top(self, query: Mapping[str, float], k: int) -> tuple[tuple[int, float], ...]:
        """The ``k`` best units with a score above 0, best first; ties go to the lower number."""

    def idf(self, term: str) -> float:
        """The term's inverse document frequency, natural logarithm; that of df 0 when unknown."""


class _NeverNegative(BM25Okapi):
    """BM25Okapi with the idf above."""

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {t: math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5)) for t, n in nd.items()}


@dataclass(frozen=True)
class Postings:
    """All that a ranker knows, as arrays, so that it can be kept and had again to the last bit.

    The units that hold term ``i`` are ``units[starts[i] : starts[i + 1]]``; ``weights``, beside them, are
    what the term is worth there, its idf included. ``size`` is the number of units.
    """

    size: int
    terms: tuple[str, ...]
    idf: NDArray[np.float64]
    starts: NDArray[np.int64]
    units: NDArray[np.int32]
    weights: NDArray[np.float64]


class Bm25Ranker:
    """rank-bm25's statistics, scored through postings instead of one dictionary look-up a unit.

    Args:
        documents: the terms of each unit, with repetition. May be empty.
    """

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> None:
        inverted = _inverted(_NeverNegative(documents, k1=k1, b=b)) if any(documents) else {}
        self._hold(_postings(len(documents), inverted))

    def _hold(self, postings: Postings) -> None:
        self._postings = postings
        # Cut out when asked for: of hundreds of thousands of terms a question has a few dozen.
        self._rows = {term: row for row, term in enumerate(postings.terms)}

    @classmethod
    def restored(cls, postings: Postings) -> Self:
        """The ranker that :meth:`postings` was asked of."""
        ranker = cls.__new__(cls)
        ranker._hold(postings)
        return ranker

    def postings(self) -> Postings:
        """Everything this ranker knows; see :class:`Postings`."""
        return self._postings

    def _found(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float64]] | None:
        """The units that hold a term, and what it is worth in each."""
        row = self._rows.get(term)
        if row is None:
            return None
        held = self._postings
        span = slice(held.starts[row], held.starts[row + 1])
        return held.units[span], held.weights[span]

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """The score of every unit."""
        held = [(weight, *found) for term, weight in query.items() if (found := self._found(term))]
        if not held:
            return np.zeros(self._postings.size, dtype=np.float64)
        units = np.concatenate([units for _, units, _ in held])
        weights = np.repeat([weight for weight, _, _ in held], [len(units) for _, units, _ in held])
        # Added up term by term, in the query's order: the same bits wherever it is asked.
        worth = weights * np.concatenate([worth for _, _, worth in held])
        return np.bincount(units, worth, self._postings.size).astype(np.float64, copy=False)

    def worth(self, term: str, unit: int) -> float:
        """What a term of weight 1 adds to the score of a unit."""
        units, weights = self._found(term) or _NOWHERE
        at = int(np.searchsorted(units, unit))
        return float(weights[at]) if at < len(units) and units[at] == unit else 0.0

    def top(self, query: Mapping[str, float], k: int) -> tuple[tuple[int, float], ...]:
        """See :class:`Ranker`."""
        return best(self.scores(query), k)

    def terms(self) -> Iterable[str]:
        """Every term some unit has."""
        return self._rows.keys()

    def knows(self, term: str) -> bool:
        """Whether some unit has the term."""
        return term in self._rows

    def idf(self, term: str) -> float:
        """See :class:`Ranker`."""
        row = self._rows.get(term)
        if row is None:
            return math.log(1 + (self._postings.size + 0.5) / 0.5)
        return float(self._postings.idf[row])


_Inverted = Mapping[str, tuple[float, NDArray[np.int32], NDArray[np.float64]]]
"""The idf of each term, the units that hold it, and what it is worth in each."""


def _inverted(okapi: BM25Okapi) -> _Inverted:
    lengths = np.asarray(okapi.doc_len, dtype=np.float64)
    norm = okapi.k1 * (1 - okapi.b + okapi.b * lengths / okapi.avgdl)
    units: dict[str, list[int]] = {}
    counts: dict[str, list[int]] = {}
    for unit, frequencies in enumerate(okapi.doc_freqs):
        for term, count in frequencies.items():
            units.setdefault(term, []).append(unit)
            counts.setdefault(term, []).append(count)
    found = {}
    for term, where in units.items():
        at = np.asarray(where, dtype=np.int32)
        tf = np.asarray(counts[term], dtype=np.float64)
        weight = okapi.idf[term] * tf * (okapi.k1 + 1) / (tf + norm[at])
        found[term] = (okapi.idf[term], at, weight)
    return found


def _postings(size: int, inverted: _Inverted) -> Postings:
    held = inverted.values()
    return Postings(
        size=size,
        terms=tuple(inverted),
        idf=np.asarray([idf for idf, _, _ in held], dtype=np.float64),
        starts=np.cumsum([0, *(len(units) for _, units, _ in held)], dtype=np.int64),
        units=np.concatenate([np.empty(0, np.int32), *(units for _, units, _ in held)]),
        weights=np.concatenate([np.empty(0, np.float64), *(weights for _, _, weights in held)]),
    )


def best(scores: NDArray[np.float64], k: int) -> tuple[tuple[int, float], ...]:
    """The ``k`` highest positive scores with their positions, best first, ties by position."""
    if k < 1:
        return ()
    positive = np.flatnonzero(scores > 0)
    if len(positive) > k:
        cut = np.partition(scores[positive], -k)[-k]
        positive = positive[scores[positive] >= cut]
    first = positive[np.lexsort((positive, -scores[positive]))[:k]]
    return tuple(zip(first.tolist(), scores[first].tolist(), strict=True))
