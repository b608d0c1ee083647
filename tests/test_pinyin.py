"""Pinyin: reading words, splitting and decoding what is typed, sounds that are confused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT

from qa.language.pinyin import PinyinTable, fuzzy, joined, log_probabilities, split_syllables, toneless
from qa.text import is_han
from tests.parts import lexicon, repairer, segmenter

KNOWN = frozenset({"xi", "an", "xian", "fang", "fan", "gan", "gang", "e", "li", "lian", "nv", "er"})
COUNTS = [("养老", 30), ("样", 40), ("老", 30), ("保险", 9), ("宝", 7)]
SMALL = PinyinTable(lambda: dict(log_probabilities(COUNTS)))
WORDS = sorted(word for word in lexicon().vocabulary() if len(word) <= 8 and all(map(is_han, word)))


def _table() -> PinyinTable:
    return PinyinTable(lambda: dict(log_probabilities(segmenter().known_words())))


# --- syllables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("yǎng", "yang"), ("lǜ", "lv"), ("nü3", "nv"), ("YANG3", "yang"), ("ê", "e"), ("lüè", "lve"), ("", "")],
)
def test_tones_are_taken_off(typed: str, plain: str) -> None:
    """Marks, numbers and capitals go; ü is typed as v."""
    assert toneless(typed) == plain


@given(st.sampled_from(sorted(PINYIN_DICT)))
def test_every_reading_loses_its_tone(code: int) -> None:
    """Each reading of each character is letters alone, and taking the tone off twice is once."""
    for reading in PINYIN_DICT[code].split(","):
        plain = toneless(reading)
        assert plain.isascii()
        assert plain.isalpha()
        assert toneless(plain) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhi", "zi"),
        ("chang", "can"),
        ("shen", "sheng"),
        ("nan", "lan"),
        ("ning", "lin"),
        ("hua", "fa"),
    ],
)
def test_sounds_southern_speakers_confuse(one: str, other: str) -> None:
    """Syllables told apart by 平翘舌, 前后鼻音, 边鼻音 or hu and f alone are one sound."""
    assert fuzzy(one) == fuzzy(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ba", "pa"), ("hu", "fu"), ("er", "le"), ("xi", "si"), ("n", "l")]
)
def test_sounds_that_stay_apart(one: str, other: str) -> None:
    """Other syllables stay what they are."""
    assert fuzzy(one) != fuzzy(other)


@given(st.lists(st.sampled_from(sorted(KNOWN)), max_size=6))
def test_splitting_takes_the_fewest_syllables(syllables: list[str]) -> None:
    """Joined syllables are split into known ones that read the same, no more than were joined."""
    joined = "".join(syllables)
    split = split_syllables(joined, KNOWN)
    assert split is not None
    assert "".join(split) == joined
    assert set(split) <= KNOWN
    assert len(split) <= len(syllables)


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [("xian", ("xian",)), ("fangan", ("fan", "gan")), ("nver", ("nv", "er")), ("xib", None), ("", ())],
)
def test_splitting(letters: str, syllables: tuple[str, ...] | None) -> None:
    """Letters that are no pinyin cannot be split."""
    found = split_syllables(letters, KNOWN)
    assert found is None if syllables is None else found is not None and len(found) == len(syllables)


# --- decoding ----------------------------------------------------------------------------------------


def test_a_word_is_read_as_its_phrase() -> None:
    """A character with several readings is read as the word has it."""
    table = _table()
    assert table.word("银行") == ("yin", "hang")
    assert table.word("重庆") == ("chong", "qing")
    assert table.word("养老") == ("yang", "lao")
    assert table.word("a养") == ("a", "yang")


def test_many_words_are_read_as_each_is() -> None:
    """Read or heard together, words are what they are one by one, those with letters and digits included."""
    table, words = SMALL, [*WORDS, "银行", "卡拉ok", "3号线", "𠮷", "a养"]
    assert table.words(words) == [table.word(word) for word in words]
    assert table.heard(words) == [joined(table.word(word)) for word in words]
    assert table.words([]) == []
    assert table.heard([]) == []


def test_the_words_are_not_asked_for_before_something_is_decoded() -> None:
    """Opening an engine does not wait for a table that few questions need; white space is never typed."""
    asked = []

    def words() -> dict[str, float]:
        asked.append(True)
        return {"养老": -1.0, "养 老": -0.5}

    table = PinyinTable(words)
    assert table.word("养老") == ("yang", "lao")
    assert not asked
    assert table.decode(["yang", "lao"]) == "养老"
    assert table.decode(["yang"]) is None
    assert len(asked) == 1


def test_one_word_is_likelier_than_two() -> None:
    """The most probable words win, and one word wins over the same sounds as two."""
    assert SMALL.decode(["yang", "lao"]) == "养老"
    assert SMALL.decode(["lao", "yang"]) == "老样"
    assert SMALL.decode(["yang", "lao", "bao", "xian"]) == "养老保险"
    assert SMALL.decode(["bao"]) == "宝"
    assert SMALL.decode(["dian"]) is None
    assert SMALL.decode([]) == ""


@settings(deadline=None)  # the first builds the table of readings
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_what_is_decoded_reads_as_typed(words: list[str]) -> None:
    """Decoded words, read again, are the syllables that were typed."""
    table = repairer()._pinyin
    typed = [syllable for word in words for syllable in table.word(word)]
    decoded = table.decode(typed)
    assert decoded is not None
    assert len(decoded) == len(typed)


def test_initials_name_words() -> None:
    """The first letters of a word's syllables lead to it, all homonyms in order."""
    assert SMALL.by_initials(["养老保险", "医疗保险", "低保"]) == {
        "ylbx": ("养老保险", "医疗保险"),
        "db": ("低保",),
    }


