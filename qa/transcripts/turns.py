"""Sections, turns, and which reply belongs to which question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.model import Section, Speech, Turn, TurnKind
from qa.transcripts.pieces import Piece, Spoken, Taken
from qa.transcripts.reading import Reading
from qa.transcripts.styles import taken

__all__ = ["Conversation", "conversation", "sections", "turns"]

Conversation = tuple[tuple[Section, ...], tuple[Turn, ...]]
"""The headings and the turns of a reading, each in order."""

# An official who turns to another matter no longer replies to the question before.
_NEW_TOPIC = re.compile(r"(?:针对|关于|对于|谈到|谈及)(?![^。！？]*(?:提问|疑问|发问))")


def conversation(reading: Reading) -> Conversation:
    """The headings and the turns of a reading, each in order.

    Turns do not overlap and need not tile: headings, labels and the marks of quotations lie between
    them. A turn of prose lies in one paragraph, a labelled one may have several.
    """
    apart = taken(reading)
    return (
        tuple(Section(span.of(reading.text), span) for span in apart.headings),
        tuple(_turns(apart, reading.text)),
    )


def sections(reading: Reading) -> tuple[Section, ...]:
    """The headings of a reading, in order; a label that is set as a heading is none."""
    return conversation(reading)[0]


def turns(reading: Reading) -> tuple[Turn, ...]:
    """The turns of a reading, in order."""
    return conversation(reading)[1]


def _turns(apart: Taken, text: str) -> Iterator[Turn]:
    count = 0
    exchange = _Exchange()
    section: int | None = None
    for paragraph in apart.paragraphs:
        exchange = exchange.in_paragraph(paragraph, section)
        section = paragraph.section
        for piece in paragraph.pieces:
            exchange = exchange.after(piece, count, text)
            yield _turn(piece, section, exchange)
            count += 1


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The question that waits for a reply (its index among the turns), and who is replying."""

    question: int | None = None
    answerer: str | None = None

    def in_paragraph(self, paragraph: Spoken, section: int | None) -> _Exchange:
        """Over at a heading, and at a paragraph of narration after the reply began."""
        if any(piece.kind is not None for piece in paragraph.pieces):
            return self
        silent = all(piece.speech is Speech.NARRATION for piece in paragraph.pieces)
        over = paragraph.section != section or (silent and self.answerer is not None)
        return _Exchange() if over else self

    def after(self, piece: Piece, index: int, text: str) -> _Exchange:
        """With the piece that becomes turn ``index`` heard: it opens, joins or ends an exchange."""
        if piece.asks or piece.kind is TurnKind.QUESTION:
            return _Exchange(index)
        if piece.kind is not None:
            return self
        if piece.speaker is not None and self.question is not None:
            same = self.answerer in (None, piece.speaker.name)
            return replace(self, answerer=piece.speaker.name) if same else _Exchange()
        moves_on = self.answerer is not None and _NEW_TOPIC.match(piece.span.of(text))
        return _Exchange() if moves_on and piece.speech is Speech.NARRATION else self


def _turn(piece: Piece, section: int | None, exchange: _Exchange) -> Turn:
    kind = _kind(piece, exchange)
    replies_to = exchange.question if kind is TurnKind.REPLY else None
    return Turn(piece.span, kind, piece.speech, piece.speaker, section, replies_to)


def _kind(piece: Piece, exchange: _Exchange) -> TurnKind:
    if piece.kind is not None:
        return piece.kind
    if piece.asks:
        return TurnKind.QUESTION
    if piece.speech is Speech.NARRATION:
        return TurnKind.NARRATION
    replies = exchange.question is not None and piece.speaker is not None
    return TurnKind.REPLY if replies else TurnKind.STATEMENT
