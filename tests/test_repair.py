"""Repairing questions: slips are mended, what is right is left alone, and every change is listed."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.model import Repair
from qa.text import fold, is_han, phrases, sentences
from tests.parts import lexicon, repairer, script, segmenter, transcripts

KINDS = {"traditional", "regional", "pinyin", "typo", "dialect", "number"}
FRAMES = ("请问{}怎么办", "我想了解{}的情况", "{}")
SAMPLE = 3000


def _typos(text: str) -> list[tuple[str, str]]:
    return [(r.before, r.after) for r in repairer().repair(text)[1] if r.kind == "typo"]


@cache
def _briefing_words() -> tuple[str, ...]:
    folded = (script().fold(transcript.text) for transcript in transcripts())
    found = {word.text for text in folded for word in segmenter().words(text)}
    return tuple(sorted(word for word in found if all(map(is_han, word))))


@cache
def _dictionary_words() -> tuple[str, ...]:
    """A sample, the same every time, of the words jieba's corpus has fifty times or more."""
    common = sorted(
        word
        for word, count in segmenter().known_words()
        if count >= 50 and 2 <= len(word) <= 6 and all(map(is_han, word))
    )
    return tuple(random.Random(7).sample(common, SAMPLE))


# --- what is right stays -----------------------------------------------------------------------------


@pytest.mark.parametrize("frame", FRAMES)
def test_no_word_of_the_briefings_is_a_slip(frame: str) -> None:
    """Asked about in a plain sentence, no word the officials use is mended."""
    changed = [typo for word in _briefing_words() for typo in _typos(frame.format(word))]
    assert not changed


def test_no_sentence_of_the_briefings_has_a_slip() -> None:
    """Nothing in the officials' own sentences is mended, whole or phrase by phrase."""
    for transcript in transcripts():
        for cut in (sentences, phrases):
            for span in cut(transcript.text):
                assert not _typos(span.of(transcript.text))


@pytest.mark.parametrize("frame", FRAMES)
def test_no_long_word_of_the_lexicon_is_a_slip(frame: str) -> None:
    """Asked about in a plain sentence, no word of three characters or more of the lexicon is mended."""
    words = sorted(w for w in lexicon().vocabulary() if 2 < len(w) <= 8 and all(map(is_han, w)))
    sample = random.Random(7).sample(words, SAMPLE)
    assert not [typo for word in sample for typo in _typos(frame.format(word))]


@pytest.mark.parametrize("frame", FRAMES)
def test_no_common_word_is_a_slip(frame: str) -> None:
    """Asked about in a plain sentence, no common dictionary word is mended."""
    changed = [typo for word in _dictionary_words() for typo in _typos(frame.format(word))]
    assert not changed


@pytest.mark.parametrize(
    "asked",
    [
        "薛千勇和蒋仕惠是谁",
        "龙滩子街道怎么走",
        "双桥经开区归大足管吗",
        "房树人是什么",
        "我在采石厂上班能参保吗",
        "联席会议多久开一次",
        "我想了解方军的情况",
        "孩子读幼儿园小班",
        "他们都已经到了",
        "加强真的要打吗",
        "免疫加强真的好吗",
        "办得规范哇",
        "够专业哇",
        "停车长时间收不收钱",
        "一次行不行",
        "足够哎",
    ],
)
def test_names_and_rarer_words_are_no_slips(asked: str) -> None:
    """People, places and words jieba hardly knows are right as they are."""
    assert not _typos(asked)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60) | st.text("养老保险电梯加强针的了吗？ ab1", max_size=60))
def test_as_typed_means_folded_alone(text: str) -> None:
    """With repairing off, the words are those typed, folded, and nothing is listed."""
    assert repairer().plain(text) == (script().fold(text), ())


# --- slips -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "typed", "right"),
    [
        ("我想申清创业担保贷款", "申清", "申请"),
        ("养老宝险怎么交", "宝", "保"),
        ("电剃什么时候装", "剃", "梯"),
        ("老旧小区改早", "早", "造"),
        ("社宝断了怎么办", "社宝", "社保"),
        ("医宝卡丢了", "宝", "保"),
        ("到了退体年龄", "体", "休"),
        ("养老保检", "检", "险"),
        ("加装电梯补帖", "补帖", "补贴"),
        ("疫苗接钟点在哪", "钟", "种"),
        ("创业担宝贷款", "宝", "保"),
        ("民证局在哪", "证", "政"),
        ("加强真什么时候打", "真", "针"),
        ("第三针加强真在哪打", "真", "针"),
    ],
)
def test_slips_of_sound_and_shape_are_mended(asked: str, typed: str, right: str) -> None:
    """Homophones and look-alikes are mended, and the change says what became of what."""
    text, repairs = repairer().repair(asked)
    assert text == fold(asked).replace(typed, right)
    (slip,) = [repair for repair in repairs if repair.kind == "typo"]
    assert typed in slip.before
    assert slip.after == slip.before.replace(typed, right)


