"""Files that are not what is needed: each refused with a code and with what to do, and in bounded time."""

from __future__ import annotations

import gzip
import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import TranscriptError
from qa.text import squash
from qa.transcripts import formats_wording as wording
from qa.transcripts.catalogue import read_transcript
from qa.transcripts.formats import FORMATS, MOST_BYTES, read_source
from tests.rendered import ARTICLE, docx_of, web_page_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LONGEST_SECONDS = 10.0


def _zip(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def _bomb() -> bytes:
    """A Word file of three hundred kilobytes that unpacks to three hundred megabytes."""
    return _zip({"[Content_Types].xml": b"<a/>", "word/document.xml": b" " * 300_000_000})


def _encrypted_zip() -> bytes:
    """A Word file packed with a password: every entry has the flag."""
    data = bytearray(_zip({"word/document.xml": b"<a/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def _pdf(*objects: str, trailer: str = "/Root 1 0 R") -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{words}\nendobj\n".encode("latin-1")
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} {trailer} >>\n"
    return body + f"{table}startxref\n{len(body)}\n%%EOF\n".encode()


_CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
_LOCK = f"<< /Filter /Standard /V 1 /R 2 /P -44 /O <{'41' * 32}> /U <{'42' * 32}> >>"


def _many_pages() -> bytes:
    pdf = pypdfium2.PdfDocument.new()
    for _ in range(700):
        pdf.new_page(595, 842)
    held = io.BytesIO()
    pdf.save(held)
    return held.getvalue()


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


_MOJIBAKE = ARTICLE.encode().decode("latin-1")
_OFD = _zip({"OFD.xml": b"<a/>"})
DOCX = docx_of(ARTICLE)
PAGE = web_page_of(ARTICLE).encode("gb18030")

BAD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "an empty text file": ("a.txt", lambda: b"", "transcript_empty", "重新上传有文字的"),
    "a text file of blank lines": ("a.txt", lambda: b"\r\n \n\t", "transcript_empty", "重新上传有文字的"),
    "an empty Word document": ("a.docx", lambda: docx_of(""), "transcript_empty", "重新上传有文字的"),
    "an empty Word file": ("a.docx", lambda: b"", "transcript_empty", "重新上传有文字的"),
    "a byte more than the limit": (
        "a.txt",
        lambda: b"a" * (MOST_BYTES + 1),
        "transcript_too_large",
        "去掉图片",
    ),
    "random bytes called txt": ("a.txt", lambda: os.urandom(5000), "transcript_encoding_unknown", "UTF-8"),
    "mojibake": (
        "a.txt",
        lambda: ARTICLE.encode().decode("latin-1").encode(),
        "transcript_garbled",
        "重新要",
    ),
    "GBK with a damaged byte": (
        "a.txt",
        lambda: ARTICLE.encode("gbk") + b"\xff\n",
        "transcript_garbled",
        "第 8 行",
    ),
    "a page without an article": (
        "a.html",
        lambda: b"<html><body><nav><a href='/'>home</a></nav></body></html>",
        "transcript_no_article",
        "网页，仅 HTML",
    ),
    "a zip called docx": ("a.docx", lambda: _zip({"a.txt": b"a"}), "transcript_another_kind", "解压"),
    "a workbook called docx": (
        "a.docx",
        lambda: _zip({"xl/workbook.xml": b"<a/>"}),
        "transcript_another_kind",
        "复制到 Word",
    ),
    "an OFD called docx": (
        "a.docx",
        lambda: _zip({"OFD.xml": b"<a/>"}),
        "transcript_another_kind",
        "导出为 PDF",
    ),
    "a docx cut short": ("a.docx", lambda: docx_of(ARTICLE)[:9000], "transcript_damaged", "修复"),
    "a docx without a document": (
        "a.docx",
        lambda: _zip({"word/other.xml": b"<a/>"}),
        "transcript_damaged",
        "修复",
    ),
    "a docx whose document is no XML": (
        "a.docx",
        lambda: _with_document(b"<w:document"),
        "transcript_damaged",
        "修复",
    ),
    "a zip bomb called docx": ("a.docx", _bomb, "transcript_too_large", "只保留文字"),
    "a docx with a password": (
        "a.docx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "transcript_password",
        "取消密码",
    ),
    "a docx packed with a password": ("a.docx", _encrypted_zip, "transcript_password", "取消密码"),
    "an old doc called docx": ("a.docx", lambda: OLE, "transcript_another_kind", "另存为 .docx"),
    "an RTF called docx": ("a.docx", lambda: b"{\\rtf1 a}", "transcript_another_kind", "另存为 .docx"),
    "text called docx": ("a.docx", lambda: ARTICLE.encode(), "transcript_another_kind", "改成 .txt"),
    "a docx called pdf": ("a.pdf", lambda: docx_of(ARTICLE), "transcript_another_kind", "改成 .docx"),
    "a page called txt": (
        "a.txt",
        lambda: web_page_of(ARTICLE).encode(),
        "transcript_another_kind",
        "改成 .html",
    ),
    "a PDF called txt": (
        "a.txt",
        lambda: _pdf(_CATALOG, _PAGES, _PAGE),
        "transcript_another_kind",
        "改成 .pdf",
    ),
    "a picture called txt": ("a.txt", _png, "transcript_another_kind", "OCR"),
    "a gzip called txt": ("a.txt", lambda: gzip.compress(b"a"), "transcript_another_kind", "解压"),
    "a web archive called html": (
        "a.html",
        lambda: b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n",
        "transcript_another_kind",
        "网页，仅 HTML",
    ),
    "a PDF with a password": (
        "a.pdf",
        lambda: _pdf(_CATALOG, _PAGES, _PAGE, _LOCK, trailer="/Root 1 0 R /Encrypt 4 0 R /ID [<41> <41>]"),
        "transcript_password",
        "没有密码",
    ),
    "a damaged PDF": ("a.pdf", lambda: b"%PDF-1.4\n" + bytes(2000), "transcript_damaged", "重新下载"),
    "a PDF without text": ("a.pdf", lambda: _pdf(_CATALOG, _PAGES, _PAGE), "transcript_scanned", "OCR"),
    "a PDF of seven hundred pages": ("a.pdf", _many_pages, "transcript_too_large", "拆开"),
    "an old Word file": ("a.doc", lambda: OLE, "transcript_format_unknown", "另存为 .docx"),
    "a WPS file": ("a.wps", lambda: OLE, "transcript_format_unknown", "另存为 .docx"),
    "an RTF file": ("a.rtf", lambda: b"{\\rtf1 a}", "transcript_format_unknown", "另存为 .docx"),
    "an OFD file": ("a.ofd", lambda: _OFD, "transcript_format_unknown", "导出为 PDF"),
    "a photo": ("a.jpg", lambda: b"\xff\xd8\xff\xe0", "transcript_format_unknown", "OCR"),
    "a zip": ("a.zip", lambda: _zip({"a.txt": b"a"}), "transcript_format_unknown", "解压"),
    "a recording": ("a.mp3", lambda: b"ID3", "transcript_format_unknown", ".txt、.md、.html"),
}
"""What it is: its name, its bytes, the code it gets, and words of what the message says to do."""


def _with_document(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx_of(ARTICLE))) as good:
        files = {name: good.read(name) for name in good.namelist()}
    return _zip(files | {"word/document.xml": data})


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_what_to_do(what: str) -> None:
    """Every message names the file, says what to do next, and comes soon."""
    name, data, code, advice = BAD[what]
    made = data()
    began = time.monotonic()
    with pytest.raises(TranscriptError) as caught:
        read_source(made, name)
    assert time.monotonic() - began < LONGEST_SECONDS
    assert caught.value.code == code
    assert caught.value.message.startswith(f"{name}：")
    assert "请" in caught.value.message
    assert advice in caught.value.message


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is looked at before it is opened, and the message says the limit."""
    folder = tmp_path / "jia-2022"
    folder.mkdir()
    (folder / "transcript.yaml").write_text(
        f"title: 甲县发布会\nsource: {{name: source.txt, sha256: '{'0' * 64}'}}\n", encoding="utf-8"
    )
    with (folder / "source.txt").open("wb") as file:
        file.truncate(200_000_000)
    read: list[str] = []
    whole = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    with pytest.raises(TranscriptError, match=r"200 MB，超过上限 50 MB。请") as caught:
        read_transcript(folder)
    assert caught.value.code == "transcript_too_large"
    assert read == ["transcript.yaml"]


def _outcome(data: bytes, name: str) -> str:
    """The words of a file, or what is said instead."""
    try:
        return squash(read_source(data, name).text)
    except TranscriptError as error:
        return f"refused: {error.message}" if "请" in error.message else ""


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400), ending=st.sampled_from(sorted(FORMATS)), head=st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, ending: str, head: bool) -> None:
    """Under each ending any bytes, with or without what such a file begins with, end in one of two ways."""
    begins = {".pdf": b"%PDF-1.7\n", ".docx": b"PK\x03\x04", ".html": b"<html><body>"}.get(ending, b"")
    assert _outcome(begins + data if head else data, f"a{ending}")


@settings(max_examples=60, deadline=None)
@given(
    good=st.sampled_from([(DOCX, "a.docx"), (PAGE, "a.html"), (ARTICLE.encode("gbk"), "a.txt")]),
    at=st.floats(0, 1, exclude_max=True),
    bytes_=st.binary(min_size=1, max_size=8),
)
def test_a_damaged_file_is_read_or_refused(good: tuple[bytes, str], at: float, bytes_: bytes) -> None:
    """Bytes written over anywhere in a good file end in one of the same two ways."""
    data, name = good
    start = int(at * len(data))
    assert _outcome(data[:start] + bytes_ + data[start + len(bytes_) :], name)


def test_every_refusal_says_what_to_do() -> None:
    """Every wording for people asks for a next step."""
    said = [getattr(wording, name) for name in wording.__all__]
    texts = [text for one in said for text in ([one] if isinstance(one, str) else one.values())]
    assert all("请" in text for text in texts if text != wording.ANOTHER_KIND)
    assert FORMATS.keys().isdisjoint(wording.ENDINGS)
