"""Reading: the clauses of the passages found, each with what speaks for and against its answering.

Everything the decision rests on is a named number of :class:`Features`, so that it can be shown,
fitted and explained.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from qa.answering.match import Match, concept_match, matches
from qa.language.expect import Facet
from qa.language.lexicon import Expectation, Lexicon
from qa.language.query import Concept, Query
from qa.language.script import ScriptConverter
from qa.model import Hit, Passage, Span, Speech, Transcript, TurnKind
from qa.text import clauses, is_han, phrases

__all__ = ["HARD_KINDS", "Evidence", "Features", "Reader"]

_KEPT_DOCUMENTS = 256
HARD_KINDS = frozenset({"phone", "person", "position", "rate", "money", "age", "duration", "time", "count"})
"""What, when it is asked for, must stand in the evidence: words without it are no answer."""


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for or against a clause; shares and flags are in [0, 1].

    ``cover`` is the importance-weighted share of the question's concepts the clause holds;
    ``cover_passage`` the same with its passage and context, ``cover_focus`` over the facet's own piece
    only, ``cover_largest`` the importance of the weightiest concept the passage lacks.
    """

    cover: float
    cover_passage: float
    cover_focus: float
    cover_focus_passage: float
    largest_missing: float
    missing: float
    bigrams: float
    expected: float
    expected_near: float
    hard_miss: float
    score: float
    score_margin: float
    rank: float
    numbers: float
    question_turn: float
    replies: float
    narration: float
    length: float
    position: float
    same_phrase: float
    document: float
    year_conflict: float
    place_conflict: float

    def vector(self) -> tuple[float, ...]:
        """The values in the order of :meth:`names`."""
        return tuple(getattr(self, name) for name in FEATURE_NAMES)


FEATURE_NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True)
class Evidence:
    """A clause with its features. ``held`` is how the clause holds each concept of the query.

    ``held_around`` is how its passage and context do.
    """

    passage: Passage
    span: Span
    rank: int
    held: tuple[Match, ...]
    held_around: tuple[Match, ...]
    features: Features


@dataclass(frozen=True)
class _Context:
    """What is worked out once for each passage."""

    passage: Passage
    text: str
    around: str
    held: tuple[Match, ...]
    document: float
    score: float
    rank: int


class Reader:
    """Reads evidence for queries."""

    def __init__(self, lexicon: Lexicon, script: ScriptConverter) -> None:
        self._script = script
        self._expectations: Mapping[str, Expectation] = {e.kind: e for e in lexicon.expectations}
        self._documents: OrderedDict[str, str] = OrderedDict()

    def read(self, query: Query, hits: Sequence[Hit], facet: Facet) -> tuple[Evidence, ...]:
        """The clauses of the passages ``hits``, best passage first, read for one facet of the query."""
        if not hits:
            return ()
        top = hits[0].score
        second = hits[1].score if len(hits) > 1 else 0.0
        focus = tuple(_within(concept, facet) for concept in query.concepts)
        found: list[Evidence] = []
        for rank, hit in enumerate(hits):
            context = self._context(query, hit, rank, top)
            margin = (hit.score - (second if rank == 0 else top)) / (top or 1.0)
            found.extend(self._clauses(query, facet, focus, context, margin))
        return tuple(found)

    def _context(self, query: Query, hit: Hit, rank: int, top: float) -> _Context:
        passage = hit.passage
        text = self._script.fold(passage.text)
        around = self._script.fold(_around(passage))
        held = tuple(
            match if match.weight >= 1.0 else max(match, concept_match(c, around), key=lambda m: m.weight)
            for c, match in zip(query.concepts, matches(query.concepts, text), strict=True)
        )
        whole = self._document(passage.transcript)
        document = _covered(query.concepts, matches(query.concepts, whole))
        return _Context(passage, text, around, held, document, hit.score / (top or 1.0), rank)

    def _document(self, transcript: Transcript) -> str:
        """The folded text of a transcript; the ones read last are kept."""
        found = self._documents.pop(transcript.id, None)
        if found is None:
            found = self._script.fold(transcript.text)
        self._documents[transcript.id] = found
        if len(self._documents) > _KEPT_DOCUMENTS:
            self._documents.popitem(last=False)
        return found

    def _clauses(
        self, query: Query, facet: Facet, focus: Sequence[bool], context: _Context, margin: float
    ) -> Iterator[Evidence]:
        base = context.passage.span.start
        for span in clauses(context.text):
            words = span.of(context.text)
            held = matches(query.concepts, words)
            features = self._features(query, facet, focus, context, words, span, held, margin)
            yield Evidence(context.passage, span.shift(base), context.rank, held, context.held, features)

    def _features(
        self,
        query: Query,
        facet: Facet,
        focus: Sequence[bool],
        context: _Context,
        words: str,
        span: Span,
        held: tuple[Match, ...],
        margin: float,
    ) -> Features:
        concepts = query.concepts
        met, near = self._expected(query, facet, words, held)
        hard = facet.kind in HARD_KINDS and met == 0.0
        turn = context.passage.turn
        lacking = [
            c.importance * (1 - m.weight) for c, m in zip(concepts, context.held, strict=True)
        ]
        total = sum(c.importance for c in concepts) or 1.0
        transcript = context.passage.transcript
        return Features(
            cover=_covered(concepts, held),
            cover_passage=_covered(concepts, context.held),
            cover_focus=_covered(concepts, held, focus),
            cover_focus_passage=_covered(concepts, context.held, focus),
            largest_missing=max(lacking, default=0.0),
            missing=min(1.0, sum(lacking) / 3.0),
            bigrams=_bigram_share(query.text, words),
            expected=met,
            expected_near=near,
            hard_miss=float(hard),
            score=context.score,
            score_margin=max(-1.0, min(1.0, margin)),
            rank=1.0 / (1 + context.rank),
            numbers=_number_share(concepts, held),
            question_turn=float(turn.kind is TurnKind.QUESTION),
            replies=float(turn.replies_to is not None),
            narration=float(turn.speech is Speech.NARRATION),
            length=min(1.0, math.log1p(len(words)) / 6.0),
            position=span.start / max(1, len(context.text)),
            same_phrase=_same_phrase(concepts, words, total),
            document=context.document,
            year_conflict=_year_conflict(query.years, transcript.date.year, words, context.text),
            place_conflict=_place_conflict(concepts, context.held),
        )

    def _expected(
        self, query: Query, facet: Facet, words: str, held: tuple[Match, ...]
    ) -> tuple[float, float]:
        """Whether the clause holds what is expected, and whether near a concept it holds."""
        expectation = self._expectations.get(facet.kind)
        if expectation is None or expectation.evidence is None:
            return 0.5, 0.5
        instances = [
            match
            for match in expectation.evidence.finditer(words)
            if match.group() not in query.text and match.group().strip()
        ]
        if not instances:
            return 0.0, 0.0
        spots = [m.span for m in held if m.span is not None]
        for phrase in phrases(words):
            here = any(phrase.start <= i.start() < phrase.end for i in instances)
            if here and any(spot.overlaps(phrase) for spot in spots):
                return 1.0, 1.0
        return 1.0, 0.0


