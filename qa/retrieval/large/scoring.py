"""The compiled loops of ranking: BM25 over postings, exact, skipping what cannot be among the best.

A posting is one 32-bit number, ``unit << 8 | count``; a count of 255 says that the true count stands in a
short list beside it. Units ascend within a term, so a segment is gone through in windows of units whose sums
stay in the processor's cache.

In a window the most that each unit can have is added up first, in whole numbers: how much a term gives is
looked up by its count and by the class of the unit's length, never rounded down. Only the terms that are
needed to lift a unit to the k-th best score are added up for all units (MaxScore; Turtle and Flood 1995), the
others only for those that may still reach it. What is left is scored as the small engine scores, in its order
of operations: the same to the last bit. The first window has no k-th best yet: its most promising units are
scored at once to have one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.compiled import compiled

__all__ = ["CLASSES", "MANY", "STEPS", "peaks", "room_for", "search"]

Array = NDArray[Any]

MANY: Final = 255
"""The count from which it stands in the list beside."""
CLASSES: Final = 256
"""How many classes of units' lengths there are."""
STEPS: Final = 65535
"""The whole number that stands for count / (count + norm) = 1."""
_whole: Final[Any] = np.int64
"""A signed number of any: mixed with unsigned ones numba would make it a float."""
_SHIFT: Final = 6
"""Of each block of two to the sixth units of a window the greatest sum is kept, to look at first."""
_FIRST: Final = 1024
"""How many units of the first window are scored at once at most."""
_WHOLE: Final = float(1 << 30)
"""The whole number that stands for the most that all terms can give together."""
_SAFE: Final = 1.0 - 1e-9
"""Bounds are sums in floating point: what misses the k-th best by less than this is looked at."""
_NEARLY_ALL: Final = 0.1
"""Of the most that a document can be given: what the terms may give that are looked up, not added up."""
_SOON: Final = 1 << 15
"""How many postings of a window are rather added up than to have more units left without."""
_LOOK_UP: Final = 12
"""How many postings are added up in the time in which one is looked up."""


@compiled
def _count(posting: int, at: int, many_at: Array, many: Array) -> int:
    """How often the term stands in the unit."""
    count = posting & 255
    if count == MANY:
        count = many[np.searchsorted(many_at, at)]
    return count


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
def _push(best: Any, score: float, unit: int, whole: float) -> None:
    """Adds to a heap whose root is the worst that is kept; when it is full the worst gives way."""
    scores, units, wholes, held = best
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
            wholes[at] = wholes[above]
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
            wholes[at] = wholes[below]
            at = below
    scores[at] = score
    units[at] = unit
    wholes[at] = whole


@compiled
def _add(
    postings: Array,
    low: int,
    high: int,
    start: int,
    factor: int,
    classes: Array,
    impacts: Array,
    sums: Array,
    tops: Array,
) -> None:
    """Adds the most that a term can give to each of its units; ``tops`` are the greatest sums of blocks."""
    base, times, eight, one = np.uint64(start), np.uint64(factor), np.uint64(8), np.uint64(1)
    for at in range(low, high):
        posting = np.uint64(postings[at])
        unit = posting >> eight
        cell = (posting & np.uint64(255)) << eight | np.uint64(classes[unit])
        into = unit - base
        held = np.uint32(sums[into] + (times * np.uint64(impacts[cell]) >> np.uint64(16)) + one)
        sums[into] = held
        block = into >> np.uint64(_SHIFT)
        tops[block] = max(tops[block], held)


@compiled
def _exact(of: Any, k1: float, b: float, unit: int) -> float:
    """The score of a unit in the small engine's order of operations: the same to the last bit."""
    lists, low, high, weight, idf = of[0], of[1], of[2], of[3][2], of[3][3]
    postings, many_at, many, lengths, average = lists[0], lists[1], lists[2], lists[3], lists[6]
    norm = k1 * (1 - b + b * float(lengths[unit]) / average)
    score = 0.0
    for term in range(len(low)):
        at, end, beyond = low[term], high[term], high[term]
        while at < end:
            middle = (at + end) >> 1
            if postings[middle] >> 8 < unit:
                at = middle + 1
            else:
                end = middle
        if at < beyond and postings[at] >> 8 == unit:
            count = float(postings[at] & 255)
            if count == MANY:
                count = float(many[np.searchsorted(many_at, at)])
            score += weight[term] * (idf[term] * count * (k1 + 1) / (count + norm))
    return score


