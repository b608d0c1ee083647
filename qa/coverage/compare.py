"""Comparing two runs: what was mended, what broke, what is answered in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from qa.coverage.records import CaseResult, Run

__all__ = ["Change", "Changed", "Comparison", "compare"]


class Change(StrEnum):
    """What became of a wording between two runs."""

    FIXED = "fixed"
    BROKEN = "broken"
    MOVED = "moved"
    """As right or as wrong as before, but other words are quoted."""
    APPEARED = "appeared"
    VANISHED = "vanished"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Changed:
    """A wording in both runs; None where a run does not have it."""

    change: Change
    before: CaseResult | None
    after: CaseResult | None

    @property
    def result(self) -> CaseResult:
        """The later of the two."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, every wording of either: those of the later run in its order, then those that vanished."""

    before: Run
    after: Run
    changes: tuple[Changed, ...]

    @property
    def counts(self) -> Mapping[Change, int]:
        """How many wordings there are of each change, in the order of :class:`Change`."""
        found = Counter(changed.change for changed in self.changes)
        return {change: found[change] for change in Change}

    def of(self, change: Change) -> tuple[Changed, ...]:
        """The wordings with that change."""
        return tuple(changed for changed in self.changes if changed.change is change)


def compare(before: Run, after: Run) -> Comparison:
    """Compares two runs wording by wording; a wording is the same when its case, kind and text are."""
    earlier = {result.key: result for result in before.results}
    later = {result.key: result for result in after.results}
    changes = [Changed(_change(earlier.get(key), now), earlier.get(key), now) for key, now in later.items()]
    gone = [Changed(Change.VANISHED, was, None) for key, was in earlier.items() if key not in later]
    return Comparison(before, after, (*changes, *gone))


def _change(before: CaseResult | None, after: CaseResult) -> Change:
    if before is None:
        return Change.APPEARED
    if before.verdict.ok != after.verdict.ok:
        return Change.FIXED if after.verdict.ok else Change.BROKEN
    return Change.UNCHANGED if _quoted(before) == _quoted(after) else Change.MOVED


def _quoted(result: CaseResult) -> list[tuple[str, str]]:
    """The words quoted, wherever in the transcript they stand: a line more before them moves nothing."""
    return [(quote.transcript, quote.quote) for quote in result.quotes]
