"""The nouns of the project: frozen records, no input or output.

Offsets everywhere are half-open ``[start, end)`` and count code points. Unless a docstring says
otherwise they are offsets into a transcript's *reading text* (:attr:`Transcript.text`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

__all__ = [
    "Answer",
    "Attribution",
    "Basis",
    "BriefingDate",
    "Citation",
    "Expired",
    "Hit",
    "Interpretation",
    "KnownQuestion",
    "Notice",
    "Passage",
    "Place",
    "Precision",
    "Repair",
    "Section",
    "Source",
    "SourceRun",
    "SourceUnit",
    "Span",
    "Speaker",
    "Speech",
    "Status",
    "Transcript",
    "Turn",
    "TurnKind",
]


class TurnKind(StrEnum):
    """What a turn does in the conversation."""

    QUESTION = "question"
    REPLY = "reply"
    STATEMENT = "statement"
    NARRATION = "narration"


class Speech(StrEnum):
    """Whose words a turn is made of."""

    DIRECT = "direct"
    """The speaker's own words."""
    REPORTED = "reported"
    """What the speaker said, in the reporter's words (据…介绍, X表示)."""
    NARRATION = "narration"
    """The reporter's words about nobody's speech: attributions, guest lists, credits."""


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Basis(StrEnum):
    """How something is known of a transcript."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class SourceUnit(StrEnum):
    """What the numbers of a source range count."""

    CODEPOINT = "codepoint"
    """Code points of the file as decoded, a byte order mark included, from 0 (``.txt``, ``.md``)."""
    PAGE = "page"
    """Pages of the file, from 1 (``.pdf``)."""
    PARAGRAPH = "paragraph"
    """Paragraphs of the file that have text, those in tables included, from 1 (``.docx``, ``.html``)."""


class Status(StrEnum):
    """The outcomes of a question. ``ANSWERED`` if and only if there is a citation."""

    ANSWERED = "answered"
    RELATED = "related"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points.

    Raises:
        ValueError: if the range is negative or empty of direction (``end < start``).
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> Span:
        """The span moved by ``by`` code points."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The words of ``text`` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class BriefingDate:
    """When a briefing was held, and how that is known.

    ``value`` is an ISO 8601 date cut to ``precision`` (``2021``, ``2021-08`` or ``2021-08-18``), or
    None when ``basis`` is unknown. ``source_words`` are the words an inferred date was inferred from.
    """

    value: str | None = None
    precision: Precision | None = None
    basis: Basis = Basis.UNKNOWN
    source_words: str | None = None

    @property
    def year(self) -> int | None:
        """The year, or None when the date is unknown."""
        return int(self.value[:4]) if self.value else None

    @property
    def sort_key(self) -> str:
        """Orders dates from unknown and old to new; a coarser date sorts before a finer one."""
        return self.value or ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: a name and the office as the transcript states it."""

    name: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a transcript. ``span`` is the heading's own words in the reading text."""

    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Turn:
    """A run of text by one speaker.

    ``section`` and ``replies_to`` are indexes into the transcript's ``sections`` and ``turns``.
    Narration has no speaker.
    """

    span: Span
    kind: TurnKind
    speech: Speech
    speaker: Speaker | None = None
    section: int | None = None
    replies_to: int | None = None

    def __post_init__(self) -> None:
        if self.speech is Speech.NARRATION and self.speaker is not None:
            raise ValueError("narration has no speaker")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that state a person's office (``大足区民政局党委书记、局长石朝勇``) and where they stand."""

    speaker: Speaker
    span: Span


@dataclass(frozen=True, slots=True)
class SourceRun:
    """Where reading text ``[start, end)`` stands in the source.

    ``source_start`` counts the source's unit: the code point from which on the same words stand there,
    or the one page or paragraph that holds the whole run.
    """

    start: int
    end: int
    source_start: int


@dataclass(frozen=True)
class Source:
    """The file a transcript was read from, and the way back to it.

    Reading text is made of runs of the source and of nothing else, so every span of it maps to
    ranges of the source: of code points that read the same, or of the pages or paragraphs it stands in.
    """

    name: str
    sha256: str
    unit: SourceUnit
    runs: tuple[SourceRun, ...]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(run.start for run in self.runs)

    def ranges(self, span: Span) -> tuple[Span, ...]:
        """Where ``span`` of the reading text stands in the source, as half-open ranges of its unit.

        Code points: the ranges, in the order of the reading text, whose concatenation reads like
        ``span``. Pages and paragraphs: those that hold any of it, in ascending order; a quote on page 3
        has ``[3, 4)``. Adjacent ranges are merged. An empty span has no ranges.
        """
        held = tuple(self._held(span))
        if self.unit is not SourceUnit.CODEPOINT:
            return _merged(Span(place, place + 1) for place in sorted({here.start for here in held}))
        return _merged(held)

    def _held(self, span: Span) -> Iterator[Span]:
        """What each run has of ``span``; the place alone where the unit is not the code point."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        for run in self.runs[first:]:
            if run.start >= span.end:
                break
            start, end = max(run.start, span.start), min(run.end, span.end)
            if start >= end:
                continue
            into = start - run.start if self.unit is SourceUnit.CODEPOINT else 0
            yield Span(run.source_start + into, run.source_start + into + end - start)


def _merged(ranges: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for here in ranges:
        if found and found[-1].end == here.start:
            found[-1] = Span(found[-1].start, here.end)
        else:
            found.append(here)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a transcript: its id and their span in its reading text."""

    transcript: str
    span: Span


