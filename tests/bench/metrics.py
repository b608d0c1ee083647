"""The numbers a measurement comes down to: rates, ranks, separation and calibration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Bin", "auc", "calibration_error", "first_rank", "mean", "quantile", "reliability"]

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose confidence lies in ``[low, high)``: what was said on average, and what was so."""

    low: float
    high: float
    count: int
    said: float
    was: float


def mean(values: Sequence[float]) -> float | None:
    """The mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of the values do not exceed, or None of nothing."""
    return float(np.quantile(values, share, method="inverted_cdf")) if values else None


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often a positive scores above a negative, a tie counting half; None without one of them."""
    if not positive or not negative:
        return None
    below = np.sort(np.asarray(negative))
    strictly = np.searchsorted(below, positive, side="left").sum()
    at_most = np.searchsorted(below, positive, side="right").sum()
    return float(strictly + at_most) / (2 * len(positive) * len(negative))


def first_rank(found: Sequence[str], relevant: Collection[str]) -> int:
    """The place, from 1, of the first relevant document among those found; 0 when none is."""
    return next((place for place, document in enumerate(found, 1) if document in relevant), 0)


def reliability(said: Sequence[float], was: Sequence[bool]) -> tuple[Bin, ...]:
    """Ten bins of equal width over [0, 1]; an empty bin says its middle and was 0."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, outcome in zip(said, was, strict=True):
        inside[min(int(confidence * _BINS), _BINS - 1)].append((confidence, outcome))
    return tuple(_bin(at, pairs) for at, pairs in enumerate(inside))


def _bin(at: int, pairs: Sequence[tuple[float, bool]]) -> Bin:
    low, high = at / _BINS, (at + 1) / _BINS
    if not pairs:
        return Bin(low, high, 0, (low + high) / 2, 0.0)
    count = len(pairs)
    return Bin(low, high, count, sum(p for p, _ in pairs) / count, sum(o for _, o in pairs) / count)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The expected calibration error: the mean gap between said and was, weighted by count."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.said - b.was) for b in bins) / total if total else None