@compiled
def _planned(asked: Any, share: float, k1: float, scale: float) -> Any:
    """The terms in descending order of the most they can give, what they count for, and what is left.

    All whole and never rounded down. ``rest[n]`` is the most that the terms from the n-th on give together.
    """
    factors = asked[2] * asked[3] * (share * (k1 + 1) * scale * (1 + 1e-6))
    order = np.argsort(-(factors * asked[4]), kind="mergesort")
    whole = np.empty(len(order), np.int64)
    rest = np.zeros(len(order) + 1, np.int64)
    for number in range(len(order) - 1, -1, -1):
        term = order[number]
        whole[number] = _whole(factors[term] * 65536 / STEPS) + 1
        rest[number] = rest[number + 1] + _whole(factors[term] * asked[4][term]) + 2
    return order, whole, rest


@compiled
def _needed(rest: Array, least: int) -> int:
    """How many terms come before those that give less than ``least`` together."""
    number = 0
    while number < len(rest) - 1 and rest[number] >= least:
        number += 1
    return number


@compiled
def _and_short(of: Any, order: Array, number: int) -> int:
    """The first ``number`` terms and those after them that are soon added up: fewer units are left."""
    more = 0
    while number < len(order):
        term = order[number]
        more += of[2][term] - of[1][term]
        if more > _SOON:
            break
        number += 1
    return number


@compiled
def _move(of: Any, first: int, stop: int) -> None:
    """Moves the ranges of terms on, to units from ``first`` to before ``stop``."""
    postings, low, high, end = of[0][0], of[1], of[2], of[3][1]
    for term in range(len(end)):
        at = max(low[term], high[term] - 1)
        low[term] = _reached(postings, at, end[term], first)
        high[term] = _reached(postings, low[term], end[term], stop)


@compiled
def _sum_up(of: Any, plan: Any, number: int, end: int, first: int, sums: Array, tops: Array) -> None:
    """Adds the terms from the ``number``-th to before the ``end``-th to all units of a window."""
    for at in range(number, end):
        term = plan[0][at]
        lists = of[0]
        _add(lists[0], of[1][term], of[2][term], first, plan[1][at], lists[4], lists[5], sums, tops)


@compiled
def _greatest(tops: Array) -> int:
    found = 0
    for block in range(len(tops)):
        found = max(found, _whole(tops[block]))
    return found


@compiled
def _clear(sums: Array, tops: Array) -> None:
    for block in range(len(tops)):
        if tops[block] > 0:
            sums[block << _SHIFT : (block + 1) << _SHIFT] = 0
            tops[block] = 0


@compiled
def _drop(sums: Array, tops: Array, kept: Array) -> None:
    """Takes away what units have that are not wanted."""
    for block in range(len(tops)):
        if tops[block] > 0:
            most = np.uint32(0)
            for into in range(block << _SHIFT, min((block + 1) << _SHIFT, len(sums))):
                if not kept[into]:
                    sums[into] = 0
                most = max(most, sums[into])
            tops[block] = most


@compiled
def _reached_by(tops: Array, wanted: int) -> int:
    """What the best of at least ``wanted`` blocks reach, or 1."""
    scores, blocks, unused = np.zeros(wanted), np.zeros(wanted, np.int64), np.zeros(wanted)
    held = np.zeros(1, np.int64)
    for block in range(len(tops)):
        top = float(tops[block])
        if top > 0.0 and (held[0] < wanted or top > scores[0]):
            _push((scores, blocks, unused, held), top, block, 0.0)
    return max(1, _whole(scores[0])) if held[0] == wanted else 1


@compiled
def _promising(
    sums: Array,
    tops: Array,
    about: Array,
    most_about: int,
    owner: Array,
    first: int,
    keep: Array,
    least: int,
    out: Array,
) -> int:
    """Puts the wanted units of a window that have something and reach ``least`` into ``out``.

    Gives how many they are: no more than ``out`` holds.
    """
    found, wholes, all_kept = 0, len(owner) > 0, len(keep) == 0
    for block in range(len(tops)):
        most = _whole(tops[block])
        if most == 0 or most + most_about < least:
            continue
        for into in range(block << _SHIFT, min((block + 1) << _SHIFT, len(sums))):
            held = _whole(sums[into])
            if held == 0:
                continue
            if wholes:
                held += _whole(about[owner[into] - first])
            if held >= least and (all_kept or keep[into]):
                if found == len(out):
                    return found
                out[found] = into
                found += 1
    return found


