"""Composing the answer: which spans are quoted, what is marked, what a reader must know beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.answering import wording
from qa.answering.decide import Decision, FacetReading, Rated
from qa.answering.evidence import Evidence
from qa.language.lexicon import Expectation
from qa.language.query import Query
from qa.language.script import ScriptConverter
from qa.model import Citation, Notice, Repair, Span, Transcript, Turn
from qa.text import sentences

__all__ = ["Composer"]

_BUDGET = 240
"""How many code points an answer quotes at most."""
_SECOND_FACET = 0.5
"""The share of the answering threshold from which a further facet's evidence is quoted too."""
_NEAR_SHARE = 1.2
"""Log-odds behind the best within which a neighbouring clause is quoted with it."""
_RELATED = 3


@dataclass(frozen=True, slots=True)
class _Choice:
    """A span chosen to be quoted, and the evidence that chose it."""

    transcript: Transcript
    turn: Turn
    span: Span


class Composer:
    """Composes citations from a decision."""

    def __init__(self, script: ScriptConverter, expectations: Mapping[str, Expectation], threshold: float) -> None:
        self._script = script
        self._expectations = expectations
        self._threshold = threshold

    def citations(self, query: Query, decision: Decision) -> tuple[Citation, ...]:
        """The citations of an answer: every facet's evidence, merged, in reading order, within budget."""
        chosen: list[_Choice] = []
        used = 0
        for rated in self._wanted(decision):
            choice = _Choice(rated.evidence.passage.transcript, rated.evidence.passage.turn, rated.evidence.span)
            if choice in chosen:
                continue
            if chosen and used + len(choice.span) > _BUDGET:
                continue
            chosen.append(choice)
            used += len(choice.span)
        return self._numbered(query, decision, _merged(chosen))

    def _wanted(self, decision: Decision) -> Iterator[Rated]:
        order = sorted(decision.readings, key=lambda r: -r.confidence)
        firsts = [r for r in order if r.best is not None and self._counts(r)]
        for reading in firsts:
            assert reading.best is not None
            yield reading.best
        for reading in firsts:
            best = reading.best
            for rated in reading.rated[1:4]:
                assert best is not None
                if rated.score > best.score - _NEAR_SHARE and rated.evidence.passage.turn == best.evidence.passage.turn:
                    yield rated

    def _counts(self, reading: FacetReading) -> bool:
        return reading.confidence >= self._threshold * _SECOND_FACET

    def related(self, query: Query, decision: Decision) -> tuple[Citation, ...]:
        """The nearest passages, shown as related and never as an answer."""
        seen: list[_Choice] = []
        for reading in decision.readings[:1]:
            for rated in reading.rated:
                evidence = rated.evidence
                choice = _Choice(evidence.passage.transcript, evidence.passage.turn, evidence.span)
                if choice not in seen and len(seen) < _RELATED:
                    seen.append(choice)
        return self._numbered(query, decision, seen)

    def _numbered(self, query: Query, decision: Decision, chosen: Sequence[_Choice]) -> tuple[Citation, ...]:
        groups: dict[tuple[str, Span], int] = {}
        made = []
        for n, choice in enumerate(chosen, 1):
            group = groups.setdefault((choice.transcript.id, choice.turn.span), len(groups) + 1)
            made.append(
                Citation(
                    n=n,
                    group=group,
                    transcript=choice.transcript,
                    turn=choice.turn,
                    span=choice.span,
                    shortened=not _is_whole(choice),
                    marks=tuple(self._marks(query, decision, choice)),
                )
            )
        return tuple(made)

    def _marks(self, query: Query, decision: Decision, choice: _Choice) -> Iterator[Span]:
        words = self._script.fold(choice.span.of(choice.transcript.text))
        found = [
            Span(*match.span())
            for reading in decision.readings
            for match in self._instances(reading, words)
            if match.group() not in query.text
        ]
        if not found:
            for concept in query.concepts:
                for form in concept.forms:
                    at = words.find(form.text)
                    if at >= 0:
                        found.append(Span(at, at + len(form.text)))
                        break
        yield from _joined(found)

    def _instances(self, reading: FacetReading, words: str) -> Iterator[re.Match[str]]:
        expectation = self._expectations.get(reading.facet.kind)
        if expectation is not None and expectation.evidence is not None and reading.facet.kind in _MARKED:
            yield from expectation.evidence.finditer(words)


_MARKED = frozenset({"phone", "rate", "money", "age", "duration", "time", "count"})


def _is_whole(choice: _Choice) -> bool:
    text = choice.transcript.text
    starts = {s.start for s in sentences(text, choice.turn.span)}
    ends = {s.end for s in sentences(text, choice.turn.span)}
    return choice.span.start in starts and choice.span.end in ends


def _merged(chosen: Sequence[_Choice]) -> list[_Choice]:
    """Adjacent and overlapping spans of one turn as one, in the order of their first choice."""
    merged: list[_Choice] = []
    for choice in chosen:
        for at, held in enumerate(merged):
            same = held.transcript.id == choice.transcript.id and held.turn == choice.turn
            if same and choice.span.start <= held.span.end and held.span.start <= choice.span.end:
                joined = Span(min(held.span.start, choice.span.start), max(held.span.end, choice.span.end))
                merged[at] = _Choice(held.transcript, held.turn, joined)
                break
        else:
            merged.append(choice)
    return merged


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Spans in order, overlapping ones joined."""
    held: Span | None = None
    for span in sorted(spans):
        if held is not None and span.start <= held.end:
            held = Span(held.start, max(held.end, span.end))
        else:
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


def synonyms_used(query: Query, evidence: Sequence[Evidence]) -> tuple[Repair, ...]:
    """The synonyms through which the evidence was found, each once."""
    found: dict[tuple[str, str], Repair] = {}
    for piece in evidence:
        for concept, match in zip(query.concepts, piece.held, strict=True):
            if match.form is not None and match.form.text != concept.text and match.span is not None:
                kind = "office" if concept.kind == "office" else "synonym"
                found[concept.text, match.form.text] = Repair(kind, concept.text, match.form.text)
    return tuple(found.values())


def notices(citations: Sequence[Citation], as_of_year: int | None, masked: bool) -> tuple[Notice, ...]:
    """What a reader must know beside the citations."""
    made: dict[str, Notice] = {}
    if masked:
        made["personal_data"] = Notice("personal_data", wording.personal_data)
    for citation in citations:
        date = citation.transcript.date
        if date.value is not None:
            made.setdefault("as_of", Notice("as_of", wording.as_of(date)))
        if wording.is_inferred(date):
            made.setdefault("date_inferred", Notice("date_inferred", wording.date_inferred(date)))
        for year in _foreseen(citation.quote):
            if as_of_year is not None and year < as_of_year:
                made.setdefault("outlook_past", Notice("outlook_past", wording.outlook_past(year)))
    return tuple(made.values())


def _foreseen(quote: str) -> Iterator[int]:
    for match in re.finditer(r"(?:预计|计划|力争|将于|争取|到)\D{0,6}(\d{4})年", quote):
        yield int(match.group(1))
