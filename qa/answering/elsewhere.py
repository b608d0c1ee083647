"""Which other transcripts speak of the same thing as an answer: shown beside it, never as it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.answering.decide import FacetReading
from qa.answering.evidence import Evidence, Reader
from qa.answering.holders import Holders
from qa.language.query import Query
from qa.model import Citation, Hit, Passage, TurnKind

__all__ = ["elsewhere"]

_WHOLE_WORD = 4
"""Code points of a word of the question that, found whole, shows by itself that the thing is the same."""
_NEARLY_ALL = 0.75
"""The share of the question's importance that shows the same where its words are shorter."""
_MOST = 3


def elsewhere(
    query: Query,
    readings: Sequence[FacetReading],
    cited: Collection[str],
    hits: Sequence[Hit],
    reader: Reader,
    holders: Holders,
) -> tuple[Citation, ...]:
    """The best clause of each transcript not in ``cited`` that speaks of the same thing, oldest first.

    Args:
        hits: passages to look through, best first.
    """
    found: dict[str, tuple[tuple[float, float], Citation]] = {}
    for citation in _holders_elsewhere(query, readings, holders):
        if not citation.transcript.holds(citation.span):
            continue
        found.setdefault(citation.transcript.id, ((2.0, 0.0), citation))
    unseen = [hit for hit in hits if hit.passage.transcript.id not in cited]
    for evidence in (piece for pieces in reader.read(query, unseen)[:1] for piece in pieces):
        if not _same_thing(query, evidence):
            continue
        rank = (evidence.features.cover, evidence.features.cover_passage)
        held = found.get(evidence.passage.transcript.id)
        if held is None or rank > held[0]:
            found[evidence.passage.transcript.id] = (rank, _cited(evidence.passage, evidence))
    kept = sorted((r for r in found.items() if r[0] not in cited), key=lambda r: r[1][0], reverse=True)[
        :_MOST
    ]
    ordered = sorted((c for _, (_, c) in kept), key=lambda c: (c.transcript.date.sort_key, c.transcript.id))
    return tuple(
        Citation(n, n, c.transcript, c.turn, c.span, c.shortened) for n, c in enumerate(ordered, start=1)
    )


def _holders_elsewhere(
    query: Query, readings: Sequence[FacetReading], holders: Holders
) -> Sequence[Citation]:
    for reading in readings:
        if reading.holding is not None:
            others = holders.every(query, reading.facet)
            return [Citation(1, 1, o.passage.transcript, o.passage.turn, o.span) for o in others]
    return ()


def _same_thing(query: Query, evidence: Evidence) -> bool:
    if evidence.passage.turn.kind is TurnKind.QUESTION or evidence.attribution:
        return False
    if evidence.features.cover >= _NEARLY_ALL:
        return True
    words = evidence.span.of(evidence.passage.transcript.text)
    return any(
        len(form.text) >= _WHOLE_WORD and form.text in words
        for concept in query.concepts
        if concept.kind == "word"
        for form in concept.forms
    )


def _cited(passage: Passage, evidence: Evidence) -> Citation:
    return Citation(1, 1, passage.transcript, passage.turn, evidence.span)
