"""From a row of a file, in whatever format, to a case: the columns' names and what may stand in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qa.coverage import wording
from qa.coverage.cases import FaqCase, case_id
from qa.coverage.markup import legible
from qa.errors import QuestionError
from qa.text import fold, squash
from qa.wire import check_question

__all__ = ["FIELDS", "SEPARATOR", "RowProblem", "field_of", "read_row"]

FIELDS: Final = tuple(wording.COLUMNS)
SEPARATOR: Final = "|"
_LISTS: Final = frozenset({"variants", "all_of", "any_of"})
_QUESTIONS: Final = frozenset({"question", "variants"})
_EXPECTED: Final = frozenset({"all_of", "any_of"})
_YES: Final = frozenset({"是", "对", "要", "应", "应拒答", "拒答", "√", "✓", "1", "1.0", "y", "yes", "true"})
_NO: Final = frozenset({"", "否", "不", "不是", "无", "×", "0", "0.0", "n", "no", "false"})
_LONGEST_TEXT: Final = 200
_NAMES: Final = {name: field for field, column in wording.COLUMNS.items() for name in (field, column)}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row of a file.

    ``where`` names the row as the file's readers count it (第 3 行), ``column`` the column as the file
    writes it, or None for the whole row. A row with a problem is left out, unless the problem is a
    ``note``: then the row is used all the same.
    """

    file: str
    where: str
    column: str | None
    message: str
    note: bool = False

    def __str__(self) -> str:
        return wording.problem(self.file, self.where, self.column, self.message)


def field_of(name: object) -> str | None:
    """The field a column's name stands for, Chinese or English; None for a name that is not known."""
    return _NAMES.get(squash(fold(name))) if isinstance(name, str) else None


def read_row(
    cells: Mapping[str, object], file: str, where: str, names: Mapping[str, str]
) -> tuple[FaqCase | None, tuple[RowProblem, ...]]:
    """The case of a row, by field, and what is wrong with it; no case where that is more than a note.

    Args:
        names: what the file calls its fields.
    """
    row = _Row(file, where, names)
    lists = {field: tuple(row.texts(field, cells.get(field))) for field in sorted(_LISTS)}
    texts = {field: row.text(field, cells.get(field)) for field in FIELDS if field not in _LISTS}
    question = row.question("question", texts["question"])
    variants = tuple(row.question("variants", text) for text in lists["variants"])
    refuse = row.flag("refuse", texts["refuse"])
    if refuse and (lists["all_of"] or lists["any_of"]):
        row.add("refuse", wording.REFUSE_AND_EXPECT)
    if row.failed:
        return None, tuple(row.problems)
    case = FaqCase(
        id=texts["id"] or case_id(question),
        question=question,
        variants=tuple(dict.fromkeys(text for text in variants if text != question)),
        all_of=lists["all_of"],
        any_of=lists["any_of"],
        transcript=texts["transcript"] or None,
        speaker=texts["speaker"] or None,
        refuse=refuse,
        topic=texts["topic"] or None,
        owner=texts["owner"] or None,
    )
    return case, tuple(row.problems)


class _Row:
    """Reads the cells of one row and keeps what is wrong with them."""

    def __init__(self, file: str, where: str, names: Mapping[str, str]) -> None:
        self._file, self._where, self._names = file, where, names
        self.problems: list[RowProblem] = []

    @property
    def failed(self) -> bool:
        return any(not problem.note for problem in self.problems)

    def add(self, field: str, message: str, note: bool = False) -> None:
        column = self._names.get(field, wording.COLUMNS[field])
        self.problems.append(RowProblem(self._file, self._where, column, message, note))

    def text(self, field: str, value: object) -> str:
        """A cell as text; numbers as the sheet shows them when they are whole."""
        if value is None or isinstance(value, str):
            text = (value or "").strip()
            # Of questions this is said below, with their length.
            if field not in _QUESTIONS and legible(text) != text:
                self.add(field, wording.CONTROL)
            return text
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, int | float):
            if field in _EXPECTED and not (isinstance(value, int) or value.is_integer()):
                self.add(field, wording.A_NUMBER.format(value=value), note=True)
            return _number(value)
        if isinstance(value, date | datetime):
            if field in _EXPECTED:
                self.add(field, wording.A_NUMBER.format(value=value.isoformat()), note=True)
            return value.isoformat()
        self.add(field, wording.NOT_TEXT)
        return ""

    def texts(self, field: str, value: object) -> Iterator[str]:
        """Several texts: a list, or one text split at ``|``."""
        for item in value if isinstance(value, list) else [value]:
            text = self.text(field, item)
            # In a list each item is what it is; a full-width bar is a slip for the other.
            parts = [text] if isinstance(value, list) else text.replace("｜", SEPARATOR).split(SEPARATOR)
            yield from (part.strip() for part in parts if part.strip())

    def question(self, field: str, text: str) -> str:
        """A question that can be asked."""
        if not text:
            self.add(field, wording.MISSING)
            return ""
        try:
            return check_question(text)
        except QuestionError as error:
            self.add(field, error.message)
            return ""

    def flag(self, field: str, text: str) -> bool:
        """Yes or no."""
        said = fold(text)
        if said not in _YES | _NO:
            self.add(field, wording.YES_OR_NO.format(value=text[:_LONGEST_TEXT]))
        return said in _YES


def _number(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
