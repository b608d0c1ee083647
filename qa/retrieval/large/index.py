"""A large index, opened: the same questions to it as to a small one, answered from the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from qa.language.lexicon import load_lexicon
from qa.model import Attribution, BriefingDate, Hit, Passage, Span, Transcript, Turn
from qa.retrieval.index import DOCUMENT_SHARE
from qa.retrieval.large.manifest import Manifest, check_copies, read_manifest
from qa.retrieval.large.ranking import Segments
from qa.retrieval.large.segments import OpenSegment, check_segment, open_segment
from qa.retrieval.protocol import EVERYTHING, Filter, Statement
from qa.retrieval.store import Stored, refused
from qa.retrieval.terms import BIGRAM

__all__ = ["LargeIndex", "check_large", "load_large", "open_segments"]

_T = TypeVar("_T")
_FILTERS: Final = 16
"""For how many filters it is remembered which passages they leave."""


class LargeIndex:
    """Segments with their documents; see :class:`qa.retrieval.protocol.PassageIndex`."""

    def __init__(self, segments: Sequence[OpenSegment]) -> None:
        self._open = tuple(segments)
        self._segments = Segments([segment.ranking for segment in segments], DOCUMENT_SHARE)
        self._first_document = np.cumsum([0, *(len(s.documents) for s in segments)])
        self._first_passage = np.cumsum([0, *(s.documents.passages for s in segments)])
        self._kept = lru_cache(_FILTERS)(self._keep)

    @property
    def segments(self) -> Segments:
        """The segments as they are searched."""
        return self._segments

    def top(self, query: Mapping[str, float], k: int, only: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        found = self._segments.top(query, k, self._kept(only) if only else ())
        return tuple(Hit(self.passage(hit.unit), hit.score, hit.document) for hit in found)

    def _keep(self, only: Filter) -> tuple[NDArray[Any], ...]:
        return tuple(segment.documents.kept_by(only) for segment in self._open)

    def idf(self, term: str) -> float:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return self._segments.passages.idf(term)

    def has_pair(self, pair: str) -> bool:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return self._segments.passages.knows(BIGRAM + pair)

    def words(self) -> Iterable[str]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return chain.from_iterable(segment.words() for segment in self._open)

    def facts(self) -> Iterable[bytes]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return chain.from_iterable(segment.documents.facts() for segment in self._open)

    @property
    def newest_year(self) -> int | None:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        known = (s.files.newest_year for s in self._open)
        return max((year for year in known if year is not None), default=None)

    def names(self) -> set[str]:
        """Everybody the transcripts name."""
        return {name for segment in self._open for name in segment.documents.names()}

    # -- transcripts and passages -----------------------------------------------------------------------

    def transcript(self, number: int) -> Transcript:
        """A transcript by its number."""
        place, local = _placed(self._first_document, number)
        return self._open[place].documents.transcript(local)

    def passage(self, number: int) -> Passage:
        """A passage by its number."""
        place, local = _placed(self._first_passage, number)
        return self._open[place].documents.passage(local)

    @cached_property
    def transcripts(self) -> Sequence[Transcript]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return _Lazy(int(self._first_document[-1]), self.transcript)

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return _Lazy(int(self._first_passage[-1]), self.passage)

    @cached_property
    def by_id(self) -> Mapping[str, Transcript]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return _ById(self)

    def with_id(self, id: str) -> int | None:
        """The number of the transcript of an id."""
        for segment, first in zip(self._open, self._first_document.tolist(), strict=False):
            local = segment.documents.with_id(id)
            if local is not None:
                return int(first) + local
        return None

    def passages_of(self, id: str) -> Sequence[Passage]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        number = self.with_id(id)
        if number is None:
            return ()
        place, local = _placed(self._first_document, number)
        documents = self._open[place].documents
        return tuple(map(documents.passage, documents.passages_of(local)))

    @cached_property
    def statements(self) -> LargeStatements:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return LargeStatements(self, self._open, self._first_document.tolist())


class LargeStatements:
    """Statements of office in columns; see :class:`qa.retrieval.protocol.Statements`."""

    def __init__(self, index: LargeIndex, segments: Sequence[OpenSegment], first: Sequence[int]) -> None:
        self._index = index
        self._rows = [segment.documents.statements()[0] for segment in segments]
        self._strings = [segment.documents.statements()[1] for segment in segments]
        self._dates = [segment.documents.date for segment in segments]
        self._first = first

    @cached_property
    def _by_name(self) -> Mapping[str, list[tuple[int, int]]]:
        return self._by(6)

    @cached_property
    def _by_office(self) -> Mapping[str, list[tuple[int, int]]]:
        return self._by(7)

    def _by(self, field: int) -> Mapping[str, list[tuple[int, int]]]:
        """Which string stands in a field of the rows: in which segments, as what number."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, rows in enumerate(self._rows):
            for number in np.unique(rows[:, field]).tolist():
                found.setdefault(self._strings[place][number], []).append((place, number))
        return found

    def names(self) -> Iterable[str]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._by_name

    def offices(self) -> Iterable[str]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._by_office

    def of_names(self, names: Iterable[str]) -> Sequence[Statement]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._of(6, [where for name in names for where in self._by_name.get(name, ())])

    def of_offices(self, offices: Iterable[str]) -> Sequence[Statement]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._of(7, [where for office in offices for where in self._by_office.get(office, ())])

    def parts(self, statement: Statement) -> tuple[Transcript, Turn, Attribution]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        transcript = self._index.transcript(statement.document)
        return transcript, transcript.turns[statement.turn], transcript.attributions[statement.attribution]

    def _of(self, field: int, wanted: Sequence[tuple[int, int]]) -> list[Statement]:
        found = []
        for place, rows in enumerate(self._rows):
            numbers = [number for where, number in wanted if where == place]
            for row in np.flatnonzero(np.isin(rows[:, field], numbers)).tolist():
                document, turn, length, start, end, attribution = rows[row, :6].tolist()
                date = _date(self._dates[place](document))
                number = self._first[place] + document
                found.append(Statement(number, date, turn, length, Span(start, end), attribution))
        return found


