"""``.pdf`` with a text layer: lines set into paragraphs, across columns and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.errors import TranscriptError
from qa.model import SourceUnit
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description, LeftOut, LeftOutKind, plausible_title
from qa.transcripts.document import Sheet, read_document
from qa.transcripts.encodings import check_readable
from qa.transcripts.lines import HEADING_LIMIT, could_be_heading, is_finished
from qa.transcripts.pdf_apart import pages_apart
from qa.transcripts.pdf_glyphs import Page, Pages
from qa.transcripts.pdf_lines import Flow, flows, lines_of
from qa.transcripts.pdf_margins import footnotes, margins
from qa.transcripts.pdf_paragraphs import PdfParagraph, Row, body_size, is_full, paragraphs_of, set_in_one
from qa.transcripts.reading import Reading

__all__ = ["read_pdf"]

_FEWEST_CHARACTERS = 8
"""A page with fewer characters on average is a picture."""

_HEADING_LENGTH = 2 * HEADING_LIMIT


def read_pdf(data: bytes, name: str) -> Reading:
    """The reading of a PDF; its unit is the page.

    Columns are read one after the other. Headers, footers, page numbers, footnotes and what stands
    askew (watermarks) are left out. A table is read row by row, its cells set apart by ideographic spaces.

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
    paragraphs = paragraphs_of(_layout(found, sheet))
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
    body = body_size([flow for _, found in kept for flow in found])
    return [flow for page, found in kept for flow in _without_notes(found, page, body, sheet)]


def _without_notes(found: Sequence[Flow], page: Page, body: float, sheet: Sheet) -> Iterator[Flow]:
    for flow in found:
        notes = footnotes(flow, page, body)
        for line in notes:
            sheet.leave_out(LeftOutKind.NOTE, line.text, page.number)
        if len(notes) < len(flow.lines):
            yield replace(flow, lines=flow.lines[: len(flow.lines) - len(notes)])


def _with_neighbours(
    made: Sequence[PdfParagraph],
) -> Iterator[tuple[PdfParagraph, PdfParagraph | None, PdfParagraph | None]]:
    for at, one in enumerate(made):
        yield one, made[at - 1] if at else None, made[at + 1] if at + 1 < len(made) else None


def _lay_out(
    sheet: Sheet, paragraph: PdfParagraph, before: PdfParagraph | None, after: PdfParagraph | None
) -> None:
    text = paragraph.text
    heading = paragraph.heading and len(text) <= _HEADING_LENGTH
    # A line that stops short, with another right below it, was ended by its author.
    short = after is not None and not (after.spaced or after.indented or after.heading)
    stops = short and not is_full(paragraph.rows[-1], after.rows[0]) if after is not None else False
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


def _is_unfinished(before: PdfParagraph) -> bool:
    """A paragraph without the end of a sentence that is no heading: whoever set the text cut it there."""
    return not (before.heading or is_finished(before.text) or could_be_heading(before.text))


def _ends_short(paragraph: PdfParagraph, after: PdfParagraph | None) -> bool:
    return after is None or after.indented or not is_full(paragraph.rows[-1], after.rows[0])


def _by_page(found: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """The words of a paragraph, page by page."""
    texts: dict[int, list[str]] = {}
    for row in found:
        texts.setdefault(row.page, []).append(row.text)
    for page, lines in texts.items():
        yield page, set_in_one(lines)
