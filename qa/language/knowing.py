"""The segmenter of a corpus: what its lexicon and its transcripts add to jieba's dictionary."""

from __future__ import annotations

from collections.abc import Iterable

from qa.language.lexicon import Lexicon
from qa.language.segment import Segmenter

__all__ = ["segmenter_knowing"]


def segmenter_knowing(lexicon: Lexicon, names: Iterable[str]) -> Segmenter:
    """A segmenter that knows the words of ``lexicon`` and people's ``names``."""
    return Segmenter((word for word in lexicon.vocabulary() if not word.isascii()), names=names)
