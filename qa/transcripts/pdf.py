"""``.pdf`` with a text layer: lines set into paragraphs, across columns and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from qa.errors import TranscriptError
from qa.model import SourceUnit
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description, LeftOut, LeftOutKind, plausible_title
from qa.transcripts.document import Sheet, read_document
from qa.transcripts.encodings import check_readable
from qa.transcripts.lines import HEADING_LIMIT, could_be_heading, is_finished, stands_alone
from qa.transcripts.pdf_apart import pages_apart
from qa.transcripts.pdf_glyphs import Page, Pages
from qa.transcripts.pdf_lines import Flow, TextLine, flows, lines_of, rows
from qa.transcripts.pdf_margins import footnotes, margins
from qa.transcripts.reading import Reading

__all__ = ["read_pdf"]

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
_FEWEST_CHARACTERS = 8
"""A page with fewer characters on average is a picture."""

_HEADING_LENGTH = 2 * HEADING_LIMIT
_CHUNK = re.compile(
    r"[“‘《（(「『【+＋￥¥$№#]*(?:[A-Za-z0-9][\w.,:/%+-]*|.)[，。、；：！？”’》）)」』】…]*",
    re.ASCII | re.DOTALL,
)
"""What a line cannot begin without: a character or a word, with the marks that keep to it."""
_HYPHENS = "\x02\ufffe\xad"
"""What PDFium makes of a hyphen at the end of a line, and the soft hyphen."""


def read_pdf(data: bytes, name: str) -> Reading:
    """The reading of a PDF; its unit is the page.

    Columns are read one after the other. Headers, footers, page numbers and what stands askew
    (watermarks) are left out. A table is read row by row, its cells set apart by ideographic spaces.

    Args:
        data: the file's bytes.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if it has a password, is damaged, too long, has no text (a scan) or none that
            can be made out.
    """
    found = pages_apart(data, name)
    _check_text(found, name)
    sheet = Sheet()
    paragraphs = _paragraphs(_layout(found, sheet))
    for paragraph, before, after in _with_neighbours(paragraphs):
        _lay_out(sheet, paragraph, before, after)
    known = Description(title=plausible_title(found.title), size=len(found.pages))
    document = sheet.document(SourceUnit.PAGE, known)
    check_readable(document.source, name)
    return read_document(document, name)


def _check_text(found: Pages, name: str) -> None:
    texts = [glyph.text for page in found.pages for glyph in page.glyphs if not glyph.made_up]
    inked = [text for text in texts if not text.isspace()]
    if len(inked) < _FEWEST_CHARACTERS * len(found.pages):
        raise TranscriptError(
            wording.PDF_SCANNED.format(name=name),
            code="transcript_scanned",
            detail=f"{name}: {len(inked)} characters on {len(found.pages)} pages",
        )
    lost = sum("\ue000" <= text <= "\uf8ff" or text < " " or text == "\ufffd" for text in inked)
    if lost > len(inked) / 10:
        raise TranscriptError(
            wording.PDF_NO_UNICODE.format(name=name),
            code="transcript_garbled",
            detail=f"{name}: {lost} of {len(inked)} characters without Unicode",
        )


def _layout(found: Pages, sheet: Sheet) -> list[Flow]:
    """The columns of all pages in the order they are read, what belongs to the pages left out."""
    pages = [(page, lines_of(page)) for page in found.pages]
    for page, lines in pages:
        if not lines:
            sheet.left_out.append(LeftOut(LeftOutKind.PICTURE, "", page.number))
    out = margins(pages)
    for line, kind in sorted(out.items(), key=lambda item: (item[0].page, item[0].y, item[0].x0)):
        sheet.leave_out(kind, line.text, line.page)
    kept = [(page, flows([line for line in lines if line not in out])) for page, lines in pages]
    body = _body_size([flow for _, found in kept for flow in found])
    return [flow for page, found in kept for flow in _without_notes(found, page, body, sheet)]


def _without_notes(found: Sequence[Flow], page: Page, body: float, sheet: Sheet) -> Iterator[Flow]:
    for flow in found:
        notes = footnotes(flow, page, body)
        for line in notes:
            sheet.leave_out(LeftOutKind.NOTE, line.text, page.number)
        if len(notes) < len(flow.lines):
            yield replace(flow, lines=flow.lines[: len(flow.lines) - len(notes)])


# -- paragraphs -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
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
class _Paragraph:
    rows: list[_Row]
    spaced: bool
    """More than the usual distance below what is above."""
    heading: bool

    @property
    def text(self) -> str:
        return _set_in_one([row.text for row in self.rows])

    @property
    def indented(self) -> bool:
        return self.rows[0].indent >= _INDENT


def _paragraphs(found: Sequence[Flow]) -> list[_Paragraph]:
    body = _body_size(found)
    width = median([flow.right - flow.left for flow in found]) if found else 0.0
    made: list[_Paragraph] = []
    for flow in found:
        column = list(_rows(flow, width))
        set_in = _set_in(column)
        for at, row in enumerate(column):
            before = column[at - 1] if at else None
            if before is not None and made and _goes_on(before, row, set_in):
                made[-1].rows.append(row)
            else:
                spaced = row.gap is None or row.gap > _APART
                made.append(_Paragraph([row], spaced, row.em >= _LARGER * body and not row.cells > 1))
    return _across(made)


def _body_size(found: Sequence[Flow]) -> float:
    """The size of the font most of the text has."""
    lengths: dict[float, int] = {}
    for flow in found:
        for line in flow.lines:
            size = round(line.em, 1)
            lengths[size] = lengths.get(size, 0) + len(line.text)
    return max(lengths, key=lambda size: lengths[size], default=1.0)


def _rows(flow: Flow, width: float) -> Iterator[_Row]:
    pieces = list(rows(flow))
    right = max(flow.right, flow.left + width) if len(pieces) < 4 else _edge(pieces)
    distances = [(below[0].y - above[0].y) / below[0].em for above, below in pairwise(pieces)]
    usual = _usual(distances)
    for at, row in enumerate(pieces):
        first, last = row[0], row[-1]
        yield _Row(
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


def _goes_on(before: _Row, row: _Row, set_in: frozenset[int]) -> bool:
    """Whether ``row`` is of the paragraph that ``before`` is of; ``set_in`` as of :func:`_set_in`."""
    if before.cells > 1 or row.cells > 1 or abs(before.em - row.em) > _SAME_SIZE * before.em:
        return False
    if (row.gap is not None and row.gap > _APART) or not _is_full(before, row):
        return False
    # A list of guests; in prose no space stands before a name, and the name may go on in the next line.
    if stands_alone(before.text) and (stands_alone(row.text) or " " in before.text):
        return False
    alike = round(row.indent) in set_in and abs(row.indent - before.indent) < _ALIGNED
    return row.indent < _INDENT or (alike and not is_finished(before.text))


def _set_in(column: Sequence[_Row]) -> frozenset[int]:
    """Indents, in ems, at which not first lines but whole paragraphs are set.

    A line at such an indent that stops in mid-sentence is mostly followed by one at the same.
    """
    alike: dict[int, list[bool]] = {}
    for row, below in pairwise(column):
        if row.indent >= _INDENT and _is_full(row, below) and not is_finished(row.text):
            alike.setdefault(round(row.indent), []).append(abs(row.indent - below.indent) < _ALIGNED)
    return frozenset(indent for indent, same in alike.items() if sum(same) > max(2, len(same) / 2))


def _is_full(row: _Row, below: _Row) -> bool:
    """Whether a line ends because there was no room for what the next one begins with."""
    chunk = _CHUNK.match(below.text)
    begins = chunk.group() if chunk else ""
    return row.room <= sum(_NARROW if char.isascii() else 1.0 for char in begins) + _ROOM


def _across(made: list[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs, those joined that a column or page cut: headings, and others at a sentence's end.

    The latter can be told only where first lines are set in; what is cut in mid-sentence is healed later,
    in all formats alike.
    """
    long = [one for one in made if len(one.rows) > 1 and not one.heading]
    set_in = bool(long) and sum(one.indented for one in long) >= _MOSTLY * len(long)
    joined: list[_Paragraph] = []
    for one in made:
        last = joined[-1] if joined else None
        if last is not None and (set_in or one.heading) and _is_cut(last, one):
            last.rows += one.rows
        else:
            joined.append(one)
    return joined


