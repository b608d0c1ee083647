"""Deciding: which evidence is best for each thing asked, and how probable it is that it answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.allowance import Allowance, allowance
from qa.answering.evidence import Evidence
from qa.answering.features import FEATURE_NAMES, HARD_KINDS, Features
from qa.answering.fitted import Fitted, sigmoid
from qa.answering.holders import Holding
from qa.language.expect import Facet
from qa.language.query import Query
from qa.model import TurnKind

__all__ = ["Decision", "FacetReading", "decide", "joined", "nearness", "rank_evidence"]

WITHOUT_THE_FACT = 0.3
"""What is left of a confidence when what was asked for (a figure, a person) is not in the evidence."""
_HOLDING = 0.97
"""The probability that a transcript's own statement of office answers who holds it: read, not inferred."""
_SUBSTANCE = 0.35
"""The importance of the question's own words below which evidence is about something else."""
_ALL_BUT = 0.9
"""The share of a question from which it counts as held, however little it says."""
_OTHER_YEAR = 3.0
"""Log-odds that words of another year than the one named are behind words of that year."""
_OPEN_KINDS = frozenset({"method", "place", "list", "condition"})
_MISSING_FOCUS = FEATURE_NAMES.index("largest_missing_focus")
_COVER_FOCUS = FEATURE_NAMES.index("cover_focus")
_COVER_PASSAGE = FEATURE_NAMES.index("cover_passage")
_BOUND = FEATURE_NAMES.index("expected_bound")
_LOST = FEATURE_NAMES.index("lost_asked")
_MUCH = 6.0
"""The importance of all concepts of a question from which it counts as saying much."""
FOREMOST = 3
"""How much of the evidence for each thing asked may be shown where nothing answers."""
NO_RIVAL = 3.0
"""The lead, in log-odds, that evidence without any rival is given."""


@dataclass(frozen=True)
class Rated:
    """Evidence with the reader's log-odds."""

    evidence: Evidence
    score: float


@dataclass(frozen=True)
class FacetReading:
    """One thing asked, with its evidence, best first, and the probability that the best answers it.

    ``holding`` is the statement of office that answers instead, where that is what was asked.
    """

    facet: Facet
    rated: tuple[Rated, ...]
    confidence: float
    holding: Holding | None = None

    @property
    def best(self) -> Rated | None:
        """The best evidence, or None where there is none."""
        return self.rated[0] if self.rated else None


@dataclass(frozen=True)
class Decision:
    """What was decided. ``confidence`` is that of all that was asked; see :func:`joined`.

    ``near`` is the evidence that is about what was asked, whether it answers it or not.
    """

    readings: tuple[FacetReading, ...]
    confidence: float
    answers: bool
    near: tuple[Evidence, ...] = ()

    @property
    def nearness(self) -> float:
        """That of the evidence most about what was asked, of what might be shown; 0 where there is none."""
        return max((nearness(evidence.features) for evidence in _foremost(self.readings)), default=0.0)


