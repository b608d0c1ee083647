"""Use of the lexicon: how much it holds, and which of its entries a question sets to work.

An entry *fires* on a question when it changes how the question is read: a synonym gives another form, a
dialect word is replaced, a stopword is passed over. What never fires on real questions is dead weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from qa.language.lexicon import Lexicon
from qa.language.query import Query
from qa.language.segment import Segmenter, Word
from qa.model import Repair

__all__ = ["KINDS", "Entry", "LexiconUse", "entries"]

KINDS: Final = (
    "words",
    "groups",
    "pointers",
    "dialect",
    "regional",
    "shapes",
    "units",
    "offices",
    "places",
    "stopwords",
)
"""The kinds of files, in the order they are reported."""
_LONGEST_RUN: Final = 6
"""The words that a stopword may be made of."""


class Entry(NamedTuple):
    """An entry of the lexicon: the kind of its file, and its words (of a group, the group's)."""

    kind: str
    text: str


def entries(lexicon: Lexicon) -> Mapping[str, int]:
    """How many entries there are of each of :data:`KINDS`."""
    return {kind: len(getattr(lexicon, kind)) for kind in KINDS}


class LexiconUse:
    """Tells which entries of a lexicon fire.

    Args:
        segmenter: the one that read the questions.
    """

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._keys = _keys(lexicon)
        self._longest = max(map(len, self._keys), default=0)

    def fired(self, query: Query) -> frozenset[Entry]:
        """The entries that fired on a question, each once."""
        words = self._segmenter.words(query.said)
        found = [
            *self._matched(query),
            *self._repaired(query.repairs),
            *(Entry("words", word.text) for word in words if word.text in self._lexicon.words),
            *(Entry("stopwords", said) for said in _runs(words) if said in self._lexicon.stopwords),
            *(Entry("units", unit) for unit in self._units(query, words)),
        ]
        return frozenset(found)

    def _matched(self, query: Query) -> Iterator[Entry]:
        """Entries that give a concept, or a part of it, another form."""
        for concept in query.concepts:
            for part in _parts(concept.text, self._longest):
                yield from self._keys.get(part, ())

    def _repaired(self, repairs: Iterable[Repair]) -> Iterator[Entry]:
        for repair in repairs:
            if repair.kind == "dialect":
                yield Entry("dialect", repair.before)
            elif repair.kind == "regional":
                yield from self._regional(repair)
            elif repair.kind == "typo":
                yield from self._shapes(repair)

    def _regional(self, repair: Repair) -> Iterator[Entry]:
        before = repair.before
        for word, standard in sorted(self._lexicon.regional.items(), key=lambda item: -len(item[0])):
            if word in before and standard in repair.after:
                before = before.replace(word, "")
                yield Entry("regional", word)

    def _shapes(self, repair: Repair) -> Iterator[Entry]:
        """Rows of look-alikes of which one character was read as another."""
        mended = {pair for pair in zip(repair.before, repair.after, strict=False) if pair[0] != pair[1]}
        for row in self._lexicon.shapes:
            if any(typed in row and right in row for typed, right in mended):
                yield Entry("shapes", row)

    def _units(self, query: Query, words: Iterable[Word]) -> Iterator[str]:
        """Units asked for, and units that stand after a figure."""
        # As asked for, a unit may have the first character of the next word with it (部电梯).
        asked = (unit for f in query.facets if f.unit is not None for unit in (f.unit, f.unit[:1]))
        counted = (unit.text for figure, unit in pairwise(words) if figure.text[-1:].isdecimal())
        return (unit for unit in (*asked, *counted) if unit in self._lexicon.units)


def _keys(lexicon: Lexicon) -> Mapping[str, list[Entry]]:
    """The words that concepts are matched by, with the entries that name them."""
    keys: dict[str, list[Entry]] = {}
    for group in lexicon.groups:
        _add(keys, group, Entry("groups", "=".join(group)))
    for said in lexicon.pointers:
        _add(keys, (said,), Entry("pointers", said))
    for office in lexicon.offices:
        _add(keys, office.names, Entry("offices", office.name))
    for place in lexicon.places:
        _add(keys, place.names, Entry("places", place.name))
    return keys


def _add(keys: dict[str, list[Entry]], names: Iterable[str], entry: Entry) -> None:
    for name in names:
        if len(name) > 1:
            keys.setdefault(name.lower(), []).append(entry)


def _parts(text: str, longest: int) -> Iterator[str]:
    for start in range(len(text) - 1):
        for end in range(start + 2, min(len(text), start + longest) + 1):
            yield text[start:end]


def _runs(words: Sequence[Word]) -> Iterator[str]:
    """Each word, and the words of one run as a phrase: a stopword may be several (帮我看一下)."""
    for at in range(len(words)):
        yield from accumulate(word.text for word in words[at : at + _LONGEST_RUN])