def _is_cut(last: _Paragraph, one: _Paragraph) -> bool:
    end, start = last.rows[-1], one.rows[0]
    return (
        start.gap is None
        and last.heading == one.heading
        and not one.indented
        and end.cells == start.cells == 1
        and abs(end.em - start.em) <= _SAME_SIZE * end.em
        and _is_full(end, start)
    )


# -- onto the sheet -------------------------------------------------------------------------------------


def _with_neighbours(
    made: Sequence[_Paragraph],
) -> Iterator[tuple[_Paragraph, _Paragraph | None, _Paragraph | None]]:
    for at, one in enumerate(made):
        yield one, made[at - 1] if at else None, made[at + 1] if at + 1 < len(made) else None


def _lay_out(
    sheet: Sheet, paragraph: _Paragraph, before: _Paragraph | None, after: _Paragraph | None
) -> None:
    text = paragraph.text
    heading = paragraph.heading and len(text) <= _HEADING_LENGTH
    # A line that stops short, with another right below it, was ended by its author.
    short = after is not None and not (after.spaced or after.indented or after.heading)
    stops = short and not _is_full(paragraph.rows[-1], after.rows[0]) if after is not None else False
    in_a_sentence = before is not None and _is_unfinished(before)
    for at, (page, words) in enumerate(_by_page(paragraph.rows)):
        if at:
            sheet.extend(words, page)
            continue
        sheet.add(
            words,
            page,
            heading=heading,
            indented=paragraph.indented and not in_a_sentence,
            hard_break=paragraph.rows[0].cells > 1 or (stops and could_be_heading(text)),
            alone=paragraph.spaced and (after is None or after.spaced) and _ends_short(paragraph, after),
        )


def _is_unfinished(before: _Paragraph) -> bool:
    """A paragraph without the end of a sentence that is no heading: whoever set the text cut it there."""
    return not (before.heading or is_finished(before.text) or could_be_heading(before.text))


def _ends_short(paragraph: _Paragraph, after: _Paragraph | None) -> bool:
    return after is None or after.indented or not _is_full(paragraph.rows[-1], after.rows[0])


def _by_page(found: Iterable[_Row]) -> Iterator[tuple[int, str]]:
    """The words of a paragraph, page by page."""
    texts: dict[int, list[str]] = {}
    for row in found:
        texts.setdefault(row.page, []).append(row.text)
    for page, lines in texts.items():
        yield page, _set_in_one(lines)


def _set_in_one(lines: Sequence[str]) -> str:
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
