"""Workbooks out: plain tables, a sheet each, the same tables to the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from qa.coverage.markup import legible
from qa.coverage.sheets import safe

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Cell", "workbook"]

Cell = str | int | float | None
_LONGEST_CELL: Final = 32_000
"""Code points a cell is cut to; Excel takes 32 767."""
_WIDEST: Final = 60
_TIMES: Final = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:(created|modified)>")


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """A workbook of named sheets, the first row of each its heading. No text is taken for a formula."""
    from openpyxl import Workbook  # here, because it takes a tenth of a second and few programs write one

    book = Workbook()
    empty = book.active
    for title, rows in sheets:
        _fill(book.create_sheet(title), rows)
    if empty is not None:
        book.remove(empty)
    held = io.BytesIO()
    book.save(held)
    return _timeless(held.getvalue())


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Cell]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for row in rows:
        cells = [safe(legible(cell))[:_LONGEST_CELL] if isinstance(cell, str) else cell for cell in row]
        sheet.append(cells)
        for at, cell in enumerate(cells, 1):
            widths[at] = max(widths.get(at, 0), min(_WIDEST, 2 * len(str(cell or ""))))
    for at, width in widths.items():
        sheet.column_dimensions[get_column_letter(at)].width = width + 2
    for heading in sheet[1]:
        heading.font = Font(bold=True)
    for line in sheet.iter_rows():
        for shown in line:
            shown.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"


def _timeless(book: bytes) -> bytes:
    """The workbook without the time it was made, so that the same run gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as made, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(b"", data)
            kept.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()
