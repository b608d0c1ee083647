"""Transcripts and passages of a segment, decoded when they are asked for, and what is known of them beside.

A transcript is a line of JSON; a few hundred are kept decoded. Everything that ranking, filters and holders
of office need of all of them stands in columns of its own.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from qa.model import Passage, Span, Transcript
from qa.retrieval.large.sections import Section
from qa.retrieval.protocol import Filter

__all__ = ["COLUMNS", "DATE", "NO_OFFICE", "Documents", "decoded", "encoded", "headed", "id_key"]

Array = NDArray[Any]
_TRANSCRIPT: Final = TypeAdapter(Transcript)
_KEPT: Final = 256
NO_OFFICE: Final = 0xFFFFFFFF
DATE: Final = "S10"
_PART: Final = "\x1f"
_FIELDS: Final = ("document", "turn", "turn_length", "start", "end", "attribution", "name", "office")

COLUMNS: Final = {
    "transcripts": "u1",
    "transcript_ends": "<i8",
    "facts": "u1",
    "heads": "u1",
    "head_ends": "<i8",
    "dates": DATE,
    "id_keys": "<i8",
    "id_documents": "<u4",
    "document_of": "<u4",
    "turn_of": "<u4",
    "span_starts": "<u4",
    "span_ends": "<u4",
    "office_of": "<u4",
    "statements": "<u4",
    "strings": "u1",
    "names": "u1",
}
"""The sections of a segment that are no part of ranking, with the kinds of their items.

``strings`` are the offices of ``office_of`` and the names and offices of ``statements``; ``names``
those of everybody its transcripts name, whether what is said of them still holds or not.
"""


def encoded(transcript: Transcript) -> bytes:
    """A transcript as it is kept."""
    return _TRANSCRIPT.dump_json(transcript)


def decoded(data: bytes) -> Transcript:
    """A transcript from how it is kept."""
    return _TRANSCRIPT.validate_json(data)


def headed(transcript: Transcript) -> str:
    """What filters need of a transcript beside its date: its title and who published it."""
    return f"{transcript.title}{_PART}{transcript.publisher or ''}"


def id_key(id: str) -> int:
    """The number an id is looked up by."""
    digest = hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Documents:
    """The transcripts and passages of one segment."""

    def __init__(self, sections: dict[str, Section]) -> None:
        self._sections = sections
        self._ends = sections["transcript_ends"].whole()
        self.document_of = sections["document_of"].whole()
        self._kept: OrderedDict[int, Transcript] = OrderedDict()
        self._lock = threading.Lock()
        self._strings: list[str] = json.loads(sections["strings"].whole().tobytes() or b"[]")

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self.document_of)

    def raw(self, number: int) -> bytes:
        """A transcript as it is kept."""
        start, end = int(self._ends[number - 1]) if number else 0, int(self._ends[number])
        self._sections["transcripts"].check(start, end)
        return self._sections["transcripts"].array[start:end].tobytes()

    def transcript(self, number: int) -> Transcript:
        """A transcript by its number in the segment."""
        with self._lock:
            found = self._kept.get(number)
            if found is not None:
                self._kept.move_to_end(number)
                return found
        made = decoded(self.raw(number))
        with self._lock:
            found = self._kept.setdefault(number, made)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def passage(self, number: int) -> Passage:
        """A passage by its number in the segment."""
        turn, start, end = (int(self._item(name, number)) for name in ("turn_of", "span_starts", "span_ends"))
        transcript = self.transcript(int(self.document_of[number]))
        return Passage(transcript, transcript.turns[turn], Span(start, end))

    def passages_of(self, document: int) -> Sequence[int]:
        """The numbers of a document's passages."""
        first, last = np.searchsorted(self.document_of, [document, document + 1])
        return range(int(first), int(last))

    def with_id(self, id: str) -> int | None:
        """The number of the transcript of an id."""
        key = id_key(id)
        keys = self._sections["id_keys"].whole()
        at = int(np.searchsorted(keys, key))
        while at < len(keys) and keys[at] == key:
            number = int(self._item("id_documents", at))
            if self.transcript(number).id == id:
                return number
            at += 1
        return None

    def facts(self) -> Iterator[bytes]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        array = self._sections["facts"].whole()
        for start in range(0, len(array), 1 << 20):
            yield array[start : start + (1 << 20)].tobytes()

    def date(self, number: int) -> str:
        """The date of a transcript, ISO 8601 and perhaps cut short; empty when unknown."""
        return str(self._item("dates", number), "ascii")

    def dates(self) -> Array:
        """The dates of all transcripts."""
        return self._sections["dates"].whole()

    def names(self) -> Iterable[str]:
        """Everybody the transcripts name."""
        found: list[str] = json.loads(self._sections["names"].whole().tobytes() or b"[]")
        return found

    def statements(self) -> tuple[Array, Sequence[str]]:
        """The statements of office, a row each (:data:`_FIELDS`), and the strings their last two number."""
        return self._sections["statements"].whole().reshape(-1, len(_FIELDS)), self._strings

    def kept_by(self, only: Filter) -> Array:
        """Whether each passage is wanted."""
        documents = np.ones(len(self), np.bool_)
        if only.since or only.until:
            known, back = self._dates_once
            taken = [only.takes_date(str(value, "ascii") or None) for value in known.tolist()]
            documents &= np.asarray(taken, np.bool_)[back]
        if only.place:
            documents &= self._of_place(only)
        passages: Array = documents[self.document_of] if len(self) else np.empty(0, np.bool_)
        if only.office:
            offices = self._sections["office_of"].whole()
            taken = [only.takes_office(office) for office in self._strings]
            known_office = np.append(np.asarray(taken, np.bool_), False)
            passages &= known_office[np.minimum(offices, len(self._strings))]
        return passages

    @cached_property
    def _dates_once(self) -> tuple[Array, Array]:
        """Every date once, and which of them each document has."""
        known, back = np.unique(self.dates(), return_inverse=True)
        return known, back.astype(np.uint32)

    def _of_place(self, only: Filter) -> Array:
        """Whether each document's title or publisher names the place: found in the bytes, then looked at."""
        found = np.zeros(len(self), np.bool_)
        ends, heads = self._sections["head_ends"].whole(), self._sections["heads"].whole().tobytes()
        wanted = (only.place or "").encode("utf-8", "surrogatepass")
        at = heads.find(wanted)
        while at >= 0:
            number = int(np.searchsorted(ends, at, side="right"))
            end = int(ends[number])
            start = int(ends[number - 1]) if number else 0
            title, _, publisher = heads[start:end].decode("utf-8", "surrogatepass").partition(_PART)
            found[number] = only.takes_place(title, publisher)
            at = heads.find(wanted, end)
        return found

    def _item(self, name: str, at: int) -> Any:
        section = self._sections[name]
        section.check(at, at + 1)
        return section.array[at]
