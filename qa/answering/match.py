"""Which concepts of a question a text holds, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from qa.language.numerals import Amount, amounts
from qa.language.query import Concept, Form
from qa.model import Span
from qa.text import find_word, is_han

__all__ = ["NO_MATCH", "Match", "Sought", "comparable", "stands_alone"]

_PARTIAL = 0.6
"""What a concept of three or more characters is worth when all its bigrams are there, but not in one."""
_LEAST_PARTIAL = 0.5
_SAME_COUNTER = 0.5
"""What another figure of the same counter is worth (152场 for 150场): one can be held against the other."""
_LONGEST_BRACKETED = 3
"""The characters up to which a word may be met with its end in brackets."""
_WITHIN_ESTIMATE = 0.9
"""What a figure is worth that an estimate may be said of (21.28万 for 21万多)."""
_LARGE = 10**4
"""From here on a figure within an estimate is met by no chance, whatever it counts by (个, 名)."""
_COMPARABLE, _ALIKE = 10**3, 3
"""From here on a figure that counts by nothing may be held against others, up to so many times its own."""
_EXACT = frozenset({"number", "year"})
_COUNTERS = 256
"""How many counters' patterns are kept: more than the lexicon has that ever follow a number."""
_NUMBER_ENDS = re.compile(r"(?![\d.]*\d)(?!\s?[余多]?[万亿])")
"""Where a number that ends with a digit is not a part of another one."""


class Match(NamedTuple):
    """How a text holds a concept: the form found, how surely it means the same, and its first span.

    ``weight`` is 0 when the text does not hold it; a partial match has no span.
    """

    weight: float
    form: Form | None = None
    span: Span | None = None


NO_MATCH = Match(0.0)
"""What a text that does not hold a concept has."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A concept made ready to be looked for in folded, simplified texts.

    ``forms`` are looked for, the surest first; ``exact`` ones not within another number. ``pairs`` are the
    pairs of neighbouring characters by which a text may hold it in part; none where it is too short.
    ``figure`` finds another figure that a number can be held against, where its counter is known;
    ``estimate`` is a number that says about how many.
    """

    forms: tuple[Form, ...]
    exact: bool
    pairs: tuple[str, ...]
    figure: re.Pattern[str] | None = None
    estimate: Amount | None = None

    @classmethod
    def of(cls, concept: Concept) -> Sought:
        """The concept in all its forms."""
        own, amount = concept.text, concept.amount
        bracketed = _bracketed(own) if concept.kind == "word" else ()
        in_part = len(own) > 2 and is_han(own[0])
        return cls(
            forms=tuple(sorted((*concept.forms, *bracketed), key=lambda form: -form.weight)),
            exact=concept.kind in _EXACT,
            pairs=tuple(map("".join, pairwise(own))) if in_part else (),
            figure=_figure(concept.counter) if concept.counter else None,
            estimate=None if amount is None or amount.below is None else amount,
        )

    def within(self, text: str) -> Sought:
        """The same with those forms only that ``text`` holds at all: parts of it need not look for others."""
        forms = tuple([form for form in self.forms if form.text in text])
        return replace(self, forms=forms)

    def match(self, text: str) -> Match:
        """The best match in ``text``."""
        find = _find_number if self.exact else find_word
        for form in self.forms:
            at = find(text, form.text)
            if at >= 0:
                return Match(form.weight, form, Span(at, at + len(form.text)))
        meant = self._within_estimate(text)
        if meant is not None:
            return Match(_WITHIN_ESTIMATE, None, meant)  # the figure is no claim to a figure
        comparable = self.figure.search(text) if self.figure else None
        if comparable is not None:
            return Match(_SAME_COUNTER, None, Span(*comparable.span()))
        share = self._share(text)
        return Match(share) if share else NO_MATCH

    def weight(self, text: str) -> float:
        """That of the best match."""
        find = _find_number if self.exact else find_word
        for form in self.forms:
            if form.text in text and find(text, form.text) >= 0:
                return form.weight
        if self.estimate and self._within_estimate(text):
            return _WITHIN_ESTIMATE
        return _SAME_COUNTER if self.figure and self.figure.search(text) else self._share(text)

    def _within_estimate(self, text: str) -> Span | None:
        """Where ``text`` has a figure that the estimate may be said of."""
        if self.estimate is None:
            return None
        for told in amounts(text):
            start = told.span.start
            counted = self.figure is not None and self.figure.match(text, start) is not None
            if self.estimate.covers(told.least) and (told.least >= _LARGE or counted):
                return told.span
        return None

    def _share(self, text: str) -> float:
        """What ``text`` is worth that holds a concept in part, if it does."""
        if not self.pairs:
            return 0.0
        share = sum([pair in text for pair in self.pairs]) / len(self.pairs)
        return _PARTIAL * share if share >= _LEAST_PARTIAL else 0.0


def _bracketed(own: str) -> tuple[Form, ...]:
    """A short word as it stands where its end is put in brackets: 镇(街) for 镇街, 村(社区) for 村社区."""
    if not (2 <= len(own) <= _LONGEST_BRACKETED and all(map(is_han, own))):
        return ()
    return tuple(Form(f"{own[:at]}({own[at:]})", 1.0) for at in range(1, len(own)))


@lru_cache(_COUNTERS)
def _figure(counter: str) -> re.Pattern[str]:
    unit = "[%‰]" if counter == "%" else rf"[余多]?[万亿]?[余多]?个?{re.escape(counter)}"
    most = r"(?!\d{4}年)" if counter == "年" else ""  # a calendar year is no length of time
    return re.compile(rf"(?<![\d.]){most}\d[\d.]*{unit}")


def comparable(number: Concept, text: str) -> bool:
    """Whether ``text`` has a figure that a large number which counts by nothing can be held against: 1.35亿
    is told to whoever asks whether it is 一亿."""
    if number.amount is None or number.counter or number.amount.least < _COMPARABLE:
        return False
    asked = number.amount.least
    return any(told.least <= _ALIKE * asked and asked <= _ALIKE * told.least for told in amounts(text))


def stands_alone(figure: str, text: str) -> bool:
    """Whether ``text`` has a figure as a whole: not within a longer one."""
    at = text.find(figure)
    while at >= 0:
        end = at + len(figure)
        if not _goes_on(text[at - 1 : at]) and not _goes_on(text[end : end + 1]):
            return True
        at = text.find(figure, at + 1)
    return False


def _find_number(text: str, form: str) -> int:
    at = text.find(form)
    while at >= 0:
        if not _goes_on(text[at - 1 : at]) and _ends(form, text, at + len(form)):
            return at
        at = text.find(form, at + 1)
    return -1


def _ends(form: str, text: str, end: int) -> bool:
    return not form[-1].isdigit() or _NUMBER_ENDS.match(text, end) is not None


def _goes_on(char: str) -> bool:
    return char.isdecimal() or char == "."
