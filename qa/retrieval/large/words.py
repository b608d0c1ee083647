"""The words of a segment that a question may be repaired to: those of two ideographs or more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.inverting import Inverted
from qa.retrieval.large.keys import text_of
from qa.text import is_han

__all__ = ["tails_of", "words_among", "words_of"]

Array = NDArray[Any]
_TWO = (2 << 42, 3 << 42)


def words_of(made: Inverted) -> bytes:
    """The words of a segment that is in memory, a line each."""
    used = np.diff(made.passages.starts) > 0
    return "\n".join(words_among(made.keys, used, tails_of(made.tail_ends, made.tails))).encode()


def words_among(keys: Array, used: Array, tails: Sequence[bytes]) -> Iterator[str]:
    """The words among terms in ascending order of their keys.

    Args:
        used: whether some passage has the term.
        tails: the characters of the hashed terms, which come last.
    """
    first, last = np.searchsorted(keys, _TWO)
    for at in np.flatnonzero(used[first:last]).tolist():
        word = text_of(int(keys[first + at]))
        if all(map(is_han, word)):
            yield word
    hashed = len(keys) - len(tails)
    for at in np.flatnonzero(used[hashed:]).tolist():
        word = tails[at].decode("utf-8", "surrogatepass")
        if all(map(is_han, word)):
            yield word


def tails_of(ends: Array, tails: Array) -> list[bytes]:
    """The characters of each hashed term."""
    data, found, start = tails.tobytes(), [], 0
    for end in ends.tolist():
        found.append(data[start:end])
        start = end
    return found
