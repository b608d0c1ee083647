"""What differs between two states of the corpus, file by file and transcript by transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.errors import TranscriptError
from qa.transcripts.catalogue import METADATA_NAME
from qa.transcripts.metadata import Metadata, parse_metadata
from qa.versions.inventory import inventory

__all__ = ["Difference", "What", "differences"]


class What(StrEnum):
    """What became of a transcript or of another file."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A transcript, or a file of the lexicon or the question sets, that is not the same in both.

    ``part`` is the folder it stands in, ``name`` the transcript's id or the file's name; ``title`` that of
    a transcript; ``fields`` are what changed of it: ``source``, or fields of ``transcript.yaml``.
    """

    what: What
    part: str
    name: str
    title: str = ""
    fields: tuple[str, ...] = ()


def differences(before: Path, after: Path) -> tuple[Difference, ...]:
    """What differs between the corpus folders ``before`` and ``after``, in name order."""
    old, new = inventory(before), inventory(after)
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    units = dict.fromkeys(_unit(name) for name in names)
    return tuple(found for unit in units for found in _difference(unit, before, after, old, new))


def _unit(name: str) -> tuple[str, str]:
    part, _, rest = name.partition("/")
    return (part, rest.partition("/")[0]) if part == "transcripts" else (part, rest)


def _difference(
    unit: tuple[str, str], before: Path, after: Path, old: dict[str, str], new: dict[str, str]
) -> Iterator[Difference]:
    part, name = unit
    path = f"{part}/{name}"
    had = any(held == path or held.startswith(f"{path}/") for held in old)
    has = any(held == path or held.startswith(f"{path}/") for held in new)
    what = What.CHANGED if had and has else What.ADDED if has else What.REMOVED
    if part != "transcripts":
        yield Difference(what, part, name)
        return
    was, now = _metadata(before / path), _metadata(after / path)
    described = now or was
    fields = _fields(was, now) if what is What.CHANGED else ()
    yield Difference(what, part, name, described.title if described else "", fields)


def _fields(was: Metadata | None, now: Metadata | None) -> tuple[str, ...]:
    if was is None or now is None:
        return (METADATA_NAME,)
    one, other = was.model_dump(by_alias=True), now.model_dump(by_alias=True)
    return tuple(field for field in one if one[field] != other[field])


def _metadata(folder: Path) -> Metadata | None:
    try:
        return parse_metadata((folder / METADATA_NAME).read_bytes(), folder.name)
    except (OSError, TranscriptError):
        return None
