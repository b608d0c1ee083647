"""The compiled loops of ranking: BM25 over postings, exact, skipping what cannot be among the best.

A posting is one 32-bit number, ``unit << 8 | count``; a count of 255 says that the true count stands in a
short list beside it. Units ascend within a term, so windows of units are scored one after the other in an
accumulator that stays in the processor's cache. Terms come in descending order of the most they can give.
Once the k-th best score is known, the terms that cannot lift a unit above it together are only looked up
for units that others have found (MaxScore; Turtle and Flood 1995), and a window whose documents cannot
reach it is passed over. Sums are always made in the same order: equal units have equal scores.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.compiled import compiled

__all__ = ["MANY", "documents_scored", "exact", "peaks", "search", "unit_of"]

Array = NDArray[Any]

MANY: Final = 255
"""The count from which it stands in the list beside."""
_WINDOW: Final = 4096
_SAFE: Final = 1.0 - 1e-9
"""Bounds are sums in floating point: what misses the k-th best by less than this is looked at."""


@compiled
def _count(posting: int, at: int, many_at: Array, many: Array) -> int:
    """How often the term stands in the unit."""
    count = posting & 255
    if count == MANY:
        count = many[np.searchsorted(many_at, at)]
    return count


@compiled
def documents_scored(
    postings: Array,
    begin: Array,
    end: Array,
    many_at: Array,
    many: Array,
    lengths: Array,
    weight: Array,
    k1: float,
    flat: float,
    slope: float,
    scores: Array,
) -> None:
    """Adds to ``scores`` what each document has of the terms: ``weight`` holds w * idf of each.

    The norm of a unit of length n is ``flat + slope * n``.
    """
    for term in range(len(begin)):
        share = weight[term] * (k1 + 1)
        for at in range(begin[term], end[term]):
            posting = postings[at]
            unit = posting >> 8
            count = _count(posting, at, many_at, many)
            scores[unit] += share * count / (count + flat + slope * lengths[unit])


@compiled
def _reached(postings: Array, at: int, end: int, unit: int) -> int:
    """The first place from ``at`` on whose unit is not before ``unit``, found in growing steps."""
    if at >= end or postings[at] >> 8 >= unit:
        return at
    step = 1
    low = at
    while low + step < end and postings[low + step] >> 8 < unit:
        low += step
        step *= 2
    high = min(low + step, end)
    while low + 1 < high:
        middle = (low + high) >> 1
        if postings[middle] >> 8 < unit:
            low = middle
        else:
            high = middle
    return high


@compiled
def _worse(score: float, unit: int, other_score: float, other_unit: int) -> bool:
    """Whether the first comes after the second: a lower score, or the same further back."""
    return score < other_score or (score == other_score and unit > other_unit)


@compiled
def _push(scores: Array, units: Array, held: Array, score: float, unit: int) -> None:
    """Adds to a heap whose root is the worst that is kept; when it is full the worst gives way."""
    size = held[0]
    if size < len(scores):
        at = size
        held[0] = size + 1
        while at > 0:
            above = (at - 1) >> 1
            if not _worse(score, unit, scores[above], units[above]):
                break
            scores[at] = scores[above]
            units[at] = units[above]
            at = above
    else:
        if not _worse(scores[0], units[0], score, unit):
            return
        at = 0
        while True:
            below = 2 * at + 1
            if below >= size:
                break
            if below + 1 < size and _worse(scores[below + 1], units[below + 1], scores[below], units[below]):
                below += 1
            if not _worse(scores[below], units[below], score, unit):
                break
            scores[at] = scores[below]
            units[at] = units[below]
            at = below
    scores[at] = score
    units[at] = unit


@compiled
def search(
    postings: Array,
    begin: Array,
    end: Array,
    many_at: Array,
    many: Array,
    lengths: Array,
    weight: Array,
    most: Array,
    k1: float,
    flat: float,
    slope: float,
    document_of: Array,
    whole: Array,
    share: float,
    keep: Array,
    first_unit: int,
    best_scores: Array,
    best_units: Array,
    held: Array,
) -> int:
    """Puts the best units of a segment among the best so far; gives the number of postings looked at.

    Args:
        weight: w * idf of each term, terms in descending order of ``most``.
        most: the most a term can add to a unit; a term that may take away is endless.
        document_of: the document of each unit; ``whole`` that document's score. Empty for none.
        keep: whether each unit is wanted; empty for all.
        first_unit: the number of the segment's first unit.
        best_scores, best_units, held: the heap of the best, and how many it holds.
    """
    terms, size = len(begin), len(lengths)
    rest = np.zeros(terms + 1)
    for term in range(terms - 1, -1, -1):
        rest[term] = rest[term + 1] + most[term]
    place = begin.copy()
    close = np.zeros(terms, np.int64)
    total = np.zeros(_WINDOW)
    touched = np.empty(_WINDOW, np.int32)
    looked = 0
    for start in range(0, size, _WINDOW):
        stop = min(start + _WINDOW, size)
        around = 0.0
        if len(document_of):
            for document in range(document_of[start], document_of[stop - 1] + 1):
                around = max(around, whole[document])
            around *= share
        full = held[0] == len(best_scores)
        least = best_scores[0] * _SAFE if full else 0.0
        leading = terms
        if full:
            while leading > 0 and rest[leading - 1] + around < least:
                leading -= 1
            if leading == 0:
                continue
        count_touched = 0
        for term in range(leading):
            at = _reached(postings, place[term], end[term], start)
            factor = weight[term] * (k1 + 1)
            limit = end[term]
            while at < limit:
                posting = postings[at]
                unit = posting >> 8
                if unit >= stop:
                    break
                count = _count(posting, at, many_at, many)
                into = unit - start
                if total[into] == 0.0:
                    touched[count_touched] = into
                    count_touched += 1
                total[into] += factor * count / (count + flat + slope * lengths[unit])
                at += 1
                looked += 1
            place[term] = at
        if count_touched == 0:
            continue
        for term in range(leading, terms):
            close[term] = -1
        for number in range(count_touched):
            into = touched[number]
            score = total[into]
            total[into] = 0.0
            unit = start + into
            if len(keep) and not keep[unit]:
                continue
            beside = share * whole[document_of[unit]] if len(document_of) else 0.0
            if full and score + rest[leading] + beside < least:
                continue
            for term in range(leading, terms):
                if full and score + rest[term] + beside < least:
                    score = 0.0
                    break
                if close[term] < 0:
                    place[term] = _reached(postings, place[term], end[term], start)
                    close[term] = _reached(postings, place[term], end[term], stop)
                low, high = place[term], close[term]
                while low < high:
                    middle = (low + high) >> 1
                    if postings[middle] >> 8 < unit:
                        low = middle + 1
                    else:
                        high = middle
                looked += 1
                if low < close[term] and postings[low] >> 8 == unit:
                    count = _count(postings[low], low, many_at, many)
                    factor = weight[term] * (k1 + 1)
                    score += factor * count / (count + flat + slope * lengths[unit])
            if score > 0.0:
                _push(best_scores, best_units, held, score + beside, first_unit + unit)
                full = held[0] == len(best_scores)
                if full:
                    least = best_scores[0] * _SAFE
    return looked


@compiled
def exact(
    postings: Array,
    begin: Array,
    end: Array,
    many_at: Array,
    many: Array,
    lengths: Array,
    query_weight: Array,
    idf: Array,
    k1: float,
    b: float,
    average: float,
    units: Array,
    scores: Array,
) -> None:
    """The scores of ``units`` in the small engine's order of operations: the same to the last bit.

    Terms come in the query's order.
    """
    for number in range(len(units)):
        unit = units[number]
        norm = k1 * (1 - b + b * float(lengths[unit]) / average)
        score = 0.0
        for term in range(len(begin)):
            at = unit_of(postings, begin[term], end[term], unit)
            if at >= 0:
                count = float(_count(postings[at], at, many_at, many))
                score += query_weight[term] * (idf[term] * count * (k1 + 1) / (count + norm))
        scores[number] = score


@compiled
def unit_of(postings: Array, begin: int, end: int, unit: int) -> int:
    """Where ``unit`` stands among postings, or -1."""
    low, high = begin, end
    while low < high:
        middle = (low + high) >> 1
        if postings[middle] >> 8 < unit:
            low = middle + 1
        else:
            high = middle
    return low if low < end and postings[low] >> 8 == unit else -1


@compiled
def peaks(
    starts: Array,
    postings: Array,
    many_at: Array,
    many: Array,
    lengths: Array,
    flat: float,
    slope: float,
    found: Array,
) -> None:
    """The most that count / (count + norm) is among each term's postings, never rounded down."""
    for term in range(len(starts) - 1):
        most = 0.0
        for at in range(starts[term], starts[term + 1]):
            posting = postings[at]
            count = _count(posting, at, many_at, many)
            most = max(most, count / (count + flat + slope * lengths[posting >> 8]))
        found[term] = most * (1 + 1e-6)
