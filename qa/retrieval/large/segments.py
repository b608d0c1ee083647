"""A segment on disk: its sections by name, opened together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qa.errors import IndexFormatError
from qa.retrieval.large.documents import COLUMNS, Documents
from qa.retrieval.large.inverting import Inverted, Lists
from qa.retrieval.large.manifest import SegmentFiles, damaged
from qa.retrieval.large.postings import OpenLists, Terms, heads_of, peaks_of
from qa.retrieval.large.ranking import Segment
from qa.retrieval.large.sections import Section, SectionFile, SectionWriter, open_section

__all__ = [
    "SECTIONS",
    "TERMS",
    "OpenSegment",
    "check_segment",
    "open_segment",
    "write_inverted",
    "write_section",
]

_LISTS: Final = {
    "starts": "<i8",
    "postings": "<u4",
    "many_at": "<i8",
    "many": "<i8",
    "lengths": "<u4",
    "peaks": "<f4",
    "average": "<f8",
}
TERMS: Final = {
    "keys": "<i8",
    "key_heads": "<i8",
    "tail_ends": "<i8",
    "tails": "u1",
    "words": "u1",
    **{f"passage_{name}": kind for name, kind in _LISTS.items()},
    **{f"document_{name}": kind for name, kind in _LISTS.items()},
}
SECTIONS: Final[Mapping[str, str]] = {**COLUMNS, **TERMS}
"""Every section of a segment, with the kind of its items. ``words`` are those of two ideographs or more."""


@dataclass(frozen=True)
class OpenSegment:
    """A segment ready to be searched and read."""

    files: SegmentFiles
    ranking: Segment
    documents: Documents
    sections: Mapping[str, Section]

    def words(self) -> list[str]:
        """The words of two ideographs or more of its passages."""
        text = self.sections["words"].whole().tobytes().decode("utf-8", "surrogatepass")
        return text.split("\n") if text else []


def open_segment(index: Path, folder: Path, files: SegmentFiles) -> OpenSegment:
    """Opens a segment of the index ``index`` by memory map.

    Raises:
        IndexFormatError: if a section is missing, cut short, or what is read of it was changed.
    """

    def refusal(detail: str) -> IndexFormatError:
        return damaged(index, f"{folder.name}/{detail}")

    if files.sections.keys() != SECTIONS.keys():
        raise refusal("sections differ")
    sections = {
        name: open_section(folder / name, files.sections[name], kind, refusal)
        for name, kind in SECTIONS.items()
    }
    documents = Documents(sections)
    ranking = Segment(
        Terms(*(sections[name] for name in ("keys", "key_heads", "tail_ends", "tails"))),
        _open_lists(sections, "passage"),
        _open_lists(sections, "document"),
        documents.document_of,
    )
    return OpenSegment(files, ranking, documents, sections)


def _open_lists(sections: Mapping[str, Section], kind: str) -> OpenLists:
    average = sections[f"{kind}_average"].whole()
    return OpenLists(
        sections[f"{kind}_starts"],
        sections[f"{kind}_postings"],
        sections[f"{kind}_many_at"].whole(),
        sections[f"{kind}_many"].whole(),
        sections[f"{kind}_lengths"].whole(),
        sections[f"{kind}_peaks"],
        float(average[0]) if len(average) else 0.0,
    )


def check_segment(index: Path, folder: Path, files: SegmentFiles) -> int:
    """Reads every byte of a segment; gives how many there are.

    Raises:
        IndexFormatError: if one was changed.
    """
    opened = open_segment(index, folder, files)
    for section in opened.sections.values():
        section.whole()
    return sum(told.bytes for told in files.sections.values())


def write_inverted(folder: Path, made: Inverted, words: bytes) -> dict[str, SectionFile]:
    """Writes the terms and postings of a segment that is in memory."""
    arrays = {
        "keys": made.keys,
        "key_heads": heads_of(made.keys),
        "tail_ends": made.tail_ends,
        "tails": made.tails,
        "words": np.frombuffer(words, np.uint8),
        **_list_arrays("passage", made.passages),
        **_list_arrays("document", made.documents),
    }
    return {name: write_section(folder / name, array) for name, array in arrays.items()}


def _list_arrays(kind: str, lists: Lists) -> dict[str, np.ndarray]:
    average = float(lists.lengths.mean()) if len(lists.lengths) else 0.0
    return {
        f"{kind}_starts": lists.starts,
        f"{kind}_postings": lists.postings,
        f"{kind}_many_at": lists.many_at,
        f"{kind}_many": lists.many,
        f"{kind}_lengths": lists.lengths,
        f"{kind}_peaks": peaks_of(lists, average),
        f"{kind}_average": np.asarray([average]),
    }


def write_section(path: Path, data: np.ndarray | bytes) -> SectionFile:
    """A section that is at hand as a whole."""
    with SectionWriter(path) as file:
        file.write(data)
        return file.finish()
