"""Lines of a file, healed: broken sentences joined, marks of layout left out.

A published text reaches us as a print of pages: a sentence is cut where a page ended, photo captions
stand between paragraphs, emphasis is marked with asterisks. Everything here works on ranges of the
source: nothing is rewritten, only left out or set next to each other. The lines of text files are cut
here; those of other formats come from their readers and are healed alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from qa.model import Span
from qa.transcripts.labels import (
    begins_with_label,
    begins_with_officer,
    could_be_label_line,
    is_fact_line,
    is_label_line,
)
from qa.transcripts.people import is_office_line
from qa.transcripts.presented import is_listed
from qa.transcripts.tables import Column

__all__ = [
    "HEADING_LIMIT",
    "Line",
    "Paragraph",
    "ParagraphKind",
    "could_be_heading",
    "is_finished",
    "paragraphs",
    "stands_alone",
    "text_lines",
]

HEADING_LIMIT = 40
"""A line without a sentence's end and longer than this (code points) is prose, not a heading."""


class ParagraphKind(Enum):
    HEADING = "heading"
    LINE = "line"
    """A line of a list, a label, a credit: never joined with its neighbours."""
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as ranges of the source, in order, and the line feed that ends it there (or None)."""

    kind: ParagraphKind
    ranges: tuple[Span, ...]
    newline: int | None
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    ``text`` is what of it is read, ``ranges`` where that stands in the source; ``newline`` is the line
    feed that ends it, None at the end of the source. ``heading``: the file marks it as one.
    ``hard_break``: the author ended the line here. ``fixed`` lines are never joined with a neighbour.
    ``alone``: blank lines or the ends of the text on both sides. ``column``: of a table of questions and
    answers.
    """

    text: str
    ranges: tuple[Span, ...]
    newline: int | None
    heading: bool
    indented: bool
    hard_break: bool
    alone: bool
    column: Column | None = None

    @property
    def fixed(self) -> bool:
        return self.hard_break or self.column is not None or stands_alone(self.text)


# Left out wherever they stand: emphasis, the marks and addresses of links, byte order marks, control
# characters (a carriage return, say).
_MARKS = re.compile(
    r"\*\*|\ufeff|[\x00-\x08\x0b-\x1f\x7f]"
    r"|\[(?=[^\[\]\n]{1,200}\]\(https?://[^()\s]{1,500}\))|(?<=[^\[\]\n])\]\(https?://[^()\s]{1,500}\)"
)
_HEADING_MARK = re.compile(r"[\ufeff\s]*#{1,6}\s+")
_QUOTE_MARK = re.compile(r"[\ufeff\s]*(?:>[ \t\u3000]*)+")
_INDENT = re.compile(r"\ufeff?(?:\t|\u3000| {2})")
_SPACE = re.compile(r"[\s\ufeff]+")
_OWN_LINE = re.compile(
    r"https?://\S+|\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\s?[（(]?星期[一二三四五六日天][）)]?)?"
    r"|[（(]?(?:完|全文完)[）)]?|嘉宾|主持人|本组图片.*|.{0,200}\s摄|[（(].{0,100}(?:记者|摄|编辑).{0,100}[）)]"
    r"|来源[ \t\u3000]+\S{2,30}"
    r"|(?:图片?|照片|摄影|来源|责任编辑|编辑|记者|通讯员)\s*[:：/|][^。！？!?；;]{0,60}"
)
_ENDED = re.compile(r"(?:[。！？!?；;：:…]|(?<=[a-z])\.)(?:[”’」』）)》\"']*|[（(][^（()）。]{1,20}[）)])\Z")
_UNFINISHED = re.compile(r"[，,、—－《“‘（(「『]\Z")
_CONTINUES = re.compile(r"[，,。；;：:、！!？?”’）)》」』]")
_PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("(", ")"), ("「", "」"))


def paragraphs(lines: Iterable[Line]) -> tuple[Paragraph, ...]:
    """The paragraphs that lines make, in order; no paragraph is empty."""
    held = list(lines)
    standing = _standing_labels(held)
    return tuple(
        _joined([replace(line, hard_break=True) if line.text in standing else line for line in held])
    )


def _standing_labels(lines: list[Line]) -> frozenset[str]:
    """What stands alone in a line again and again and may say who speaks."""
    counts = Counter(line.text for line in lines)
    return frozenset(text for text, count in counts.items() if count > 1 and could_be_label_line(text))


def text_lines(source: str) -> tuple[Line, ...]:
    """The lines of a text file that are not blank.

    Args:
        source: the file as decoded; ranges count its code points.
    """
    return tuple(_lines(source))


def stands_alone(text: str) -> bool:
    """Whether words are a line by themselves whatever is around them: a credit, a date, a guest."""
    own = text.startswith("|") or _OWN_LINE.fullmatch(text) is not None
    return own or is_label_line(text) or is_listed(text) or is_office_line(text)


