"""Which concepts of a question a text holds, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.language.query import Concept, Form
from qa.model import Span
from qa.text import is_han

__all__ = ["NO_MATCH", "Match", "concept_match", "narrowed"]

_PARTIAL = 0.6
"""What a concept of three or more characters is worth when all its bigrams are there, but not in one."""
_LEAST_PARTIAL = 0.5
_SAME_COUNTER = 0.5
"""What another figure of the same counter is worth (152场 for 150场): one can be held against the other."""
_EXACT = frozenset({"number", "year"})


@dataclass(frozen=True, slots=True)
class Match:
    """How a text holds a concept: the form found, how surely it means the same, and its first span.

    ``weight`` is 0 when the text does not hold it; a partial match has no span.
    """

    weight: float
    form: Form | None = None
    span: Span | None = None


NO_MATCH = Match(0.0)
"""What a text that does not hold a concept has."""


def concept_match(concept: Concept, text: str, forms: Sequence[Form] | None = None) -> Match:
    """The best match of a concept in folded, simplified ``text``, of all its forms or of ``forms``."""
    best = NO_MATCH
    exact = concept.kind in _EXACT
    for form in concept.forms if forms is None else forms:
        if form.weight > best.weight:
            at = _find_number(form.text, text) if exact else text.find(form.text)
            if at >= 0:
                best = Match(form.weight, form, Span(at, at + len(form.text)))
    if best.weight == 0.0 and concept.counter:
        return _comparable(concept.counter, text)
    if best.weight == 0.0 and len(concept.text) > 2 and is_han(concept.text[0]):
        return _partial(concept.text, text)
    return best


def narrowed(concept: Concept, text: str) -> tuple[Form, ...]:
    """The forms of a concept that ``text`` holds at all: parts of it need not look for the others."""
    return tuple(form for form in concept.forms if form.text in text)


def _find_number(form: str, text: str) -> int:
    at = text.find(form)
    if at < 0:
        return -1
    tail = r"(?![\d.]*\d)(?!\s?[余多]?[万亿])" if form[-1].isdigit() else ""
    found = re.search(rf"(?<![\d.]){re.escape(form)}{tail}", text)
    return -1 if found is None else found.start()


def _comparable(counter: str, text: str) -> Match:
    if counter not in text and counter != "%":
        return NO_MATCH
    unit = "[%‰]" if counter == "%" else rf"[余多]?[万亿]?[余多]?个?{re.escape(counter)}"
    found = re.search(rf"(?<![\d.])\d[\d.]*{unit}", text)
    if found is None or (counter == "年" and len(found.group()) == len("2024年")):
        return NO_MATCH  # a calendar year is no length of time
    return Match(_SAME_COUNTER, None, Span(*found.span()))


def _partial(own: str, text: str) -> Match:
    pairs = [own[i : i + 2] for i in range(len(own) - 1)]
    share = sum(pair in text for pair in pairs) / len(pairs)
    return Match(_PARTIAL * share) if share >= _LEAST_PARTIAL else NO_MATCH
