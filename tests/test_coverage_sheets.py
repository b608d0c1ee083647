"""Tables out and in: nothing is taken for a formula, and everything comes back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from qa.coverage.sheets import csv_bytes, read_csv, read_workbook, safe, unsafe
from qa.coverage.workbooks import workbook

ATTACKS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "－2",
    "'=1",
    "''=cmd|'/c calc'!A1",
)
HARMLESS = ("", "九点", "'", "'九点", "a=b", "1", "”-“")
_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_that_could_be_a_formula_begins_with_an_apostrophe(attack: str) -> None:
    assert safe(attack) == "'" + attack
    assert unsafe(safe(attack)) == attack


@pytest.mark.parametrize("text", HARMLESS)
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe(text) == unsafe(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r＝九1 ") | st.characters(codec="utf-8"), max_size=12))
def test_what_is_made_safe_is_read_back(text: str) -> None:
    assert unsafe(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=4), max_size=5))
def test_a_csv_file_reads_back_cell_for_cell(rows: list[list[str]]) -> None:
    head = ["问题", "必含", "任一", "主题"]
    written = csv_bytes([head, *rows])
    read = dict(read_csv(written, "faq.csv"))
    filled = {number: row for number, row in enumerate(rows, 2) if any(cell.strip() for cell in row)}
    assert read == {1: head, **filled}
    # and no other reader meets a formula
    for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_workbook_holds_text_as_text_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows: list[tuple[str, str | int]] = [("问题", "数"), *((text, at) for at, text in enumerate(ATTACKS))]
    path.write_bytes(workbook([("问题集", rows)]))
    book = load_workbook(path)
    assert book.sheetnames == ["问题集"]
    cells = [cell for row in book["问题集"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells[1::2]] == ["数", *range(len(ATTACKS))]
    shown = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert all(str(row[0]).startswith("'") for row in shown[1:])
    read = [row[0] for _, row in read_workbook(path, path.name)]
    assert read == [row[0] for row in rows]


def test_what_a_workbook_cannot_hold_becomes_a_space(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(workbook([("表", [["a\x07b\ud800c", "长" * 40_000]])]))
    (row,) = load_workbook(path)["表"].iter_rows(values_only=True)
    assert row[0] == "a b c"
    assert len(str(row[1])) <= 32_767


def test_the_same_tables_make_the_same_bytes() -> None:
    rows = [["问题"], ["九点"]]
    assert workbook([("表", rows)]) == workbook([("表", rows)])
    assert csv_bytes(rows) == csv_bytes(rows)
