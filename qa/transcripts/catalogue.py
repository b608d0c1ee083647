"""A folder of transcripts: one folder each, with ``transcript.yaml`` and the source file it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from qa.errors import CorpusError, TranscriptError
from qa.model import Expired, Place, Source, Span, Transcript
from qa.transcripts.formats import read_source, source_bytes
from qa.transcripts.metadata import ExpiredWords, Metadata, parse_metadata
from qa.transcripts.presented import stated_offices
from qa.transcripts.reading import Reading
from qa.transcripts.turns import Conversation, conversation

__all__ = ["METADATA_NAME", "each_transcript", "load_corpus", "read_transcript", "transcript_of"]

METADATA_NAME = "transcript.yaml"


def load_corpus(folder: Path) -> tuple[Transcript, ...]:
    """Every transcript of a folder of transcripts, sorted by id; see :func:`each_transcript`."""
    return tuple(each_transcript(folder))


def each_transcript(folder: Path) -> Iterator[Transcript]:
    """The transcripts of a folder of transcripts, sorted by id, each read when its turn comes.

    Args:
        folder: holds one folder a transcript. Files, and folders whose names begin with a dot,
            are passed over.

    Raises:
        CorpusError: if the folder is missing or holds no transcript.
        TranscriptError: if a transcript cannot be read.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"找不到实录文件夹 {folder.name}。请检查路径。",
            code="corpus_missing",
            detail=f"not a folder: {folder}",
        )
    folders = sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))
    if not folders:
        raise CorpusError(
            f"文件夹 {folder.name} 里没有实录。请先添加一份实录。",
            code="corpus_empty",
            detail=f"no transcript in {folder}",
        )
    yield from map(read_transcript, folders)


def read_transcript(folder: Path) -> Transcript:
    """One transcript; its id is the folder's name.

    Raises:
        TranscriptError: if a file is missing or cannot be read, or the source's sha256 is not the
            one in ``transcript.yaml``. The message names the file.
    """
    metadata_name = f"{folder.name}/{METADATA_NAME}"
    metadata = parse_metadata(_bytes(folder / METADATA_NAME, metadata_name), metadata_name)
    name = f"{folder.name}/{metadata.source.name}"
    data = _bytes(folder / metadata.source.name, name)
    _check(data, metadata.source.sha256, name)
    return transcript_of(folder.name, metadata, read_source(data, name))


def transcript_of(
    id: str, metadata: Metadata, reading: Reading, apart: Conversation | None = None
) -> Transcript:
    """The transcript made of what is known of a briefing and of the reading of its source.

    Args:
        apart: the reading's headings and turns, where they are known already.

    Raises:
        TranscriptError: if the date was inferred from words that neither the text nor the title nor the
            name of the source file holds.
    """
    date = metadata.date
    known = (reading.text, metadata.title, metadata.source.name)
    if date.source_words is not None and not any(date.source_words in words for words in known):
        raise TranscriptError(
            f"{id}/{METADATA_NAME}：date.from 应是原文里的话，原文中找不到。"
            "请改成原文、标题或文件名里的字句。",
            code="metadata_invalid",
            detail=f"{id}: date.from is not in the text",
        )
    sections, turns = apart or conversation(reading)
    return Transcript(
        id=id,
        title=metadata.title,
        text=reading.text,
        turns=turns,
        source=Source(metadata.source.name, metadata.source.sha256, reading.unit, reading.runs),
        title_basis=metadata.title_basis,
        date=date,
        sections=sections,
        attributions=stated_offices(reading.text),
        publisher=metadata.publisher,
        url=metadata.url,
        aliases=metadata.aliases,
        expired=tuple(_expired(id, words, reading.text) for words in metadata.expired),
    )


def _expired(id: str, marked: ExpiredWords, text: str) -> Expired:
    """The words marked, where they stand now: a better reading of the source may have moved them."""
    span = Span(marked.start, marked.end)
    if span.of(text) != marked.words:
        if text.count(marked.words) != 1:
            raise TranscriptError(
                f"{id}/{METADATA_NAME}：标为已失效的原文“{marked.words[:20]}”对不上。"
                f"请先去掉这条标记再重新标：minsheng corpus unexpire {id}",
                code="metadata_invalid",
                detail=f"{id}: expired words [{marked.start}, {marked.end}) are not in the text",
            )
        at = text.index(marked.words)
        span = Span(at, at + len(marked.words))
    by = marked.replaced_by
    return Expired(
        span,
        marked.reason,
        marked.since,
        None if by is None else Place(by.transcript, Span(by.start, by.end)),
        marked.replaced_text,
    )


def _bytes(path: Path, name: str) -> bytes:
    try:
        return source_bytes(path, name)
    except FileNotFoundError as error:
        raise TranscriptError(
            f"缺少文件 {name}。请补上这个文件，或删除它所在的文件夹。",
            code="transcript_missing",
            detail=f"missing: {path}",
        ) from error
    except OSError as error:
        raise TranscriptError(
            f"打不开文件 {name}。请检查它的读取权限。",
            code="transcript_unreadable",
            detail=f"{path}: {error.strerror}",
        ) from error


def _check(data: bytes, expected: str, name: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise TranscriptError(
            f"{name}：内容与登记的校验值不一致，文件可能被改动过。"
            f"请恢复原文件，或核对后更新 {METADATA_NAME} 里的 sha256。",
            code="transcript_changed",
            detail=f"{name}: sha256 {found}, expected {expected}",
        )