@compiled
def _look_up(of: Any, term: int, start: int, factor: int, sums: Array, alive: Array, left: int) -> None:
    """As :func:`_add`, of the first ``left`` units of ``alive`` alone, which ascend."""
    postings, classes, impacts, at, high = of[0][0], of[0][4], of[0][5], of[1][term], of[2][term]
    for number in range(left):
        unit = _whole(start + alive[number])
        step = 1
        while at + step < high and postings[at + step] >> 8 < unit:
            at += step
            step *= 2
        end = min(at + step, high)
        while at < end:
            middle = (at + end) >> 1
            if postings[middle] >> 8 < unit:
                at = middle + 1
            else:
                end = middle
        if at >= high:
            return
        if postings[at] >> 8 == unit:
            cell = _whole(postings[at] & 255) << 8 | _whole(classes[unit])
            sums[alive[number]] += np.uint32((factor * _whole(impacts[cell]) >> 16) + 1)


@compiled
def _narrowed(
    of: Any,
    plan: Any,
    leading: int,
    cut: int,
    start: int,
    sums: Array,
    tops: Array,
    about: Array,
    owner: Array,
    first: int,
    alive: Array,
    left: int,
) -> int:
    """Adds the terms from the ``leading``-th on to those units that may still reach ``cut``; how many do."""
    order, factor, rest = plan
    wholes = len(owner) > 0
    for number in range(leading, len(rest)):
        stay = 0
        for place in range(left):
            into = alive[place]
            held = _whole(sums[into])
            if wholes:
                held += _whole(about[owner[into] - first])
            if held + rest[number] >= cut:
                alive[stay] = into
                stay += 1
        left = stay
        if left == 0 or number == len(order):
            break
        term = order[number]
        if left * _LOOK_UP > of[2][term] - of[1][term]:
            _sum_up(of, plan, number, number + 1, start, sums, tops)
        else:
            _look_up(of, term, start, factor[number], sums, alive, left)
    return left


@compiled
def _least(best: Any, scale: float) -> int:
    """What a unit must reach to be among the best; 0 while any is."""
    return _whole(best[0][0] * scale * _SAFE) if best[3][0] == len(best[0]) else 0


@compiled
def _score(
    of: Any,
    about_of: Any,
    owner: Array,
    first: int,
    share: float,
    k1: float,
    b: float,
    scale: float,
    start: int,
    sums: Array,
    left: int,
    about: Array,
    d_left: int,
    worth: Array,
    known: Array,
    some: Array,
    done: Array,
    first_unit: int,
    best: Any,
) -> int:
    """Scores the units ``some`` that may be among the best and are not ``done``; gives how many they are.

    ``left`` is the most that the terms give that are not in ``sums``, ``d_left`` those that are not in
    ``about``; ``worth`` are the scores of the documents that are ``known``.
    """
    cut, scored, past, whole = _least(best, scale), 0, 0, 0.0
    for into in some:
        while past < len(done) and done[past] < into:
            past += 1
        if past < len(done) and done[past] == into:
            continue
        held = _whole(sums[into]) + left
        if len(owner):
            document = _whole(owner[into])
            if not known[document - first]:
                if held + _whole(about[document - first]) + d_left < cut:
                    continue
                known[document - first] = True
                worth[document - first] = _exact(about_of, k1, b, document)
            whole = worth[document - first]
            held += _whole(share * whole * scale * (1 + 1e-6)) + 1
        if held >= cut:
            own = _exact(of, k1, b, start + into)
            scored += 1
            if own > 0:
                _push(best, own + share * whole, first_unit + start + into, whole)
                cut = _least(best, scale)
    return scored


