"""The style of news prose: paragraphs by a reporter, with quotations and attributions in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qa.model import Speaker, Speech
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.people import attributions, offices
from qa.transcripts.pieces import Piece, Spoken, Taken
from qa.transcripts.reading import Block, Reading
from qa.transcripts.script import simplified
from qa.transcripts.speech import Parsed, Speeches

__all__ = ["parsed_block", "read_prose", "speeches_of"]


def read_prose(reading: Reading) -> Taken:
    """A reading taken apart as news prose; fits every text."""
    headings = (block.span for block in reading.blocks if block.kind is ParagraphKind.HEADING)
    return Taken(tuple(_paragraphs(reading)), tuple(headings))


def speeches_of(text: str) -> Speeches:
    """What takes the paragraphs of ``text`` apart, once they are simplified."""
    known = offices(attributions(text))
    return Speeches({simplified(name): speaker for name, speaker in known.items()})


def _paragraphs(reading: Reading) -> Iterator[Spoken]:
    speeches = speeches_of(reading.text)
    section: int | None = None
    floor: Speaker | None = None
    for block in reading.blocks:
        if block.kind is ParagraphKind.HEADING:
            section = 0 if section is None else section + 1
            floor = None
            continue
        parsed = parsed_block(speeches, block, reading.text, floor)
        floor = parsed.floor
        yield Spoken(section, parsed.pieces)


def parsed_block(speeches: Speeches, block: Block, text: str, floor: Speaker | None) -> Parsed:
    """A block taken apart as a paragraph of prose; ``floor`` is who would go on speaking, or None."""
    if block.kind is ParagraphKind.LINE:
        return Parsed((Piece(block.span, Speech.NARRATION),), None)
    parsed = speeches.parse(simplified(block.span.of(text)), floor)
    moved = tuple(replace(piece, span=piece.span.shift(block.span.start)) for piece in parsed.pieces)
    return Parsed(moved, parsed.floor)
