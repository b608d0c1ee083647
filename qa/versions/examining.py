"""What publishing would do to the answers: the question set asked of both versions, and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.coverage.cases import CaseSet
from qa.coverage.compare import Change, Comparison, compare
from qa.coverage.files import load_case_folder, read_cases
from qa.coverage.run import Watch, run_cases
from qa.engine import Engine
from qa.errors import CorpusError

__all__ = ["Examined", "Limit", "cases_for", "examine"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wordings may get worse: a number, or with ``share`` that share of all, in [0, 1]."""

    most: int = 0
    share: float | None = None

    def allows(self, worse: int, asked: int) -> bool:
        """Whether so many of so many are no more than that."""
        return worse <= (self.most if self.share is None else self.share * asked)


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of the answers. ``worse`` were right and are wrong now, or are no longer asked."""

    comparison: Comparison

    @property
    def asked(self) -> int:
        """How many wordings were compared."""
        return len(self.comparison.changes)

    @property
    def worse(self) -> int:
        """How many were right and no longer are, or vanished."""
        counts = self.comparison.counts
        return counts[Change.BROKEN] + counts[Change.VANISHED]


def cases_for(corpus: Path, faq: Path | None) -> CaseSet | None:
    """The cases of ``faq``, or else those kept in a corpus folder; None where that keeps none.

    Raises:
        CorpusError: if a file cannot be read.
    """
    if faq is not None:
        return read_cases(faq).cases
    try:
        return load_case_folder(corpus / "faq").cases
    except CorpusError as error:
        if error.code == "faq_empty":
            return None
        raise


def examine(
    before: Callable[[], Engine], after: Callable[[], Engine], cases: CaseSet, watch: Watch = iter
) -> Examined:
    """Asks ``cases`` of the version in force and of the one to be published.

    Both are given as what opens them: one engine is held at a time.
    """
    then = run_cases(before(), cases, watch)
    now = run_cases(after(), cases, watch)
    return Examined(compare(then, now))
