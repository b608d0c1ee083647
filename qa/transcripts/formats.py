"""Which file name ending is read by which module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType

from qa.errors import TranscriptError
from qa.transcripts.description import Description
from qa.transcripts.plain import read_plain
from qa.transcripts.reading import Reading

__all__ = ["FORMATS", "Reader", "described", "read_source"]

Reader = Callable[[bytes, str], Reading]
"""Takes a file's bytes and the name messages use for it; raises TranscriptError."""

FORMATS: Mapping[str, Reader] = MappingProxyType({".txt": read_plain, ".md": read_plain})


def read_source(data: bytes, name: str) -> Reading:
    """The reading of a file, by the reader its name's ending asks for.

    Raises:
        TranscriptError: if there is no such reader, or the reader cannot read it.
    """
    reader = FORMATS.get(PurePath(name).suffix.lower())
    if reader is None:
        endings = "、".join(sorted(FORMATS))
        raise TranscriptError(
            f"{name}：不支持这种文件格式。请转成以下格式之一：{endings}。",
            code="transcript_format_unknown",
            detail=f"{name}: no reader for this ending",
        )
    return reader(data, name)


def described(data: bytes, name: str) -> Description:
    """What a file says of itself, and what of it is not read: for a preview before it is added.

    Raises:
        TranscriptError: as :func:`read_source`.
    """
    return read_source(data, name).description
