"""Pinyin: readings of words, decoding of typed pinyin, and sounds that people confuse.

Readings come from pypinyin's tables; syllables are toneless, with v for ü. Decoding takes the most
probable words (unigram, jieba's counts) whose readings join to what was typed.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

__all__ = ["SOUND_END", "PinyinTable", "fuzzy", "joined", "split_syllables", "toneless"]

_LONGEST_WORD = 8
SOUND_END = " "
"""What stands after each syllable where sounds are written as one string."""
_OTHER_READING = 1.0
"""What a character loses that is read otherwise than it mostly is."""
_BETWEEN = "\n"
_SYLLABLES = 4096
"""How many syllables are remembered: more than there are."""
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(_SYLLABLES)
def toneless(syllable: str) -> str:
    """A syllable without its tone mark or number, lower case, ü as v."""
    plain = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "v").replace("ü", "v")
    return "".join(c for c in plain if c.isascii() and c.isalpha())


@lru_cache(_SYLLABLES)
def fuzzy(syllable: str) -> str:
    """The syllable with sounds merged that southern speakers do not tell apart.

    zh/z, ch/c, sh/s, n/l at the start, hu/f, and the finals -ang/-an, -eng/-en, -ing/-in.
    """
    for long, short in _INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.startswith("n") and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    if syllable.startswith("hu") and len(syllable) > 2:
        syllable = "f" + syllable[2:]
    for long, short in _FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


def joined(syllables: Iterable[str]) -> str:
    """What syllables sound like, as one string: of the sounds of two words, those of both together."""
    return "".join([f"{fuzzy(syllable)}{SOUND_END}" for syllable in syllables])


def split_syllables(letters: str, known: frozenset[str]) -> tuple[str, ...] | None:
    """``letters`` (no spaces) as pinyin syllables, the fewest there can be; None when it is not pinyin."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or letters[start:end] not in known:
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, letters[start:end])
    return best[-1]


