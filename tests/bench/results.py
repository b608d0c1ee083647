"""What became of one question, and the measures over many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.metrics import auc, mean, quantile

__all__ = [
    "Result",
    "answerable_right",
    "answered_rate",
    "clean_auc",
    "clean_refused",
    "first_right",
    "median_quoted",
    "near_misses_shown",
    "off_topic_shown",
    "overall_right",
    "reciprocal_rank",
    "separation",
    "unanswerable_right",
]


@dataclass(frozen=True, slots=True)
class Result:
    """One question with what one way of answering made of it.

    ``rank`` is the place of the first right document, 0 when none was found; ``score`` the confidence
    (or the plain score); ``held`` says that the best evidence holds the answer, ``near`` that something
    near is shown instead of one, ``off`` that the question is about nothing that was spoken of. ``clean``
    are confidence and outcome when the question's documents are taken out, None where that was not tried.
    """

    id: str
    fit: bool
    answerable: bool
    answered: bool
    right: bool
    verdict: str
    score: float
    quoted: int
    rank: int = 0
    style: str = ""
    held: bool = False
    near: bool = False
    off: bool = False
    clean: tuple[float, bool] | None = None


def overall_right(results: Sequence[Result]) -> float | None:
    """The share that is right."""
    return mean([float(r.right) for r in results])


def answerable_right(results: Sequence[Result]) -> float | None:
    """The share of the answerable that is right."""
    return overall_right([r for r in results if r.answerable])


def unanswerable_right(results: Sequence[Result]) -> float | None:
    """The share of the unanswerable that is refused."""
    return overall_right([r for r in results if not r.answerable])


def answered_rate(results: Sequence[Result]) -> float | None:
    """The share that is answered, rightly or wrongly."""
    return mean([float(r.answered) for r in results])


def near_misses_shown(results: Sequence[Result]) -> float | None:
    """The share of the unanswerable on topic, left unanswered, that is shown something near (what is
    declined, nothing)."""
    return mean([float(r.near) for r in results if not (r.answerable or r.answered or r.off)])


def off_topic_shown(results: Sequence[Result]) -> float | None:
    """The share of what is off topic, and left unanswered, that is shown something all the same."""
    return mean([float(r.near) for r in results if r.off and not r.answered])


def median_quoted(results: Sequence[Result]) -> float | None:
    """The median of the characters quoted, over what is answered."""
    return quantile([r.quoted for r in results if r.answered], 0.5)


def first_right(results: Sequence[Result]) -> float | None:
    """R@1: how often the first document found is a right one."""
    return mean([float(r.rank == 1) for r in results if r.answerable])


def reciprocal_rank(results: Sequence[Result]) -> float | None:
    """The mean of 1 / rank."""
    return mean([1 / r.rank if r.rank else 0.0 for r in results if r.answerable])


def separation(results: Sequence[Result]) -> float | None:
    """AUC of the score, answerable against unanswerable."""
    return auc([r.score for r in results if r.answerable], [r.score for r in results if not r.answerable])


def clean_auc(results: Sequence[Result]) -> float | None:
    """AUC of the score, questions against themselves with their documents taken out."""
    tried = [(r.score, r.clean[0]) for r in results if r.clean is not None]
    return auc([score for score, _ in tried], [score for _, score in tried])


def clean_refused(results: Sequence[Result]) -> float | None:
    """The share refused when their documents are taken out."""
    return mean([float(not r.clean[1]) for r in results if r.clean is not None])