@compiled
def search(
    lists: Any,
    asked: Any,
    d_lists: Any,
    d_asked: Any,
    document_of: Array,
    share: float,
    k1: float,
    b: float,
    keep: Array,
    window: int,
    room: Any,
    first_unit: int,
    best: Any,
) -> int:
    """Puts the best units of a segment among the best so far; gives how many were scored.

    Args:
        lists: postings, many_at, many, the units' lengths, their lengths' classes, what a count is worth in a
            unit of a class (at ``256 * count + class``; :data:`STEPS` for 1), the average length.
        asked: of each term, in the query's order: where its postings begin and end, its weight, its idf, and
            the most that count / (count + norm) is among its postings.
        d_lists, d_asked: the same of documents.
        document_of: the document of each unit; empty where documents count for nothing.
        share: how much of a document's score its units are given.
        keep: whether each unit is wanted; empty for all.
        window: how many units are gone through together.
        room: what :func:`room_for` gives; nothing else may use it meanwhile.
        first_unit: the number of the segment's first unit.
        best: the heap of the best: their scores, units, the scores of their documents before the share is
            taken, and how many there are.
    """
    total = (asked[2] * asked[3]).sum() + share * (d_asked[2] * d_asked[3]).sum()
    if total <= 0.0:
        return 0
    scale = _WHOLE / (total * (k1 + 1))
    plan, d_plan = _planned(asked, 1.0, k1, scale), _planned(d_asked, share, k1, scale)
    rest, d_rest = plan[2], d_plan[2]
    terms, size, wholes = len(asked[0]), len(lists[3]), len(document_of) > 0
    d_leading = _needed(d_rest, max(1, _whole(_NEARLY_ALL * d_rest[0]))) if wholes else 0
    d_left = d_rest[d_leading] if wholes else 0
    of = (lists, asked[0].copy(), asked[0].copy(), asked)
    about_of = (d_lists, d_asked[0].copy(), d_asked[0].copy(), d_asked)
    sums_all, tops_all, alive, about_all, d_tops_all, worth, known = room
    some = np.empty(_FIRST, np.int32)
    first, around, scored = 0, 0, 0
    owner, about = document_of[:0], about_all[:0]
    for start in range(0, size, window):
        stop = min(start + window, size)
        kept = keep[start:stop] if len(keep) else keep
        if len(keep) and not kept.any():
            continue
        _move(of, start, stop)
        if wholes:
            owner = document_of[start:stop]
            first = _whole(owner[0])
            width = _whole(owner[-1]) - first + 1
            about, d_tops = about_all[:width], d_tops_all[: (width - 1 >> _SHIFT) + 1]
            known[:width] = False
            _move(about_of, first, first + width)
            _clear(about_all, d_tops_all)
            _sum_up(about_of, d_plan, 0, d_leading, first, about, d_tops)
            around = _greatest(d_tops)
        cut = _least(best, scale)
        leading = _needed(rest, cut - around - d_left) if cut else terms
        if leading == 0:
            continue
        sums, tops = sums_all[: stop - start], tops_all[: (stop - start - 1 >> _SHIFT) + 1]
        ready, done = 0, some[:0]
        if not cut:
            ready = _needed(rest, rest[0] // 2)
            _sum_up(of, plan, 0, ready, start, sums, tops)
            if len(keep):
                _drop(sums, tops, kept)
            least = _reached_by(tops, len(best[0]))
            found = _promising(sums, tops, about, 0, owner[:0], first, kept, least, some)
            scored += _score(
                of,
                about_of,
                owner,
                first,
                share,
                k1,
                b,
                scale,
                start,
                sums,
                rest[ready],
                about,
                d_left,
                worth,
                known,
                some[:found],
                done,
                first_unit,
                best,
            )
            done = some[:found]
            cut = _least(best, scale)
            leading = max(ready, _needed(rest, cut - around - d_left)) if cut else terms
        leading = _and_short(of, plan[0], leading)
        _sum_up(of, plan, ready, leading, start, sums, tops)
        least = cut - rest[leading] - d_left
        left = _promising(sums, tops, about, around, owner, first, kept, least, alive)
        left = _narrowed(of, plan, leading, cut - d_left, start, sums, tops, about, owner, first, alive, left)
        scored += _score(
            of,
            about_of,
            owner,
            first,
            share,
            k1,
            b,
            scale,
            start,
            sums,
            0,
            about,
            d_left,
            worth,
            known,
            alive[:left],
            done,
            first_unit,
            best,
        )
        _clear(sums, tops)
    if wholes:
        _clear(about_all, d_tops_all)
    return scored


def room_for(units: int, documents: int) -> tuple[Array, ...]:
    """Room for the sums of a window of so many units of so many documents, all of them 0."""
    return (
        np.zeros(units, np.uint32),
        np.zeros((units >> _SHIFT) + 1, np.uint32),
        np.empty(units, np.int32),
        np.zeros(documents, np.uint32),
        np.zeros((documents >> _SHIFT) + 1, np.uint32),
        np.empty(documents, np.float64),
        np.empty(documents, np.bool_),
    )


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
