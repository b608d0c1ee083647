"""Typeahead: what can be asked that looks like what has been typed so far.

Typed characters match an entry's own characters, and their pinyin: whole syllables, the beginning of the
last one, or initials (``ylbx`` and ``yanglaobx`` both find 养老保险). Pure: nothing is read, nothing kept
but the entries. Readings are pypinyin's, which tells most characters of several readings by their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from itertools import groupby
from typing import Final

from pypinyin import Style, lazy_pinyin

from qa.language.pinyin import toneless
from qa.language.script import ScriptConverter
from qa.model import Span, Transcript
from qa.questions import FaqQuestion
from qa.text import is_han

__all__ = ["MAX_TYPED", "Entry", "EntryKind", "Suggester", "Suggestion", "entries_of"]

MAX_TYPED: Final = 60
"""Code points of what was typed that are looked at; nobody needs more to be understood."""
_KEY: Final = 2
"""How many typed symbols choose the places where matching is tried."""


class EntryKind(StrEnum):
    """What an entry is, in the order in which equals are shown."""

    TOPIC = "topic"
    QUESTION = "question"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be asked: a question the corpus answers, its topic, or a heading of a briefing."""

    text: str
    kind: EntryKind
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry that matches, and the span of its text that does."""

    entry: Entry
    match: Span


def entries_of(offered: Iterable[FaqQuestion], transcripts: Iterable[Transcript]) -> tuple[Entry, ...]:
    """The entries of a version: its topics, the questions it answers, its headings; each text once."""
    held = list(offered)
    found = [Entry(q.topic, EntryKind.TOPIC, q.topic) for q in held if q.topic]
    found += [Entry(q.question, EntryKind.QUESTION, q.topic) for q in held]
    found += [Entry(s.title, EntryKind.SECTION) for t in transcripts for s in t.sections if s.title.strip()]
    return tuple({entry.text: entry for entry in reversed(found)}.values())[::-1]


class Suggester:
    """Finds entries by what has been typed.

    Args:
        entries: what can be suggested; an earlier one comes first among equals.
    """

    def __init__(self, entries: Sequence[Entry], script: ScriptConverter) -> None:
        self._script = script
        self._spelled = tuple(_Spelled.of(entry, script) for entry in entries)
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, spelled in enumerate(self._spelled):
            for place in range(len(spelled.symbols)):
                for key in spelled.keys(place):
                    # One letter alone is taken for a beginning: in the middle of everything, it says nothing.
                    if place == 0 or len(key) == _KEY or not key.isascii():
                        self._places.setdefault(key, []).append((number, place))

    def suggest(self, typed: str, most: int) -> tuple[Suggestion, ...]:
        """The best ``most`` entries for what was typed, best first.

        A whole entry comes before a beginning, a beginning before the middle; then characters before
        pinyin, topics before questions before headings, and the entries' own order.
        """
        wanted = _symbols(self._script.fold(typed[:MAX_TYPED]))
        if not wanted:
            return ()
        best: dict[int, tuple[tuple[int, ...], Span]] = {}
        for number, place in self._places.get(wanted[:_KEY], ()):
            spelled = self._spelled[number]
            end = spelled.match(wanted, place)
            if end is None:
                continue
            rank = (spelled.grade(place, end), spelled.by_sound(wanted, place), place)
            if number not in best or rank < best[number][0]:
                best[number] = (rank, Span(spelled.offsets[place], spelled.offsets[end - 1] + 1))
        kinds = list(EntryKind)
        ranked = nsmallest(
            most, best, lambda n: (best[n][0][:2], kinds.index(self._spelled[n].entry.kind), n)
        )
        return tuple(Suggestion(self._spelled[n].entry, best[n][1]) for n in ranked)


def _symbols(folded: str) -> str:
    """What counts of a text: letters, digits and ideographs; marks and spaces are passed over."""
    return "".join(c for c in folded if c.isalnum())


@dataclass(frozen=True, slots=True)
class _Spelled:
    """An entry's symbols, where each stands in its text, and how each is read (empty where it is not)."""

    entry: Entry
    symbols: str
    offsets: tuple[int, ...]
    readings: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry, script: ScriptConverter) -> _Spelled:
        folded = script.fold(entry.text)
        kept = [(at, c) for at, c in enumerate(folded) if c.isalnum()]
        symbols = "".join(c for _, c in kept)
        return cls(entry, symbols, tuple(at for at, _ in kept), _readings(symbols))

    def keys(self, place: int) -> frozenset[str]:
        """What the first typed symbols can be if the match begins at ``place``; shorter ones too."""
        reading, first = self.readings[place], self.symbols[place]
        starts = {first, reading[:1]} - {""}
        after = place + 1
        following = (
            {self.symbols[after], self.readings[after][:1]} - {""} if after < len(self.symbols) else set()
        )
        pairs = {start + more for start in starts for more in following}
        return frozenset(starts | pairs | ({reading[:_KEY]} if len(reading) > 1 else set()))

    def match(self, wanted: str, place: int) -> int | None:
        """Where a match of ``wanted`` that begins at ``place`` ends (exclusive), or None."""
        reached = {0}
        for at in range(place, len(self.symbols)):
            onward: set[int] = set()
            for typed in reached:
                onward.update(self._steps(wanted, typed, at))
            if len(wanted) in onward:
                return at + 1
            if not onward:
                return None
            reached = onward
        return None

    def _steps(self, wanted: str, typed: int, at: int) -> Iterable[int]:
        """How far typing may have come after the symbol at ``at``, from ``typed`` before it."""
        if wanted[typed] == self.symbols[at]:
            yield typed + 1
        reading = self.readings[at]
        if not reading or wanted[typed] != reading[0]:
            return
        yield typed + 1
        if reading[1:2] == "h" and wanted[typed + 1 : typed + 2] == "h":
            yield typed + 2  # zh, ch, sh as initials
        rest = wanted[typed:]
        if rest.startswith(reading):
            yield typed + len(reading)
        elif reading.startswith(rest):
            yield len(wanted)  # the last syllable is not typed to its end yet

    def grade(self, place: int, end: int) -> int:
        """0 for the whole entry, 1 for its beginning, 2 for the middle."""
        return 2 if place else (0 if end == len(self.symbols) else 1)

    def by_sound(self, wanted: str, place: int) -> int:
        """0 where the characters themselves were typed, 1 where their sounds were."""
        return int(not self.symbols.startswith(wanted, place))


def _readings(symbols: str) -> tuple[str, ...]:
    """The toneless reading of each symbol, empty for what is not read as pinyin."""
    found: list[str] = []
    for han, run in groupby(symbols, is_han):
        text = "".join(run)
        read = lazy_pinyin(text, style=Style.NORMAL) if han else []
        if len(read) != len(text):  # no ideographs, or one that pypinyin does not know
            read = ["".join(lazy_pinyin(c, style=Style.NORMAL, errors="ignore")) for c in text]
        found.extend(map(toneless, read))
    return tuple(found)
