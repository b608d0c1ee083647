"""Lines of a PDF set into paragraphs, across columns and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.transcripts.lines import is_finished, stands_alone
from qa.transcripts.pdf_lines import Flow, TextLine, rows

__all__ = ["PdfParagraph", "Row", "body_size", "is_full", "paragraphs_of", "set_in_one"]

# In ems, where nothing else is said.
_INDENT = 0.8
_LARGER = 1.12
"""So much larger than the body, a line is a heading."""
_APART = 1.35
"""Lines so many times farther apart than usual are different paragraphs."""
_ROOM = 0.6
"""Left over at the end of a full line, beside what the next line begins with."""
_ALIGNED = 0.3
"""So far apart at most, two lines begin below each other."""
_SAME_SIZE = 0.1
"""Fonts that differ by a smaller share are of one size."""
_MOSTLY = 0.6
"""The share of paragraphs that must be set in for all to be taken to be."""
_FEW = 8
"""One line of so many, at least, is full."""
_NARROW = 0.55
"""The width of a Latin letter or a digit, about."""
_CHUNK = re.compile(
    r"[“‘《（(「『【+＋￥¥$№#]*(?:[A-Za-z0-9][\w.,:/%+-]*|.)[，。、；：！？”’》）)」』】…]*",
    re.ASCII | re.DOTALL,
)
"""What a line cannot begin without: a character or a word, with the marks that keep to it."""
_HYPHENS = "\x02\ufffe\xad"
"""What PDFium makes of a hyphen at the end of a line, and the soft hyphen."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is read, in ems: how far from the column's left edge, how much room to its right.

    ``gap`` is the distance to the row above in its flow, in usual distances; None for the first.
    """

    text: str
    page: int
    em: float
    indent: float
    room: float
    gap: float | None
    cells: int


@dataclass(slots=True)
class PdfParagraph:
    """A paragraph as it is being put together."""

    rows: list[Row]
    spaced: bool
    """More than the usual distance below what is above."""
    heading: bool

    @property
    def text(self) -> str:
        return set_in_one([row.text for row in self.rows])

    @property
    def indented(self) -> bool:
        return self.rows[0].indent >= _INDENT


def paragraphs_of(found: Sequence[Flow]) -> list[PdfParagraph]:
    """The paragraphs of all columns, in the order they are read."""
    body = body_size(found)
    width = median([flow.right - flow.left for flow in found]) if found else 0.0
    made: list[PdfParagraph] = []
    for flow in found:
        column = list(_rows(flow, width))
        set_in = _set_in(column)
        for at, row in enumerate(column):
            before = column[at - 1] if at else None
            if before is not None and made and _goes_on(before, row, set_in):
                made[-1].rows.append(row)
            else:
                spaced = row.gap is None or row.gap > _APART
                made.append(PdfParagraph([row], spaced, row.em >= _LARGER * body and not row.cells > 1))
    return _across(made)


def body_size(found: Sequence[Flow]) -> float:
    """The size of the font most of the text has."""
    lengths: dict[float, int] = {}
    for flow in found:
        for line in flow.lines:
            size = round(line.em, 1)
            lengths[size] = lengths.get(size, 0) + len(line.text)
    return max(lengths, key=lambda size: lengths[size], default=1.0)


def _rows(flow: Flow, width: float) -> Iterator[Row]:
    pieces = list(rows(flow))
    right = max(flow.right, flow.left + width) if len(pieces) < 4 else _edge(pieces)
    distances = [(below[0].y - above[0].y) / below[0].em for above, below in pairwise(pieces)]
    usual = _usual(distances)
    for at, row in enumerate(pieces):
        first, last = row[0], row[-1]
        yield Row(
            text="\u3000".join(line.text for line in row),
            page=first.page,
            em=first.em,
            indent=(first.x0 - flow.left) / first.em,
            room=(right - last.x1) / first.em,
            gap=distances[at - 1] / usual if at and usual else None,
            cells=len(row),
        )


def _edge(pieces: Sequence[tuple[TextLine, ...]]) -> float:
    """Where full lines end: a heading alone that is set wider than the column does not count."""
    ends = sorted((row[-1].x1 for row in pieces), reverse=True)
    em = median(row[-1].em for row in pieces)
    least = max(2, len(ends) // _FEW)
    return next(
        (end for at, end in enumerate(ends) if sum(end - other <= em for other in ends[at:]) >= least),
        ends[0],
    )


def _usual(distances: Sequence[float]) -> float:
    """The distance between lines of one paragraph, in ems: the smallest that is common."""
    ordered = sorted(distances)
    return ordered[len(ordered) // 4] if ordered else 0.0


def _goes_on(before: Row, row: Row, set_in: frozenset[int]) -> bool:
    """Whether ``row`` is of the paragraph that ``before`` is of; ``set_in`` as of :func:`_set_in`."""
    if before.cells > 1 or row.cells > 1 or abs(before.em - row.em) > _SAME_SIZE * before.em:
        return False
    if (row.gap is not None and row.gap > _APART) or not is_full(before, row):
        return False
    # A list of guests; in prose no space stands before a name, and the name may go on in the next line.
    if stands_alone(before.text) and (stands_alone(row.text) or " " in before.text):
        return False
    alike = round(row.indent) in set_in and abs(row.indent - before.indent) < _ALIGNED
    return row.indent < _INDENT or (alike and not is_finished(before.text))


def _set_in(column: Sequence[Row]) -> frozenset[int]:
    """Indents, in ems, at which not first lines but whole paragraphs are set.

    A line at such an indent that stops in mid-sentence is mostly followed by one at the same.
    """
    alike: dict[int, list[bool]] = {}
    for row, below in pairwise(column):
        if row.indent >= _INDENT and is_full(row, below) and not is_finished(row.text):
            alike.setdefault(round(row.indent), []).append(abs(row.indent - below.indent) < _ALIGNED)
    return frozenset(indent for indent, same in alike.items() if sum(same) > max(2, len(same) / 2))


def is_full(row: Row, below: Row) -> bool:
    """Whether a line ends because there was no room for what the next one begins with."""
    chunk = _CHUNK.match(below.text)
    begins = chunk.group() if chunk else ""
    return row.room <= sum(_NARROW if char.isascii() else 1.0 for char in begins) + _ROOM


def _across(made: list[PdfParagraph]) -> list[PdfParagraph]:
    """The paragraphs, those joined that a column or page cut: headings, and others at a sentence's end.

    The latter can be told only where first lines are set in; what is cut in mid-sentence is healed later,
    in all formats alike.
    """
    long = [one for one in made if len(one.rows) > 1 and not one.heading]
    set_in = bool(long) and sum(one.indented for one in long) >= _MOSTLY * len(long)
    joined: list[PdfParagraph] = []
    for one in made:
        last = joined[-1] if joined else None
        if last is not None and (set_in or one.heading) and _is_cut(last, one):
            last.rows += one.rows
        else:
            joined.append(one)
    return joined


def _is_cut(last: PdfParagraph, one: PdfParagraph) -> bool:
    end, start = last.rows[-1], one.rows[0]
    return (
        start.gap is None
        and last.heading == one.heading
        and not one.indented
        and end.cells == start.cells == 1
        and abs(end.em - start.em) <= _SAME_SIZE * end.em
        and is_full(end, start)
    )


def set_in_one(lines: Sequence[str]) -> str:
    """Lines set one after the other: words of letters apart, a word that a hyphen cut in one."""
    text = ""
    for line in lines:
        cut = text[-1:] in _HYPHENS and text != ""
        if cut and line[:1].islower():
            text = text[:-1]
        elif not cut and _is_word(text[-1:]) and _is_word(line[:1]):
            text += " "
        text += line
    return re.sub(f"[{_HYPHENS}]", "-", text)


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalpha() or char in ",.;:!?)")
