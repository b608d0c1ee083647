"""Figures that differ: what another briefing says of the same thing.

When two briefings give different figures for one thing, both are shown with their dates (DESIGN, "Time").
Only words that hold as much of the question as those quoted count, and only when no year is named: then
that year's figure is what was asked for.
"""

from __future__ import annotations

import re
from typing import Final

from qa.answering.decide import FacetReading
from qa.answering.evidence import Evidence
from qa.language.query import Query
from qa.language.script import ScriptConverter

__all__ = ["differing"]

_FIGURES: Final = frozenset({"phone", "rate", "money", "age", "duration", "time", "count"})
"""What is asked for when figures answer."""
_NEAR: Final = 2.0
"""How far behind, in log-odds, the other briefing's words may be."""
_LESS: Final = 0.05
"""How much less of the question they may hold, as a share of its importance."""
_FIGURE: Final = re.compile(r"\d[\d.,]*\s*[万亿千百]?\s*[^\s\d,.，。；、:：()（）]?")


def differing(reading: FacetReading, query: Query, script: ScriptConverter) -> Evidence | None:
    """The best words of a briefing of another date that give other figures for what was asked, or None."""
    if reading.best is None or reading.holding is not None:
        return None
    if reading.facet.kind not in _FIGURES or query.named:
        return None
    best = reading.best.evidence
    date = best.passage.transcript.date.value
    if date is None or best.features.expected < 1.0:
        return None
    for rated in reading.rated:
        other = rated.evidence
        if rated.score < reading.best.score - _NEAR:
            return None
        if other.passage.transcript.date.value in (None, date) or not _as_near(other, best):
            continue
        told, said = _figures(other, script), _figures(best, script)
        return other if told and said and not told & said else None
    return None


def _as_near(other: Evidence, best: Evidence) -> bool:
    theirs, ours = other.features, best.features
    return (
        theirs.expected == 1.0
        and theirs.expected_near >= ours.expected_near
        and theirs.expected_unit >= ours.expected_unit
        and theirs.cover_focus >= ours.cover_focus - _LESS
        and theirs.cover >= ours.cover - _LESS
    )


def _figures(evidence: Evidence, script: ScriptConverter) -> frozenset[str]:
    words = script.fold(evidence.span.of(evidence.passage.transcript.text))
    return frozenset(match.group().replace(" ", "") for match in _FIGURE.finditer(words))
