"""Ranking documents by what reading found in them, where a caller asks which transcripts are nearest.

Retrieval ranks passages by shared terms; reading knows whether a clause holds what was asked. A linear
model over both orders the documents that were read; those that were not keep their order behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answering.evidence import Evidence
from qa.answering.fitted import Fitted
from qa.model import Hit

__all__ = ["document_inputs", "ranked_documents"]

_PASSAGES = 4
"""The number of a document's passages read from which more says nothing more."""
_BEHIND = 2.0
"""How far, in log-odds, the best of the documents that were not read stands behind the last that was, less
the share of the best passage's score it has."""


@dataclass(frozen=True)
class _Document:
    hit: Hit
    score: float


def document_inputs(
    vectors: Sequence[Sequence[float]], scores: Sequence[float], passages: int
) -> list[float]:
    """What a document is ranked by, in the order of ``DOCUMENT_NAMES``.

    Args:
        vectors: the features of each of its clauses that were read; not empty.
        scores: the reader's log-odds of each.
        passages: how many of its passages were read.
    """
    best = max(range(len(scores)), key=lambda at: (scores[at], -at))
    highest = [max(column) for column in zip(*vectors, strict=True)]
    return [*highest, *vectors[best], scores[best], min(1.0, passages / _PASSAGES)]


def ranked_documents(
    hits: Sequence[Hit], evidence: Sequence[Evidence], fitted: Fitted, most: int
) -> tuple[Hit, ...]:
    """The best hit of each of the ``most`` best documents, best first, with the model's score.

    Args:
        hits: passages, best first; ``evidence`` was read in the first of them.
    """
    firsts: dict[str, Hit] = {}
    for hit in hits:
        firsts.setdefault(hit.passage.transcript.id, hit)
    clauses: dict[str, list[Evidence]] = {}
    for piece in evidence:
        clauses.setdefault(piece.passage.transcript.id, []).append(piece)
    read = [
        _Document(Hit(firsts[id].passage, score), score)
        for id, score in _scores(clauses, fitted).items()
        if id in firsts
    ]
    order = {id: at for at, id in enumerate(firsts)}
    read.sort(key=lambda d: (-d.score, order[d.hit.passage.transcript.id]))
    least = read[-1].score if read else 0.0
    top = hits[0].score if hits else 1.0
    rest = [
        Hit(hit.passage, least - _BEHIND + hit.score / top) for id, hit in firsts.items() if id not in clauses
    ]
    return tuple([d.hit for d in read] + rest)[:most]


def _scores(clauses: Mapping[str, Sequence[Evidence]], fitted: Fitted) -> dict[str, float]:
    found = {}
    for id, pieces in clauses.items():
        vectors = [piece.features for piece in pieces]
        scores = [fitted.rate(piece.features, piece.passage.transcript) for piece in pieces]
        passages = len({piece.passage.span for piece in pieces})
        found[id] = fitted.documents.score(tuple(document_inputs(vectors, scores, passages)))
    return found
