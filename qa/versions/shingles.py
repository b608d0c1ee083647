"""How alike two texts are: the resemblance of their shingles.

Resemblance is the Jaccard coefficient of the sets of character 5-grams, white space and punctuation left
out (Broder, "On the resemblance and containment of documents", 1997). Among many texts only those are
compared that share enough of their 64 smallest hashed shingles, Broder's sketch; the comparison itself
is over all shingles, hashed to 64 bits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALIKE", "alike", "nearest", "resemblance", "shingles"]

ALIKE: Final = 0.6
"""The resemblance from which two transcripts are taken for copies of one another."""
_SIZE: Final = 5
_SKETCH: Final = 64
_SHARED: Final = 8
"""Sketch entries two texts share before they are compared: a resemblance of 0.6 shares some 40 of 64."""
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: 2^64 by the golden ratio

Shingles = NDArray[np.uint64]


def shingles(text: str) -> Shingles:
    """The hashed shingles of ``text``, each once, in ascending order; a shorter text is one shingle."""
    plain = "".join(c for c in text if c.isalnum())
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    size = min(_SIZE, len(codes))
    if not size:
        return np.empty(0, np.uint64)
    total = np.zeros(len(codes) - size + 1, np.uint64)
    for at in range(size):
        total = (total + codes[at : at + len(total)] + np.uint64(1)) * _MULTIPLIER
        total ^= total >> np.uint64(29)
    return np.unique(total)


def resemblance(one: Shingles, other: Shingles) -> float:
    """The share of all shingles of either that both have, in [0, 1]; 0 where neither has any."""
    if not len(one) or not len(other):
        return 0.0
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def alike(texts: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """The pairs of ``texts`` that resemble each other at least so much: numbers in order, resemblance."""
    sets = [shingles(text) for text in texts]
    holders: Mapping[int, list[int]] = defaultdict(list)
    for number, held in enumerate(sets):
        shared: Counter[int] = Counter()
        for mark in held[:_SKETCH].tolist():  # in ascending order: the smallest
            shared.update(holders[mark])
            holders[mark].append(number)
        for earlier in sorted(shared):
            enough = min(_SHARED, len(held), len(sets[earlier]))
            if shared[earlier] >= enough:
                found = resemblance(sets[earlier], held)
                if found >= least:
                    yield earlier, number, found


def nearest(text: str, others: Mapping[str, str], least: float = ALIKE) -> tuple[str, float] | None:
    """The name of the text among ``others`` most like ``text``, and how much, if any is alike."""
    own = shingles(text)
    found = [(resemblance(own, shingles(other)), name) for name, other in others.items()]
    best = max(found, default=(0.0, ""))
    return (best[1], best[0]) if best[0] >= least else None
