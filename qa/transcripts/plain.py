"""``.txt`` and ``.md``: UTF-8 text, with or without a byte order mark."""

from __future__ import annotations

from qa.errors import TranscriptError
from qa.transcripts.lines import paragraphs
from qa.transcripts.people import attributions
from qa.transcripts.reading import Reading, reading_of

__all__ = ["read_plain"]


def read_plain(data: bytes, name: str) -> Reading:
    """The reading of a text file.

    Args:
        data: the file's bytes. A byte order mark is left out of the reading text, but counts as the
            first code point of the source.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if the bytes are not UTF-8, or there is nothing to read.
    """
    source = _decoded(data, name)
    names = frozenset(found.speaker.name for found in attributions(source))
    reading = reading_of(source, paragraphs(source, names))
    if not reading.blocks:
        raise TranscriptError(
            f"{name}：文件是空的。请重新上传有文字的实录原文。",
            code="transcript_empty",
            detail=f"{name}: nothing to read",
        )
    return reading


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TranscriptError(
            f"{name}：文件不是 UTF-8 编码。请用记事本等软件另存为 UTF-8 后再上传。",
            code="transcript_not_utf8",
            detail=f"{name}: byte {error.start}: {error.reason}",
        ) from error
