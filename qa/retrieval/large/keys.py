"""The numbers that terms are looked up by.

A bigram and a word of one or two characters are their own number. A longer word is hashed into 62 bits
under a mark of its own; its characters stand beside it and are compared, so that two words of one number
stay two words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.compiled import compiled
from qa.retrieval.terms import BIGRAM

__all__ = ["HASHED", "keys_of", "packed_key", "text_of"]

HASHED: Final = 1 << 62
"""The least number of a hashed word."""
PAIR: Final = 3
"""The kind of a bigram; words of one and two characters have their length."""
_BITS: Final = 21


def text_of(key: int) -> str:
    """The term of a number that is not hashed."""
    low = (1 << _BITS) - 1
    kind, first, second = key >> 2 * _BITS, key >> _BITS & low, key & low
    if kind == 1:
        return chr(second)
    pair = chr(first) + chr(second)
    return BIGRAM + pair if kind == PAIR else pair


@compiled
def packed_key(codes: NDArray[Any], start: int, length: int, pair: bool) -> np.int64:
    """The number of the ``length`` code points from ``start``; ``pair`` says that they are a bigram."""
    if length == 1:
        return np.int64(1 << 42) | np.int64(codes[start])
    if length == 2:
        kind = np.int64(3 if pair else 2)
        return (kind << 42) | (np.int64(codes[start]) << 21) | np.int64(codes[start + 1])
    total = np.uint64(0xCBF29CE484222325)
    for at in range(start, start + length):
        total = (total ^ np.uint64(codes[at])) * np.uint64(0x100000001B3)
    total = (total ^ (total >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD)
    total = total ^ (total >> np.uint64(29))
    return np.int64(total & np.uint64((1 << 62) - 1)) | np.int64(1 << 62)


def keys_of(terms: Sequence[str]) -> NDArray[np.int64]:
    """The number of each term, bigrams under their prefix; no term may be empty."""
    found = np.empty(len(terms), np.int64)
    if terms:
        codes = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), np.uint32)
        _keys(codes, np.asarray(list(map(len, terms)), np.int64), ord(BIGRAM), found)
    return found


@compiled
def _keys(codes: NDArray[Any], lengths: NDArray[Any], prefix: int, found: NDArray[Any]) -> None:
    start = 0
    for number in range(len(lengths)):
        length = lengths[number]
        if length == 3 and codes[start] == prefix:
            found[number] = packed_key(codes, start + 1, 2, True)
        else:
            found[number] = packed_key(codes, start, length, False)
        start += length
