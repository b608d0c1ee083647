"""What answering needs of an index, whichever engine is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from qa.model import Attribution, BriefingDate, Hit, Passage, Span, Transcript, Turn

__all__ = ["EVERYTHING", "Filter", "PassageIndex", "Statement", "Statements", "transcript_facts"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages may be found. What is not named is not asked for; all that is named must hold.

    Scores are those of the whole corpus: a filter leaves passages out and changes none.

    Args:
        since, until: the briefing's date, both inclusive, cut to what is written: ``until="2024"`` takes
            all of 2024. A briefing whose date is unknown, or too coarse to tell, is out.
        office: words of the office of whoever speaks (民政局).
        place: words of the briefing's title or of who published it (大足).
    """

    since: str | None = None
    until: str | None = None
    office: str | None = None
    place: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.office, self.place))

    def takes_date(self, value: str | None) -> bool:
        """Whether a date, ISO 8601 and perhaps cut short, lies within; an unknown one where none is asked."""
        if not self.since and not self.until:
            return True
        if not value:
            return False
        # A date cut short sorts before every date it may be: 2024 is not surely since 2024-03.
        return value >= (self.since or "") and (not self.until or _latest(value, self.until) <= self.until)

    def takes_office(self, office: str | None) -> bool:
        """Whether a speaker's office is wanted."""
        return not self.office or self.office in (office or "")

    def takes_place(self, title: str, publisher: str | None) -> bool:
        """Whether a briefing is of the place."""
        return not self.place or self.place in title or self.place in (publisher or "")

    def takes(self, passage: Passage) -> bool:
        """Whether a passage is wanted."""
        transcript, speaker = passage.transcript, passage.turn.speaker
        return (
            self.takes_date(transcript.date.value)
            and self.takes_place(transcript.title, transcript.publisher)
            and self.takes_office(speaker.office if speaker else None)
        )


EVERYTHING: Final = Filter()
"""The filter that leaves nothing out."""


def _latest(value: str, bound: str) -> str:
    """A date as exact as the bound; one that is less exact goes to the end of what it may be."""
    return value[: len(bound)] if len(value) >= len(bound) else value + "~"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of office: in which transcript, of which date, in how long a turn, in which words.

    ``document``, ``turn`` and ``attribution`` are numbers: of the transcript, in it and in it.
    """

    document: int
    date: BriefingDate
    turn: int
    turn_length: int
    span: Span
    attribution: int


class Statements(Protocol):
    """The statements of office of a corpus that still hold, by name and by office, in reading order."""

    def names(self) -> Iterable[str]:
        """Every name that is stated to hold an office, once."""

    def offices(self) -> Iterable[str]:
        """Every office that is stated, once; empty where only a name stands."""

    def of_names(self, names: Iterable[str]) -> Sequence[Statement]:
        """The statements about any of ``names``."""

    def of_offices(self, offices: Iterable[str]) -> Sequence[Statement]:
        """The statements about any of ``offices``."""

    def parts(self, statement: Statement) -> tuple[Transcript, Turn, Attribution]:
        """The transcript of a statement, the turn, and who is stated to hold what."""


class PassageIndex(Protocol):
    """Finds passages, and knows of the corpus what must not be counted again for every question."""

    @property
    def transcripts(self) -> Sequence[Transcript]:
        """Every transcript, in order."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, in reading order."""

    @property
    def by_id(self) -> Mapping[str, Transcript]:
        """The transcripts by id."""

    @property
    def statements(self) -> Statements:
        """Who is stated to hold which office."""

    @property
    def newest_year(self) -> int | None:
        """The year of the newest briefing whose date is known."""

    def names(self) -> Iterable[str]:
        """Everybody the transcripts name with an office, whether or not it still holds; some twice."""

    def passages_of(self, id: str) -> Sequence[Passage]:
        """The passages of one transcript, in reading order."""

    def top(self, query: Mapping[str, float], k: int, only: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``k`` best passages for terms with weights above 0, best first, ties to the earlier.

        A passage's score is its own BM25 and a share of its document's. Passages with none of the terms, or
        left out by ``only``, are not found.
        """

    def idf(self, term: str) -> float:
        """The term's inverse document frequency among the passages; that of none when unknown."""

    def words(self) -> Iterable[str]:
        """The words of two ideographs or more that the passages are made of, others perhaps among them."""

    def has_pair(self, pair: str) -> bool:
        """Whether two ideographs stand side by side in some passage or its context."""

    def facts(self) -> Iterable[bytes]:
        """:func:`transcript_facts` of every transcript, in order, cut anywhere."""


def transcript_facts(transcript: Transcript) -> bytes:
    """What of a transcript decides answers, for the digest of a version."""
    t = transcript
    facts = (t.id, t.source.sha256, t.title, t.title_basis, repr(t.date), t.publisher, t.url, t.expired)
    return repr((*facts, sorted(t.aliases.items()))).encode()