class _Lazy(Sequence[_T]):
    """A sequence whose items are made when they are asked for."""

    def __init__(self, size: int, make: Callable[[int], _T]) -> None:
        self._size, self._make = size, make

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> _T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...

    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        if isinstance(at, slice):
            return tuple(map(self._make, range(*at.indices(self._size))))
        return self._make(at + self._size if at < 0 else at)


class _ById(Mapping[str, Transcript]):
    """Transcripts by id, found by the index's own list of ids."""

    def __init__(self, index: LargeIndex) -> None:
        self._index = index

    def __len__(self) -> int:
        return len(self._index.transcripts)

    def __iter__(self) -> Iterator[str]:
        return (transcript.id for transcript in self._index.transcripts)

    def __getitem__(self, id: str) -> Transcript:
        number = self._index.with_id(id)
        if number is None:
            raise KeyError(id)
        return self._index.transcript(number)


def _date(value: str) -> BriefingDate:
    """A date as far as statements are compared by it."""
    return BriefingDate(value or None)


def _placed(first: NDArray[Any], number: int) -> tuple[int, int]:
    """In which segment a number lies, and which it is there."""
    if not 0 <= number < first[-1]:
        raise IndexError(number)
    place = int(np.searchsorted(first, number, side="right")) - 1
    return place, number - int(first[place])


def open_segments(folder: Path, manifest: Manifest) -> list[OpenSegment]:
    """The segments of the index in ``folder``."""
    part = folder / manifest.part
    return [open_segment(folder, part / files.name, files) for files in manifest.segments]


def load_large(folder: Path) -> Stored[LargeIndex]:
    """The large index in ``folder``, by memory map: what is read of it is checked when it is first read.

    Raises:
        IndexFormatError: if it is of another format, or anything that opening needs is missing or changed.
        LexiconError: if the lexicon kept with it cannot be read.
    """
    manifest = read_manifest(folder)
    check_copies(folder, manifest)
    part = folder / manifest.part
    lexicon = load_lexicon(part / "lexicon")
    if lexicon.digest != manifest.lexicon:
        raise refused(folder, "里的词表和建索引时的不一样", "index_damaged", "lexicon digest differs")
    index = LargeIndex(open_segments(folder, manifest))
    if (len(index.transcripts), len(index.passages)) != (manifest.transcripts, manifest.passages):
        raise refused(folder, "已损坏", "index_damaged", "counts differ from the manifest's")
    return Stored(index, lexicon, part / "faq", manifest.passage_chars, manifest.corpus)


def check_large(folder: Path) -> int:
    """Reads every byte of a large index; gives how many there are.

    Raises:
        IndexFormatError: if one was changed, or a file is missing.
    """
    manifest = read_manifest(folder)
    check_copies(folder, manifest)
    part = folder / manifest.part
    return sum(check_segment(folder, part / files.name, files) for files in manifest.segments)
