"""Zip archives from strangers: opened only where unpacking them is harmless."""

from __future__ import annotations

import io
import zipfile

from qa.errors import TranscriptError
from qa.transcripts import formats_wording as wording

__all__ = ["MOST_ENTRIES", "MOST_UNPACKED", "MOST_XML", "checked_zip", "names_in"]

MOST_UNPACKED = 200_000_000
"""Bytes an archive may hold unpacked. A Word file with many photos has a few ten million."""
MOST_XML = 20_000_000
"""Bytes of it that may be XML, which takes many times as much room once parsed."""
MOST_ENTRIES = 10_000


def names_in(data: bytes) -> frozenset[str] | None:
    """The names of the files in an archive, or None if it is no archive that can be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None


def checked_zip(data: bytes, name: str) -> None:
    """Passes for an archive that is whole, not encrypted, and not larger unpacked than is reasonable.

    The sizes are those the archive declares; more than that is never unpacked.

    Raises:
        TranscriptError: for any other.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise TranscriptError(
            wording.DOCX_DAMAGED.format(name=name), code="transcript_damaged", detail=f"{name}: {error}"
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    if unpacked > MOST_UNPACKED or xml > MOST_XML or len(entries) > MOST_ENTRIES:
        raise TranscriptError(
            wording.DOCX_TOO_LARGE.format(name=name),
            code="transcript_too_large",
            detail=f"{name}: {len(entries)} entries, {unpacked} bytes unpacked",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise TranscriptError(
            wording.DOCX_PASSWORD.format(name=name),
            code="transcript_password",
            detail=f"{name}: encrypted entries",
        )
