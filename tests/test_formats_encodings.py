"""Text files in every encoding that Chinese text comes in, told apart also where nothing says which."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import TranscriptError
from qa.transcripts.encodings import decoded
from qa.transcripts.formats import described, read_source
from tests.rendered import ARTICLE, FOUNDING, founding

TEXTS = tuple(founding(id) for id in FOUNDING)
TRADITIONAL = (
    "部長、次長，還有各位媒體朋友大家午安。以下代表數位部來進行簡報。有關這次修正的一些項目，背景的部分我們知道這是"
    "多年以來第一次修改。最主要還是因應一些數位生活型態的增加，不管是政府還是民間企業都推出很多數位的應用服務。"
)
MARKED = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "gb18030": "\ufeff".encode("gb18030"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", TEXTS, ids=FOUNDING)
def test_a_briefing_reads_the_same_in_every_encoding(text: str, encoding: str) -> None:
    """The words, paragraphs and ranges are those of the UTF-8 file."""
    expected = read_source(text.encode(), "a.txt")
    found = read_source(text.encode(encoding), "a.txt")
    assert (found.text, found.runs, found.blocks) == (expected.text, expected.runs, expected.blocks)


@pytest.mark.parametrize("encoding", MARKED)
def test_a_byte_order_mark_decides_and_is_counted(encoding: str) -> None:
    """With a mark, any text is read in that encoding; the mark is the first code point of the source."""
    reading = read_source(MARKED[encoding] + ARTICLE.encode(encoding), "a.txt")
    plain = read_source(ARTICLE.encode(), "a.txt")
    assert reading.text == plain.text
    assert reading.runs[0].source_start == plain.runs[0].source_start + 1
    assert reading.description.encoding == encoding


@given(
    text=st.sampled_from(TEXTS),
    at=st.floats(0, 1),
    encoding=st.sampled_from(["gb18030", "utf-16-le", "utf-16-be"]),
)
def test_forty_characters_are_enough_to_tell(text: str, at: float, encoding: str) -> None:
    """Any forty characters of a briefing are read as what they are."""
    start = int(at * (len(text) - 40))
    words = text[start : start + 40]
    assert decoded(words.encode(encoding), "a.txt").text == words


@given(start=st.integers(0, len(TRADITIONAL) - 20))
def test_twenty_traditional_characters_are_enough_to_tell_big5(start: int) -> None:
    """Big5 is not taken for GBK, whose bytes it shares."""
    words = TRADITIONAL[start : start + 20]
    assert decoded(words.encode("big5"), "a.txt").text == words
    assert decoded(words.encode("gb18030"), "a.txt").text == words


@given(data=st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """What is decoded is what the encoding makes of the bytes, all of them."""
    try:
        found = decoded(data, "a.txt")
    except TranscriptError:
        return
    assert found.text == data.decode(found.encoding)


def test_the_encoding_is_told() -> None:
    """A preview can say how the file was decoded."""
    assert described(ARTICLE.encode("gbk"), "a.txt").encoding == "gb18030"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "x-nonsense", "big5"])
def test_a_wrong_declaration_is_not_believed(declared: str) -> None:
    """What a page declares is tried beside the others, and the text decides."""
    assert decoded(ARTICLE.encode("gbk"), "a.html", declared).text == ARTICLE


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE.encode().decode("latin-1"),
        ARTICLE.encode().decode("gb18030", "replace"),
        TEXTS[0].encode().decode("gb18030", "ignore"),
        "锟斤拷锟斤拷烫烫烫" * 20,
    ],
)
def test_mojibake_does_not_pass(text: str) -> None:
    """Text that was wrongly decoded before it came, and saved so, is refused."""
    with pytest.raises(TranscriptError, match=r"乱码.*请"):
        read_source(text.encode(), "a.txt")


def test_a_damaged_byte_is_said_to_be_in_its_line() -> None:
    """One byte that does not fit is not passed over: the message says where it is."""
    data = ARTICLE.encode("gbk")
    at = data.index("上午九点".encode("gbk"))
    with pytest.raises(TranscriptError, match=r"第 5 行.*请") as caught:
        read_source(data[:at] + b"\xff" + data[at:], "a.txt")
    assert caught.value.code == "transcript_garbled"
