"""Invented transcripts in the styles offices publish in; their turns were written down before any was read.

A table lists every turn that is somebody's words: kind, speech, speaker, office, the turn of the table it
replies to, and its first and last words. Everything else of the text is narration, headings and labels.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from qa.model import Speech
from qa.transcripts.formats import read_source
from qa.transcripts.turns import conversation
from tests.rendered import pdf_of

STYLES = Path(__file__).resolve().parent / "data" / "styles"
TABLES = sorted(STYLES.glob("*.yaml"))


def _word(source: Path, folder: Path) -> bytes:
    """``= `` begins a heading, ``| `` a row of a table, whose cells are set apart by `` | ``."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in source.read_text("utf-8").splitlines():
        if line.startswith("| "):
            rows.append(line.removeprefix("| ").split(" | "))
            continue
        _table(document, rows)
        rows = []
        if line.startswith("= "):
            document.add_heading(line.removeprefix("= "), 1)
        else:
            document.add_paragraph(line)
    _table(document, rows)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _table(document: Any, rows: list[list[str]]) -> None:
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for at, row in enumerate(rows):
            for column, words in enumerate(row):
                table.cell(at, column).text = words


def _print(source: Path, folder: Path) -> bytes:
    return pdf_of(source.read_text("utf-8"), folder)


MADE: dict[str, Callable[[Path, Path], bytes]] = {".docx.txt": _word, ".pdf.html": _print}
"""Sources of which a file in another format is made by real tools before it is read."""


def _read(table: Path, folder: Path) -> list[list[Any]]:
    (source,) = (path for path in STYLES.glob(f"{table.stem}.*") if path.suffix != ".yaml")
    made = MADE.get("".join(source.suffixes))
    data = made(source, folder) if made else source.read_bytes()
    reading = read_source(data, source.stem if made else source.name)
    found: list[list[Any]] = []
    numbers: dict[int, int] = {}
    for at, turn in enumerate(conversation(reading)[1]):
        if turn.speech is Speech.NARRATION:
            continue
        numbers[at] = len(found)
        name, office = (turn.speaker.name, turn.speaker.office) if turn.speaker else (None, None)
        replies_to = None if turn.replies_to is None else numbers[turn.replies_to]
        said = turn.span.of(reading.text)
        found.append([turn.kind.value, turn.speech.value, name, office, replies_to, said])
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_turn_of_a_transcript_in_another_style(table: Path, tmp_path: Path) -> None:
    """Markdown, web pages, tables, columns; netizens, letters, councillors, meetings in a yard: all right."""
    expected = yaml.safe_load(table.read_text("utf-8"))
    found = _read(table, tmp_path)
    cut = [
        [*row[:5], row[5][: len(want[5])], row[5][-len(want[6]) :]]
        for row, want in zip(found, expected, strict=False)
    ]
    assert cut + found[len(cut) :] == expected
