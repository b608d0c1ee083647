"""Folding keeps offsets; sentences, clauses and phrases are the text cut, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.model import Span
from qa.text import clauses, fold, is_han, phrases, sentences, squash
from tests.parts import script, transcripts

Splitter = Callable[[str, Span | None], Iterator[Span]]
SPLITTERS: tuple[Splitter, ...] = (sentences, clauses, phrases)

PUNCTUATED = st.text(st.sampled_from("甲乙1a ，,。；;：:！?？”’)）\n\r\t　\u2028\x85\u00b7"), max_size=60)
ANY_TEXT = PUNCTUATED | st.text(max_size=60)


def _parts(split: Splitter, text: str, within: Span | None = None) -> list[str]:
    return [span.of(text) for span in split(text, within)]


# --- folding -----------------------------------------------------------------------------------------


@given(st.text())
@example("İSTANBUL Ａ㎡ﬁΣ")
def test_folding_keeps_every_offset(text: str) -> None:
    """Folded text is as long as the text, character by character, and folding it again changes nothing."""
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text())
@example("臺灣乾隆著作後面隻隻")
@example("\x00繁")
def test_simplifying_keeps_every_offset(text: str) -> None:
    """Folded and simplified text is as long as the text too."""
    assert len(script().fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＣＴ检查，１００％！", "ct检查,100%!"),
        ("二〇二一年\u3000六月\xa0底", "二零二一年 六月 底"),
        ("㎡①Ⅳ“引号”、《书名》。", "㎡①ⅳ“引号”、《书名》。"),
        ("İ", "İ"),
    ],
)
def test_what_folding_folds(text: str, folded: str) -> None:
    """Full width and capitals are folded; what has no single counterpart stays."""
    assert fold(text) == folded


# --- cutting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", SPLITTERS)
@given(text=ANY_TEXT)
@example(text="1,000元，8:30。3，5")
@example(text="……。。。”\n\n”")
def test_pieces_are_the_text_in_order(split: Splitter, text: str) -> None:
    """Pieces follow one another without overlap, and only white space is between them."""
    at = 0
    for span in split(text, None):
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize("split", SPLITTERS)
@given(data=st.data())
def test_pieces_of_a_part_are_those_of_the_part_alone(split: Splitter, data: st.DataObject) -> None:
    """Cutting within a span is cutting the words of that span."""
    text = data.draw(PUNCTUATED)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    alone = [span.shift(start) for span in split(text[start:end], None)]
    if split is phrases and text[max(0, start - 1) : start].isdigit():
        return  # whether a comma at the edge stands between two digits depends on what is before it
    assert list(split(text, Span(start, end))) == alone


WORDS_AND_MARKS = st.tuples(st.text("甲乙1", min_size=1, max_size=3), st.sampled_from("，。；：！\n"))


@given(st.lists(WORDS_AND_MARKS.map("".join)))
def test_each_cut_is_finer_than_the_one_before(pieces: list[str]) -> None:
    """Every clause lies in one sentence and every phrase in one clause."""
    text = "".join(pieces)
    for fine, coarse in ((clauses, sentences), (phrases, clauses)):
        whole = list(coarse(text))
        for piece in fine(text):
            assert sum(span.contains(piece) for span in whole) == 1


@pytest.mark.parametrize(
    ("split", "text", "pieces"),
    [
        (sentences, "甲。乙！丙", ["甲。", "乙！", "丙"]),
        (sentences, "“甲吗？”乙说。", ["“甲吗？”", "乙说。"]),
        (sentences, "甲；乙。\n丙", ["甲；乙。", "丙"]),
        (sentences, "甲？！……乙", ["甲？！", "……乙"]),
        (clauses, "满5年的，可缴；不满的；转入。", ["满5年的，可缴；", "不满的；", "转入。"]),
        (
            clauses,
            "（责任单位：市财政局） 四、稳岗。返还保费。",
            ["（责任单位：市财政局）", "四、稳岗。", "返还保费。"],
        ),
        (clauses, "使用要求   1、随车携带。记者 杨洋", ["使用要求", "1、随车携带。", "记者 杨洋"]),
        (clauses, "增长 3.5%  2. 其他", ["增长 3.5%", "2. 其他"]),
        (phrases, "共1,000元，8:30开始：甲", ["共1,000元，", "8:30开始：", "甲"]),
        (phrases, "", []),
        (sentences, " \n　", []),
    ],
)
def test_where_text_is_cut(split: Splitter, text: str, pieces: list[str]) -> None:
    """Closing marks go with the words they close; a comma between digits ends nothing."""
    assert _parts(split, text) == pieces


def test_the_briefings_are_cut_without_loss() -> None:
    """Joined, the pieces of both briefings are the briefings without white space at the seams."""
    for transcript in transcripts():
        for split in SPLITTERS:
            assert squash("".join(_parts(split, transcript.text))) == squash(transcript.text)


# --- characters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("char", "han"), [("养", True), ("㐀", True), ("豈", True), ("あ", False), ("a", False)]
)
def test_which_characters_are_ideographs(char: str, han: bool) -> None:
    """Ideographs are those of Chinese, not kana or letters."""
    assert is_han(char) is han


@given(st.text())
def test_squashed_text_has_no_white_space(text: str) -> None:
    """No white space is left, and nothing else is lost."""
    squashed = squash(text)
    assert not any(c.isspace() for c in squashed)
    assert squashed == "".join(c for c in text if not c.isspace())
