"""jieba segmentation with a tokenizer of our own.

HMM is off: words are dictionary words or single characters, so the same text always gives the same
words whatever stands around it. The cache lies in a private directory, because jieba would load a
planted file from the shared temporary directory without question.
"""

from __future__ import annotations

import logging
import math
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba

__all__ = ["Segmenter", "Word"]

_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands in the text that was segmented."""

    text: str
    start: int
    end: int


class Segmenter:
    """Splits folded, simplified text into words.

    Args:
        vocabulary: words to know beside jieba's dictionary.
        cache_dir: a private directory for jieba's cache; a fresh temporary one when None.
    """

    def __init__(self, vocabulary: Iterable[str] = (), cache_dir: Path | None = None) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        if cache_dir is None:
            with tempfile.TemporaryDirectory(prefix="minsheng-") as private:
                self._initialize(private)
        else:
            cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._initialize(str(cache_dir))
        for word in sorted(vocabulary):
            if 1 < len(word) <= _LONGEST:
                self._tokenizer.add_word(word)
        self._log_total = math.log(self._tokenizer.total)

    def _initialize(self, folder: str) -> None:
        self._tokenizer.tmp_dir = folder
        self._tokenizer.initialize()

    def words(self, text: str) -> list[Word]:
        """The words of ``text`` in order; together they are the whole text."""
        found: list[Word] = []
        at = 0
        for word in self._tokenizer.cut(text, HMM=False):
            found.append(Word(word, at, at + len(word)))
            at += len(word)
        return found

    def search_words(self, text: str) -> Iterator[str]:
        """The words of ``text`` and the shorter dictionary words inside long ones (search mode)."""
        frequency = self._tokenizer.FREQ
        for word in self._tokenizer.cut(text, HMM=False):
            size = len(word)
            for width in (2, 3):
                if size > width:
                    for at in range(size - width + 1):
                        part = word[at : at + width]
                        if frequency.get(part):
                            yield part
            yield word

    def frequency(self, word: str) -> int:
        """How often ``word`` was seen in jieba's corpus; 0 when it is not a known word."""
        count: int = self._tokenizer.FREQ.get(word, 0)
        return count

    def log_probability(self, word: str) -> float:
        """The natural logarithm of the word's share of jieba's corpus; unknown words count once."""
        return math.log(max(self.frequency(word), 1)) - self._log_total

    def known_words(self) -> Iterator[tuple[str, int]]:
        """Every dictionary word with its count."""
        return ((word, count) for word, count in self._tokenizer.FREQ.items() if count)