# --- dialect, script, region, numerals ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("啷个办社保", "怎么办社保"),
        ("啥子时候打加强针", "什么时候打加强针"),
        ("好多钱一个月", "多少钱一个月"),
        ("咋个申请低保", "怎么申请低保"),
        ("我屋头老汉儿要退休了", "我家父亲要退休了"),
        ("娃儿读书有没得补贴", "孩子读书有没有补贴"),
        ("养老院好多个", "养老院多少个"),
    ],
)
def test_dialect_is_put_into_standard_chinese(asked: str, read: str) -> None:
    """Dialect words are replaced by the standard ones, the longest first, each listed."""
    text, repairs = repairer().repair(asked)
    assert text == read
    assert {repair.kind for repair in repairs} == {"dialect"}
    assert all(repair.before in asked for repair in repairs)


@pytest.mark.parametrize("asked", ["哈尔滨的医保", "噻嗪类药", "第二天要带什么", "什么子女可以办"])
def test_dialect_is_not_seen_inside_other_words(asked: str) -> None:
    """Characters of a dialect word that belong to other words are left alone."""
    text, _ = repairer().repair(asked)
    assert text.replace("次日", "第二天").replace("哪些", "什么") == asked


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("為什麼要打疫苗", "为什么要打疫苗"),
        ("老舊小區改造", "老旧小区改造"),
        ("請問養老保險怎麼繳費", "请问养老保险怎么缴费"),
    ],
)
def test_traditional_characters_are_simplified(asked: str, read: str) -> None:
    """Traditional characters are read as simplified ones, and it is said."""
    assert repairer().repair(asked) == (read, (Repair("traditional", asked, read),))


@pytest.mark.parametrize(
    ("asked", "here"),
    [
        ("計程車補貼", "出租车"),
        ("身分證丟了怎麼辦", "身份证"),
        ("幼稚園有幾間", "幼儿园"),
        ("軟體下載", "软件"),
    ],
)
def test_words_of_other_regions(asked: str, here: str) -> None:
    """In traditional text, words of Taiwan and Hong Kong become those used here."""
    text, repairs = repairer().repair(asked)
    assert here in text
    assert [repair.kind for repair in repairs][:2] == ["traditional", "regional"]


def test_words_of_other_regions_are_left_alone_in_simplified_text() -> None:
    """Simplified text is taken to mean what it means here."""
    assert repairer().repair("程序和计程车")[1] == ()


def test_numerals_become_digits_and_names_with_numerals_stay() -> None:
    """Amounts are brought to digits; what the briefings themselves write with a numeral is a name."""
    assert repairer().repair("年满十六周岁")[0] == "年满16周岁"
    assert repairer().repair("零九年参保，六个月") == (
        "09年参保,6个月",
        (Repair("number", "零九", "09"), Repair("number", "六", "6")),
    )
    for named in ("大足文明十五条是什么", "三个革命指的是什么", "第三针", "四色服务"):
        assert repairer().repair(named) == (named, ())


# --- always ------------------------------------------------------------------------------------------

FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *_briefing_words()[::9],
            *(entry.word for entry in lexicon().dialect[::7]),
            "申清",
            "yanglao",
            "計程車",
        ]
    ),
    max_size=8,
).map("".join)


@settings(deadline=None, max_examples=60)
@given(FRAGMENTS | st.text(max_size=80))
def test_every_change_is_listed(text: str) -> None:
    """The text changes exactly when a change is listed, and each has a known kind."""
    repaired, repairs = repairer().repair(text)
    assert (repaired == script().fold(text)) or repairs
    assert {repair.kind for repair in repairs} <= KINDS
    assert all(repair.before != repair.after for repair in repairs)


@settings(deadline=None, max_examples=40)
@given(FRAGMENTS)
def test_repairing_is_repeatable(text: str) -> None:
    """The same text is always repaired the same way."""
    assert repairer().repair(text) == repairer().repair(text)
