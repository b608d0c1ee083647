"""``.docx``: paragraphs and tables in the order of the document."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from qa.errors import TranscriptError
from qa.model import SourceUnit
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description, LeftOutKind, plausible_title
from qa.transcripts.document import Sheet, read_document
from qa.transcripts.encodings import check_readable
from qa.transcripts.lines import HEADING_LIMIT, could_be_heading
from qa.transcripts.reading import Reading
from qa.transcripts.tables import Column, columns
from qa.transcripts.zips import checked_zip

__all__ = ["read_word"]

_CELL_GAP = "\u3000"
_HEADING_STYLE = re.compile(r"(?i)heading ?[1-9]|title|subtitle|标题.*|副标题")

# Elements whose text is not the document's: struck out, a copy for older programs, a formula's source.
_SKIPPED = frozenset(
    {qn("w:del"), qn("w:moveFrom"), qn("w:rt"), qn("w:instrText"), qn("w:delText"), qn("w:pPr"), qn("w:rPr")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_STRUCK = frozenset({qn("w:del"), qn("w:moveFrom")})
_TEXT_BOX = qn("w:txbxContent")
_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def read_word(data: bytes, name: str) -> Reading:
    """The reading of a Word document; its unit is the paragraph that has text, from 1.

    The text is the one with tracked changes accepted. A table's row of short cells is one line, its cells
    set apart by ideographic spaces; cells that hold sentences are read as paragraphs. A text box follows
    the paragraph it hangs on. Headers, footers, footnotes, endnotes, comments and the numbers Word puts
    before the items of a list are left out.

    Args:
        data: the file's bytes.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if it is damaged, encrypted, larger unpacked than is reasonable, or empty.
    """
    checked_zip(data, name)
    document, body, headings = _opened(data, name)
    layout = _Layout(headings)
    layout.blocks(body)
    sheet = layout.sheet
    for kind, text in _outside(document):
        sheet.leave_out(kind, text)
    known = Description(title=_noted_title(document), size=layout.paragraph)
    made = sheet.document(SourceUnit.PARAGRAPH, known)
    check_readable(made.source, name)
    return read_document(made, name)


def _opened(data: bytes, name: str) -> tuple[WordDocument, etree._Element, frozenset[str]]:
    """The document, its body, and the ids of its heading styles."""
    try:
        document = docx.Document(io.BytesIO(data))
        return document, document.element.body, _heading_styles(document)
    # What python-docx lets through of a package that is not one: a part missing, not XML, not where it says.
    except (PackageNotFoundError, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(name, error) from error
    except (AttributeError, AssertionError, LookupError, TypeError, ValueError) as error:
        raise _damaged(name, error) from error
    except (OSError, EOFError, NotImplementedError) as error:
        raise _damaged(name, error) from error


def _noted_title(document: WordDocument) -> str | None:
    """The title in the document's properties, unless a program filled it in."""
    try:
        return plausible_title(document.core_properties.title)
    except (AttributeError, KeyError, ValueError):  # properties that are damaged are no reason to refuse
        return None


def _damaged(name: str, error: Exception) -> TranscriptError:
    return TranscriptError(
        wording.DOCX_DAMAGED.format(name=name),
        code="transcript_damaged",
        detail=f"{name}: {type(error).__name__}: {error}",
    )


def _heading_styles(document: WordDocument) -> frozenset[str]:
    """The ids of the styles that are headings, by name or by outline level."""
    found = set()
    for style in document.styles.element.iter(qn("w:style")):
        named = style.find(qn("w:name"))
        level = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        title = named is not None and _HEADING_STYLE.fullmatch(named.get(qn("w:val")) or "")
        if title or _is_outline(level):
            found.add(style.get(qn("w:styleId")) or "")
    return frozenset(found)


def _is_outline(level: etree._Element | None) -> bool:
    return level is not None and level.get(qn("w:val")) in set("012345678")


