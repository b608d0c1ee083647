"""Questions with words mistaken for others of the same sound, as a phonetic keyboard does it."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import jieba
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from qa.text import is_han

__all__ = ["Homophones", "Swap", "common_words", "reading"]

_COMMON = 20
"""jieba's count from which a keyboard is taken to offer a word."""
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Swap:
    """A word of a question and what it was mistaken for."""

    start: int
    end: int
    before: str
    after: str


def reading(word: str) -> tuple[str, ...]:
    """The toneless pinyin of a word."""
    return tuple(lazy_pinyin(word, style=Style.NORMAL))


@cache
def common_words() -> tuple[str, ...]:
    """The words of jieba's dictionary, of two to four characters, that are common enough to be typed."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return tuple(
        word
        for word, count in jieba.dt.FREQ.items()
        if count >= _COMMON and 2 <= len(word) <= _LONGEST and all(map(is_han, word))
    )


class Homophones:
    """Swaps words for homophones out of a vocabulary of simplified words.

    The same question, number of swaps and seed give the same swaps.
    """

    def __init__(self, words: Iterable[str], seed: int = 20240301) -> None:
        self._simplify, self._traditional = OpenCC("t2s"), OpenCC("s2t")
        self._seed = seed
        table: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(set(words)):
            table.setdefault(reading(word), []).append(word)
        self._same: Mapping[str, Sequence[str]] = {
            word: group for group in table.values() if len(group) > 1 for word in group
        }

    def swaps(self, question: str, most: int) -> tuple[Swap, ...]:
        """At most ``most`` swaps, in order; in traditional characters where the question is."""
        simple: str = self._simplify.convert(question)
        if len(simple) != len(question):
            return ()
        chance = random.Random(f"{self._seed}:{question}")
        places: list[tuple[int, str]] = []
        at = 0
        for word in jieba.cut(simple, HMM=False):
            if word in self._same and reading(question[at : at + len(word)]) == reading(word):
                places.append((at, word))
            at += len(word)
        chosen = sorted(chance.sample(places, min(most, len(places))))
        return tuple(self._swap(question, simple, start, word, chance) for start, word in chosen)

    def swapped(self, question: str, most: int) -> str:
        """The question with the swaps made."""
        for swap in reversed(self.swaps(question, most)):
            question = question[: swap.start] + swap.after + question[swap.end :]
        return question

    def _swap(self, question: str, simple: str, start: int, word: str, chance: random.Random) -> Swap:
        end = start + len(word)
        after = chance.choice([other for other in self._same[word] if other != word])
        written: str = self._traditional.convert(after) if simple != question else after
        # A word whose other script is of another length or sound stays as the dictionary has it.
        same = len(written) == len(after) and reading(written) == reading(after)
        return Swap(start, end, question[start:end], written if same else after)
