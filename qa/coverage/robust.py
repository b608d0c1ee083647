"""The same questions as other people would type them, made automatically: traditional characters, pinyin,
slips and dialect. A question that is answered in one wording should be answered in all."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from opencc import OpenCC

from qa.coverage.cases import FaqCase
from qa.coverage.records import AskedAs
from qa.coverage.run import Asked
from qa.language.lexicon import Lexicon
from qa.language.pinyin import PinyinTable
from qa.language.segment import Segmenter, Word
from qa.text import is_han
from qa.wire import MAX_QUESTION

__all__ = ["Rewording"]

_COMMON: Final = 20
"""jieba's count from which a keyboard is taken to offer a word."""
_LONGEST_WORD: Final = 4
_LEFT_OUT: Final = frozenset({"疑问两可", "语气"})
"""Dialect that is standard Chinese as well, and particles, which only fit at the end of a sentence."""
_DIALECT_WORDS: Final = 2
"""How many words of a question are said in dialect, at most."""


class Rewording:
    """Rewords questions. The same question always comes to the same wordings."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._traditional = OpenCC("s2t")

    @cached_property
    def _table(self) -> PinyinTable:
        return PinyinTable(self._usual)

    def _usual(self) -> Mapping[str, float]:
        """The words that homophones are looked for among."""
        known = self._segmenter.words_counted(_COMMON)
        usual = (word for word in known if 1 < len(word) <= _LONGEST_WORD and all(map(is_han, word)))
        return {word: self._segmenter.log_probability(word) for word in usual}

    @cached_property
    def _dialect(self) -> Mapping[str, Sequence[str]]:
        """What dialect says for a standard word."""
        said: dict[str, list[str]] = {}
        for entry in self._lexicon.dialect:
            if len(entry.standard) > 1 and entry.kind not in _LEFT_OUT:
                said.setdefault(entry.standard, []).append(entry.word)
        return said

    def wordings(self, cases: Iterable[FaqCase]) -> Iterator[Asked]:
        """Every wording that can be made of each case's question and differs from it."""
        for case in cases:
            for kind, text in self.reworded(case.question):
                yield Asked(case, text, 0, kind)

    def reworded(self, question: str) -> Iterator[tuple[AskedAs, str]]:
        """The wordings of a question, one of each kind at most; none longer than may be asked."""
        words = self._segmenter.words(question)
        made = {
            AskedAs.TRADITIONAL: self._traditional.convert(question),
            AskedAs.PINYIN: self._pinyin(words),
            AskedAs.PINYIN_WORD: self._one(question, words, AskedAs.PINYIN_WORD, self._spelt),
            AskedAs.HOMOPHONE: self._one(question, words, AskedAs.HOMOPHONE, self._homophones),
            AskedAs.SLIP: self._one(question, words, AskedAs.SLIP, _slips),
            AskedAs.DIALECT: self._in_dialect(question, words),
        }
        for kind, text in made.items():
            if text != question and 0 < len(text) <= MAX_QUESTION:
                yield kind, text

    def _pinyin(self, words: Sequence[Word]) -> str:
        """The whole question in pinyin, a space between words, as a keyboard without Chinese gives it."""
        spelt = ("".join(self._table.word(w.text)) if is_han(w.text[0]) else w.text for w in words)
        return " ".join(part for part in spelt if part[0].isalnum())

    def _spelt(self, word: str) -> Sequence[str]:
        return ["".join(self._table.word(word))]

    def _homophones(self, word: str) -> Sequence[str]:
        found = self._table.by_reading.get(self._table.word(word), ())
        return [other for other, _ in found if other != word][:1]  # the one a keyboard offers first

    def _one(
        self, question: str, words: Sequence[Word], kind: AskedAs, others: Callable[[str], Sequence[str]]
    ) -> str:
        """The question with one of its telling words replaced."""
        chance = _chance(question, kind)
        places = [(word, found) for word in words if self._tells(word) and (found := others(word.text))]
        if not places:
            return question
        word, found = chance.choice(places)
        return question[: word.start] + chance.choice(found) + question[word.end :]

    def _tells(self, word: Word) -> bool:
        return len(word.text) > 1 and all(map(is_han, word.text)) and word.text not in self._lexicon.stopwords

    def _in_dialect(self, question: str, words: Sequence[Word]) -> str:
        chance = _chance(question, AskedAs.DIALECT)
        known = [word for word in words if word.text in self._dialect]
        chosen = sorted(chance.sample(known, min(_DIALECT_WORDS, len(known))), key=lambda word: word.start)
        said, at = "", 0
        for word in chosen:
            said += question[at : word.start] + chance.choice(self._dialect[word.text])
            at = word.end
        return said + question[at:]


def _slips(word: str) -> Sequence[str]:
    """The word with two neighbouring characters exchanged."""
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return [other for other in swapped if other != word]


def _chance(question: str, kind: AskedAs) -> random.Random:
    """Chance that falls the same way for the same question: other cases of a set change nothing."""
    return random.Random(f"{kind}:{question}")
