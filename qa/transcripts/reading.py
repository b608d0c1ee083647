"""The reading text: what is left of a source to read, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qa.model import SourceRun, SourceUnit, Span
from qa.transcripts.description import Description
from qa.transcripts.lines import Paragraph, ParagraphKind
from qa.transcripts.tables import Column

__all__ = ["Block", "Reading", "reading_of"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the reading text; ``column`` if it is of a table of questions and answers."""

    kind: ParagraphKind
    span: Span
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format's reader makes of a file.

    ``text`` is made of ``runs`` of the source and of nothing else; ``blocks`` are its paragraphs,
    with one line feed between two of them. What ``runs`` count is the ``unit``'s (see
    :class:`~qa.model.SourceRun`). ``description`` is what the file says of itself.
    """

    text: str
    runs: tuple[SourceRun, ...]
    blocks: tuple[Block, ...]
    unit: SourceUnit = SourceUnit.CODEPOINT
    description: Description = field(default_factory=Description)


def reading_of(source: str, paragraphs: Iterable[Paragraph]) -> Reading:
    """Sets the paragraphs of a decoded source one below the other.

    Args:
        source: the file as decoded; the ranges of ``paragraphs`` count its code points.
        paragraphs: what of it is read, in order.
    """
    writer = _Writer(source)
    blocks: list[Block] = []
    newline: int | None = None
    for paragraph in paragraphs:
        if newline is not None:
            writer.add(Span(newline, newline + 1))
        start = writer.length
        for span in paragraph.ranges:
            writer.add(span)
        blocks.append(Block(paragraph.kind, Span(start, writer.length), paragraph.column))
        newline = paragraph.newline
    return Reading(writer.text(), tuple(writer.runs), tuple(blocks))


class _Writer:
    """Appends ranges of the source and keeps the runs, adjacent ones merged."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self.runs: list[SourceRun] = []
        self.length = 0

    def add(self, span: Span) -> None:
        start, self.length = self.length, self.length + len(span)
        self._pieces.append(span.of(self._source))
        last = self.runs[-1] if self.runs else None
        if last is not None and last.source_start + (last.end - last.start) == span.start:
            self.runs[-1] = SourceRun(last.start, self.length, last.source_start)
        else:
            self.runs.append(SourceRun(start, self.length, span.start))

    def text(self) -> str:
        return "".join(self._pieces)
