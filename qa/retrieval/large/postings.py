"""The terms and postings of one segment, as they are opened: looked up by term, checked when touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.compiled import compiled
from qa.retrieval.large.inverting import Inverted, Lists
from qa.retrieval.large.keys import HASHED, keys_of, text_of
from qa.retrieval.large.scoring import CLASSES, peaks
from qa.retrieval.large.sections import BLOCK, Section, held_section
from qa.retrieval.ranker import K1, B

__all__ = ["HEAD_EVERY", "SHORTEST", "OpenLists", "Terms", "heads_of", "peaks_of"]

Array = NDArray[Any]

HEAD_EVERY: Final = 8192
"""Of how many keys one is in the list that is checked when an index is opened."""

_ALONE: Final = 64
"""Lengths that have a class of their own, from 0 on."""
_LONGER: Final = 1.04
"""How much longer than the shortest unit of a class beyond that the longest can be."""
SHORTEST: Final[Array] = np.maximum.accumulate(
    np.concatenate([np.arange(_ALONE), np.ceil(_ALONE * _LONGER ** np.arange(CLASSES - _ALONE))])
)
"""The length of the shortest unit of each class of lengths, in terms."""


def heads_of(keys: Array) -> Array:
    """Every ``HEAD_EVERY``-th key: where to look in the list of all."""
    return keys[::HEAD_EVERY]


def peaks_of(lists: Lists, average: float) -> Array:
    """The most that each term can give to a unit, before w * idf * (k1 + 1), at an average length."""
    found = np.zeros(len(lists.starts) - 1, np.float32)
    if average:
        peaks(
            lists.starts,
            lists.postings,
            lists.many_at,
            lists.many,
            lists.lengths,
            K1 * (1 - B),
            K1 * B / average,
            found,
        )
    return found


@compiled
def _find(keys: Array, heads: Array, every: int, wanted: Array, found: Array) -> None:
    """The place of the first key that is not below each wanted one, where it is that one; otherwise -1."""
    for number in range(len(wanted)):
        key = wanted[number]
        block = np.searchsorted(heads, key, side="left")
        low = max(block - 1, 0) * every
        high = min(low + every + 1, len(keys))
        while low < high:
            middle = (low + high) >> 1
            if keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        found[number] = low if low < len(keys) and keys[low] == key else -1


@compiled
def _missing(checked: Array, starts: Array, ends: Array, width: int, block: int) -> int:
    """The first block of ranges of items, of ``width`` bytes each, that was not checked, or -1."""
    for number in range(len(starts)):
        if starts[number] < ends[number]:
            for at in range(starts[number] * width // block, (ends[number] * width - 1) // block + 1):
                if not checked[at]:
                    return at
    return -1


def _check(section: Section, starts: Array, ends: Array) -> None:
    """As :meth:`Section.check`, of several ranges."""
    while (checked := section.checked) is not None:
        block = int(_missing(checked, starts, ends, section.array.itemsize, BLOCK))
        if block < 0:
            return
        section.check_block(block)


class Terms:
    """The dictionary of a segment."""

    def __init__(self, keys: Section, heads: Section, tail_ends: Section, tails: Section) -> None:
        self._keys, self._tail_ends, self._tails = keys, tail_ends, tails
        self._heads = heads.whole()
        self._hashed = len(keys) - len(tail_ends)

    @classmethod
    def held(cls, made: Inverted) -> Terms:
        """The dictionary of a segment that is in memory."""
        return cls(
            held_section(made.keys),
            held_section(heads_of(made.keys)),
            held_section(made.tail_ends),
            held_section(made.tails),
        )

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, terms: Sequence[str], wanted: Array | None = None) -> Array:
        """The number of each term, or -1. ``wanted``: their keys, where they are at hand."""
        wanted = keys_of(terms) if wanted is None else wanted
        found = np.empty(len(terms), np.int64)
        # Which block is looked into is told by the heads, which are checked: check it before it is read.
        if self._keys.checked is not None:
            low = np.maximum(np.searchsorted(self._heads, wanted, side="left") - 1, 0) * HEAD_EVERY
            _check(self._keys, low, np.minimum(low + HEAD_EVERY + 1, len(self._keys)))
        _find(self._keys.array, self._heads, HEAD_EVERY, wanted, found)
        for number in np.flatnonzero((wanted >= HASHED) & (found >= 0)).tolist():
            found[number] = self._of_hash(int(found[number]), int(wanted[number]), terms[number])
        return found

    def _of_hash(self, at: int, key: int, term: str) -> int:
        """Which of the words of one key is the term; there is hardly ever more than one."""
        while at < len(self._keys) and self._keys.array[at] == key:
            if self.text(at) == term:
                return at
            at += 1
            self._keys.check(at, min(at + 1, len(self._keys)))
        return -1

    def text(self, at: int) -> str:
        """A term by its number."""
        if at < self._hashed:
            self._keys.check(at, at + 1)
            return text_of(int(self._keys.array[at]))
        return self._tail(at - self._hashed).decode("utf-8", "surrogatepass")

    def _tail(self, at: int) -> bytes:
        self._tail_ends.check(max(at - 1, 0), at + 1)
        ends = self._tail_ends.array
        start, end = int(ends[at - 1]) if at else 0, int(ends[at])
        self._tails.check(start, end)
        return self._tails.array[start:end].tobytes()

    def words(self) -> Iterator[tuple[int, str]]:
        """Every term that is a word, with its number."""
        first = int(np.searchsorted(self._keys.whole(), 3 << 42))
        last = int(np.searchsorted(self._keys.array, 4 << 42))
        for at in (*range(first), *range(last, len(self._keys))):
            yield at, self.text(at)


@dataclass(frozen=True)
class OpenLists:
    """The postings of one kind of unit; see :class:`qa.retrieval.large.inverting.Lists`.

    ``peaks`` are what :func:`peaks_of` gave at ``average``, the segment's own average length.
    """

    starts: Section
    postings: Section
    many_at: Array
    many: Array
    lengths: Array
    peaks: Section
    average: float

    @classmethod
    def held(cls, lists: Lists) -> OpenLists:
        """Postings that are in memory."""
        average = float(lists.lengths.mean()) if len(lists.lengths) else 0.0
        return cls(
            held_section(lists.starts),
            held_section(lists.postings),
            lists.many_at,
            lists.many,
            lists.lengths,
            held_section(peaks_of(lists, average)),
            average,
        )

    @cached_property
    def classes(self) -> Array:
        """The class of each unit's length (see :data:`SHORTEST`)."""
        longest = int(self.lengths.max()) if len(self.lengths) else 0
        known = np.searchsorted(SHORTEST, np.arange(longest + 1), side="right") - 1
        found: Array = known.astype(np.uint8)[self.lengths]
        return found

    def ranges(self, terms: Array, average: float) -> tuple[Array, Array, Array]:
        """Where the postings of each term begin and end, all of them checked; nowhere for -1.

        With them the most of count / (count + norm), ``average`` the average length over all segments.
        """
        begin, end, most = (
            np.zeros(len(terms), np.int64),
            np.zeros(len(terms), np.int64),
            np.zeros(len(terms)),
        )
        if not len(self.peaks):
            return begin, end, most
        known = np.maximum(terms, 0)
        _check(self.starts, known, known + 2)
        _check(self.peaks, known, known + 1)
        longer = max(1.0, average / self.average) if self.average else 0.0
        _ranges(self.starts.array, self.peaks.array, terms, longer, begin, end, most)
        _check(self.postings, begin, end)
        return begin, end, most


@compiled
def _ranges(
    starts: Array, peaks: Array, terms: Array, longer: float, begin: Array, end: Array, most: Array
) -> None:
    for number in range(len(terms)):
        term = terms[number]
        if term >= 0:
            begin[number] = starts[term]
            end[number] = starts[term + 1]
            most[number] = peaks[term] * longer