@dataclass(frozen=True, slots=True)
class Expired:
    """Words that no longer hold (已失效): they stay readable and are never quoted as what holds.

    ``since`` is the ISO 8601 day from which, where known. What took their place is ``replaced_by``,
    words of a transcript of the same version, or ``replaced_text``, a plain description, or neither.

    Raises:
        ValueError: if no words are covered, or no reason is given.
    """

    span: Span
    reason: str
    since: str | None = None
    replaced_by: Place | None = None
    replaced_text: str | None = None

    def __post_init__(self) -> None:
        if not len(self.span) or not self.reason.strip():
            raise ValueError("expired words need a span that is not empty and a reason")


@dataclass(frozen=True)
class Transcript:
    """One briefing as published: its reading text and what is known of it.

    ``aliases`` maps a short or former name of an office to the name the transcript uses.
    ``attributions`` say who holds which office, in the transcript's own words, in reading order.
    ``expired`` are the words of it that no longer hold.
    """

    id: str
    title: str
    text: str
    turns: tuple[Turn, ...]
    source: Source
    title_basis: Basis = Basis.STATED
    date: BriefingDate = BriefingDate()
    sections: tuple[Section, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    publisher: str | None = None
    url: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    expired: tuple[Expired, ...] = ()

    def holds(self, span: Span) -> bool:
        """Whether no word of ``span`` is marked as expired."""
        return not any(expired.span.overlaps(span) for expired in self.expired)

    def section_title(self, turn: Turn) -> str | None:
        """The heading a turn stands under, or None."""
        return None if turn.section is None else self.sections[turn.section].title

    @cached_property
    def _places(self) -> Mapping[Span, int]:
        return {turn.span: place for place, turn in enumerate(self.turns)}

    def introduction_of(self, turn: Turn) -> Turn | None:
        """The words right before a turn that say who speaks, and often on what (针对…问题，石山表示，)."""
        place = self._places.get(turn.span, 0)
        before = self.turns[place - 1] if place else None
        if before is None or before.speech is not Speech.NARRATION or turn.speech is Speech.NARRATION:
            return None
        return before if self.text[before.span.end - 1] in ",，:：" else None

    def question_of(self, turn: Turn) -> Turn | None:
        """The question a reply replies to, or None."""
        return None if turn.replies_to is None else self.turns[turn.replies_to]


@dataclass(frozen=True)
class Passage:
    """The unit that is indexed: whole sentences of one turn."""

    transcript: Transcript
    turn: Turn
    span: Span

    @property
    def text(self) -> str:
        """The passage's own words, sliced from the reading text."""
        return self.span.of(self.transcript.text)


@dataclass(frozen=True)
class Hit:
    """A passage a ranker found, with its score (unbounded, higher is nearer).

    ``document`` is the score of the transcript as a whole, which is a part of ``score``.
    """

    passage: Passage
    score: float
    document: float = 0.0


@dataclass(frozen=True, slots=True)
class Repair:
    """One change made to understand a question.

    ``kind`` is one of ``traditional``, ``regional``, ``pinyin``, ``typo``, ``dialect``, ``number``,
    ``synonym``, ``office``, ``english``. ``before`` are the resident's words, ``after`` what they
    were taken to mean.
    """

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know beside the answer: a stable code and the words for citizens."""

    code: str
    text: str


@dataclass(frozen=True)
class Citation:
    """A span of a passage with its provenance. The quote is sliced, never stored.

    Citations that belong together (a rule and the words that introduce it) share a ``group``.
    ``marks`` are spans relative to the quote. ``shortened`` says that the quote is less than its
    sentence.
    """

    n: int
    group: int
    transcript: Transcript
    turn: Turn
    span: Span
    shortened: bool = False
    marks: tuple[Span, ...] = ()

    @property
    def quote(self) -> str:
        """The words cited, to the character."""
        return self.span.of(self.transcript.text)


@dataclass(frozen=True)
class Interpretation:
    """How a question was understood: shown always, reversible always.

    ``unmatched`` are content words of the question that the answer's briefing does not mention.
    ``follows`` is the earlier question whose words were taken over, or None.
    """

    repairs: tuple[Repair, ...] = ()
    unmatched: tuple[str, ...] = ()
    follows: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the engine makes of a question.

    ``question`` is the echo of what was asked, personal data masked. ``confidence`` is the
    probability that the best evidence answers the question, in [0, 1]; 0 when declined.

    Raises:
        ValueError: if the status is ``answered`` without a citation, or the other way round.
    """

    question: str
    status: Status
    confidence: float
    corpus: str
    citations: tuple[Citation, ...] = ()
    related: tuple[Citation, ...] = ()
    notices: tuple[Notice, ...] = ()
    interpretation: Interpretation = Interpretation()
    suggestions: tuple[str, ...] = ()
    hits: tuple[Hit, ...] | None = None

    def __post_init__(self) -> None:
        if (self.status is Status.ANSWERED) != bool(self.citations):
            raise ValueError("an answer is 'answered' exactly when it cites")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence outside [0, 1]: {self.confidence}")


@dataclass(frozen=True)
class KnownQuestion:
    """A question of the staff's sets that is answered, and what its answer cites.

    ``topic`` is what the staff say it is about, or None.
    """

    question: str
    topic: str | None
    citations: tuple[Citation, ...]
