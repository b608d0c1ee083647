"""What a file is, by its first bytes and not by its name."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.transcripts.zips import names_in

__all__ = ["Kind", "kind_of"]


class Kind(StrEnum):
    """A kind of file. What is none of the others may be text."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    LOCKED_OFFICE = "locked_office"
    OLD_OFFICE = "old_office"
    OTHER_OFFICE = "other_office"
    RTF = "rtf"
    OFD = "ofd"
    MHTML = "mhtml"
    PICTURE = "picture"
    ARCHIVE = "archive"


_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x05\x06", b"PK\x07\x08")
_HTML = re.compile(
    rb"(?i)\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL
)
_MHTML = re.compile(rb"(?i)(?:[\w-]+:[^\n]*\n){0,12}?content-type:\s*multipart/related")
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"avif")


def kind_of(data: bytes) -> Kind:
    """The kind of a file. Of an archive only the names in it are read."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(names_in(data))
    if head.startswith(_OLE):
        return Kind.LOCKED_OFFICE if _ENCRYPTED in data else Kind.OLD_OFFICE
    if head.startswith(b"{\\rtf"):
        return Kind.RTF
    if _is_picture(head):
        return Kind.PICTURE
    if head.startswith(_ARCHIVES):
        return Kind.ARCHIVE
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")  # UTF-16 and marks of byte order
    if _MHTML.match(text):
        return Kind.MHTML
    return Kind.HTML if _HTML.match(text) else Kind.TEXT


def _is_picture(head: bytes) -> bool:
    if head.startswith(b"BM"):  # text may begin so; a bitmap has its reserved bytes at zero
        return head[6:10] == b"\x00\x00\x00\x00"
    webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return webp or head.startswith(_PICTURES) or (head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS)


def _zipped(names: frozenset[str] | None) -> Kind:
    if names is None or any(name.startswith("word/") for name in names):
        return Kind.DOCX  # one that cannot be opened is damaged, as its reader says
    if any(name.startswith(("xl/", "ppt/")) for name in names) or "mimetype" in names:
        return Kind.OTHER_OFFICE
    return Kind.OFD if "OFD.xml" in names else Kind.ARCHIVE
