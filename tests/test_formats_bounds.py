"""What a hostile file may cost: time and memory are bounded, whatever it asks for."""

from __future__ import annotations

import time
import zlib

import pytest

from qa.errors import TranscriptError
from qa.transcripts import pdf_apart
from qa.transcripts.document import MOST_CHARACTERS
from qa.transcripts.formats import read_source

LONGEST_SECONDS = 60.0


def _drawing(content: bytes) -> bytes:
    """A PDF of one page that draws ``content``, packed."""
    packed = zlib.compress(content, 9)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, words) for at, words in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n"


def _refused(data: bytes, name: str) -> str:
    began = time.monotonic()
    with pytest.raises(TranscriptError, match="请") as caught:
        read_source(data, name)
    assert time.monotonic() - began < LONGEST_SECONDS
    return caught.value.code


def test_a_small_pdf_that_asks_for_gigabytes_is_refused() -> None:
    """A hundred kilobytes that draw fifteen million characters end PDFium's process, not ours."""
    data = _drawing(b"BT /F 12 Tf " + b"(hello) Tj " * 3_000_000 + b"ET")
    assert len(data) < 150_000
    assert _refused(data, "a.pdf") in {"transcript_damaged", "transcript_too_large"}


def test_a_page_of_too_many_characters_is_refused() -> None:
    """A page holds what fits on paper."""
    assert _refused(_drawing(b"BT /F 12 Tf " + b"(hello) Tj " * 9_000 + b"ET"), "a.pdf") == (
        "transcript_too_large"
    )


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """When time is up PDFium's process is ended, and the message says what to do."""
    monkeypatch.setattr(pdf_apart, "MOST_SECONDS", 0.01)
    assert _refused(_drawing(b"BT /F 12 Tf (hello) Tj ET"), "a.pdf") == "transcript_too_large"


@pytest.mark.parametrize("unit", ["大厅九点开门", "，", "（", "“", "局长", "民政局局长王小明", "a\n", "。"])
def test_a_long_text_is_read_in_bounded_time(unit: str) -> None:
    """Text of one repeated piece, twice as long as the longest briefing, is read soon."""
    data = (unit * (MOST_CHARACTERS // 5 // len(unit))).encode()
    began = time.monotonic()
    assert read_source(data, "a.txt").blocks
    assert time.monotonic() - began < LONGEST_SECONDS


def test_longer_text_is_refused() -> None:
    """One code point more is too long, with what to do."""
    assert _refused(("大" * (MOST_CHARACTERS + 1)).encode(), "a.txt") == "transcript_too_large"
