"""The style of news prose: paragraphs by a reporter, with quotations and attributions in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qa.model import Speaker, Speech
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.people import attributions, offices
from qa.transcripts.pieces import Piece, Spoken
from qa.transcripts.reading import Block, Reading
from qa.transcripts.speech import Parsed, Speeches

__all__ = ["read_prose"]


def read_prose(reading: Reading) -> tuple[Spoken, ...]:
    """The paragraphs of a reading taken apart as news prose; fits every text."""
    return tuple(_paragraphs(reading))


def _paragraphs(reading: Reading) -> Iterator[Spoken]:
    speeches = Speeches(offices(attributions(reading.text)))
    section: int | None = None
    floor: Speaker | None = None
    for block in reading.blocks:
        if block.kind is ParagraphKind.HEADING:
            section = 0 if section is None else section + 1
            floor = None
            continue
        parsed = _parsed(speeches, block, reading.text, floor)
        floor = parsed.floor
        yield Spoken(section, parsed.pieces)


def _parsed(speeches: Speeches, block: Block, text: str, floor: Speaker | None) -> Parsed:
    if block.kind is ParagraphKind.LINE:
        return Parsed((Piece(block.span, Speech.NARRATION),), None)
    parsed = speeches.parse(block.span.of(text), floor)
    moved = tuple(replace(piece, span=piece.span.shift(block.span.start)) for piece in parsed.pieces)
    return Parsed(moved, parsed.floor)