def _around(passage: Passage) -> str:
    transcript, turn = passage.transcript, passage.turn
    parts = [transcript.title, transcript.section_title(turn) or ""]
    if turn.speaker is not None:
        parts.append(f"{turn.speaker.office or ''}{turn.speaker.name}")
    question = transcript.question_of(turn)
    if question is not None:
        parts.append(question.span.of(transcript.text))
    if passage.span.start > 0:
        parts.append(transcript.text[:60])
    return "\n".join(parts)


def _within(concept: Concept, facet: Facet) -> bool:
    return concept.span.overlaps(facet.span)


def _covered(
    concepts: Sequence[Concept], held: Sequence[Match], chosen: Sequence[bool] | None = None
) -> float:
    total = found = 0.0
    for at, (concept, match) in enumerate(zip(concepts, held, strict=True)):
        if chosen is None or chosen[at]:
            total += concept.importance
            found += concept.importance * match.weight
    return found / total if total else 0.0


def _bigram_share(question: str, words: str) -> float:
    pairs = {
        question[i : i + 2]
        for i in range(len(question) - 1)
        if is_han(question[i]) and is_han(question[i + 1])
    }
    return sum(pair in words for pair in pairs) / len(pairs) if pairs else 0.0


def _number_share(concepts: Sequence[Concept], held: Sequence[Match]) -> float:
    numbers = [match.weight for c, match in zip(concepts, held, strict=True) if c.kind == "number"]
    return sum(numbers) / len(numbers) if numbers else 0.5


def _same_phrase(concepts: Sequence[Concept], words: str, total: float) -> float:
    best = 0.0
    for phrase in phrases(words):
        part = phrase.of(words)
        held = sum(c.importance for c in concepts if any(f.text in part for f in c.forms))
        best = max(best, held)
    return best / total


def _year_conflict(asked: Sequence[int], briefing: int | None, words: str, passage: str) -> float:
    """1 when the question names years and neither the words, their passage nor the briefing is of one."""
    if not asked:
        return 0.0
    stated = {int(year) for year in re.findall(r"(?<!\d)(\d{4})年", passage)}
    return 0.0 if stated.intersection(asked) or briefing in asked else 1.0


def _place_conflict(concepts: Sequence[Concept], held: Sequence[Match]) -> float:
    """The share of the places named in the question that neither passage nor context names."""
    places = [match.weight for c, match in zip(concepts, held, strict=True) if c.kind == "place"]
    return sum(weight == 0.0 for weight in places) / len(places) if places else 0.0