def is_finished(text: str) -> bool:
    """Whether a line ends as a sentence or a clause does."""
    return _ENDED.search(text) is not None


def could_be_heading(text: str) -> bool:
    """Whether a line is short and whole and does not end as a sentence does."""
    return (
        len(text) <= HEADING_LIMIT
        and not _ENDED.search(text)
        and not _UNFINISHED.search(text)
        and "。" not in text
        and all(text.count(a) == text.count(b) for a, b in _PAIRS)
    )


def _joined(lines: list[Line]) -> Iterator[Paragraph]:
    at = 0
    while at < len(lines):
        run = [lines[at]]
        kind = _kind(lines, at)
        while kind is ParagraphKind.BODY and at + 1 < len(lines) and _continued(lines[at], lines[at + 1]):
            at += 1
            run.append(lines[at])
        ranges = tuple(span for line in run for span in line.ranges)
        yield Paragraph(kind, ranges, run[-1].newline, run[0].column)
        at += 1


def _kind(lines: list[Line], at: int) -> ParagraphKind:
    line = lines[at]
    if line.heading:
        return ParagraphKind.HEADING
    if line.fixed:
        return ParagraphKind.LINE
    after = lines[at + 1] if at + 1 < len(lines) else None
    first = at == 0 and after is not None and _begins_below(line, after)
    heading = after is not None and _reads_as_heading(line, after, first=first)
    return ParagraphKind.HEADING if heading else ParagraphKind.BODY


def _begins_below(line: Line, after: Line) -> bool:
    if begins_with_label(after.text):
        return True
    wrapped = len(after.text) <= len(line.text) + 2  # lines cut at a width are about as long as each other
    return not wrapped and not re.search("[,，、]", line.text)


def _reads_as_heading(line: Line, after: Line, *, first: bool) -> bool:
    """Short, whole, without a sentence's end, and what follows is not its continuation.

    The first line is a title even where the text goes on in the next one, if that is longer.
    """
    return (
        could_be_heading(line.text)
        and (line.alone or after.indented or first or (after.fixed and not _is_standing(after)))
        and not is_label_line(after.text)
        and not _CONTINUES.match(after.text)
        and (not begins_with_label(line.text) or (line.alone and begins_with_officer(line.text)))
    )


def _is_standing(line: Line) -> bool:
    return line.hard_break and could_be_label_line(line.text)


def _continued(line: Line, after: Line) -> bool:
    """Whether a body line stops in mid-sentence and ``after`` goes on with it."""
    if after.heading or after.indented or after.fixed or begins_with_label(after.text):
        return False
    if is_fact_line(line.text) and not _UNFINISHED.search(line.text):
        return False
    return bool(_CONTINUES.match(after.text)) or not _ENDED.search(line.text)


def _lines(source: str) -> Iterator[Line]:
    blank_before = True
    start = 0
    while start < len(source):
        found = source.find("\n", start)
        newline = None if found < 0 else found
        end = len(source) if newline is None else newline
        line = _line(source, start, end, newline, blank_before)
        blank_before = line is None
        if line is not None:
            yield line
        start = end + 1


def _line(source: str, start: int, end: int, newline: int | None, blank_before: bool) -> Line | None:
    """The line ``[start, end)``, or None if nothing of it is read."""
    raw = source[start:end]
    mark = _HEADING_MARK.match(source, start, end)
    lead = mark or _QUOTE_MARK.match(source, start, end)
    ranges = tuple(_kept(source, lead.end() if lead else start, end))
    if not ranges:
        return None
    return Line(
        text="".join(span.of(source) for span in ranges),
        ranges=ranges,
        newline=newline,
        heading=mark is not None,
        indented=_INDENT.match(raw) is not None,
        hard_break=raw.rstrip("\r").endswith("  "),
        alone=blank_before and _blank_from(source, end),
    )


def _blank_from(source: str, newline: int) -> bool:
    """Whether the line after the line feed at ``newline`` is blank or missing."""
    end = source.find("\n", newline + 1)
    return not source[newline + 1 : None if end < 0 else end].strip()


def _kept(source: str, start: int, end: int) -> Iterator[Span]:
    """What is read of ``[start, end)``: without marks, and without space at either end."""
    pieces: list[Span] = []
    at = start
    for mark in _MARKS.finditer(source, start, end):
        pieces.append(Span(at, mark.start()))
        at = mark.end()
    pieces.append(Span(at, end))
    while pieces and not pieces[0].of(source).strip():
        pieces.pop(0)
    while pieces and not pieces[-1].of(source).strip():
        pieces.pop()
    for index, piece in enumerate(pieces):
        first = index == 0
        last = index == len(pieces) - 1
        text = piece.of(source)
        left = len(text) - len(text.lstrip()) if first else 0
        right = len(text) - len(text.rstrip()) if last else 0
        if piece.start + left < piece.end - right:
            yield Span(piece.start + left, piece.end - right)
