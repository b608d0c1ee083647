"""Which file name ending is read by which module, and what is refused before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType

from qa.errors import TranscriptError
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description
from qa.transcripts.plain import read_plain
from qa.transcripts.reading import Reading
from qa.transcripts.sniff import Kind, kind_of

__all__ = ["FORMATS", "MOST_BYTES", "Reader", "check_size", "described", "read_source", "source_bytes"]

MOST_BYTES = 50_000_000
"""The largest file that is read. A transcript with photos has a few million bytes."""

Reader = Callable[[bytes, str], Reading]
"""Takes a file's bytes, which are some, and the name messages use for it; raises TranscriptError."""


# Each brings a library that takes a noticeable part of every start, so it is loaded when it is needed.


def _read_html(data: bytes, name: str) -> Reading:
    from qa.transcripts.html import read_html

    return read_html(data, name)


def _read_word(data: bytes, name: str) -> Reading:
    from qa.transcripts.word import read_word

    return read_word(data, name)


def _read_pdf(data: bytes, name: str) -> Reading:
    from qa.transcripts.pdf import read_pdf

    return read_pdf(data, name)


FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_plain,
        ".md": read_plain,
        ".html": _read_html,
        ".htm": _read_html,
        ".shtml": _read_html,
        ".docx": _read_word,
        ".pdf": _read_pdf,
    }
)

_KINDS: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        ".txt": frozenset({Kind.TEXT}),
        ".md": frozenset({Kind.TEXT}),
        ".html": frozenset({Kind.HTML, Kind.TEXT}),
        ".htm": frozenset({Kind.HTML, Kind.TEXT}),
        ".shtml": frozenset({Kind.HTML, Kind.TEXT}),
        ".docx": frozenset({Kind.DOCX}),
        ".pdf": frozenset({Kind.PDF}),
    }
)


def read_source(data: bytes, name: str) -> Reading:
    """The reading of a file, by the reader its name's ending asks for.

    Raises:
        TranscriptError: if there is no such reader, the file is larger than ``MOST_BYTES``, is empty or is
            of another kind than its ending says, or the reader cannot read it. The message says what to do.
    """
    ending = PurePath(name).suffix.lower()
    reader = FORMATS.get(ending)
    if reader is None:
        raise _unknown(ending, name)
    check_size(len(data), name)
    if not data.strip():
        message = wording.EMPTY.format(name=name)
        raise TranscriptError(message, code="transcript_empty", detail=f"{name}: blank")
    kind = kind_of(data)
    if kind not in _KINDS[ending]:
        raise _another(kind, ending, name)
    return reader(data, name)


def described(data: bytes, name: str) -> Description:
    """What a file says of itself, and what of it is not read: for a preview before it is added.

    Raises:
        TranscriptError: as :func:`read_source`.
    """
    return read_source(data, name).description


def source_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file that is not larger than what is read; a larger one is not opened.

    Args:
        name: the file, as messages name it.

    Raises:
        TranscriptError: if it is larger.
        OSError: if it cannot be opened.
    """
    check_size(path.stat().st_size, name)
    return path.read_bytes()


def check_size(size: int, name: str) -> None:
    """Passes for a file of up to ``MOST_BYTES`` bytes.

    Raises:
        TranscriptError: for a larger one.
    """
    if size > MOST_BYTES:
        raise TranscriptError(
            wording.TOO_LARGE.format(name=name, size=round(size / 1e6), most=MOST_BYTES // 1_000_000),
            code="transcript_too_large",
            detail=f"{name}: {size} bytes",
        )


def _unknown(ending: str, name: str) -> TranscriptError:
    advice = wording.ENDINGS.get(ending)
    message = advice or wording.ENDING_UNKNOWN.format(endings="、".join(FORMATS))
    return TranscriptError(
        f"{name}：{message}", code="transcript_format_unknown", detail=f"{name}: no reader for this ending"
    )


def _another(kind: Kind, ending: str, name: str) -> TranscriptError:
    """Of another kind than the name says: what it seems to be, and what to do with that."""
    if kind is Kind.LOCKED_OFFICE:
        return TranscriptError(
            wording.DOCX_PASSWORD.format(name=name), code="transcript_password", detail=f"{name}: encrypted"
        )
    return TranscriptError(
        wording.ANOTHER_KIND.format(name=name, ending=ending, kind=wording.KINDS[kind]),
        code="transcript_another_kind",
        detail=f"{name}: looks like {kind}",
    )
