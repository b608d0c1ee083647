"""From the terms of units to postings, in memory: what one segment of an index is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.compiled import compiled
from qa.retrieval.large.keys import HASHED, packed_key
from qa.retrieval.large.scoring import MANY
from qa.retrieval.terms import BIGRAM

__all__ = ["Collector", "Inverted", "Lists", "Tokens", "inverted", "tokens_of"]

Array = NDArray[Any]
_FIRST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Tokens:
    """Terms as ranges of code points: where each begins in ``codes``, how long it is, whether a bigram."""

    codes: Array
    starts: Array
    lengths: Array
    pairs: Array


@dataclass(frozen=True, slots=True)
class Lists:
    """The postings of one kind of unit. Those of term ``i`` are ``postings[starts[i] : starts[i + 1]]``.

    ``lengths`` are the units' numbers of terms. The counts that a posting cannot hold are ``many``, of the
    postings ``many_at``.
    """

    starts: Array
    postings: Array
    many_at: Array
    many: Array
    lengths: Array


@dataclass(frozen=True, slots=True)
class Inverted:
    """The terms of a segment in ascending order of their keys, with the postings of its units.

    The characters of the hashed terms, which come last, are ``tails``, UTF-8, cut at ``tail_ends``.
    """

    keys: Array
    tail_ends: Array
    tails: Array
    passages: Lists
    documents: Lists


def tokens_of(terms: Sequence[str]) -> Tokens:
    """Terms that were made elsewhere, bigrams under their prefix."""
    bare = [term.removeprefix(BIGRAM) for term in terms]
    lengths = np.fromiter(map(len, bare), np.int64, len(bare))
    codes = np.frombuffer("".join(bare).encode("utf-32-le", "surrogatepass"), np.uint32)
    pairs = np.fromiter((term[0] == BIGRAM for term in terms), np.bool_, len(terms))
    return Tokens(codes, np.cumsum(lengths) - lengths, lengths, pairs)


@compiled
def _same(codes: Array, start: int, length: int, texts: Array, at: int, size: int) -> bool:
    if length != size:
        return False
    for offset in range(length):  # noqa: SIM110
        if codes[start + offset] != texts[at + offset]:
            return False
    return True


@compiled
def _fill_slots(slots: Array, keys: Array, used: int) -> None:
    mask = len(slots) - 1
    slots[:] = -1
    for term in range(used):
        at = (keys[term] ^ keys[term] >> 21 ^ keys[term] >> 42) * 0x9E3779B1 & mask
        while slots[at] >= 0:
            at = (at + 1) & mask
        slots[at] = term


@compiled
def _take(
    codes: Array,
    starts: Array,
    lengths: Array,
    pairs: Array,
    first: int,
    last: int,
    unit: int,
    slots: Array,
    keys: Array,
    text_at: Array,
    text_size: Array,
    texts: Array,
    used: Array,
    seen: Array,
    where: Array,
    held_term: Array,
    held_count: Array,
) -> None:
    """Adds the tokens ``[first, last)`` to a unit. ``used``: terms, code points of texts, postings."""
    mask = len(slots) - 1
    for token in range(first, last):
        start, length = starts[token], lengths[token]
        key = packed_key(codes, start, length, pairs[token])
        at = (key ^ key >> 21 ^ key >> 42) * 0x9E3779B1 & mask
        term = slots[at]
        while term >= 0:
            if keys[term] == key and (
                key < HASHED or _same(codes, start, length, texts, text_at[term], text_size[term])
            ):
                break
            at = (at + 1) & mask
            term = slots[at]
        if term < 0:
            term = used[0]
            used[0] = term + 1
            slots[at] = term
            keys[term] = key
            if key >= HASHED:
                text_at[term] = used[1]
                text_size[term] = length
                for offset in range(length):
                    texts[used[1] + offset] = codes[start + offset]
                used[1] += length
        if seen[term] == unit:
            held_count[where[term]] += 1
        else:
            seen[term] = unit
            where[term] = used[2]
            held_term[used[2]] = term
            held_count[used[2]] = 1
            used[2] += 1


@compiled
def _spread(
    unit_ends: Array,
    held_term: Array,
    held_count: Array,
    rank: Array,
    place: Array,
    postings: Array,
    many_at: Array,
    many: Array,
) -> None:
    """Postings by term instead of by unit; units stay in order. ``place``: where each term's next goes."""
    at, over = 0, 0
    for unit in range(len(unit_ends)):
        while at < unit_ends[unit]:
            term = rank[held_term[at]]
            count = held_count[at]
            to = place[term]
            place[term] = to + 1
            if count >= MANY:
                many_at[over] = to
                many[over] = count
                over += 1
                count = MANY
            postings[to] = unit << 8 | count
            at += 1


def _grown(array: Array, needed: int) -> Array:
    if needed <= len(array):
        return array
    larger = np.empty(max(needed, 2 * len(array)), array.dtype)
    larger[: len(array)] = array
    return larger


class _Units:
    """The postings of one kind of unit, as they come in."""

    def __init__(self) -> None:
        self.term = np.empty(_FIRST, np.int32)
        self.count = np.empty(_FIRST, np.int32)
        self.used = 0
        self.seen = np.empty(0, np.int32)
        self.where = np.empty(0, np.int64)
        self.ends: list[int] = []
        self.lengths: list[int] = []


