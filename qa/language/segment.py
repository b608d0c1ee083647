"""jieba segmentation with a tokenizer of our own.

HMM is off: words are dictionary words or single characters, so the same text always gives the same
words whatever stands around it. The cache lies in a private directory, because jieba would load a
planted file from the shared temporary directory without question.
"""

from __future__ import annotations

import hashlib
import logging
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import jieba

__all__ = ["Segmenter", "Word"]

_LONGEST = 12
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
        cache_dir: a private directory for jieba's cache; a fresh temporary one when None.
    """

    def __init__(
        self, vocabulary: Iterable[str] = (), cache_dir: Path | None = None, names: Iterable[str] = ()
    ) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        if cache_dir is None:
            with tempfile.TemporaryDirectory(prefix="minsheng-") as private:
                self._initialize(private)
        else:
            cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._initialize(str(cache_dir))
        known = sorted(word for word in set(vocabulary) if 1 < len(word) <= _LONGEST)
        for word in known:
            self._tokenizer.add_word(word)
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
                self._tokenizer.add_word(name)
                self._tokenizer.total = total

    def _initialize(self, folder: str) -> None:
        self._tokenizer.tmp_dir = folder
        self._tokenizer.initialize()

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
