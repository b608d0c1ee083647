"""Many documents in one ``.jsonl``, their texts taken as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from qa.errors import CorpusError
from qa.model import (
    Basis,
    BriefingDate,
    Precision,
    Source,
    SourceRun,
    SourceUnit,
    Span,
    Speech,
    Transcript,
    Turn,
    TurnKind,
)

__all__ = ["read_jsonl", "read_part"]

_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_DATE = r"^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    id: Annotated[str, StringConstraints(min_length=1)]
    title: str
    text: str
    date: Annotated[str, StringConstraints(pattern=_DATE)] | None = None


def read_jsonl(path: Path) -> Iterator[Transcript]:
    """The documents of a ``.jsonl``, in order: a line ``{"id", "title", "text"[, "date"]}`` each.

    A document's text is its reading text, and one statement by nobody named. Its source is that
    text: the sha256 is of the text in UTF-8. The date (``2024``, ``2024-03`` or ``2024-03-18``) is
    unknown unless given. Other keys are passed over, and so are blank lines.

    Raises:
        CorpusError: if the file cannot be read, a line is not such a document, or an id comes
            twice; the message names the file and the line.
    """
    seen: set[str] = set()
    for number, line in _lines(path):
        record = _document(line, path.name, number)
        if record.id in seen:
            raise CorpusError(
                f"{path.name} 第 {number} 行：id “{record.id}” 与前面的重复。请改用不同的 id。",
                code="corpus_line_invalid",
                detail=f"{path.name}:{number}: duplicate id",
            )
        seen.add(record.id)
        yield _transcript(record, path.name)


def read_part(path: Path, start: int, end: int, line: int) -> Iterator[Transcript]:
    """The documents of the bytes ``[start, end)`` of a ``.jsonl``, which begin with line ``line``.

    As :func:`read_jsonl`, but that an id comes twice is not seen.
    """
    for number, content in _lines(path, start, end, line):
        yield _transcript(_document(content, path.name, number), path.name)


def _lines(path: Path, start: int = 0, end: int | None = None, first: int = 1) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            file.seek(start)
            for number, line in enumerate(file, start=first):
                content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if content.strip():
                    yield number, content
                start += len(line)
                if end is not None and start >= end:
                    return
    except OSError as error:
        raise CorpusError(
            f"打不开文件 {path.name}。请检查路径和读取权限。",
            code="corpus_missing",
            detail=f"{path}: {error.strerror}",
        ) from error


def _document(line: bytes, name: str, number: int) -> _Document:
    try:
        return _Document.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "JSON"
        raise CorpusError(
            f"{name} 第 {number} 行：{field} 有误。每行应是一个 JSON 对象，含 id、title、text，可以有 date。",
            code="corpus_line_invalid",
            detail=f"{name}:{number}: {field}: {first['msg']}",
        ) from error


def _transcript(record: _Document, name: str) -> Transcript:
    text = record.text
    whole = Span(0, len(text))
    turns = (Turn(whole, TurnKind.STATEMENT, Speech.DIRECT),) if text.strip() else ()
    runs = (SourceRun(0, len(text), 0),) if text else ()
    return Transcript(
        id=record.id,
        title=record.title,
        text=text,
        turns=turns,
        source=Source(name, hashlib.sha256(text.encode("utf-8")).hexdigest(), SourceUnit.CODEPOINT, runs),
        date=_date(record.date),
    )


def _date(value: str | None) -> BriefingDate:
    if value is None:
        return BriefingDate()
    return BriefingDate(value, _PRECISIONS[len(value)], Basis.STATED)