class PinyinTable:
    """Readings of characters and words, and the words of a vocabulary by reading.

    Args:
        words: gives each word with its natural log probability; the more probable wins among homophones.
            It is called when something is first decoded.
    """

    def __init__(self, words: Callable[[], Mapping[str, float]]) -> None:
        self._chars: dict[str, tuple[str, ...]] = {}
        self._sounds: dict[str, tuple[str, ...]] = {}
        self._first_readings = _Told(lambda char: self.char(char) + SOUND_END)
        self._first_sounds = _Told(lambda char: self.sounds(char)[0])
        self._words = words

    def char(self, char: str) -> str:
        """The commonest toneless reading of a character, or the character itself when it has none."""
        return self.readings(char)[0]

    def readings(self, char: str) -> tuple[str, ...]:
        """The toneless readings of a character, commonest first, at most three; itself when it has none."""
        found = self._chars.get(char)
        if found is None:
            marked = PINYIN_DICT.get(ord(char), char).split(",")
            found = tuple(dict.fromkeys(toneless(reading) or char for reading in marked))[:3]
            self._chars[char] = found
        return found

    def sounds(self, char: str) -> tuple[str, ...]:
        """What a character's readings sound like to those who do not tell some apart; see :func:`joined`."""
        found = self._sounds.get(char)
        if found is None:
            found = tuple(joined([reading]) for reading in self.readings(char))
            self._sounds[char] = found
        return found

    def word(self, word: str) -> tuple[str, ...]:
        """The toneless syllables of a word, one for each character."""
        phrase = PHRASES_DICT.get(word)
        if phrase is not None and len(phrase) == len(word):
            return tuple([toneless(readings[0]) for readings in phrase])
        return tuple([self.char(c) for c in word])

    def words(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """As :meth:`word`, of many words without white space at once: many times as fast."""
        return [tuple(reading.split()) for reading in self._read(words)]

    def _read(self, words: Sequence[str]) -> list[str]:
        """The syllables of each word, with what stands after each."""
        told = _told(words, self._first_readings)
        return [
            "".join([syllable + SOUND_END for syllable in self.word(word)])
            if word in PHRASES_DICT
            else reading
            for word, reading in zip(words, told, strict=True)
        ]

    def heard(self, words: Sequence[str]) -> list[str]:
        """What each of many words sounds like; see :func:`joined`."""
        told = _told(words, self._first_sounds)
        return [
            joined(self.word(word)) if word in PHRASES_DICT else sound
            for word, sound in zip(words, told, strict=True)
        ]

    def heard_first(self, words: Sequence[str]) -> list[str]:
        """What the first syllable of each of many words sounds like: that which :meth:`heard` begins with."""
        phrases = PHRASES_DICT.keys() & words
        first = {char: _first_sound(char) for char in {word[0] for word in words}}
        return [joined([self._first(word)]) if word in phrases else first[word[0]] for word in words]

    def _first(self, phrase: str) -> str:
        """The first of the syllables of one of pypinyin's phrases; see :meth:`word`."""
        read = PHRASES_DICT[phrase]
        return toneless(read[0][0]) if len(read) == len(phrase) else self.char(phrase[0])

    @cached_property
    def syllables(self) -> frozenset[str]:
        """Every toneless syllable that some character is read with."""
        marked = (reading for readings in PINYIN_DICT.values() for reading in readings.split(","))
        return frozenset(s for s in map(toneless, set(marked)) if 0 < len(s) <= 6 and _is_syllable(s))

    @cached_property
    def by_reading(self) -> Mapping[tuple[str, ...], tuple[tuple[str, float], ...]]:
        """The words of each reading with their log probabilities, most probable first."""
        held = self._short_words()
        table: dict[tuple[str, ...], list[tuple[str, float]]] = {}
        for reading, found in zip(self.words(list(held)), held.items(), strict=True):
            table.setdefault(reading, []).append(found)
        return {reading: tuple(sorted(words, key=_most_probable)) for reading, words in table.items()}

    @cached_property
    def _best(self) -> Mapping[str, tuple[str, float]]:
        """The most probable word of each reading, its syllables joined."""
        held = self._short_words()
        best: dict[str, tuple[str, float]] = {}
        for reading, found in zip(self._read(list(held)), held.items(), strict=True):
            before = best.get(reading)
            if before is None or _most_probable(found) < _most_probable(before):
                best[reading] = found
        for reading, found in self._otherwise_read(held):
            best.setdefault(reading, found)
        return best

    def _otherwise_read(self, held: Mapping[str, float]) -> Iterator[tuple[str, tuple[str, float]]]:
        """Characters that are words by their other readings (谁: shui, shei), the most probable first."""
        singles = sorted(((word, p) for word, p in held.items() if len(word) == 1), key=_most_probable)
        for word, probability in singles:
            for syllable in self.readings(word)[1:]:
                yield syllable + SOUND_END, (word, probability - _OTHER_READING)

    def _short_words(self) -> Mapping[str, float]:
        # White space is no syllable: what has it inside cannot be typed.
        words = self._words().items()
        return {word: p for word, p in words if len(word) <= _LONGEST_WORD and word.split() == [word]}

    def decode(self, syllables: Iterable[str]) -> str | None:
        """The most probable text read as ``syllables``, or None when some syllable is no word's."""
        typed = [syllable + SOUND_END for syllable in syllables]
        best: list[tuple[float, str] | None] = [(0.0, "")] + [None] * len(typed)
        for end in range(1, len(typed) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, found = best[start], self._best.get("".join(typed[start:end]))
                if before is None or found is None:
                    continue
                word, probability = found
                candidate = (before[0] + probability, before[1] + word)
                here = best[end]
                if here is None or candidate[0] > here[0]:
                    best[end] = candidate
        last = best[-1]
        return None if last is None else last[1]

    def by_initials(self, words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """``words`` by the first letters of their syllables (养老保险: ylbx)."""
        ordered = sorted(words)
        table: dict[str, list[str]] = {}
        for word, reading in zip(ordered, self.words(ordered), strict=True):
            table.setdefault("".join([syllable[0] for syllable in reading]), []).append(word)
        return {letters: tuple(found) for letters, found in table.items()}


class _Told(dict[int, str]):
    """A table for ``str.translate``: what is told of a character, found when it is first met."""

    def __init__(self, tell: Callable[[str], str]) -> None:
        super().__init__({ord(_BETWEEN): _BETWEEN})
        self._tell = tell

    def __missing__(self, code: int) -> str:
        told = self._tell(chr(code))
        self[code] = told
        return told


def _told(words: Sequence[str], table: _Told) -> list[str]:
    """What is told of the characters of each word."""
    return _BETWEEN.join(words).translate(table).split(_BETWEEN) if words else []


def _first_sound(char: str) -> str:
    """The first of :meth:`PinyinTable.sounds`, for which the other readings need not be read."""
    return joined([toneless(PINYIN_DICT.get(ord(char), char).partition(",")[0]) or char])


def _most_probable(pair: tuple[str, float]) -> tuple[float, str]:
    return -pair[1], pair[0]


def _is_syllable(letters: str) -> bool:
    # PINYIN_DICT also lists interjections without a vowel (m, n, ng, hm): typed, they are initials.
    return any(c in "aeiouv" for c in letters)


def log_probabilities(counts: Iterable[tuple[str, int]]) -> Iterator[tuple[str, float]]:
    """Words with the natural logarithm of their share of all counts."""
    held = [(word, count) for word, count in counts if count > 0]
    total = math.log(sum(count for _, count in held) or 1)
    return ((word, math.log(count) - total) for word, count in held)
