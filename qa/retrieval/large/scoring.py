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

__all__ = ["MANY", "exact", "peaks", "search", "unit_of"]

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
def _reached(postings: Array, at: int, end: int, unit: Any) -> int:
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
def _found(postings: Array, low: int, end: int, unit: int) -> int:
    """The first place from ``low`` on whose unit is not before ``unit``."""
    high = end
    while low < high:
        middle = (low + high) >> 1
        if postings[middle] >> 8 < unit:
            low = middle + 1
        else:
            high = middle
    return low


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
    slope: float,
    document_of: Array,
    d_postings: Array,
    d_begin: Array,
    d_end: Array,
    d_many_at: Array,
    d_many: Array,
    d_lengths: Array,
    d_weight: Array,
    d_most: Array,
    d_leading: int,
    d_slope: float,
    flat: float,
    share: float,
    keep: Array,
    first_unit: int,
    best_scores: Array,
    best_units: Array,
    held: Array,
) -> int:
    """Puts the best units of a segment among the best so far; gives the number of postings looked at.

    Args:
        weight: w * idf * (k1 + 1) of each term, terms in descending order of ``most``.
        most: the most a term can add to a unit.
        flat, slope: a unit's norm is ``flat + slope * length``.
        document_of: the document of each unit; empty where documents count for nothing. What begins with
            ``d_`` is said of documents as the rest is of units. Of a document's terms the first ``d_leading``
            are added up for all, the others only for those whose units may be among the best.
        share: how much of a document's score its units are given.
        keep: whether each unit is wanted; empty for all.
        first_unit: the number of the segment's first unit.
        best_scores, best_units, held: the heap of the best, and how many it holds.
    """
    terms, size, wholes = len(begin), len(lengths), len(document_of) > 0
    rest = np.zeros(terms + 1)
    for term in range(terms - 1, -1, -1):
        rest[term] = rest[term + 1] + most[term]
    d_leading = min(d_leading, len(d_begin))
    d_rest = d_most[d_leading:].sum()
    place, d_place = begin.copy(), d_begin.copy()
    total = np.zeros(_WINDOW)
    touched = np.empty(_WINDOW, np.int32)
    about, known = np.zeros(_WINDOW), np.zeros(_WINDOW, np.bool_)
    looked = 0
    first: Any = 0
    for start in range(0, size, _WINDOW):
        stop = min(start + _WINDOW, size)
        full = held[0] == len(best_scores)
        least = best_scores[0] * _SAFE if full else 0.0
        around = 0.0
        if wholes:
            first, last = np.int64(document_of[start]), np.int64(document_of[stop - 1])
            width = last - first + 1
            if width > len(about):
                about, known = np.zeros(width), np.zeros(width, np.bool_)
            about[:width] = 0.0
            known[:width] = False
            for term in range(d_leading):
                at = _reached(d_postings, d_place[term], d_end[term], first)
                d_place[term] = at
                limit, factor = d_end[term], d_weight[term]
                while at < limit:
                    posting = d_postings[at]
                    unit = posting >> 8
                    if unit > last:
                        break
                    count = _count(posting, at, d_many_at, d_many)
                    about[unit - first] += factor * count / (count + flat + d_slope * d_lengths[unit])
                    at += 1
                    looked += 1
            around = share * (about[:width].max() + d_rest)
        leading = terms
        if full:
            while leading > 0 and rest[leading - 1] + around < least:
                leading -= 1
            if leading == 0:
                continue
        alive = 0
        for term in range(leading):
            at = _reached(postings, place[term], end[term], start)
            limit, factor = end[term], weight[term]
            while at < limit:
                posting = postings[at]
                unit = posting >> 8
                if unit >= stop:
                    break
                count = _count(posting, at, many_at, many)
                into = unit - start
                if total[into] == 0.0:
                    touched[alive] = into
                    alive += 1
                total[into] += factor * count / (count + flat + slope * lengths[unit])
                at += 1
                looked += 1
            place[term] = at
        for term in range(leading, terms + 1):
            stay = 0
            for number in range(alive):
                into = touched[number]
                unit = start + into
                beside = 0.0
                if wholes:
                    document = document_of[unit] - first
                    beside = share * (about[document] + (0.0 if known[document] else d_rest))
                if (full and total[into] + rest[term] + beside < least) or (len(keep) and not keep[unit]):
                    total[into] = 0.0
                else:
                    touched[stay] = into
                    stay += 1
            alive = stay
            if alive == 0 or term == terms:
                break
            at = _reached(postings, place[term], end[term], start)
            limit = _reached(postings, at, end[term], stop)
            factor = weight[term]
            place[term] = at
            if limit - at < alive * 8:
                looked += limit - at
                for there in range(at, limit):
                    posting = postings[there]
                    unit = posting >> 8
                    if total[unit - start] > 0.0:
                        count = _count(posting, there, many_at, many)
                        total[unit - start] += factor * count / (count + flat + slope * lengths[unit])
            else:
                looked += alive
                for number in range(alive):
                    unit = start + touched[number]
                    there = _found(postings, at, limit, unit)
                    if there < limit and postings[there] >> 8 == unit:
                        count = _count(postings[there], there, many_at, many)
                        total[unit - start] += factor * count / (count + flat + slope * lengths[unit])
        for number in range(alive):
            into = touched[number]
            unit = start + into
            score = total[into]
            total[into] = 0.0
            if wholes:
                document = document_of[unit] - first
                if not known[document]:
                    if full and score + share * (about[document] + d_rest) < least:
                        continue
                    known[document] = True
                    whole = np.int64(document_of[unit])
                    for term in range(d_leading, len(d_begin)):
                        there = _reached(d_postings, d_place[term], d_end[term], first)
                        d_place[term] = there
                        there = _reached(d_postings, there, d_end[term], whole)
                        looked += 1
                        if there < d_end[term] and d_postings[there] >> 8 == whole:
                            count = _count(d_postings[there], there, d_many_at, d_many)
                            norm = flat + d_slope * d_lengths[whole]
                            about[document] += d_weight[term] * count / (count + norm)
                score += share * about[document]
            if score > least or not full:
                _push(best_scores, best_units, held, score, first_unit + unit)
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
    at = _found(postings, begin, end, unit)
    return at if at < end and postings[at] >> 8 == unit else -1


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
