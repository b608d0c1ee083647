"""Tables in and out: CSV in the encodings Excel writes, workbooks, and cells that no program runs.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@`` (full width, too), a tab or a line
break for a formula, and a cell can come from anybody. Such a cell is written with an apostrophe before
it, as OWASP advises against CSV injection, and read back without.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from qa.coverage import wording
from qa.coverage.columns import field_of
from qa.errors import FaqError

__all__ = ["Rows", "csv_bytes", "decoded", "read_csv", "read_workbook", "safe", "unsafe"]

Rows = Iterator[tuple[int, list[object]]]
"""The rows of a table that are not blank, each with its number, counted from 1 as spreadsheets do."""

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_GUARD: Final = "'"
_DELIMITERS: Final = ",\t;"
_LARGEST_CELL: Final = 1_000_000


def safe(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula."""
    # What begins with guards before such a mark gets one more, so that reading back undoes exactly one.
    return _GUARD + text if text.lstrip(_GUARD).startswith(_FORMULA) else text


def unsafe(text: str) -> str:
    """The text that :func:`safe` made a cell of."""
    guarded = text.startswith(_GUARD) and text.lstrip(_GUARD).startswith(_FORMULA)
    return text[len(_GUARD) :] if guarded else text


def csv_bytes(rows: Iterable[Sequence[str | int | float | None]]) -> bytes:
    """A CSV file that Excel opens rightly: UTF-8 with a byte order mark, every text cell safe."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return codecs.BOM_UTF8 + held.getvalue().encode()


def decoded(data: bytes, name: str) -> str:
    """Text in UTF-8 or UTF-16 (by their marks), in UTF-8 without one, or in GBK (as GB 18030).

    Raises:
        FaqError: if it is in neither.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FaqError(wording.FILE_ENCODING.format(name=name), code="faq_encoding", detail=name)


def read_csv(data: bytes, name: str) -> Rows:
    """The rows of a CSV file; comma, tab or semicolon between cells, whichever shows more known columns.

    Raises:
        FaqError: if the encoding is not known or the quoting is broken.
    """
    text = decoded(data, name)
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                yield number, [unsafe(cell) for cell in row]
    except csv.Error as error:
        message = wording.FILE_BROKEN.format(name=name)
        raise FaqError(message, code="faq_broken", detail=f"{name}: {error}") from error


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    known = {mark: sum(field_of(c.strip('"')) is not None for c in head.split(mark)) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: known[mark])


def read_workbook(path: Path, name: str) -> Rows:
    """The rows of the first sheet of a workbook (.xlsx, .xls, .ods) that holds any.

    Raises:
        FaqError: if it is damaged or no workbook.
    """
    try:
        workbook = CalamineWorkbook.from_path(path)
        tables = [workbook.get_sheet_by_name(sheet).to_python() for sheet in workbook.sheet_names]
    except CalamineError as error:
        message = wording.FILE_BROKEN.format(name=name)
        raise FaqError(message, code="faq_broken", detail=f"{name}: {error}") from error
    for table in tables:
        rows = [(number, _cells(row)) for number, row in enumerate(table, 1)]
        filled = [(number, cells) for number, cells in rows if any(cell != "" for cell in cells)]
        if filled:
            yield from filled
            return


def _cells(row: Sequence[object]) -> list[object]:
    return [unsafe(cell) if isinstance(cell, str) else cell for cell in row]
