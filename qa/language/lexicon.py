"""The lexicon: public-service vocabulary read from data files into one frozen record.

Formats are in ``corpus/README.md``. A line that cannot be read is an error that names file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

from qa.errors import LexiconError

__all__ = ["DialectEntry", "Expectation", "Lexicon", "Office", "Place", "load_lexicon"]

_NOT = "!"
"""What stands before a word of ``asker.txt`` that speaks of nobody."""
_NO_WORD = re.compile(r"[\s\d]")


@dataclass(frozen=True, slots=True)
class DialectEntry:
    """A dialect word, the standard word it stands for (empty: leave out), and its kind."""

    word: str
    standard: str
    kind: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its generic name, the other names it goes by, and what it is in charge of."""

    name: str
    names: tuple[str, ...]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place: all its names, its one-character abbreviations, its kind and what it lies within."""

    name: str
    names: tuple[str, ...]
    abbreviations: tuple[str, ...] = ()
    kind: str = "district"
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """A kind of answer: patterns of questions that ask for it, and a pattern of words that give it.

    ``name`` tells apart what is of one kind but more closely asked for (a street, of the kind place).
    ``must`` says that without such words it is no answer, whatever the kind.
    """

    kind: str
    name: str
    ask: tuple[re.Pattern[str], ...]
    evidence: re.Pattern[str] | None
    must: bool = False


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles of office, what whoever heads an office is called without one, words that stand beside either
    and say nothing else, and words that make a name somebody else (某某的儿子)."""

    titles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """All vocabulary. ``digest`` is the sha256 of the files it was read from, in name order."""

    digest: str
    words: Mapping[str, str | None]
    groups: tuple[tuple[str, ...], ...]
    pointers: Mapping[str, tuple[str, ...]]
    dialect: tuple[DialectEntry, ...]
    regional: Mapping[str, str]
    shapes: tuple[str, ...]
    units: Mapping[str, str]
    counters: Mapping[str, frozenset[str]]
    offices: tuple[Office, ...]
    places: tuple[Place, ...]
    stopwords: frozenset[str]
    asked: frozenset[str]
    measures: frozenset[str]
    addresses: frozenset[str]
    asker: frozenset[str]
    not_asker: frozenset[str]
    expectations: tuple[Expectation, ...]
    refusals: Mapping[str, tuple[re.Pattern[str], ...]]
    opposites: Mapping[str, tuple[str, ...]]
    titles: Titles

    def vocabulary(self) -> frozenset[str]:
        """Every standard word of the lexicon: what the segmenter should know and a slip may be mended to."""
        return self._vocabulary

    def tells_of_asker(self, words: str) -> bool:
        """Whether words speak of whoever asks, or of kin."""
        of_asker, others = self._asker_patterns
        return (
            of_asker is not None and of_asker.search(others.sub("", words) if others else words) is not None
        )

    @cached_property
    def _asker_patterns(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        sides = ("|".join(map(re.escape, sorted(side))) for side in (self.asker, self.not_asker))
        of_asker, others = (re.compile(side) if side else None for side in sides)
        return of_asker, others

    def settled(self) -> frozenset[str]:
        """The names by which officials call one thing, and those exchangeable with them, in small letters: no
        sayings of residents."""
        offices = (name for office in self.offices for name in office.names)
        grouped = (word for group in self.groups for word in group)
        return frozenset(word.lower() for word in (*self.words, *grouped, *offices))

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        known = set(self.words)
        for group in self.groups:
            known.update(group)
        for said, official in self.pointers.items():
            known.update((said, *official))
        for office in self.offices:
            known.update(office.names)
        for place in self.places:
            known.update(place.names)
        return frozenset(word for word in known if len(word) > 1 and not _NO_WORD.search(word))


class _Line(NamedTuple):
    """A line of a file: made faster than other records, as there are tens of thousands."""

    path: Path
    number: int
    text: str

    def error(self, why: str) -> LexiconError:
        return LexiconError(
            f"词表 {self.path.name} 第 {self.number} 行读不懂：{why}。请改正后重试。",
            detail=f"{self.path}:{self.number}: {why}",
        )

    def split(self, separator: str) -> list[str]:
        parts = list(map(str.strip, self.text.split(separator)))
        if len(parts) < 2 or not parts[0]:
            raise self.error(f"缺少“{separator}”")
        return parts


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of a YAML file, the ``number``-th."""

    name: str
    number: int
    fields: Mapping[str, object]

    def error(self, why: str) -> LexiconError:
        return LexiconError(
            f"词表 {self.name} 第 {self.number} 条读不懂：{why}。请改正后重试。",
            detail=f"{self.name}: record {self.number}: {why}",
        )

    def text(self, key: str) -> str:
        value = str(self.fields.get(key) or "").strip()
        if not value:
            raise self.error(f"缺少“{key}”")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.fields.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.error(f"“{key}”应是一串，写在方括号里")
        return tuple(str(item) for item in value)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"词表 {path.name} 不是 UTF-8 编码。请另存为 UTF-8 后重试。", detail=f"{path}: {error}"
        ) from error


def _lines(folder: Path, pattern: str) -> Iterator[_Line]:
    for path in sorted(folder.glob(pattern)):
        for number, raw in enumerate(_text(path).splitlines(), 1):
            text = raw.partition("#")[0].strip()
            if text:
                yield _Line(path, number, text)


def _yaml(folder: Path, name: str) -> object:
    path = folder / name
    if not path.is_file():
        return None
    try:
        return yaml.load(_text(path), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f"第 {mark.line + 1} 行"
        raise LexiconError(
            f"词表 {name} {where}不是有效的 YAML，请检查缩进和引号。", detail=f"{path}: {error}"
        ) from error


_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _records(folder: Path, name: str) -> Iterator[_Record]:
    loaded = _yaml(folder, name)
    if loaded is not None and not isinstance(loaded, list):
        raise LexiconError(f"词表 {name} 应是一串记录，每条以“- ”开头。请改正后重试。", detail=name)
    for number, fields in enumerate(loaded or (), 1):
        record = _Record(name, number, fields if isinstance(fields, dict) else {})
        if not record.fields:
            raise record.error("不是“名: 值”的形式")
        yield record


def _synonyms(folder: Path) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[str, ...]]]:
    groups: list[tuple[str, ...]] = []
    pointers: dict[str, tuple[str, ...]] = {}
    for line in _lines(folder, "synonyms*.txt"):
        if ">" in line.text:
            said, official = line.split(">")[:2]
            targets = tuple([part for part in map(str.strip, official.split("|")) if part])
            if not targets:
                raise line.error("“>”后面没有词")
            said = said.lower()
            before = pointers.get(said)
            pointers[said] = targets if before is None else before + targets
        else:
            groups.append(tuple([part for part in line.split("=") if part]))
    return tuple(groups), pointers


def _dialect(folder: Path) -> tuple[DialectEntry, ...]:
    entries = []
    for line in _lines(folder, "dialect*.txt"):
        word, rest = line.split("->")[:2]
        standard, _, kind = rest.partition(":")
        entries.append(DialectEntry(word, standard.strip(), kind.strip()))
    return tuple(sorted(entries, key=lambda entry: (-len(entry.word), entry.word)))


def _offices(folder: Path) -> Iterator[Office]:
    for record in _records(folder, "offices.yaml"):
        name = record.text("name")
        yield Office(
            name,
            (name, *record.strings("short"), *record.strings("former")),
            record.strings("topics"),
        )


def _places(folder: Path) -> Iterator[Place]:
    for record in _records(folder, "places.yaml"):
        name = record.text("name")
        within = record.fields.get("within")
        yield Place(
            name,
            (name, *record.strings("short"), *record.strings("former")),
            record.strings("abbr"),
            str(record.fields.get("kind", "district")),
            None if within is None else str(within),
        )


def _pattern(text: object, where: str) -> re.Pattern[str]:
    try:
        return re.compile(str(text))
    except re.error as error:
        raise LexiconError(
            f"词表 {where} 里的规则写错了：{text}。请改正后重试。", detail=f"{where}: {error}"
        ) from error


def _expectations(folder: Path) -> Iterator[Expectation]:
    name = "expectations.yaml"
    for record in _records(folder, name):
        evidence = record.fields.get("evidence")
        kind = record.text("kind")
        yield Expectation(
            kind,
            str(record.fields.get("name") or kind),
            tuple(_pattern(ask, name) for ask in record.strings("ask")),
            None if evidence is None else _pattern(evidence, name),
            record.fields.get("must") is True,
        )


def _refusals(folder: Path) -> dict[str, tuple[re.Pattern[str], ...]]:
    name = "refusals.yaml"
    loaded = _yaml(folder, name)
    if loaded is not None and not isinstance(loaded, dict):
        raise LexiconError(f"词表 {name} 应是“种类: 规则”的形式。请改正后重试。", detail=name)
    record = _Record(name, 1, loaded or {})
    return {kind: tuple(_pattern(text, name) for text in record.strings(kind)) for kind in record.fields}


def _titles(folder: Path) -> Titles:
    name = "titles.yaml"
    loaded = _yaml(folder, name)
    if loaded is not None and not isinstance(loaded, dict):
        raise LexiconError(f"词表 {name} 应是“种类: 词”的形式。请改正后重试。", detail=name)
    record = _Record(name, 1, loaded or {})
    return Titles(
        record.strings("titles"), record.strings("roles"), record.strings("beside"), record.strings("kin")
    )


def _opposites(folder: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in _lines(folder, "opposites.txt"):
        words = line.split("|")
        for word in words:
            found.setdefault(word, {}).update(dict.fromkeys(other for other in words if other != word))
    return {word: tuple(others) for word, others in found.items()}


def _counters(folder: Path) -> dict[str, frozenset[str]]:
    """For each counter those that count the same, itself included."""
    found: dict[str, set[str]] = {}
    for line in _lines(folder, "counters.txt"):
        alike = line.text.split()
        for counter in alike:
            found.setdefault(counter, set()).update(alike)
    return {counter: frozenset(alike) for counter, alike in found.items()}


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file():
            total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon kept in ``folder``; a file that is not there is empty.

    Raises:
        LexiconError: for a line or record that cannot be read, naming the file and the place.
    """
    groups, pointers = _synonyms(folder)
    asker = [line.text for line in _lines(folder, "asker.txt")]
    words: dict[str, str | None] = {}
    for line in _lines(folder, "words*.txt"):
        word, *tag = line.text.split()
        words[word] = tag[0] if tag else None
    units = {}
    for line in _lines(folder, "units.txt"):
        unit, *kind = line.text.split()
        if len(kind) != 1:
            raise line.error("应为“单位 种类”")
        units[unit] = kind[0]
    regional = {}
    for line in _lines(folder, "regional.txt"):
        word, *rest = line.split("->")
        regional[word] = rest[0].partition(":")[0].strip()
    return Lexicon(
        digest=_digest(folder),
        words=words,
        groups=groups,
        pointers=pointers,
        dialect=_dialect(folder),
        regional=regional,
        shapes=tuple(line.text.replace(" ", "") for line in _lines(folder, "shapes.txt")),
        units=units,
        offices=tuple(_offices(folder)),
        places=tuple(_places(folder)),
        stopwords=frozenset(line.text for line in _lines(folder, "stopwords.txt")),
        asked=frozenset(line.text for line in _lines(folder, "asked.txt")),
        measures=frozenset(line.text for line in _lines(folder, "measures.txt")),
        addresses=frozenset(line.text for line in _lines(folder, "addresses.txt")),
        asker=frozenset(word for word in asker if not word.startswith(_NOT)),
        not_asker=frozenset(word[1:] for word in asker if word.startswith(_NOT)),
        expectations=tuple(_expectations(folder)),
        refusals=_refusals(folder),
        opposites=_opposites(folder),
        counters=_counters(folder),
        titles=_titles(folder),
    )
