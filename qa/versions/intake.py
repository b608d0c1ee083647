"""A file that is to be added: what was understood of it, before anything is stored."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pypinyin import lazy_pinyin

from qa.errors import TranscriptError, VersionError
from qa.model import Basis, BriefingDate, Precision, Speaker, Transcript, TurnKind
from qa.text import is_han
from qa.transcripts.catalogue import METADATA_NAME, transcript_of
from qa.transcripts.dates import found_date
from qa.transcripts.description import Description
from qa.transcripts.formats import read_source, source_bytes
from qa.transcripts.metadata import Metadata, SourceFile
from qa.transcripts.titles import found_title
from qa.transcripts.turns import conversation
from qa.versions.doubts import Doubt, DoubtKind, doubts_of, known_speakers

__all__ = ["Given", "Proposal", "corrected", "proposal", "questions_of", "speakers_of"]

_ID: Final = re.compile(r"[\w-][\w.-]{0,79}")
_DAY: Final = re.compile(r"\d{2,4}年|\d{1,2}[月日号]")
_ID_LETTERS: Final = 28
_NAME_BYTES: Final = 120
_FIELDS: Final = {"title": "标题", "date": "日期", "url": "网址", "publisher": "发布单位"}
_PRECISIONS: Final = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever adds a file says of it; None: as the file says."""

    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    publisher: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A transcript as it would be added: the file's bytes, and what it says of itself."""

    path: Path
    data: bytes
    metadata: Metadata
    transcript: Transcript
    described: Description
    doubts: tuple[Doubt, ...]

    @property
    def id(self) -> str:
        """The id it would have."""
        return self.transcript.id


def speakers_of(transcript: Transcript) -> tuple[tuple[Speaker, int], ...]:
    """Who speaks in a transcript, with how many turns, in the order of their first."""
    return tuple(Counter(turn.speaker for turn in transcript.turns if turn.speaker is not None).items())


def questions_of(transcript: Transcript) -> tuple[str, ...]:
    """The questions asked in a transcript, in order."""
    asked = (turn for turn in transcript.turns if turn.kind is TurnKind.QUESTION)
    return tuple(turn.span.of(transcript.text).strip() for turn in asked)


def proposal(path: Path, given: Given, others: Mapping[str, Transcript], taken: Collection[str]) -> Proposal:
    """Reads a file as the transcript it would become.

    Args:
        others: the transcripts already there, by id; one with the id ``given`` is to be replaced.
        taken: ids that a made-up id must not be.

    Raises:
        TranscriptError: if the file cannot be read.
        VersionError: if what was given cannot be.
    """
    data = _bytes(path)
    reading = read_source(data, path.name)
    described = reading.description
    stated = (given.title or described.title or "").strip()
    name = _source_name(path)
    apart = conversation(reading)
    title, basis = (stated, Basis.STATED) if stated else found_title(reading, name, apart[0])
    published = None if described.published is None else described.published.value
    held = _date(given.date) if given.date else found_date(reading.text, title, name, published=published)
    id = _id(given.id, held, title, taken)
    source = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest())
    known = {"publisher": given.publisher or described.publisher, "url": given.url or described.url}
    metadata = _metadata(
        path.name, {"title": title, "title_basis": basis, "date": _dated(held), "source": source, **known}
    )
    transcript = transcript_of(id, metadata, reading, apart)
    beside = {other_id: other for other_id, other in others.items() if other_id != id}
    doubts = doubts_of(transcript, beside, known_speakers(beside.values()))
    if published is not None and held.value == published and not given.date:
        doubts = (Doubt(DoubtKind.PUBLISHED, published), *doubts)
    return Proposal(path, data, metadata, transcript, described, doubts)


def corrected(metadata: Metadata, given: Given, taken: Collection[str]) -> tuple[str, Metadata]:
    """The id and the metadata of a file after a person has put right what was understood of it.

    What ``given`` says replaces what was understood, and what it leaves out is not known; a title or a date
    that is the same keeps its basis. ``taken`` are ids that a made-up id must not be.

    Raises:
        VersionError: if what was given cannot be.
    """
    title = (given.title or "").strip()
    same = given.date == metadata.date.value
    held = metadata.date if same else _date(given.date) if given.date else BriefingDate()
    fields = {
        "title": title,
        "title_basis": metadata.title_basis if title == metadata.title else Basis.STATED,
        "date": _dated(held),
        "publisher": given.publisher,
        "url": given.url,
        "source": metadata.source,
    }
    return _id(given.id, held, title, taken), _metadata(metadata.source.name, fields)


def _metadata(file: str, fields: Mapping[str, object]) -> Metadata:
    try:
        return Metadata.model_validate(fields)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise VersionError(
            f"{file}：{_FIELDS.get(field, field)}的写法不对。"
            "日期写成 2024-03-18，网址以 http:// 或 https:// 开头，标题不能为空。",
            code="transcript_given_invalid",
            detail=f"{file}: {field}",
        ) from error


def _bytes(path: Path) -> bytes:
    try:
        return source_bytes(path, path.name)
    except OSError as error:
        raise TranscriptError(
            f"打不开文件 {path.name}。请检查路径和读取权限。",
            code="transcript_unreadable",
            detail=f"{path}: {error.strerror}",
        ) from error


def _date(given: str) -> BriefingDate:
    try:
        date.fromisoformat(given + "-01-01"[len(given) - 4 :])  # a month or a year needs a day to be one
        return BriefingDate(given, _PRECISIONS[len(given)], Basis.STATED)
    except (ValueError, LookupError) as error:
        raise _bad_date(given) from error


def _bad_date(given: str) -> VersionError:
    return VersionError(
        f"日期“{given}”的写法不对。请写成 2024、2024-03 或 2024-03-18。",
        code="transcript_given_invalid",
        detail="date",
    )


def _dated(held: BriefingDate) -> dict[str, object]:
    known = {"value": held.value, "precision": held.precision, "basis": held.basis, "from": held.source_words}
    return {name: value for name, value in known.items() if value is not None}


def _id(given: str | None, held: BriefingDate, title: str, taken: Collection[str]) -> str:
    if given is not None:
        if not _ID.fullmatch(given):
            raise VersionError(
                f"编号“{given}”不能用。请用字母、数字、汉字和 - _ .，最多 80 个字，不以点开头。",
                code="transcript_given_invalid",
                detail="id",
            )
        return given
    syllables = lazy_pinyin("".join(c for c in _DAY.sub("", title) if is_han(c)))
    while syllables and len("".join(syllables)) > _ID_LETTERS:
        syllables.pop()
    name = "-".join(filter(None, (held.value, "".join(syllables)))) or "transcript"
    made, number = name, 2
    while made in taken:
        made, number = f"{name}-{number}", number + 1
    return made


def _source_name(path: Path) -> str:
    """The file's own name where it can be kept; a date may have been inferred from it."""
    usable = len(path.name.encode()) <= _NAME_BYTES and path.name.isprintable()
    plain = usable and not path.name.startswith(".") and path.name != METADATA_NAME
    return path.name if plain else f"source{path.suffix.lower()}"
