"""Checking the lexicon: what its files say that cannot all hold.

Each line of a lexicon file can be right and the whole still wrong: a word in two groups, a dialect word
that leads back to itself, a name two offices share. The loader reads lines; this looks at all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.language.lexicon import Lexicon
from qa.language.segment import Segmenter
from qa.text import fold

__all__ = ["Contradiction", "contradictions"]

_HINT_ONLY = "疑问两可"
"""The kind of a dialect word that is never replaced."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something the lexicon says that cannot hold.

    ``kind`` is ``empty``, ``groups``, ``loop``, ``unreachable`` or ``shared``; ``words`` are the entries
    it is about, ``text`` says it in Chinese for whoever keeps the files. A ``note`` is worth a look and
    does no harm: everything else should be mended.
    """

    kind: str
    words: tuple[str, ...]
    text: str
    note: bool = False


def contradictions(lexicon: Lexicon, segmenter: Segmenter) -> tuple[Contradiction, ...]:
    """All contradictions of a lexicon, notes last.

    Args:
        segmenter: one that was built with the lexicon's vocabulary.
    """
    found = [
        *_empty(lexicon),
        *_in_two_groups(lexicon),
        *_replacement_loops(lexicon),
        *_unreachable(lexicon, segmenter),
        *_shared_names(lexicon),
        *_mutual_pointers(lexicon),
    ]
    return tuple(sorted(found, key=lambda c: c.note))


def _empty(lexicon: Lexicon) -> Iterator[Contradiction]:
    for group in lexicon.groups:
        if len(set(group)) < 2:
            yield Contradiction("empty", group[:1], f"“{'”“'.join(group)}”没有写出另一个同义的词。")
    rights = [*lexicon.pointers.items(), *((said, (here,)) for said, here in lexicon.regional.items())]
    for said, meant in rights:
        if not all(meant) or not meant:
            yield Contradiction("empty", (said,), f"“{said}”的右边是空的。")
    for name, names in _named(lexicon):
        if not all(names):
            yield Contradiction("empty", (name,), f"“{name}”有一个空的名称。")


def _in_two_groups(lexicon: Lexicon) -> Iterator[Contradiction]:
    holding: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for group in lexicon.groups:
        for word in dict.fromkeys(group):
            holding[word.lower()].append(group)
    for word, groups in holding.items():
        if len(groups) > 1:
            heads = "”“".join(group[0] for group in groups)
            yield Contradiction("groups", (word,), f"“{word}”在几个等号组里：“{heads}”。一个词只能在一组。")


def _replacement_loops(lexicon: Lexicon) -> Iterator[Contradiction]:
    """Dialect and regional words that, once replaced, are there to be replaced again."""
    dialect = {
        entry.word: entry.standard
        for entry in lexicon.dialect
        if entry.standard and entry.kind != _HINT_ONLY and entry.word != entry.standard
    }
    for name, table in (("方言", dialect), ("外地说法", dict(lexicon.regional))):
        leads = {
            word: frozenset(other for other in table if other in standard) for word, standard in table.items()
        }
        for loop in _loops(leads):
            chain = "→".join((*loop, loop[0]))
            yield Contradiction("loop", loop, f"{name}换来换去又换回来了：{chain}。")


def _loops(leads: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """Each loop of a graph once, from its least member on."""
    seen: set[frozenset[str]] = set()
    for start in sorted(word for word, to in leads.items() if to):
        loop = _way_back(start, leads)
        if loop and frozenset(loop) not in seen:
            seen.add(frozenset(loop))
            yield loop


def _way_back(start: str, leads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The shortest way from ``start`` back to it, or nothing."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = [start]
    for at in waiting:
        for following in sorted(leads.get(at, ())):
            if following == start:
                return ways[at]
            if following not in ways:
                ways[following] = (*ways[at], following)
                waiting.append(following)
    return ()


def _unreachable(lexicon: Lexicon, segmenter: Segmenter) -> Iterator[Contradiction]:
    said = (entry.word for entry in lexicon.dialect)
    for word in dict.fromkeys((*lexicon.words, *said, *lexicon.regional, *sorted(lexicon.stopwords))):
        if fold(word) != word:
            text = f"“{word}”要写成“{fold(word)}”：问题先折成小写、半角再来对照。"
            yield Contradiction("unreachable", (word,), text)
    for word in lexicon.words:
        if fold(word) == word and len(pieces := segmenter.words(word)) > 1:
            cut = "／".join(piece.text for piece in pieces)
            yield Contradiction("unreachable", (word,), f"“{word}”永远切不出来，总会切成“{cut}”。")


def _shared_names(lexicon: Lexicon) -> Iterator[Contradiction]:
    abbreviated = [(place.name, place.abbreviations) for place in lexicon.places]
    for owners in (_owners(_named(lexicon)), _owners(abbreviated)):
        for name, whose in owners.items():
            if len(whose) > 1:
                yield Contradiction("shared", (name,), f"“{name}”是几家的名称：{'、'.join(whose)}。")


def _named(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every office and place with all its names."""
    yield from ((office.name, office.names) for office in lexicon.offices)
    yield from ((place.name, place.names) for place in lexicon.places)


def _owners(named: Iterable[tuple[str, tuple[str, ...]]]) -> Mapping[str, list[str]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for owner, names in named:
        for name in dict.fromkeys(names):
            owners[name].append(owner)
    return owners


def _mutual_pointers(lexicon: Lexicon) -> Iterator[Contradiction]:
    together = {frozenset((a, b)) for group in lexicon.groups for a in group for b in group}
    for said, meant in lexicon.pointers.items():
        for other in dict.fromkeys(meant):
            back = said in lexicon.pointers.get(other, ())
            if said == other:
                yield Contradiction("loop", (said,), f"“{said}”指向它自己。", note=True)
            elif back and said < other and frozenset((said, other)) not in together:
                text = f"“{said}”和“{other}”互相指向，却不在一个等号组里。"
                yield Contradiction("loop", (said, other), text, note=True)
