"""A file as its reader hands it on: lines of text, where they stand, and what was learned beside them.

Text files are decoded and their lines cut where they stand. Other formats have their text laid out on a
:class:`Sheet`, a line for each paragraph, with the page or paragraph it came from. From here on all
formats are read alike.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qa.errors import TranscriptError
from qa.model import SourceRun, SourceUnit, Span
from qa.text import squash
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description, LeftOut, LeftOutKind, labelled, plausible_title
from qa.transcripts.lines import Line, ParagraphKind, paragraphs
from qa.transcripts.people import attributions
from qa.transcripts.reading import Reading, reading_of
from qa.transcripts.tables import Column

__all__ = ["MOST_CHARACTERS", "Document", "Sheet", "check_length", "read_document"]

MOST_CHARACTERS = 1_000_000
"""The longest text that is read, in code points: ten times the longest briefing."""

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufff9-\uffff\ud800-\udfff]+"
)
_TAB = "\u3000"  # words that a tab sets apart stay apart
_SPACES = re.compile(r"[ \t\xa0\u3000]+")


@dataclass(frozen=True, slots=True)
class Document:
    """What a format's reader makes of a file.

    ``source`` is its text; the ranges of ``lines`` count its code points. ``places`` are the page or
    paragraph of each line, as pairs of the offset it begins at and the number, ascending; empty where the
    unit is the code point.
    """

    source: str
    lines: tuple[Line, ...]
    description: Description
    unit: SourceUnit = SourceUnit.CODEPOINT
    places: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Sheet:
    """Collects the text of a format that is not text, line by line."""

    pieces: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    length: int = 0

    def add(
        self,
        text: str,
        place: int,
        *,
        heading: bool = False,
        indented: bool = False,
        hard_break: bool = False,
        alone: bool = True,
        column: Column | None = None,
    ) -> None:
        """A line (see :class:`~qa.transcripts.lines.Line`) that stands on page or in paragraph ``place``.

        Control characters are left out and runs of space made one, the kind of the first kept; nothing
        is added for a line that is blank.
        """
        words = _cleaned(text)
        if not words:
            return
        start, end = self._written(words, place)
        self.lines.append(Line(words, (Span(start, end),), end, heading, indented, hard_break, alone, column))

    def extend(self, text: str, place: int, gap: str = "") -> None:
        """More words of the line added last, where it goes on on page or in paragraph ``place``.

        ``gap`` is set between the two.
        """
        words = gap + _cleaned(text)
        if words != gap and self.lines:
            start, end = self._written(words, place)
            last = self.lines[-1]
            held = (*last.ranges, Span(start, end))
            self.lines[-1] = replace(last, text=last.text + words, ranges=held, newline=end)

    def _written(self, words: str, place: int) -> tuple[int, int]:
        start, end = self.length, self.length + len(words)
        self.pieces.append(words)
        self.places.append((start, place))
        self.length = end + 1
        return start, end

    def leave_out(self, kind: LeftOutKind, text: str, place: int | None = None) -> None:
        """Notes words that are not read; blank ones are passed over."""
        words = " ".join(_CONTROL.sub(" ", text).split())
        if words:
            self.left_out.append(LeftOut(kind, words, place))

    def document(self, unit: SourceUnit, known: Description) -> Document:
        """Everything collected, and what else is known of the file."""
        source = "".join(f"{piece}\n" for piece in self.pieces)
        known = replace(known, left_out=(*known.left_out, *self.left_out))
        return Document(source, tuple(self.lines), known, unit, tuple(self.places))


def _cleaned(text: str) -> str:
    plain = _CONTROL.sub("", text.replace("\t", _TAB))
    return _SPACES.sub(lambda found: found.group()[0], plain).replace("\xa0", " ").strip()


def check_length(text: str, name: str) -> None:
    """Passes for text of up to ``MOST_CHARACTERS``.

    Raises:
        TranscriptError: for a longer one.
    """
    if len(text) > MOST_CHARACTERS:
        raise TranscriptError(
            wording.TOO_LONG.format(name=name),
            code="transcript_too_large",
            detail=f"{name}: {len(text)} code points",
        )


def read_document(document: Document, name: str) -> Reading:
    """The reading of a document: lines healed, captions left out.

    Args:
        name: the file, as messages name it.

    Raises:
        TranscriptError: if there is nothing to read, or more than is read.
    """
    check_length(document.source, name)
    counts = Counter(line.text for line in document.lines)
    found = {one.speaker.name for one in attributions(document.source)}
    names = frozenset(name for name in found if counts[name] == 1)  # one that comes back is a label
    captions = [line for line in document.lines if _is_caption(line, names)]
    kept = (line for line in document.lines if not _is_caption(line, names))
    reading = reading_of(document.source, paragraphs(kept))
    if not reading.blocks:
        raise TranscriptError(
            wording.EMPTY.format(name=name), code="transcript_empty", detail=f"{name}: empty"
        )
    if document.unit is not SourceUnit.CODEPOINT:
        reading = replace(reading, runs=tuple(_placed(reading.runs, document.places)), unit=document.unit)
    return replace(reading, description=_described(document, reading, captions))


def _is_caption(line: Line, names: frozenset[str]) -> bool:
    """A line that is only the name of somebody who speaks stands under a photo."""
    return line.text in names and not line.heading


def _placed(runs: tuple[SourceRun, ...], places: tuple[tuple[int, int], ...]) -> Iterator[SourceRun]:
    """The runs of the laid-out text as runs of the pages or paragraphs it came from, neighbours merged."""
    starts = [start for start, _ in places]
    last: SourceRun | None = None
    for run in runs:
        at = run.start
        while at < run.end:
            offset = run.source_start + at - run.start
            index = bisect_right(starts, offset) - 1
            until = starts[index + 1] if index + 1 < len(starts) else offset + run.end - at
            end = min(run.end, at + until - offset)
            here = SourceRun(at, end, places[index][1])
            if last is not None and last.source_start == here.source_start:
                last = SourceRun(last.start, here.end, last.source_start)
            else:
                if last is not None:
                    yield last
                last = here
            at = end
    if last is not None:
        yield last


def _described(document: Document, reading: Reading, captions: list[Line]) -> Description:
    """What the reader learned, completed by what the text itself states."""
    known = document.description
    stated = labelled([line.text for line in document.lines])
    first = reading.blocks[0]
    heading = first.span.of(reading.text) if first.kind is ParagraphKind.HEADING else None
    starts = [start for start, _ in document.places]
    places = (_place(starts, document.places, line.ranges[0].start) for line in captions)
    names = tuple(
        LeftOut(LeftOutKind.CAPTION, line.text, place) for line, place in zip(captions, places, strict=True)
    )
    return replace(
        known,
        title=_title(known.title, plausible_title(heading), document.source),
        published=known.published or stated.published,
        publisher=known.publisher or stated.publisher,
        url=known.url or stated.url,
        left_out=known.left_out + names,
    )


def _title(noted: str | None, heading: str | None, source: str) -> str | None:
    """The title the file notes where the text has it, too: it may be that of a template, or of a website."""
    told = noted is not None and squash(noted) in squash(source)
    return noted if told else heading or noted


def _place(starts: list[int], places: tuple[tuple[int, int], ...], offset: int) -> int | None:
    return places[bisect_right(starts, offset) - 1][1] if places else None
