"""The lexicon: public-service vocabulary read from data files into one frozen record.

Formats are in ``corpus/README.md``. A line that cannot be read is an error that names file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import LexiconError

__all__ = ["DialectEntry", "Expectation", "Lexicon", "Office", "Place", "load_lexicon"]


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
    """A kind of answer: patterns of questions that ask for it, and a pattern of words that give it."""

    kind: str
    ask: tuple[re.Pattern[str], ...]
    evidence: re.Pattern[str] | None


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
    offices: tuple[Office, ...]
    places: tuple[Place, ...]
    stopwords: frozenset[str]
    expectations: tuple[Expectation, ...]
    refusals: Mapping[str, tuple[re.Pattern[str], ...]]

    def vocabulary(self) -> frozenset[str]:
        """Every standard word of the lexicon: what the segmenter should know and a slip may be mended to."""
        known = set(self.words)
        for group in self.groups:
            known.update(group)
        for said, official in self.pointers.items():
            known.update((said, *official))
        for office in self.offices:
            known.update(office.names)
        for place in self.places:
            known.update(place.names)
        return frozenset(word for word in known if len(word) > 1 and not re.search(r"[\s\d]", word))


@dataclass(frozen=True, slots=True)
class _Line:
    path: Path
    number: int
    text: str

    def error(self, why: str) -> LexiconError:
        return LexiconError(
            f"词表 {self.path.name} 第 {self.number} 行读不懂：{why}。请改正后重试。",
            detail=f"{self.path}:{self.number}: {why}",
        )

    def split(self, separator: str) -> list[str]:
        parts = [part.strip() for part in self.text.split(separator)]
        if len(parts) < 2 or not parts[0]:
            raise self.error(f"缺少“{separator}”")
        return parts


def _lines(folder: Path, pattern: str) -> Iterator[_Line]:
    for path in sorted(folder.glob(pattern)):
        for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = raw.split("#", 1)[0].strip()
            if text:
                yield _Line(path, number, text)


def _yaml(folder: Path, name: str) -> object:
    path = folder / name
    if not path.is_file():
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise LexiconError(
            f"词表 {name} 不是有效的 YAML，请检查缩进和引号。", detail=f"{path}: {error}"
        ) from error


_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _records(folder: Path, name: str) -> Iterator[Mapping[str, object]]:
    loaded = _yaml(folder, name)
    for number, record in enumerate(loaded if isinstance(loaded, list) else (), 1):
        if not isinstance(record, dict):
            raise LexiconError(f"词表 {name} 第 {number} 条不是“名: 值”的形式，请改正。", detail=name)
        yield record


def _strings(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = record.get(key)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _synonyms(folder: Path) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[str, ...]]]:
    groups: list[tuple[str, ...]] = []
    pointers: dict[str, tuple[str, ...]] = {}
    for line in _lines(folder, "synonyms*.txt"):
        if ">" in line.text:
            said, official = line.split(">")[:2]
            targets = tuple(part.strip() for part in official.split("|") if part.strip())
            if not targets:
                raise line.error("“>”后面没有词")
            pointers[said.lower()] = pointers.get(said.lower(), ()) + targets
        else:
            groups.append(tuple(part for part in line.split("=") if part))
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
        name = str(record.get("name"))
        yield Office(
            name,
            (name, *_strings(record, "short"), *_strings(record, "former")),
            _strings(record, "topics"),
        )


def _places(folder: Path) -> Iterator[Place]:
    for record in _records(folder, "places.yaml"):
        name = str(record.get("name"))
        within = record.get("within")
        yield Place(
            name,
            (name, *_strings(record, "short"), *_strings(record, "former")),
            _strings(record, "abbr"),
            str(record.get("kind", "district")),
            None if within is None else str(within),
        )


def _pattern(text: object, where: str) -> re.Pattern[str]:
    try:
        return re.compile(str(text))
    except re.error as error:
        raise LexiconError(f"词表 {where} 里的规则写错了：{text}", detail=f"{where}: {error}") from error


def _expectations(folder: Path) -> Iterator[Expectation]:
    name = "expectations.yaml"
    for record in _records(folder, name):
        evidence = record.get("evidence")
        yield Expectation(
            str(record["kind"]),
            tuple(_pattern(ask, name) for ask in _strings(record, "ask")),
            None if evidence is None else _pattern(evidence, name),
        )


def _refusals(folder: Path) -> dict[str, tuple[re.Pattern[str], ...]]:
    name = "refusals.yaml"
    loaded = _yaml(folder, name)
    if not isinstance(loaded, dict):
        return {}
    return {str(kind): tuple(_pattern(text, name) for text in texts) for kind, texts in loaded.items()}


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
        expectations=tuple(_expectations(folder)),
        refusals=_refusals(folder),
    )
