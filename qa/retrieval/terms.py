"""The terms a text is indexed by: jieba's search-mode words, and character bigrams under a prefix."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from qa.language.segment import Segmenter
from qa.text import is_han

__all__ = ["BIGRAM", "bigrams", "terms", "words"]

BIGRAM = "\x02"
"""The prefix that keeps a bigram apart from the word of the same two characters."""


def terms(text: str, segmenter: Segmenter) -> Iterator[str]:
    """The terms of folded, simplified ``text``, with repetition; punctuation is no term."""
    yield from words(text, segmenter)
    yield from bigrams(text)


def words(text: str, segmenter: Segmenter) -> Iterator[str]:
    """The terms of ``text`` that are words."""
    for word in segmenter.search_words(text):
        if any(c.isalnum() for c in word):
            yield word


def bigrams(text: str) -> Iterator[str]:
    """The character bigrams of ``text`` over ideographs, each under the prefix."""
    for first, second in itertools.pairwise(text):
        if is_han(first) and is_han(second):
            yield BIGRAM + first + second