class Collector:
    """Collects the terms of units, unit after unit."""

    def __init__(self) -> None:
        self._slots = np.full(_FIRST, -1, np.int32)
        self._keys = np.empty(_FIRST // 2, np.int64)
        self._text_at = np.empty(_FIRST // 2, np.int64)
        self._text_size = np.empty(_FIRST // 2, np.int64)
        self._texts = np.empty(_FIRST, np.uint32)
        self._used = np.zeros(3, np.int64)
        self._passages, self._documents = _Units(), _Units()

    @property
    def postings(self) -> int:
        """How many postings were collected."""
        return self._passages.used + self._documents.used

    def add_passage(self, tokens: Tokens, first: int = 0, last: int | None = None) -> None:
        """One more passage, of the tokens ``[first, last)``."""
        self._add(self._passages, tokens, first, last)

    def add_document(self, tokens: Tokens, first: int = 0, last: int | None = None) -> None:
        """One more document."""
        self._add(self._documents, tokens, first, last)

    def _add(self, units: _Units, tokens: Tokens, first: int, last: int | None) -> None:
        end = len(tokens.starts) if last is None else last
        self._reserve(units, end - first, int(tokens.lengths[first:end].sum()))
        self._used[2] = units.used
        _take(
            tokens.codes,
            tokens.starts,
            tokens.lengths,
            tokens.pairs,
            first,
            end,
            len(units.ends),
            self._slots,
            self._keys,
            self._text_at,
            self._text_size,
            self._texts,
            self._used,
            units.seen,
            units.where,
            units.term,
            units.count,
        )
        units.used = int(self._used[2])
        units.ends.append(units.used)
        units.lengths.append(end - first)

    def _reserve(self, units: _Units, more: int, characters: int) -> None:
        terms = int(self._used[0]) + more
        if terms > len(self._keys):
            self._keys = _grown(self._keys, terms)
            self._text_at = _grown(self._text_at, len(self._keys))
            self._text_size = _grown(self._text_size, len(self._keys))
            size = len(self._slots)
            while size < 2 * len(self._keys):
                size *= 2
            self._slots = np.empty(size, np.int32)
            _fill_slots(self._slots, self._keys, int(self._used[0]))
        for held in (self._passages, self._documents):
            if len(held.seen) < len(self._keys):
                before = len(held.seen)
                held.seen = _grown(held.seen, len(self._keys))
                held.seen[before:] = -1
                held.where = _grown(held.where, len(held.seen))
        self._texts = _grown(self._texts, int(self._used[1]) + characters)
        units.term = _grown(units.term, units.used + more)
        units.count = _grown(units.count, units.used + more)

    def inverted(self) -> Inverted:
        """Everything collected, by term."""
        used = int(self._used[0])
        keys = self._keys[:used]
        order = np.argsort(keys, kind="stable")
        texts = self._hashed_texts(order)
        _untie(keys, order, texts)
        rank = np.empty(used, np.int32)
        rank[order] = np.arange(used, dtype=np.int32)
        tails = [texts[term] for term in order.tolist() if term in texts]
        return Inverted(
            keys=keys[order],
            tail_ends=np.cumsum([len(tail) for tail in tails], dtype=np.int64),
            tails=np.frombuffer(b"".join(tails), np.uint8),
            passages=_lists(self._passages, rank),
            documents=_lists(self._documents, rank),
        )

    def _hashed_texts(self, order: Array) -> dict[int, bytes]:
        hashed = order[np.searchsorted(self._keys[order], HASHED) :]
        found = {}
        for term in hashed.tolist():
            at, size = int(self._text_at[term]), int(self._text_size[term])
            found[term] = self._texts[at : at + size].tobytes().decode("utf-32-le", "surrogatepass")
        return {term: text.encode("utf-8", "surrogatepass") for term, text in found.items()}


def _untie(keys: Array, order: Array, texts: dict[int, bytes]) -> None:
    """Orders terms of one key by their characters."""
    ordered = keys[order]
    for at in np.flatnonzero(ordered[1:] == ordered[:-1]).tolist():
        end = int(np.searchsorted(ordered, ordered[at], side="right"))
        first = int(np.searchsorted(ordered, ordered[at], side="left"))
        order[first:end] = sorted(order[first:end].tolist(), key=texts.__getitem__)


def _lists(units: _Units, rank: Array) -> Lists:
    term, count = units.term[: units.used], units.count[: units.used]
    sizes = np.bincount(rank[term], minlength=len(rank)) if units.used else np.zeros(len(rank), np.int64)
    starts = np.zeros(len(rank) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    postings = np.empty(units.used, np.uint32)
    over = int(np.count_nonzero(count >= MANY))
    many_at, many = np.empty(over, np.int64), np.empty(over, np.int64)
    ends = np.asarray(units.ends, np.int64)
    _spread(ends, term, count, rank, starts[:-1].copy(), postings, many_at, many)
    by_place = np.argsort(many_at)
    return Lists(starts, postings, many_at[by_place], many[by_place], np.asarray(units.lengths, np.uint32))


def inverted(passages: Iterable[Sequence[str]], documents: Iterable[Sequence[str]]) -> Inverted:
    """The postings of units whose terms are at hand."""
    made = Collector()
    for terms in passages:
        made.add_passage(tokens_of(terms))
    for terms in documents:
        made.add_document(tokens_of(terms))
    return made.inverted()
