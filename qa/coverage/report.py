"""What a run says, worked out from the run alone: shares, the matrix, what is missing, other thresholds."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from qa.coverage import report_wording as wording
from qa.coverage.cases import same_words
from qa.coverage.records import (
    AskedAs,
    CaseResult,
    Cause,
    PassageRecord,
    QuoteRecord,
    Run,
    SentenceRecord,
    Verdict,
)

__all__ = ["BINS", "Flip", "Group", "MatrixRow", "Report", "Robustness", "Step"]

BINS: Final = 20
"""Bars of the confidence histogram and steps of the threshold chart: one for every 0.05."""


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one topic, department or transcript."""

    name: str
    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        """How many results there are."""
        return sum(self.counts.values())

    @property
    def ok(self) -> int:
        """How many are as they should be."""
        return sum(count for verdict, count in self.counts.items() if verdict.ok)

    @property
    def share(self) -> float:
        """The share that is as it should be, in [0, 1]; 1 when there are none."""
        return self.ok / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A passage and the results that quote it."""

    passage: PassageRecord
    results: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What would be answered from a confidence of ``threshold`` up, and how much of it wrong."""

    threshold: float
    answered: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that comes out otherwise in a wording made of it."""

    asked: CaseResult
    reworded: CaseResult


@dataclass(frozen=True, slots=True)
class Robustness:
    """How the wordings of one kind came out: ``ok`` as they should, ``broke`` and ``mended`` otherwise than
    the question they were made of."""

    kind: AskedAs
    total: int
    ok: int
    broke: int
    mended: int


class Report:
    """A run, looked at from every side. Everything counts people's wordings; those made automatically count
    in :attr:`robustness` alone."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def whole(self) -> Group:
        """Every result."""
        return _group(wording.WHOLE, self.run.asked)

    @cached_property
    def failures(self) -> tuple[CaseResult, ...]:
        """What is not as it should be, in the order asked."""
        return tuple(result for result in self.run.asked if not result.verdict.ok)

    @cached_property
    def causes(self) -> Mapping[Cause, int]:
        """How many failures there are of each cause, the commonest first."""
        return dict(Counter(result.cause for result in self.failures).most_common())

    @cached_property
    def by_topic(self) -> tuple[Group, ...]:
        """By the cases' topics."""
        return self._by(lambda result: self.run.by_id[result.case].topic)

    @cached_property
    def by_department(self) -> tuple[Group, ...]:
        """By the office in charge; where a case names none, by that of whom it should or does quote."""
        return self._by(self._department)

    @cached_property
    def by_transcript(self) -> tuple[Group, ...]:
        """By the transcript that should be quoted; where a case names none, by the one that is."""
        return self._by(self._transcript)

    def _by(self, name_of: Callable[[CaseResult], str | None]) -> tuple[Group, ...]:
        found: dict[str, list[CaseResult]] = {}
        for result in self.run.asked:
            found.setdefault(name_of(result) or wording.UNNAMED, []).append(result)
        groups = (_group(name, results) for name, results in found.items())
        return tuple(sorted(groups, key=lambda group: (group.name == wording.UNNAMED, -group.total)))

    def _department(self, result: CaseResult) -> str | None:
        owner = self.run.by_id[result.case].owner
        if owner is not None:
            return self.run.ground.departments.get(owner, owner)
        passages = [row for quote in result.quotes for row in self._passages_of(quote)]
        return next((row.department for row in passages if row.department), None)

    def _transcript(self, result: CaseResult) -> str | None:
        titles, case = self.run.ground.titles, self.run.by_id[result.case]
        named = case.transcript
        if named is not None:
            wanted = same_words(named)
            held = (t for id, t in titles.items() if wanted in same_words(id) or wanted in same_words(t))
            return next(held, named)
        if case.refuse:
            return wording.TO_REFUSE
        return next((titles.get(quote.transcript) for quote in result.quotes), None)

    # -- passages and sentences -------------------------------------------------------------------------

    @cached_property
    def matrix(self) -> tuple[MatrixRow, ...]:
        """Every passage with the results that quote it, in reading order."""
        quoting: dict[PassageRecord, dict[tuple[str, str, str], CaseResult]] = {}
        for result in self.run.asked:
            for quote in result.quotes:
                for passage in self._passages_of(quote):
                    quoting.setdefault(passage, {})[result.key] = result
        return tuple(
            MatrixRow(passage, tuple(quoting.get(passage, {}).values()))
            for passage in self.run.ground.passages
        )

    @cached_property
    def unreached(self) -> tuple[PassageRecord, ...]:
        """Passages that no question reaches; somebody's speech before the reporter's words."""
        left = (row.passage for row in self.matrix if not row.results)
        return tuple(sorted(left, key=lambda passage: passage.speaker is None))

    @cached_property
    def uncovered(self) -> tuple[SentenceRecord, ...]:
        """Sentences that could answer a question, but that no right answer quotes and no case expects."""
        quoted = _Places(q for r in self.run.asked if r.verdict is Verdict.RIGHT for q in r.quotes)
        left = [s for s in self.run.ground.sentences if not quoted.overlap(s.transcript, s.start, s.end)]
        expected = [self.run.by_id[case] for case in dict.fromkeys(r.case for r in self.failures)]
        words = {same_words(word) for case in expected for word in (*case.all_of, *case.any_of)}
        return tuple(s for s in left if not _holds_any(same_words(s.text), words))

    @cached_property
    def _starts(self) -> Mapping[str, tuple[list[int], list[PassageRecord]]]:
        found: dict[str, list[PassageRecord]] = {}
        for passage in self.run.ground.passages:
            found.setdefault(passage.transcript, []).append(passage)
        ordered = {id: sorted(rows, key=lambda row: row.start) for id, rows in found.items()}
        return {id: ([row.end for row in rows], rows) for id, rows in ordered.items()}

    def _passages_of(self, quote: QuoteRecord) -> Iterator[PassageRecord]:
        ends, rows = self._starts.get(quote.transcript, ([], []))
        for row in rows[bisect_left(ends, quote.start + 1) :]:
            if row.start >= quote.end:
                return
            yield row

    # -- confidence -------------------------------------------------------------------------------------

    @cached_property
    def histogram(self) -> tuple[Mapping[Verdict, int], ...]:
        """How many results of each verdict have a confidence in each twentieth of [0, 1]."""
        bins: list[Counter[Verdict]] = [Counter() for _ in range(BINS)]
        for result in self.run.asked:
            bins[min(int(result.confidence * BINS + 1e-9), BINS - 1)][result.verdict] += 1
        return tuple(bins)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What other thresholds would answer; what would be quoted is recorded of every question.

        Questions that are declined and those that nothing was read for are answered at no threshold.
        """
        rated = [(r.confidence, r.otherwise) for r in self.run.asked if r.otherwise is not None]
        return tuple(_step(number / BINS, rated) for number in range(BINS + 1))

    @cached_property
    def current(self) -> Step:
        """The same for the threshold in force."""
        rated = [(r.confidence, r.otherwise) for r in self.run.asked if r.otherwise is not None]
        return _step(self.run.settings.answer, rated)

    # -- robustness -------------------------------------------------------------------------------------

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """The wordings made automatically that come out otherwise than their question."""
        asked = {r.case: r for r in self.run.results if r.kind is AskedAs.QUESTION}
        made = (result for result in self.run.results if result.kind.made)
        return tuple(Flip(asked[r.case], r) for r in made if r.verdict.ok != asked[r.case].verdict.ok)

    @cached_property
    def robustness(self) -> tuple[Robustness, ...]:
        """The wordings made automatically, by kind."""
        made = [result for result in self.run.results if result.kind.made]
        rows = []
        for kind in dict.fromkeys(result.kind for result in made):
            flips = [flip.reworded.verdict.ok for flip in self.flips if flip.reworded.kind is kind]
            those = [result for result in made if result.kind is kind]
            ok = sum(result.verdict.ok for result in those)
            rows.append(Robustness(kind, len(those), ok, flips.count(False), flips.count(True)))
        return tuple(rows)


class _Places:
    """Ranges of transcripts, to be asked whether they overlap another."""

    def __init__(self, quotes: Iterable[QuoteRecord]) -> None:
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        for quote in quotes:
            self._ranges.setdefault(quote.transcript, []).append((quote.start, quote.end))
        self._ranges = {id: _joined(sorted(ranges)) for id, ranges in self._ranges.items()}

    def overlap(self, transcript: str, start: int, end: int) -> bool:
        ranges = self._ranges.get(transcript, [])
        at = bisect_left(ranges, start + 1, key=lambda pair: pair[1])
        return at < len(ranges) and ranges[at][0] < end


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _group(name: str, results: Iterable[CaseResult]) -> Group:
    counts = Counter(result.verdict for result in results)
    return Group(name, {verdict: counts[verdict] for verdict in Verdict})


def _holds_any(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _step(threshold: float, rated: Sequence[tuple[float, Verdict]]) -> Step:
    answered = [verdict for confidence, verdict in rated if confidence >= threshold]
    return Step(threshold, len(answered), sum(verdict is Verdict.WRONG for verdict in answered))
