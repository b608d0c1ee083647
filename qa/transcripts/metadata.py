"""``transcript.yaml``: what is known of a briefing beside its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from qa.errors import TranscriptError
from qa.model import Basis, BriefingDate, Precision

__all__ = [
    "ExpiredWords",
    "Metadata",
    "Replacement",
    "SourceFile",
    "parse_metadata",
    "rendered_metadata",
    "with_expired",
]

_SHAPES = {
    Precision.YEAR: r"\d{4}",
    Precision.MONTH: r"\d{4}-(?:0[1-9]|1[0-2])",
    Precision.DAY: r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
}

# YAML makes a number of 2021 and a date of 2021-08-18, where no quotation marks stand.
_Plain = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, (int, date)) else v)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SourceFile(_Record):
    """The file beside ``transcript.yaml``: its plain name and the sha256 of its bytes (hexadecimal)."""

    name: _Words
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @field_validator("name")
    @classmethod
    def _stays_in_its_folder(cls, name: str) -> str:
        if re.search(r"[/\\\x00]", name) or name in {".", ".."}:
            raise ValueError("只写文件名，不写路径")
        return name


class _Date(_Record):
    value: _Plain | None = None
    precision: Precision | None = None
    basis: Basis = Basis.UNKNOWN
    source_words: _Words | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        known = self.basis is not Basis.UNKNOWN
        if known != (self.value is not None) or known != (self.precision is not None):
            raise ValueError("日期要同时写 value、precision 和 basis；不知道日期就都不写")
        if self.value and self.precision and not re.fullmatch(_SHAPES[self.precision], self.value):
            raise ValueError("日期要写成 2024、2024-03 或 2024-03-18，并与 precision 一致")
        if (self.basis is Basis.INFERRED) != (self.source_words is not None):
            raise ValueError("推断的日期要在 from 里写明依据的原文，其他日期不写 from")
        return self


class Replacement(_Record):
    """Words of a transcript of the same corpus that hold instead."""

    transcript: _Words
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start 应小于 end")
        return self


class ExpiredWords(_Record):
    """Words of the transcript that no longer hold; ``words`` are checked against the text.

    ``start`` and ``end`` count code points of the reading text; ``since`` is an ISO 8601 day.
    """

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    words: Annotated[str, StringConstraints(min_length=1)]
    reason: _Words
    since: Annotated[_Plain, StringConstraints(pattern=f"^{_SHAPES[Precision.DAY]}$")] | None = None
    replaced_by: Replacement | None = None
    replaced_text: _Words | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.words) != self.end - self.start:
            raise ValueError("words 应是 start 到 end 之间的原文")
        return self


class Metadata(_Record):
    """The contents of ``transcript.yaml``, checked."""

    title: _Words
    title_basis: Basis = Basis.STATED
    recorded_date: _Date = Field(default_factory=_Date, alias="date")
    publisher: _Words | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    source: SourceFile
    aliases: dict[_Words, _Words] = Field(default_factory=dict)
    expired: tuple[ExpiredWords, ...] = ()

    @property
    def date(self) -> BriefingDate:
        """The date, as the rest of the program knows dates."""
        known = self.recorded_date
        return BriefingDate(known.value, known.precision, known.basis, known.source_words)


def parse_metadata(data: bytes, name: str) -> Metadata:
    """Reads the bytes of a ``transcript.yaml``.

    Args:
        data: the file's bytes, YAML in UTF-8.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if it is not YAML, or a field is missing, unknown or wrong; the message
            names the file and the field.
    """
    try:
        record: Any = yaml.safe_load(data)
        return Metadata.model_validate(record)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TranscriptError(
            f"{name}：不是有效的 YAML 文件。请对照 corpus/README.md 检查缩进、冒号和编码（UTF-8）。",
            code="metadata_invalid",
            detail=f"{name}: {error}",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise TranscriptError(
            f"{name}：{_problem(field, first['type'], first['msg'])}。请对照 corpus/README.md 修改。",
            code="metadata_invalid",
            detail=f"{name}: {field}: {first['msg']}",
        ) from error


def rendered_metadata(metadata: Metadata) -> bytes:
    """The bytes of a ``transcript.yaml`` that :func:`parse_metadata` reads as ``metadata``."""
    record = metadata.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=100).encode()


def with_expired(data: bytes, expired: Iterable[ExpiredWords]) -> bytes:
    """The bytes of a ``transcript.yaml`` with other ``expired`` words; the rest stays, comments included."""
    kept, inside = [], False
    for line in data.decode("utf-8").splitlines(keepends=True):
        if line[:1] not in ("", " ", "-", "#", "\n", "\r"):
            inside = line.startswith("expired:")
        if not inside:
            kept.append(line if line.endswith("\n") else f"{line}\n")
    records = [words.model_dump(mode="json", exclude_defaults=True) for words in expired]
    if records:
        kept.append(yaml.safe_dump({"expired": records}, allow_unicode=True, sort_keys=False, width=100))
    return "".join(kept).encode()


def _problem(field: str, kind: str, message: str) -> str:
    """What is wrong with a field, in Chinese."""
    if not field:
        return "内容应是“名称: 值”的列表"
    if kind == "missing":
        return f"缺少 {field}"
    if kind == "extra_forbidden":
        return f"不认识 {field}"
    if kind == "value_error":
        return f"{field} 有误，{message.removeprefix('Value error, ')}"
    return f"{field} 的写法有误"
