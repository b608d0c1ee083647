"""An answer as the page shows it: records that templates only have to print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from markupsafe import Markup

from qa.model import Answer, Citation, Span, Status
from qa.wire import MAX_HISTORY, transcript_href
from web import wording
from web.contacts import Contact
from web.qr import carried, qr_svg

__all__ = [
    "AnswerView",
    "Beside",
    "Entry",
    "Figure",
    "FormView",
    "Kept",
    "Mention",
    "Piece",
    "QuoteView",
    "answer_view",
    "split_by_marks",
]

_MASKED: Final = re.compile(r"\*{11,}")
"""What masking leaves of a number: a question kept masked has lost the number, not the notice."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is wholly marked or wholly not; ``anchor`` is the place a link leads to.

    ``hit`` is the number of the place found by a search that the run belongs to, ``leads`` whether it is the
    first run of it. ``expired`` words no longer hold.
    """

    text: str
    marked: bool = False
    anchor: bool = False
    hit: int | None = None
    leads: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quotation: its words, the link to where they stand, and the page or paragraph of the file."""

    pieces: tuple[Piece, ...]
    shortened: bool
    href: str
    link: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Quotations of one speaker at one briefing, with where they come from."""

    quotes: tuple[QuoteView, ...]
    speaker: str | None
    office: str | None
    speech: str
    title: str
    section: str | None
    date: str


@dataclass(frozen=True, slots=True)
class Mention:
    """What another briefing says of the same thing."""

    date: str
    title: str
    speaker: str | None
    quote: str
    href: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What an answer page shows beside the answer, gathered by who renders it."""

    elsewhere: tuple[Citation, ...] = ()
    related_questions: tuple[str, ...] = ()
    contact: Contact | None = None
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an answer is kept: its address, whether the corpus has changed since, what was said of it."""

    address: str
    outdated: bool = False
    thanked: str | None = None


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
    earlier: tuple[str, ...]
    can_undo_repairs: bool
    as_written: bool
    suggestions: tuple[str, ...]
    next_history: tuple[str, ...]
    mentions: tuple[Mention, ...]
    related_questions: tuple[str, ...]
    contact: Contact | None
    copied: str
    qr: Markup | None
    qr_is_link: bool
    kept: Kept | None

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
    answer: Answer,
    *,
    history: tuple[str, ...],
    repair: bool,
    fallback: Sequence[str],
    shown: int,
    beside: Beside | None = None,
    kept: Kept | None = None,
) -> AnswerView:
    """What the page says of ``answer``.

    ``history`` and ``repair`` are as asked; ``fallback`` are suggestions for an answer that brings
    none, of which at most ``shown`` are taken. ``kept`` is None where the answer has no address.
    """
    read, beside = answer.interpretation, beside or Beside()
    answered = answer.status is Status.ANSWERED
    suggestions = () if answered else (answer.suggestions or tuple(fallback))
    first = answer.citations[0] if answer.citations else None
    return AnswerView(
        status=answer.status,
        question=answer.question,
        lead=_lead(answer.status),
        announcement=wording.announcement(answer.status),
        figures=_figures(answer.citations, answer.corpus),
        related=_figures([replace(c, marks=()) for c in answer.related], answer.corpus),
        notices=_notices(answer),
        understood=tuple(wording.understood(r.before, r.after) for r in read.repairs),
        follows=wording.follows(read.follows) if read.follows else None,
        unmatched=wording.unmatched(read.unmatched) if read.unmatched and answer.citations else None,
        earlier=history,
        can_undo_repairs=repair and bool(read.repairs),
        as_written=not repair,
        suggestions=tuple(suggestions[:shown]),
        next_history=_next_history(answer, history),
        mentions=tuple(_mention(c, answer.corpus) for c in beside.elsewhere),
        related_questions=beside.related_questions,
        contact=beside.contact,
        copied="\n\n".join(wording.quote_with_source(c) for c in answer.citations),
        qr=qr_svg(carried(first, beside.public_url, answer.corpus)) if first else None,
        qr_is_link=beside.public_url is not None,
        kept=kept,
    )


def _notices(answer: Answer) -> tuple[str, ...]:
    # The line under each quote already says as of when it holds, and from what a date was inferred.
    told = [n.text for n in answer.notices if n.code not in ("as_of", "date_inferred")]
    known = any(n.code == "personal_data" for n in answer.notices)
    if not known and _MASKED.search(answer.question):
        told.insert(0, wording.PERSONAL_DATA)
    return tuple(told)


def _mention(citation: Citation, corpus: str) -> Mention:
    speaker, span = citation.turn.speaker, citation.span
    return Mention(
        date=wording.short_date(citation.transcript.date),
        title=wording.briefing(citation.transcript.title),
        speaker=speaker.name if speaker else None,
        quote=citation.quote.replace("\n", ""),
        href=transcript_href(citation.transcript.id, span.start, span.end, corpus),
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
        section=first.transcript.section_title(first.turn),
        date=wording.as_of(first.transcript.date),
    )


def _quote(citation: Citation, number: int | None, corpus: str) -> QuoteView:
    span = citation.span
    return QuoteView(
        pieces=split_by_marks(citation.quote, citation.marks),
        shortened=citation.shortened,
        href=transcript_href(citation.transcript.id, span.start, span.end, corpus),
        link=wording.see_transcript(number),
        place=wording.in_file(citation.transcript.source, span),
    )
