"""Follow-ups: whether a question can stand alone, and what one that cannot takes from the one before.

A question lacks something when it says next to nothing (那要多久？), or when it goes on (那…, …呢？)
without both a subject and a question word of its own. It takes only what it lacks: of two offices or two
years its own counts, and so do its own question words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from qa.language.concept import Concept
from qa.language.expect import Facet
from qa.model import Span

__all__ = ["Read", "leans", "taking_over"]

_LITTLE: Final = 0.45
"""The importance of all content up to which a question says next to nothing."""
_ELLIPTIC: Final = 1.6
"""The same up to which a question that goes on (那…, …呢) may still lack something."""
_SUBJECT, _SUBJECTS = 0.6, 0.85
"""The importance from which one word, or all words together, are a subject."""
_TAKEN: Final = 0.8
"""What is left of a word's importance when it is taken over."""
_ONE_OF_A_KIND: Final = frozenset({"office", "place", "year"})
"""Kinds of concepts of which a question's own stands in place of the one before."""
_GOES_ON: Final = re.compile(r"(那(?!年|时|天)|还有|另外|如果|要是|这个|它|他(?!人|乡)|她)")
_ENDS_IN_NE: Final = re.compile(r"呢[?。!\s]*$")
_HOW: Final = re.compile(r"怎么样|怎样")


@dataclass(frozen=True, slots=True)
class Read:
    """A question's repaired, folded text with its facets and concepts."""

    text: str
    facets: tuple[Facet, ...]
    concepts: tuple[Concept, ...]


def leans(read: Read) -> bool:
    """Whether a question cannot stand alone."""
    weights = [c.importance for c in _subjects(read)]
    goes_on = _goes_on(read.text)
    if sum(weights) < _LITTLE and (goes_on or _asks(read) != _names_one(read)):
        return True
    has_subject = max(weights, default=0.0) >= _SUBJECT or sum(weights) >= _SUBJECTS
    return goes_on and sum(weights) < _ELLIPTIC and not (has_subject and _asks_openly(read))


def taking_over(read: Read, before: Read) -> Read | None:
    """``read`` with the words it lacks from the question ``before``, or None when that has none to give.

    What is taken follows after a space; what is not stands there as spaces, so that offsets hold.
    """
    asked = _asks(read)
    left_out = [*_doubled(read, before), *(_question_words(before) if asked else ())]
    taken = [c for c in before.concepts if not any(c.span.overlaps(span) for span in left_out)]
    if not taken:
        return None
    shift = len(read.text) + 1
    text = f"{read.text} {_blanked(before.text, left_out)}"
    concepts = (replace(c, span=c.span.shift(shift), importance=_TAKEN * c.importance) for c in taken)
    facets = read.facets if asked else tuple(_following(before.facets, shift))
    return Read(text, facets, (*read.concepts, *concepts))


# -- whether ----------------------------------------------------------------------------------------------


def _subjects(read: Read) -> Iterator[Concept]:
    """The words the question is about: not those that say what is asked for (多少钱, 什么材料)."""
    asks = [f.ask for f in read.facets if f.ask is not None]
    for concept in read.concepts:
        inside = any(ask.contains(concept.span) or concept.span.contains(ask) for ask in asks)
        if concept.kind in ("word", "office", "place") and not inside:
            yield concept


def _goes_on(text: str) -> bool:
    return _GOES_ON.match(text) is not None or _ENDS_IN_NE.search(text) is not None


def _asks(read: Read) -> bool:
    return any(f.ask is not None for f in read.facets) or _HOW.search(read.text) is not None


def _asks_openly(read: Read) -> bool:
    """Whether more than yes or no is asked."""
    openly = any(f.ask is not None and f.kind != "yesno" for f in read.facets)
    return openly or _HOW.search(read.text) is not None


def _names_one(read: Read) -> bool:
    """Whether an office, a place, a year or a number is named: with a question word that is enough."""
    return any(c.kind != "word" for c in read.concepts)


# -- what ---------------------------------------------------------------------------------------------------


def _doubled(read: Read, before: Read) -> Iterator[Span]:
    """Where the question before says what this one says itself, or another of a kind it has its own of."""
    own = {form.text for concept in read.concepts for form in concept.forms}
    kinds = {concept.kind for concept in read.concepts} & _ONE_OF_A_KIND
    for concept in before.concepts:
        if concept.kind in kinds or concept.text in own:
            yield concept.span


def _question_words(read: Read) -> Iterator[Span]:
    return (facet.ask for facet in read.facets if facet.ask is not None)


def _blanked(text: str, spans: list[Span]) -> str:
    hidden = set(chain.from_iterable(range(span.start, span.end) for span in spans))
    return "".join(" " if at in hidden else char for at, char in enumerate(text))


def _following(facets: tuple[Facet, ...], shift: int) -> Iterator[Facet]:
    """The facets of the question before, the first reaching back over the new question's own words."""
    for number, facet in enumerate(facets):
        span = facet.span.shift(shift)
        ask = None if facet.ask is None else facet.ask.shift(shift)
        yield replace(facet, span=Span(0, span.end) if number == 0 else span, ask=ask)
