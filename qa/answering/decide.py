"""Deciding: which evidence is best for each thing asked, and how probable it is that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.evidence import FEATURE_NAMES, HARD_KINDS, Evidence, Features
from qa.answering.fitted import Fitted, sigmoid
from qa.answering.holders import Holding
from qa.language.expect import Facet
from qa.language.query import Query
from qa.model import TurnKind

__all__ = ["Decision", "FacetReading", "decide", "rank_evidence"]

WITHOUT_THE_FACT = 0.3
"""What is left of a confidence when what was asked for (a figure, a person) is not in the evidence."""
_HOLDING = 0.97
"""The probability that a transcript's own statement of office answers who holds it: read, not inferred."""
_SUBSTANCE = 0.35
"""The importance of the question's own words below which evidence is about something else."""
_OTHER_YEAR = 1.5
"""Log-odds that words of another year than the one named are behind words of that year."""
_OPEN_KINDS = frozenset({"method", "place", "list", "condition"})
_MISSING_FOCUS = FEATURE_NAMES.index("largest_missing_focus")
_COVER_FOCUS = FEATURE_NAMES.index("cover_focus")
_COVER_PASSAGE = FEATURE_NAMES.index("cover_passage")
_MUCH = 6.0
"""The importance of all concepts of a question from which it counts as saying much."""
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
    """What was decided. ``confidence`` is that of the facet read most surely."""

    readings: tuple[FacetReading, ...]
    confidence: float
    answers: bool
    near: bool


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


def decision_inputs(
    features: Sequence[float], kind: str, asked: float, score: float, lead: float
) -> tuple[float, ...]:
    """The decision's inputs, in the order of ``DECISION_NAMES``.

    Args:
        features: those of the best clause, in the order of ``FEATURE_NAMES``.
        kind: what the facet expects.
        asked: the importance of all concepts of the question.
        score: the reader's log-odds for the best clause; ``lead`` how far it is ahead of the best clause of
            another passage.
    """
    missing = features[_MISSING_FOCUS]
    return (
        *features,
        score,
        lead,
        min(1.0, asked / _MUCH),
        float(kind in HARD_KINDS),
        float(kind == "yesno"),
        float(kind == "any"),
        missing * float(kind == "yesno"),
        missing * float(kind in HARD_KINDS),
        missing * float(kind in _OPEN_KINDS),
        features[_COVER_FOCUS] ** 2,
        features[_COVER_PASSAGE] ** 2,
    )


def decision_values(rated: Sequence[Rated], facet: Facet, query: Query) -> tuple[float, ...]:
    best = rated[0]
    rivals = (r.score for r in rated if r.evidence.passage.span != best.evidence.passage.span)
    lead = best.score - next(rivals, best.score - NO_RIVAL)
    asked = asked_weight(query)
    return decision_inputs(best.evidence.features.vector(), facet.kind, asked, best.score, lead)


def asked_weight(query: Query) -> float:
    """The importance of all concepts of a question."""
    return sum(concept.importance for concept in query.concepts)


def lacks_the_fact(features: Features) -> bool:
    """Whether evidence cannot answer, however near: the figure, person or time asked for is not in it, or
    it is of another year or place than the one named, or it shares next to nothing with the question."""
    elsewhere = features.year_conflict or features.place_conflict == 1.0
    return bool(features.hard_miss or elsewhere or features.substance < _SUBSTANCE)


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
    if lacks_the_fact(rated[0].evidence.features):
        confidence *= WITHOUT_THE_FACT
    return FacetReading(facet, rated, confidence)


def decide(readings: Sequence[FacetReading], fitted: Fitted) -> Decision:
    """The decision over everything asked: answered when the surest facet is sure enough."""
    confidence = max((reading.confidence for reading in readings), default=0.0)
    answers = confidence >= fitted.answer
    near = confidence >= fitted.near
    return Decision(tuple(readings), confidence, answers, near)
