"""The plain way, to stand beside ours: ``BM25Okapi`` as shipped over ``jieba.cut``, one score threshold.

The best passage is the answer where its score reaches a threshold fitted on the fitting half.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import jieba
import numpy as np
from rank_bm25 import BM25Okapi

from qa.model import Span
from qa.text import sentences

__all__ = ["Found", "Plain", "Trial", "Unit", "fit_threshold", "units"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What the plain way indexes and quotes: a paragraph or a part of one."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A unit with its score, which may be negative."""

    unit: Unit
    score: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A question tried at every threshold: right when answered, right when refused?"""

    score: float
    right_answered: bool
    right_refused: bool


def units(document: str, text: str, limit: int) -> Iterator[Unit]:
    """The paragraphs of a text; one longer than ``limit`` is cut after a sentence, or anywhere."""
    for line in text.splitlines():
        paragraph = line.strip()
        while len(paragraph) > limit:
            ends = [s.end for s in sentences(paragraph, Span(0, limit)) if s.end < limit]
            cut = ends[-1] if ends else limit
            yield Unit(document, paragraph[:cut])
            paragraph = paragraph[cut:].strip()
        if paragraph:
            yield Unit(document, paragraph)


class Plain:
    """rank_bm25 and jieba, each as it comes."""

    def __init__(self, indexed: Iterable[Unit]) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._units = tuple(indexed)
        self._okapi = BM25Okapi([list(jieba.cut(unit.text)) for unit in self._units])

    def top(self, question: str) -> tuple[Found, ...]:
        """Every unit, best first, ties in order."""
        scores = self._okapi.get_scores(list(jieba.cut(question)))
        order = np.argsort(-scores, kind="stable")
        return tuple(Found(self._units[at], float(scores[at])) for at in order)


def fit_threshold(trials: Sequence[Trial]) -> float:
    """The score from which answering makes most of the trials right; the lowest such score."""
    right = best = sum(t.right_refused for t in trials)
    threshold = float("inf")
    ordered = sorted(trials, key=lambda t: -t.score)
    for score, tied in groupby(ordered, key=lambda t: t.score):  # a threshold cannot part a tie
        right += sum(t.right_answered - t.right_refused for t in tied)
        if right >= best:
            best, threshold = right, score
    return threshold
