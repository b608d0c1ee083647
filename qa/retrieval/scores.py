"""What the score of a passage that was found is made of, term by term.

    score = sum over terms of weight * worth in the passage
          + share * sum over terms of weight * worth in the whole document

where a term's worth is its idf times how often it stands there, by BM25 (:mod:`qa.retrieval.ranker`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.model import Hit
from qa.retrieval.index import Index
from qa.retrieval.ranker import Bm25Ranker

__all__ = ["HitScore", "TermScore", "hit_scores"]


@dataclass(frozen=True, slots=True)
class TermScore:
    """What a term adds: its weight in the question times its worth where it stands."""

    term: str
    weight: float
    worth: float

    @property
    def value(self) -> float:
        """Weight times worth."""
        return self.weight * self.worth


@dataclass(frozen=True, slots=True)
class HitScore:
    """A passage's score: what its own terms add, and what its document's do, of which ``share`` counts.

    Terms that add most come first.
    """

    own: tuple[TermScore, ...]
    document: tuple[TermScore, ...]
    share: float

    @property
    def own_value(self) -> float:
        """What the passage's own terms add up to."""
        return sum(term.value for term in self.own)

    @property
    def document_value(self) -> float:
        """What the document's terms add up to, before its share is taken."""
        return sum(term.value for term in self.document)


def hit_scores(index: object, terms: Mapping[str, float], hits: Iterable[Hit]) -> tuple[HitScore, ...]:
    """The scores of ``hits`` taken apart, in their order; none for an engine that cannot say."""
    return tuple(_scores(index, terms, hits)) if isinstance(index, Index) else ()


def _scores(index: Index, terms: Mapping[str, float], hits: Iterable[Hit]) -> Iterator[HitScore]:
    numbers = {id(transcript): number for number, transcript in enumerate(index.transcripts)}
    for hit in hits:
        document = numbers[id(hit.passage.transcript)]
        first, end = bisect_left(index.document_of, document), bisect_right(index.document_of, document)
        start = hit.passage.span.start
        unit = bisect_left(index.passages, start, first, end, key=lambda passage: passage.span.start)
        own, whole = index.passage_ranker, index.document_ranker
        yield HitScore(_terms(own, terms, unit), _terms(whole, terms, document), index.document_share)


def _terms(ranker: Bm25Ranker, terms: Mapping[str, float], unit: int) -> tuple[TermScore, ...]:
    every = (TermScore(term, weight, ranker.worth(term, unit)) for term, weight in terms.items())
    return tuple(sorted((term for term in every if term.value), key=lambda term: (-term.value, term.term)))
