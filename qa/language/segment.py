"""jieba segmentation with a tokenizer of our own.

HMM is off: words are dictionary words or single characters, so the same text always gives the same
words whatever stands around it. jieba's dictionary is read from its own file each time, several times as
fast as jieba reads it, and no cache is: jieba would load a planted one from the shared temporary directory
without question, and loading one takes no less.

jieba keeps beside its words everything that some word begins with, to know how far to look for one: nearly
half as many entries again. Here the lengths of the words are kept by the character they begin with, which are
had in one pass over the file.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

import jieba
import numpy as np
from numpy.typing import NDArray

__all__ = ["Segmenter", "Word"]

_Array = NDArray[Any]
_LINE_END: Final = ord("\n")
_SPACE: Final = ord(" ")
_NINE: Final = 9
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
        self._tokenizer = _Tokenizer()
        known = sorted(word for word in set(vocabulary) if 1 < len(word) <= _LONGEST)
        for word in known:
            self._tokenizer.add(word)
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
                self._tokenizer.add(name)
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


class _Tokenizer(jieba.Tokenizer):
    """jieba's tokenizer with jieba's own dictionary: the same words, counts and total, and so the same cuts.

    ``widths`` are the lengths of the words that begin with a character, shortest first.
    """

    FREQ: dict[str, int]
    total: int

    def __init__(self) -> None:
        super().__init__()
        with self.get_dict_file() as file:
            read = _read(file.read())
        self.FREQ, self.total, self.widths = read.counts, read.total, read.widths
        self.initialized = True

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:
        """Where the words end that begin at each place: their last characters, nearest first."""
        counts, widths, size = self.FREQ, self.widths, len(sentence)
        graph = {}
        for at, char in enumerate(sentence):
            ends = []
            for width in widths.get(char, ()):
                end = at + width
                if end > size:
                    break
                if counts.get(sentence[at:end]):
                    ends.append(end - 1)
            graph[at] = ends or [at]
        return graph

    def add(self, word: str) -> None:
        """``add_word``, several times as fast for what is ideographs alone: opening adds many thousands."""
        if _ONE_BLOCK.fullmatch(word):
            count = max(self.count_apart(word), self.FREQ.get(word, 1))
            self.FREQ[word] = count
            self.total += count
        else:
            self.add_word(word)
        widths = self.widths.get(word[0], ())
        if len(word) not in widths:
            self.widths[word[0]] = tuple(sorted((*widths, len(word))))

    def count_apart(self, word: str) -> int:
        """The count with which it is more probable than the words it is cut into now (``suggest_freq``).

        In jieba's order of operations; what is no word counts once.
        """
        counts, widths, log, size = self.FREQ, self.widths, math.log, len(word)
        total = self.total
        log_total = log(total)
        worth, ends, held = [0.0] * (size + 1), [0] * size, [1] * size
        for at in range(size - 1, -1, -1):
            best, chosen = -math.inf, at + 1
            for width in widths.get(word[at], ()):
                end = at + width
                if end > size:
                    break
                count = counts.get(word[at:end])
                if count and (here := log(count) - log_total + worth[end]) >= best:
                    best, chosen, held[at] = here, end, count
            worth[at] = worth[at + 1] - log_total if best == -math.inf else best
            ends[at] = chosen
        share, at = 1.0, 0
        while at < size:
            share *= held[at] / total
            at = ends[at]
        return int(share * total) + 1


@dataclass(frozen=True)
class _Read:
    """What a dictionary holds; see :class:`_Tokenizer`."""

    counts: dict[str, int]
    total: int
    widths: dict[str, tuple[int, ...]]


def _read(data: bytes) -> _Read:
    """Reads a dictionary: on each line a word, its count and its kind, a space between them.

    Raises:
        ValueError: if a line is otherwise.
    """
    held = np.frombuffer(data, np.uint8)
    ends, spaces = np.flatnonzero(held == _LINE_END), np.flatnonzero(held == _SPACE)
    starts = np.append(0, ends[:-1] + 1)
    if len(spaces) != 2 * len(ends) or not data.endswith(b"\n"):
        raise ValueError("the dictionary's lines are not of three columns")
    after_word, after_count = spaces[::2], spaces[1::2]
    if not ((starts < after_word) & (after_word + 1 < after_count) & (after_count < ends)).all():
        raise ValueError("the dictionary's lines are not of three columns")
    counts = _numbers(held, after_word + 1, after_count)
    # 1 from where a word starts to after the space behind it, 0 elsewhere.
    wanted = np.zeros(len(held), np.int8)
    wanted[starts], wanted[after_word + 1] = 1, -1
    text = held[np.cumsum(wanted, dtype=np.int8).view(np.bool_)].tobytes().decode("utf-8")
    words = text.split(" ")[:-1]
    return _Read(dict(zip(words, counts.tolist(), strict=True)), int(counts.sum()), _widths(text))


def _numbers(held: _Array, starts: _Array, ends: _Array) -> _Array:
    """The numbers written in decimal from each of ``starts`` to each of ``ends``.

    Raises:
        ValueError: if one is not.
    """
    found = np.zeros(len(starts), np.int64)
    sizes = ends - starts
    for place in range(int(sizes.max())):
        here = np.flatnonzero(sizes > place)
        digits = held[ends[here] - 1 - place].astype(np.int64) - ord("0")
        if digits.min() < 0 or digits.max() > _NINE:
            raise ValueError("a count of the dictionary is no number")
        found[here] += digits * 10**place
    return found


def _widths(text: str) -> dict[str, tuple[int, ...]]:
    """The lengths of the words that begin with each character; a space stands after each word."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    ends = np.flatnonzero(codes == _SPACE)
    starts = np.append(0, ends[:-1] + 1)
    firsts = codes[starts]
    # Words that begin alike mostly stand together: once for each run of them.
    runs = np.flatnonzero(np.append(True, firsts[1:] != firsts[:-1]))
    each = np.bitwise_or.reduceat(np.int64(1) << (ends - starts), runs)
    found: dict[str, int] = {}
    for char, lengths in zip(map(chr, firsts[runs].tolist()), each.tolist(), strict=True):
        found[char] = found.get(char, 0) | lengths
    told = {lengths: _set_bits(lengths) for lengths in set(found.values())}
    return {char: told[lengths] for char, lengths in found.items()}


def _set_bits(number: int) -> tuple[int, ...]:
    return tuple(bit for bit in range(number.bit_length()) if number >> bit & 1)