@dataclass(slots=True)
class _Layout:
    """Goes through a document and lays its text out, counting the paragraphs that have any."""

    headings: frozenset[str]
    sheet: Sheet = field(default_factory=Sheet)
    paragraph: int = 0
    column: Column | None = None

    def blocks(self, parent: etree._Element) -> None:
        """Every paragraph and table below ``parent``, in order, those in content controls included."""
        waiting = list(reversed(parent))
        while waiting:
            child = waiting.pop()
            if child.tag == qn("w:p"):
                self._add(child)
            elif child.tag == qn("w:tbl"):
                self._table(child)
            elif child.tag not in _SKIPPED:
                waiting += reversed(child)

    def _table(self, table: etree._Element) -> None:
        # Those of a table in a cell are read with that cell.
        rows = [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]
        heads = ["".join(_text(p) for p in cell.iter(qn("w:p"))) for cell in _cells(rows[0])] if rows else []
        asked = columns(heads)
        for at, row in enumerate(rows):
            cells = _cells(row)
            if at and asked and len(cells) == len(asked):
                for self.column, cell in zip(asked, cells, strict=True):
                    self.blocks(cell)
                self.column = None
            else:
                self._row(cells)

    def _row(self, cells: Sequence[etree._Element]) -> None:
        words = [[text for p in cell.iter(qn("w:p")) if (text := _text(p).strip())] for cell in cells]
        told = [texts[0] for texts in words if texts]
        plain = all(len(texts) < 2 for texts in words) and not any(
            cell.findall(qn("w:tbl")) for cell in cells
        )
        if plain and len(told) > 1 and all(_is_short(text) for text in told):
            self.paragraph += len(told)
            first = self.paragraph - len(told) + 1
            self.sheet.add(told[0], first, hard_break=True)
            for place, text in enumerate(told[1:], start=first + 1):
                self.sheet.extend(text, place, gap=_CELL_GAP)
            return
        for cell in cells:
            self.blocks(cell)

    def _add(self, paragraph: etree._Element) -> None:
        for struck in paragraph.iter(*_STRUCK):
            self.sheet.leave_out(
                LeftOutKind.DELETED, "".join(t.text or "" for t in struck.iter(qn("w:delText")))
            )
        text = _text(paragraph)
        if text.strip():
            self.paragraph += 1
            lines = [line for line in text.split("\n") if line.strip()]
            heading = self._is_heading(paragraph) and len(text) <= 2 * HEADING_LIMIT
            for at, line in enumerate(lines):
                broken = at + 1 < len(lines) and could_be_heading(line.strip())
                alone = len(lines) == 1
                self.sheet.add(
                    line, self.paragraph, heading=heading, hard_break=broken, alone=alone, column=self.column
                )
        for box in paragraph.iter(_TEXT_BOX):
            above = list(box.iterancestors())
            copied = any(element.tag in _SKIPPED for element in above)
            nested = _TEXT_BOX in {element.tag for element in above[: above.index(paragraph)]}
            if not copied and not nested:
                self.blocks(box)

    def _is_heading(self, paragraph: etree._Element) -> bool:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return False
        style = properties.find(qn("w:pStyle"))
        named = style is not None and style.get(qn("w:val")) in self.headings
        return named or _is_outline(properties.find(qn("w:outlineLvl")))


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]


def _is_short(text: str) -> bool:
    return len(text) <= HEADING_LIMIT and "。" not in text and "\n" not in text


def _text(paragraph: etree._Element) -> str:
    """The words of a paragraph as they show, without those of its text boxes; line breaks as ``\\n``."""
    return "".join(_words(paragraph))


def _words(paragraph: etree._Element) -> Iterator[str]:
    waiting = list(reversed(paragraph))
    while waiting:
        child = waiting.pop()
        if child.tag == qn("w:t"):
            yield (child.text or "").replace("\n", " ")
        elif child.tag in _MARKS:
            yield "" if child.get(qn("w:type")) == "page" else _MARKS[child.tag]
        elif child.tag not in _SKIPPED and child.tag != _TEXT_BOX:
            waiting += reversed(child)


def _outside(document: WordDocument) -> Iterator[tuple[LeftOutKind, str]]:
    """What stands in headers, footers and notes."""
    seen = set()
    for part in document.part.package.iter_parts():
        kind = _PARTS.get(part.content_type.rpartition(".")[2].removesuffix("+xml"))
        root = _parsed(part.blob) if kind is not None else None
        if kind is None or root is None:
            continue
        for paragraph in root.iter(qn("w:p")):
            text = _text(paragraph).strip()
            if text and (kind, text) not in seen:
                seen.add((kind, text))
                yield kind, text


_PARTS = {
    "header": LeftOutKind.PAGE_HEADER,
    "footer": LeftOutKind.PAGE_HEADER,
    "footnotes": LeftOutKind.NOTE,
    "endnotes": LeftOutKind.NOTE,
    "comments": LeftOutKind.NOTE,
}


def _parsed(blob: bytes) -> etree._Element | None:
    """A part nobody depends on; None if it cannot be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(blob, parser)
    except etree.XMLSyntaxError:
        return None
