"""FAQ files: CSV, workbooks, JSONL and YAML, read row by row; a row with a mistake does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml
from pydantic_core import from_json

from qa.coverage import wording
from qa.coverage.cases import CaseSet, FaqCase, same_words
from qa.coverage.columns import RowProblem, field_of, read_row
from qa.coverage.sheets import Rows, decoded, read_csv, read_workbook
from qa.errors import FaqError

__all__ = ["CaseFile", "load_case_folder", "read_case_files", "read_cases", "rows_of"]

_LARGEST: Final = 20 * 1024 * 1024
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases that could be read, and what was wrong with the others."""

    cases: CaseSet
    problems: tuple[RowProblem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether any row was left out."""
        return any(not problem.note for problem in self.problems)


@dataclass
class _Reading:
    """What has been read, over one file or several."""

    cases: list[FaqCase] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, file: str, where: str, cells: Mapping[str, object], names: Mapping[str, str]) -> None:
        """Reads a row; one that asks again what was asked before, or takes its id, is left out."""
        case, problems = read_row(cells, file, where, names)
        self.problems += problems
        if case is None:
            return
        asked = same_words(case.question)
        for column, key, seen, told in (
            ("question", asked, self.questions, wording.TWICE),
            ("id", case.id, self.ids, wording.ID_TWICE),
        ):
            if key in seen:
                message = told.format(where=_place(seen[key], file))
                self.problem(file, where, names.get(column, wording.COLUMNS[column]), message)
                return
        self.questions[asked] = self.ids[case.id] = (file, where)
        self.cases.append(case)

    def problem(self, file: str, where: str, column: str | None, message: str, note: bool = False) -> None:
        self.problems.append(RowProblem(file, where, column, message, note))


def read_cases(path: Path) -> CaseFile:
    """The cases of a file; ``.csv``, ``.xlsx``, ``.xls``, ``.ods``, ``.jsonl``, ``.yaml`` or ``.yml``.

    Raises:
        FaqError: if the file cannot be read at all, or holds not one case.
    """
    return read_case_files([path])


def load_case_folder(folder: Path) -> CaseFile:
    """The cases of every file of a known kind in ``folder``, in the order of their names.

    Raises:
        FaqError: if a file cannot be read at all, or none holds a case.
    """
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in _READERS)
    if not paths:
        raise FaqError(wording.FILE_EMPTY.format(name=folder.name), code="faq_empty", detail=str(folder))
    return read_case_files(paths)


def read_case_files(paths: Iterable[Path]) -> CaseFile:
    """The cases of several files as one set.

    Raises:
        FaqError: if a file cannot be read at all, or none holds a case.
    """
    reading = _Reading()
    name = ""
    for path in paths:
        name = path.name
        _reader_of(path)(path, reading)
    if not reading.cases:
        # What is wrong with the rows is why there is none: the first is told, too.
        first = "".join(f"\n{problem}" for problem in reading.problems[:1])
        raise FaqError(wording.FILE_EMPTY.format(name=name) + first, code="faq_empty", detail=name)
    return CaseFile(CaseSet.of(reading.cases), tuple(reading.problems))


def _reader_of(path: Path) -> Callable[[Path, _Reading], None]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FaqError(wording.FILE_ENDING.format(name=path.name), code="faq_format", detail=str(path))
    return reader


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            message = wording.FILE_TOO_LARGE.format(name=path.name, most=_LARGEST // 1024**2)
            raise FaqError(message, code="faq_too_large", detail=str(path))
        return path.read_bytes()
    except OSError as error:
        told = wording.FILE_UNREADABLE if path.exists() else wording.FILE_MISSING
        message = told.format(name=path.name)
        raise FaqError(message, code="faq_unreadable", detail=f"{path}: {error.strerror}") from error


# -- tables ---------------------------------------------------------------------------------------------


def _read_csv(path: Path, reading: _Reading) -> None:
    _table(read_csv(_bytes(path), path.name), path, reading)


def _read_workbook(path: Path, reading: _Reading) -> None:
    _bytes(path)  # that it is there, may be read and is not too large
    _table(read_workbook(path, path.name), path, reading)


def _table(rows: Rows, path: Path, reading: _Reading) -> None:
    number, head = next(rows, (1, []))
    where = wording.ROW.format(number=number)
    columns: dict[int, str] = {}
    names: dict[str, str] = {}
    for at, cell in enumerate(head):
        column, known = str(cell).strip(), field_of(cell)
        if known is None:
            if column:
                reading.problem(path.name, where, column, wording.UNKNOWN_COLUMN, note=True)
        elif known in names:
            reading.problem(path.name, where, column, wording.COLUMN_TWICE, note=True)
        else:
            columns[at], names[known] = known, column
    if "question" not in names:
        told = wording.FILE_EMPTY if not head else wording.NO_QUESTION_COLUMN
        raise FaqError(told.format(name=path.name), code="faq_columns", detail=str(path))
    for row_number, row in rows:
        place = wording.ROW.format(number=row_number)
        for extra in row[len(head) :]:
            if extra != "":
                reading.problem(path.name, place, str(extra)[:20], wording.EXTRA_CELL, note=True)
        cells = {known: row[at] for at, known in columns.items() if at < len(row) and row[at] != ""}
        if cells:
            reading.add(path.name, place, cells, names)


# -- records --------------------------------------------------------------------------------------------


def _read_jsonl(path: Path, reading: _Reading) -> None:
    for number, line in enumerate(decoded(_bytes(path), path.name).split("\n"), 1):
        if line.strip():
            try:
                record: object = from_json(line)
            except ValueError:
                record = None
            _record(record, path.name, wording.ROW.format(number=number), reading)


def _read_yaml(path: Path, reading: _Reading) -> None:
    try:
        loaded: object = yaml.load(decoded(_bytes(path), path.name), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else wording.ROW.format(number=mark.line + 1)
        message = wording.FILE_YAML.format(name=path.name, where=where)
        raise FaqError(message, code="faq_broken", detail=f"{path}: {error}") from error
    for number, record in enumerate(loaded if isinstance(loaded, list) else [loaded], 1):
        _record(record, path.name, wording.RECORD.format(number=number), reading)


def _record(record: object, file: str, where: str, reading: _Reading) -> None:
    if not isinstance(record, dict) or not record:
        message = wording.LINE_NOT_RECORD.format(example=wording.LINE_EXAMPLE)
        reading.problem(file, where, None, message)
        return
    cells: dict[str, object] = {}
    names: dict[str, str] = {}
    for name, value in record.items():
        known = field_of(name)
        if known is None:
            reading.problem(file, where, str(name), wording.UNKNOWN_COLUMN, note=True)
        elif known in cells:
            reading.problem(file, where, str(name), wording.COLUMN_TWICE, note=True)
        else:
            cells[known], names[known] = value, str(name)
    reading.add(file, where, cells, names)


def _place(place: tuple[str, str], file: str) -> str:
    other, where = place
    return where if other == file else wording.IN_ANOTHER_FILE.format(name=other, where=where)


_READERS: Final[Mapping[str, Callable[[Path, _Reading], None]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".ods": _read_workbook,
    ".xls": _read_workbook,
    ".xlsx": _read_workbook,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
}


def rows_of(cases: Iterable[FaqCase]) -> Iterator[list[str]]:
    """Cases as the rows of a table that :func:`read_cases` reads back, the columns' names first."""
    yield list(wording.COLUMNS.values())
    for case in cases:
        yield [_cell(getattr(case, name)) for name in wording.COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "|".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else ""
    return "" if value is None else str(value)
