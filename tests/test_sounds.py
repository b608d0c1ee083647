"""Words are found by their sound as if all of them had been heard out."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from qa.language.pinyin import SOUND_END, PinyinTable
from qa.language.sounds import Sounds
from tests.parts import lexicon, segmenter

WORDS = sorted(
    {word for word in segmenter().words_counted(300) if "一" <= word[0] <= "龥"} | lexicon().vocabulary()
)
"""Words of one reading and of several, phrases that are read otherwise than their characters, and letters."""


@cache
def _table() -> PinyinTable:
    return PinyinTable(dict)


@cache
def _sounds() -> Sounds:
    return Sounds(iter(reversed(WORDS)), _table())


@cache
def _all() -> dict[str, tuple[str, ...]]:
    """The words of every sound, by definition."""
    found: dict[str, list[str]] = {}
    for word, sound in zip(WORDS, _table().heard(WORDS), strict=True):
        found.setdefault(sound, []).append(word)
    return {sound: tuple(words) for sound, words in found.items()}


@cache
def _starts() -> frozenset[str]:
    return frozenset(
        sound[: at + 1] for sound in _all() for at, letter in enumerate(sound) if letter == SOUND_END
    )


def test_the_words_of_every_sound_are_found() -> None:
    """All of them, in their own order, whatever order they were given in."""
    for sound, words in _all().items():
        assert tuple(_sounds().words(sound)) == words


def test_what_some_word_begins_with_is_known() -> None:
    """Every run of whole syllables, up to the whole sound."""
    assert all(map(_sounds().begin, _starts()))


def test_the_first_syllable_is_the_one_that_is_heard_first() -> None:
    """Of phrases that are read in a way of their own too (银行, 重庆, 长大)."""
    words = [*WORDS, "银行", "重庆", "长大", "单于", "A股"]
    firsts = [sound[: sound.index(SOUND_END) + 1] for sound in _table().heard(words)]
    assert _table().heard_first(words) == firsts


@given(st.lists(st.sampled_from(sorted({s for sound in _all() for s in sound.split()})), max_size=4))
def test_any_sound_is_some_words_or_none(syllables: list[str]) -> None:
    """As definition has it, for sounds that no word has too; half a syllable begins nothing."""
    sound = "".join(syllable + SOUND_END for syllable in syllables)
    assert tuple(_sounds().words(sound)) == _all().get(sound, ())
    assert _sounds().begin(sound) == (sound in _starts())
    assert not _sounds().begin(sound[:-1])
