"""Segmentation: the dictionary is jieba's own to the last count, read faster and from no cache."""

from __future__ import annotations

import logging
import marshal
import tempfile
from functools import cache
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language import segment
from qa.language.segment import Segmenter
from tests.parts import lexicon, segmenter

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


def test_the_dictionary_is_the_one_jieba_reads() -> None:
    """Every word, every beginning of one, every count and the total."""
    own, theirs = segment._tokenizer(), _of_jieba()
    assert own.FREQ == theirs.FREQ
    assert own.total == theirs.total


def test_added_words_count_what_jieba_gives_them() -> None:
    """After the whole lexicon and words with letters in them, all counts and the total are the same."""
    own, theirs = _copy(_of_jieba()), _copy(_of_jieba())
    for word in (*ODD, *sorted(lexicon().vocabulary()), *ODD):
        segment._add_word(own, word)
        theirs.add_word(word)
    assert own.FREQ == theirs.FREQ
    assert own.total == theirs.total


@given(st.text("养老保险大厅办的一了乜齉工作人员", min_size=1, max_size=12))
def test_any_ideographs_count_what_jieba_suggests(word: str) -> None:
    """Words, words beside each other, and characters that are none."""
    own = _of_jieba()
    count = segment._count_apart(word, own.FREQ, own.total)
    assert max(count, own.FREQ.get(word, 1)) == own.suggest_freq(word)


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
