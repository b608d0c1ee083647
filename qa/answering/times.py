"""Which years clauses are of, and whether those are the years a question names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qa.answering.branches import Bound, bound_of, fits
from qa.answering.view import ClauseView
from qa.language.query import Query
from qa.model import Transcript

__all__ = ["times_of"]

_STATED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_UP_TO_NOW = re.compile(r"自?(?:19|20)\d\d年(?:\d+月)?(?:以来|起|开始)")
"""Words of something that has lasted since a year."""
_TIMELESS = {"year_match": 0.5, "year_conflict": 0.0, "branch_fits": 0.0, "branch_conflicts": 0.0}
"""What every clause is to a question that names no year."""


def times_of(
    query: Query, transcript: Transcript, clauses: Sequence[ClauseView]
) -> Sequence[Mapping[str, float]]:
    """For each clause of a passage whether it is of a year the question names, and whether of another one;
    and whether it is the branch of a rule for such a year, or for others."""
    if not query.years:
        return [_TIMELESS] * len(clauses)
    bounds = [bound_of(clause.words) for clause in clauses]
    named = frozenset(query.named)
    # A dated rule that one of the years falls under need not name the year.
    ruled = any(fits(bound, year) is not False for bound in bounds if bound for year in query.years)
    return [
        {
            # Where neither words nor briefing tell a year, they are of none: that is no conflict.
            "year_match": float(ruled or not years.isdisjoint(named)) if ruled or (named and years) else 0.5,
            "year_conflict": float(bool(named and years) and not ruled and years.isdisjoint(named)),
            "branch_fits": float(_branch(query, bound) is True),
            "branch_conflicts": float(_branch(query, bound) is False),
        }
        for bound, years in zip(bounds, _governing(transcript, clauses), strict=True)
    ]


def _governing(transcript: Transcript, clauses: Sequence[ClauseView]) -> Iterator[frozenset[int]]:
    """The years each clause of a passage is of: those it states, failing that those stated last before it,
    failing that its briefing's year, and the year before when the briefing speaks of that too."""
    governing: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()
    if (briefing := transcript.date.year) is not None:
        before = f"{briefing - 1}年" in transcript.text
        governing, own = frozenset({briefing, briefing - 1} if before else {briefing}), frozenset({briefing})
    for clause in clauses:
        stated = frozenset(map(int, _STATED_YEAR.findall(clause.words)))
        if stated and (_UP_TO_NOW.search(clause.words) or (own and min(stated) > min(own))):
            stated |= own  # 自2017年以来 lasts, and a plan for 2022 was made, in the briefing's year
        governing = stated or governing
        yield governing


def _branch(query: Query, bound: Bound | None) -> bool | None:
    """Whether a clause is the branch of a rule for a year the asker names; None when it is for any."""
    if bound is None:
        return None
    verdicts = {fits(bound, year) for year in query.years} - {None}
    return verdicts.pop() if len(verdicts) == 1 else None