def rank_evidence(evidence: Sequence[Evidence], fitted: Fitted) -> tuple[Rated, ...]:
    """Evidence by the reader's score, best first; ties go to the better passage, then reading order."""
    # A resident's own question in a transcript says what was asked, never what holds.
    # A branch of a rule that is for other years than the asker's would mislead; who speaks is no fact.
    told = (
        e
        for e in evidence
        if e.passage.turn.kind is not TurnKind.QUESTION
        and not e.features.branch_conflicts
        and not e.attribution
    )
    rated = [
        Rated(e, fitted.rate(e.features, e.passage.transcript) - _OTHER_YEAR * e.features.year_conflict)
        for e in told
    ]
    return tuple(sorted(rated, key=lambda r: (-r.score, r.evidence.rank, r.evidence.span)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the best clause stands among all that were read.

    ``score`` is the reader's log-odds for it, ``lead`` how far it is ahead of the best clause of another
    passage, ``lead_document`` of another document, at most ``NO_RIVAL``; ``document_margin`` is how far its
    document's score is ahead of any other document's, as shares of the highest. Who says the same is no
    rival. ``quoted`` is the probability that the answer is among the clauses that may be quoted, if it is
    among those read.
    """

    score: float
    lead: float
    lead_document: float
    document_margin: float
    quoted: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause was read: its document, its passage's start, the document's score, its own words."""

    document: str
    passage: int
    document_score: float
    words: str

    def says_the_same(self, other: Place) -> bool:
        """Whether one of the two has all the words of the other: documents repeat each other."""
        return self.words in other.words or other.words in self.words


def standing(scores: Sequence[float], places: Sequence[Place], allowed: Allowance) -> Standing:
    """How the first of some clauses stands; both sequences best first and not empty."""
    best, first = scores[0], places[0]
    rivals = [
        (score, place)
        for score, place in zip(scores, places, strict=True)
        if (place.document, place.passage) != (first.document, first.passage)
    ]
    alike = [place.says_the_same(first) for _, place in rivals]
    told = {first.document, *(place.document for (_, place), same in zip(rivals, alike, strict=True) if same)}
    rivals = [rival for rival, same in zip(rivals, alike, strict=True) if not same]
    others = [(score, place) for score, place in rivals if place.document not in told]
    return Standing(
        score=best,
        lead=best - rivals[0][0] if rivals else NO_RIVAL,
        lead_document=min(NO_RIVAL, best - others[0][0]) if others else NO_RIVAL,
        document_margin=first.document_score - max((p.document_score for _, p in others), default=0.0),
        quoted=_quoted(scores, places, allowed),
    )


def _quoted(scores: Sequence[float], places: Sequence[Place], allowed: Allowance) -> float:
    shares = [math.exp(score - scores[0]) for score in scores]
    total, held, chars = sum(shares), 0.0, 0
    for share, place in zip(shares, places, strict=True):
        if chars and chars + len(place.words) > allowed.chars:
            continue
        chars += len(place.words)
        held += share
        if held >= allowed.sure * total:
            break
    return held / total


def decision_inputs(
    features: Sequence[float], kind: str, asked: float, stands: Standing
) -> tuple[float, ...]:
    """The decision's inputs, in the order of ``DECISION_NAMES``.

    Args:
        features: those of the best clause, in the order of ``FEATURE_NAMES``.
        kind: what the facet expects.
        asked: the importance of all concepts of the question.
        stands: how the best clause stands among the others.
    """
    missing = features[_MISSING_FOCUS]
    return (
        *features,
        stands.score,
        stands.lead,
        stands.lead_document,
        stands.document_margin,
        stands.quoted,
        min(1.0, asked / _MUCH),
        float(kind in HARD_KINDS),
        float(kind == "yesno"),
        float(kind == "any"),
        missing * float(kind == "yesno"),
        missing * float(kind in HARD_KINDS),
        missing * float(kind in _OPEN_KINDS),
        features[_BOUND] * float(kind in HARD_KINDS),
        features[_LOST] * float(kind == "yesno"),
        features[_COVER_FOCUS] ** 2,
        features[_COVER_PASSAGE] ** 2,
    )


def decision_values(rated: Sequence[Rated], facet: Facet, query: Query) -> tuple[float, ...]:
    """The decision's inputs for evidence, best first and not empty."""
    best = rated[0].evidence
    stands = standing(
        [r.score for r in rated],
        [place_of(r.evidence) for r in rated],
        allowance(facet, best.passage.transcript),
    )
    return decision_inputs(best.features, facet.kind, asked_weight(query), stands)


def place_of(evidence: Evidence) -> Place:
    """Where a clause was read."""
    passage = evidence.passage
    words = evidence.span.of(passage.transcript.text)
    return Place(passage.transcript.id, passage.span.start, evidence.features.score_document, words)


def asked_weight(query: Query) -> float:
    """The importance of all concepts of a question."""
    return sum(concept.importance for concept in query.concepts)


def lacks_the_fact(features: Features) -> bool:
    """Whether what was said cannot answer, however near: the figure, person or time asked for is not in it,
    or it is of another year, place or kind (下半年, not 上半年) than the one named, or it shares next to
    nothing with the question."""
    elsewhere = features.year_conflict or features.place_conflict == 1.0 or features.opposed
    little = features.substance < _SUBSTANCE and features.cover_passage < _ALL_BUT
    return bool(features.hard_miss or elsewhere or little)


def read_facet(
    facet: Facet,
    evidence: Sequence[Evidence],
    query: Query,
    fitted: Fitted,
    holding: Holding | None = None,
) -> FacetReading:
    """Ranks the evidence for a facet and rates the best of it; a statement of office needs no rating."""
    rated = rank_evidence(evidence, fitted)
    if holding is not None:
        return FacetReading(facet, rated, _HOLDING, holding)
    if not rated:
        return FacetReading(facet, (), 0.0)
    models = fitted.models(rated[0].evidence.passage.transcript)
    confidence = sigmoid(models.decision.score(decision_values(rated, facet, query)))
    best = rated[0].evidence
    # Documents are judged better by the fitted numbers alone: so, no more is answered that is wrong.
    if best.passage.transcript.attributions and lacks_the_fact(best.features):
        confidence *= WITHOUT_THE_FACT
    return FacetReading(facet, rated, confidence)


def joined(confidences: Sequence[float]) -> float:
    """The probability that a question is answered, from those of the things it asks; 0 for none.

    Halfway between the surest and the mean: where one of two things asked about one matter is not to be
    found, what was found for the other is less likely to be about it.
    """
    if not confidences:
        return 0.0
    return (max(confidences) + sum(confidences) / len(confidences)) / 2


def decide(readings: Sequence[FacetReading], fitted: Fitted) -> Decision:
    """The decision over everything asked: answered when it is sure enough."""
    confidence = joined([reading.confidence for reading in readings])
    answers = confidence >= fitted.answer
    near = tuple(e for e in _foremost(readings) if nearness(e.features) >= fitted.near)
    return Decision(tuple(readings), confidence, answers, near)


def nearness(features: Features) -> float:
    """How much a clause in its passage is about what is asked, in [0, 2], whether it answers it or not: the
    share that is held of all that is asked, and how much that says.

    Not the confidence: a question of which only the figure asked for is missing has none, and is as near
    as can be. Over our own questions without an answer this tells near misses from what is off topic with
    an area under the curve of 0.93, the confidence with one of 0.70.
    """
    return features.cover_passage + features.substance


def _foremost(readings: Sequence[FacetReading]) -> Iterator[Evidence]:
    for reading in readings:
        for rated in reading.rated[:FOREMOST]:
            yield rated.evidence
