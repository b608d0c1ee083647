"""jieba segmentation with a tokenizer of our own.

HMM is off: words are dictionary words or single characters, so the same text always gives the same
words whatever stands around it. jieba's dictionary is read from its own file each time, several times as
fast as jieba reads it, and no cache is: jieba would load a planted one from the shared temporary directory
without question, and loading one takes no less.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import jieba

__all__ = ["Segmenter", "Word"]

_LONGEST = 12
_ONE_BLOCK = re.compile(r"[\u4e00-\u9fd5]+")
"""Ideographs that jieba looks for words in without cutting them apart first."""
_REMEMBERED = 8
"""How many texts' words are remembered: understanding a question asks for the same few several times."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands in the text that was segmented."""

    text: str
    start: int
    end: int


class Segmenter:
    """Splits folded, simplified text into words. ``digest`` is that of its vocabulary, names aside.

    Args:
        vocabulary: words to know beside jieba's dictionary.
        names: people's names, known too. They weigh nothing in the total that probabilities are shares
            of, so that a name changes the words of those texts only in which it occurs.
    """

    def __init__(self, vocabulary: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._tokenizer = _tokenizer()
        known = sorted(word for word in set(vocabulary) if 1 < len(word) <= _LONGEST)
        for word in known:
            _add_word(self._tokenizer, word)
        told = (version("jieba"), known)
        self.digest = hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
        self._counts: Mapping[str, int] = self._tokenizer.FREQ
        self._log_total = math.log(self._tokenizer.total)
        self._remembered = lru_cache(_REMEMBERED)(self._cut)
        self._names: dict[str, list[str]] = {}
        total = self._tokenizer.total
        for name in sorted(set(names).difference(known)):
            if 1 < len(name) <= _LONGEST:
                self._names.setdefault(name[:2], []).append(name)
                _add_word(self._tokenizer, name)
                self._tokenizer.total = total

    def words(self, text: str) -> tuple[Word, ...]:
        """The words of ``text`` in order; together they are the whole text."""
        return self._remembered(text)

    def _cut(self, text: str) -> tuple[Word, ...]:
        found: list[Word] = []
        at = 0
        for word in self._tokenizer.cut(text, HMM=False):
            found.append(Word(word, at, at + len(word)))
            at += len(word)
        return tuple(found)

    def search_words(self, text: str) -> Iterator[str]:
        """The words of ``text`` and the shorter dictionary words inside long ones (search mode)."""
        for held in self._remembered(text):
            word = held.text
            size = len(word)
            for width in (2, 3):
                if size > width:
                    for at in range(size - width + 1):
                        part = word[at : at + width]
                        if self._counts.get(part):
                            yield part
            yield word

    def names_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The names that occur in ``texts``, in order: with :attr:`digest` all that decides their words."""
        found: set[str] = set()
        for text in texts:
            for begin in self._names.keys() & set(map(str.__add__, text, text[1:])):
                found.update(name for name in self._names[begin] if name in text)
        return tuple(sorted(found))

    def frequency(self, word: str) -> int:
        """How often ``word`` was seen in jieba's corpus; 0 when it is not a known word."""
        return self._counts.get(word, 0)

    def log_probability(self, word: str) -> float:
        """The natural logarithm of the word's share of jieba's corpus; unknown words count once."""
        return math.log(max(self.frequency(word), 1)) - self._log_total

    def known_words(self) -> Iterator[tuple[str, int]]:
        """Every dictionary word with its count."""
        return ((word, count) for word, count in self._counts.items() if count)

    def words_counted(self, least: int) -> list[str]:
        """The dictionary words with a count of ``least``, at least 1, or more."""
        return [word for word, count in self._counts.items() if count >= least]


def _tokenizer() -> jieba.Tokenizer:
    """A tokenizer with jieba's own dictionary, as ``initialize`` makes it."""
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        columns = file.read().decode("utf-8").split()  # a word, its count and its kind on each line
    counts = list(map(int, columns[1::3]))
    tokenizer.FREQ = dict(zip(columns[::3], counts, strict=True))
    tokenizer.total = sum(counts)
    _add_beginnings(tokenizer.FREQ)
    tokenizer.initialized = True
    return tokenizer


def _add_beginnings(counts: dict[str, int]) -> None:
    """What words begin with, unless it is a word, with the count 0: jieba looks on from there."""
    words: Iterable[str] = counts
    while begun := {word[:-1] for word in words}.difference(counts, ("",)):
        counts.update(dict.fromkeys(begun, 0))
        words = begun


def _add_word(tokenizer: jieba.Tokenizer, word: str) -> None:
    """``add_word``, several times as fast for what is ideographs alone: opening adds many thousand words."""
    if not _ONE_BLOCK.fullmatch(word):
        tokenizer.add_word(word)
        return
    counts = tokenizer.FREQ
    count = max(_count_apart(word, counts, tokenizer.total), counts.get(word, 1))
    counts[word] = count
    tokenizer.total += count
    for end in range(1, len(word)):
        counts.setdefault(word[:end], 0)


def _count_apart(word: str, counts: Mapping[str, int], total: int) -> int:
    """The count with which ``word`` is more probable than the words it is cut into now (``suggest_freq``)."""
    share, start = 1.0, 0
    for end in _most_probable_ends(word, counts, math.log(total)):
        share *= counts.get(word[start:end], 1) / total
        start = end
    return int(share * total) + 1


def _most_probable_ends(word: str, counts: Mapping[str, int], log_total: float) -> Iterator[int]:
    """Where the words end that ``word`` is cut into, in jieba's order of operations."""
    size = len(word)
    worth, ends = [0.0] * (size + 1), [0] * size
    for at in range(size - 1, -1, -1):
        best, chosen = -math.inf, at + 1
        for end in range(at + 1, size + 1):
            count = counts.get(word[at:end])
            if count is None:
                break
            if count and (here := math.log(count) - log_total + worth[end]) >= best:
                best, chosen = here, end
        worth[at] = worth[at + 1] - log_total if best == -math.inf else best
        ends[at] = chosen
    at = 0
    while at < size:
        at = ends[at]
        yield at
