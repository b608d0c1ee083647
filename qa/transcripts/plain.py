"""``.txt`` and ``.md``: text in UTF-8, UTF-16, GB18030 (GBK) or Big5."""

from __future__ import annotations

from qa.transcripts.description import Description
from qa.transcripts.document import Document, check_length, read_document
from qa.transcripts.encodings import decoded
from qa.transcripts.lines import text_lines
from qa.transcripts.reading import Reading

__all__ = ["read_plain"]


def read_plain(data: bytes, name: str) -> Reading:
    """The reading of a text file; its unit is the code point of the file as decoded.

    Args:
        data: the file's bytes. A byte order mark is left out of the reading text, but counts as the
            first code point of the source.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if the encoding cannot be told, or there is nothing to read.
    """
    found = decoded(data, name)
    check_length(found.text, name)
    known = Description(encoding=found.encoding, size=len(found.text))
    return read_document(Document(found.text, text_lines(found.text), known), name)
