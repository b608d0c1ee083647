"""Segmentation: the dictionary is jieba's own to the last count, read faster and from no cache."""

from __future__ import annotations

import logging
import marshal
import tempfile
from functools import cache
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language import segment
from qa.language.segment import Segmenter
from tests.parts import lexicon, segmenter, transcripts

ODD = ["A股", "3d打印", "养老-保险", "卡拉ok", "㐀㐁", "办事 大厅", "qq", "·中点"]


@cache
def _of_jieba() -> jieba.Tokenizer:
    """What jieba makes itself of its dictionary."""
    made = jieba.Tokenizer()
    jieba.setLogLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as private:
        made.tmp_dir = private
        made.initialize()
    return made


def _copy(made: jieba.Tokenizer) -> jieba.Tokenizer:
    other = jieba.Tokenizer()
    other.FREQ, other.total, other.initialized = dict(made.FREQ), made.total, True
    return other


def _counted(tokenizer: jieba.Tokenizer) -> dict[str, int]:
    """Words and their counts, without what words only begin with."""
    return {word: count for word, count in tokenizer.FREQ.items() if count}


def _widths_of(tokenizer: jieba.Tokenizer) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for word in _counted(tokenizer):
        found.setdefault(word[0], set()).add(len(word))
    return found


def test_the_dictionary_is_the_one_jieba_reads() -> None:
    """Every word, every count and the total; how long words are is as they say."""
    own, theirs = segment._Tokenizer(), _of_jieba()
    assert _counted(theirs) == own.FREQ
    assert own.total == theirs.total
    assert {char: set(widths) for char, widths in own.widths.items()} == _widths_of(theirs)
    assert all(list(widths) == sorted(widths) for widths in own.widths.values())


def test_added_words_count_what_jieba_gives_them() -> None:
    """After the whole lexicon and words with letters in them, all counts and the total are the same."""
    own, theirs = segment._Tokenizer(), _copy(_of_jieba())
    for word in (*ODD, *sorted(lexicon().vocabulary()), *ODD):
        own.add(word)
        theirs.add_word(word)
    assert _counted(own) == _counted(theirs)
    assert own.total == theirs.total
    assert _widths_of(theirs).items() <= {char: set(widths) for char, widths in own.widths.items()}.items()


@cache
def _own() -> segment._Tokenizer:
    return segment._Tokenizer()


@given(st.text("养老保险大厅办的一了乜齉工作人员", min_size=1, max_size=12))
@settings(deadline=None)
def test_any_ideographs_count_what_jieba_suggests(word: str) -> None:
    """Words, words beside each other, and characters that are none."""
    assert max(_own().count_apart(word), _own().FREQ.get(word, 1)) == _of_jieba().suggest_freq(word)


@given(
    st.text("养老保险大厅办的一了乜齉工作人员中华民共和国a3.% ，\r\n㐀豈", max_size=40) | st.text(max_size=20)
)
@settings(deadline=None)
def test_any_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    """With nothing told of what words begin with."""
    assert list(_own().cut(text, HMM=False)) == list(_of_jieba().cut(text, HMM=False))


def test_the_briefings_are_cut_as_jieba_cuts_them() -> None:
    """Both founding briefings, whole, the lexicon's words added to both."""
    theirs = _copy(_of_jieba())
    own = segment._Tokenizer()
    for word in sorted(lexicon().vocabulary()):
        own.add(word)
        theirs.add_word(word)
    for transcript in transcripts():
        assert list(own.cut(transcript.text, HMM=False)) == list(theirs.cut(transcript.text, HMM=False))


@pytest.mark.parametrize(
    "data",
    ["养老 3 n\n养老金 10 n\n老 7 n\n养 1 v\n养老 5 n\n".encode(), "𠀀a 1 x\nA股 23 n\n".encode()],
)
def test_a_dictionary_is_read_line_by_line(data: bytes) -> None:
    """As its definition says, a word that stands twice counted as it stands last."""
    lines = [line.split(" ") for line in data.decode().splitlines()]
    read = segment._read(data)
    assert read.counts == {word: int(count) for word, count, _ in lines}
    assert read.total == sum(int(count) for _, count, _ in lines)
    assert read.widths == {
        char: tuple(sorted({len(word) for word, _, _ in lines if word[0] == char}))
        for char in {word[0] for word, _, _ in lines}
    }


@pytest.mark.parametrize(
    "line",
    ["养老 3", "养老 3 n", "养老 x n\n", "养老  n\n", " 3 n\n", "养老 3 n n\n", "养老 3\n金 3 n n\n"],
)
def test_a_dictionary_of_another_form_is_not_read(line: str) -> None:
    """Rather nothing than words with others' counts."""
    with pytest.raises(ValueError, match="dictionary"):
        segment._read(f"中国 5 n\n{line}".encode())


def test_a_planted_cache_is_not_read_and_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write to the shared temporary directory does not decide what words there are."""
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"养": 0, "养老保": 10**9}, 10**9)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    plain = Segmenter()
    assert plain.frequency("养老保") == 0
    assert plain.frequency("养老保险") > 0
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


@pytest.mark.parametrize("least", [1, 50, 8000])
def test_words_by_their_count(least: int) -> None:
    """Those that are counted so often, and no mere beginning of a word."""
    counted = segmenter().words_counted(least)
    assert counted == [word for word, count in segmenter().known_words() if count >= least]
