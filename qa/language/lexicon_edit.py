"""Lines of a lexicon file looked up, added and taken out. What a file says around them stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa.errors import LexiconError
from qa.text import fold

__all__ = ["LexiconLine", "edited", "lexicon_files", "lines_with"]

_APART: Final = re.compile(r"[\s=>|\-:,;\[\]{}()'\"]+")
_KINDS: Final = frozenset({".txt", ".yaml"})


@dataclass(frozen=True, slots=True)
class LexiconLine:
    """A line of a lexicon file that holds a word; ``whole`` says that the word is an entry by itself."""

    file: str
    number: int
    text: str
    whole: bool


def lexicon_files(folder: Path) -> tuple[str, ...]:
    """The names of the files of a lexicon, in name order."""
    return tuple(sorted(path.name for path in folder.glob("[!.]*") if path.suffix in _KINDS))


def lines_with(folder: Path, word: str) -> tuple[LexiconLine, ...]:
    """The lines that hold ``word``, whatever its width and capitals; those where it is an entry first."""
    wanted = fold(word).strip()
    found = tuple(_lines_with(folder, wanted)) if wanted else ()
    return tuple(sorted(found, key=lambda line: not line.whole))


def _lines_with(folder: Path, wanted: str) -> Iterator[LexiconLine]:
    for name in lexicon_files(folder):
        text = (folder / name).read_text("utf-8-sig", errors="replace")
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.split("#", 1)[0].strip()
            folded = fold(line)
            if wanted in folded:
                yield LexiconLine(name, number, line, wanted in _APART.split(folded))


def edited(data: bytes, name: str, add: Sequence[str], remove: Sequence[str]) -> bytes:
    """The bytes of the lexicon file ``name`` without the lines ``remove`` and with ``add`` at its end.

    A line is the one meant whatever spaces it has and whatever comment follows it.

    Raises:
        LexiconError: if a line to be taken out is not there, or one to be added already is.
    """
    lines = data.decode("utf-8-sig").splitlines()
    kept, gone = [], {_plain(line) for line in remove}
    missing = [line for line in remove if _plain(line) not in map(_plain, lines)]
    if missing:
        raise _error(name, f"没有“{missing[0].strip()}”这一行，去不掉。请从查到的结果里照着复制。")
    kept = [line for line in lines if not _plain(line) or _plain(line) not in gone]
    there = {_plain(line) for line in kept}
    for line in add:
        if _plain(line) in there:
            raise _error(name, f"已经有“{line.strip()}”这一行，不用再加。")
        there.add(_plain(line))
        kept.append(line.strip())
    return ("\n".join(kept) + "\n").encode()


def _plain(line: str) -> str:
    return "".join(line.split("#", 1)[0].split())


def _error(name: str, why: str) -> LexiconError:
    return LexiconError(f"词表 {name} {why}", code="lexicon_edit", detail=f"{name}: {why}")
