"""An answer as the page shows it: records that templates only have to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.model import Answer, Citation, Span, Status
from qa.wire import MAX_HISTORY, transcript_href
from web import wording

__all__ = ["AnswerView", "Entry", "Figure", "FormView", "Piece", "QuoteView", "answer_view", "split_by_marks"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is wholly marked or wholly not; ``anchor`` is the place a link leads to."""

    text: str
    marked: bool = False
    anchor: bool = False


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quotation: its words and the link to where they stand."""

    pieces: tuple[Piece, ...]
    shortened: bool
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Quotations of one speaker at one briefing, with where they come from."""

    quotes: tuple[QuoteView, ...]
    speaker: str | None
    office: str | None
    speech: str
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Citations that belong together."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """The state of the form: what stands in the field, what is wrong, what was asked before."""

    value: str = ""
    error: str | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything the page says about one answer."""

    status: Status
    question: str
    lead: str
    announcement: str
    figures: tuple[Figure, ...]
    related: tuple[Figure, ...]
    notices: tuple[str, ...]
    understood: tuple[str, ...]
    follows: str | None
    unmatched: str | None
    undo_history: tuple[str, ...]
    can_undo_repairs: bool
    as_written: bool
    suggestions: tuple[str, ...]
    next_history: tuple[str, ...]

    @property
    def declined(self) -> bool:
        """Whether the question was not looked for at all."""
        return self.status is Status.DECLINED

    @property
    def answered(self) -> bool:
        """Whether there is something to quote as the answer."""
        return self.status is Status.ANSWERED


def split_by_marks(text: str, marks: Iterable[Span]) -> tuple[Piece, ...]:
    """``text`` cut at the borders of ``marks``; overlapping marks join, what lies outside is dropped.

    The pieces put together read exactly like ``text``. Escaping is left to the template.
    """
    pieces: list[Piece] = []
    at = 0
    for mark in _merged(marks, len(text)):
        if at < mark.start:
            pieces.append(Piece(text[at : mark.start]))
        pieces.append(Piece(mark.of(text), marked=True))
        at = mark.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _merged(marks: Iterable[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for mark in sorted(marks):
        start, end = mark.start, min(mark.end, length)
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def answer_view(
    answer: Answer, *, history: tuple[str, ...], repair: bool, fallback: Sequence[str], shown: int
) -> AnswerView:
    """What the page says of ``answer``.

    ``history`` and ``repair`` are as asked; ``fallback`` are suggestions for an answer that brings
    none, of which at most ``shown`` are taken.
    """
    read = answer.interpretation
    suggestions = () if answer.status is Status.ANSWERED else (answer.suggestions or tuple(fallback))
    return AnswerView(
        status=answer.status,
        question=answer.question,
        lead=_lead(answer.status),
        announcement=wording.announcement(answer.status),
        figures=_figures(answer.citations, answer.corpus),
        related=_figures([replace(c, marks=()) for c in answer.related], answer.corpus),
        # The date under each quote already says that it was inferred, and from what.
        notices=tuple(n.text for n in answer.notices if n.code != "date_inferred"),
        understood=tuple(wording.understood(r.before, r.after) for r in read.repairs),
        follows=wording.follows(read.follows) if read.follows else None,
        unmatched=wording.unmatched(read.unmatched) if read.unmatched and answer.citations else None,
        undo_history=history,
        can_undo_repairs=repair and bool(read.repairs),
        as_written=not repair,
        suggestions=tuple(suggestions[:shown]),
        next_history=_next_history(answer, history),
    )


def _lead(status: Status) -> str:
    if status is Status.ANSWERED:
        return wording.ANSWERED_LEAD
    return wording.DECLINED_LEAD if status is Status.DECLINED else wording.NOT_FOUND_LEAD


def _next_history(answer: Answer, history: tuple[str, ...]) -> tuple[str, ...]:
    if answer.status is Status.DECLINED:
        return history
    return (*history, answer.question)[-MAX_HISTORY:]


def _figures(citations: Sequence[Citation], corpus: str) -> tuple[Figure, ...]:
    ordered = sorted(citations, key=lambda c: (_first_of_group(citations, c.group), c.n))
    return tuple(_figure(tuple(members), corpus) for _, members in groupby(ordered, key=lambda c: c.group))


def _first_of_group(citations: Sequence[Citation], group: int) -> int:
    return min(c.n for c in citations if c.group == group)


def _figure(members: tuple[Citation, ...], corpus: str) -> Figure:
    numbers = {c.n: (i if len(members) > 1 else None) for i, c in enumerate(members, 1)}
    runs = groupby(members, key=lambda c: (c.transcript.id, c.turn.speaker, c.turn.speech, c.turn.section))
    return Figure(tuple(_entry(tuple(run), numbers, corpus) for _, run in runs))


def _entry(run: tuple[Citation, ...], numbers: dict[int, int | None], corpus: str) -> Entry:
    first = run[0]
    speaker = first.turn.speaker
    return Entry(
        quotes=tuple(_quote(c, numbers[c.n], corpus) for c in run),
        speaker=speaker.name if speaker else None,
        office=speaker.office if speaker else None,
        speech=wording.speech(first.turn.speech, speaker),
        title=wording.briefing(first.transcript.title),
        date=wording.date(first.transcript.date),
    )


def _quote(citation: Citation, number: int | None, corpus: str) -> QuoteView:
    span = citation.span
    return QuoteView(
        pieces=split_by_marks(citation.quote, citation.marks),
        shortened=citation.shortened,
        href=transcript_href(citation.transcript.id, span.start, span.end, corpus),
        link=wording.see_transcript(number),
    )