def test_syllables_have_a_vowel() -> None:
    """What interjections are read as (ng, hm) is not typed as a syllable."""
    assert {"yang", "er", "a", "lv", "zhuang"} <= SMALL.syllables
    assert not {"ng", "hm", "m", "n"} & SMALL.syllables


# --- in a question -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("yanglao baoxian", "养老保险"),
        ("yanglaobaoxian", "养老保险"),
        ("YangLao", "养老"),
        ("yǎng lǎo bǎo xiǎn", "养老保险"),
        ("yang3 lao3 bao3 xian3", "养老保险"),
        ("yang'lao", "养老"),
        ("请问dianti怎么装", "请问电梯怎么装"),
        ("打jiaqiangzhen的条件", "打加强针的条件"),
        ("renminyiyuan", "人民医院"),
        ("jiankangma", "健康码"),
        ("cydbdk额度", "创业担保贷款额度"),
        ("lvshi", "律师"),
        ("shiwu nian", "15年"),
        ("shebao jiao le shiyi nian", "社保交了11年"),
        ("minzhengju juzhang shi shei", "民政局局长是谁"),
        ("mzj juzhang jiao shenme", "民政局局长叫什么"),
    ],
)
def test_pinyin_in_a_question(asked: str, read: str) -> None:
    """Whole or mixed, toned or not, run together or by initials, pinyin is read and said to be."""
    text, repairs = repairer().repair(asked)
    assert text == read
    assert repairs[0].kind == "pinyin"


@pytest.mark.parametrize(
    "asked",
    [
        "hello",
        "how are you",
        "wifi密码",
        "ct检查",
        "app在哪下载",
        "python",
        "vip",
        "ok",
        "x",
        "abcdefg",
        "k12教育",
    ],
)
def test_english_is_no_pinyin(asked: str) -> None:
    """English words and abbreviations are left alone."""
    text, repairs = repairer().repair(asked)
    assert text == asked
    assert not [repair for repair in repairs if repair.kind == "pinyin"]
