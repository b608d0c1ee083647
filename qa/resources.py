"""The other resources of the API on the wire, beside the answer: one schema for the server and its client.

Offsets are half-open and count code points, as everywhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.batch import LineError
from qa.wire import AnswerOut, DateOut, SourceOut, SpeakerOut

__all__ = [
    "MAX_BATCH",
    "MAX_REASON",
    "BatchIn",
    "BatchOut",
    "FeedbackIn",
    "FeedbackOut",
    "HealthOut",
    "PassageOut",
    "PassagesOut",
    "ProblemOut",
    "SectionOut",
    "SuggestOut",
    "SuggestionOut",
    "TopicOut",
    "TopicsOut",
    "TranscriptItem",
    "TranscriptOut",
    "TranscriptsOut",
    "TurnOut",
    "VersionOut",
]

MAX_BATCH: Final = 50
"""Questions one request may carry."""
MAX_REASON: Final = 200
"""Code points of a reason in feedback."""


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProblemOut(_Out):
    """A problem document (RFC 9457). ``code`` is stable; ``title`` and ``detail`` are for people."""

    type: Annotated[str, Field(examples=["/api#question_empty"])]
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(pattern="^[a-z0-9_]+$")]
    pointer: Annotated[str | None, Field(description="The field of the request, as a JSON pointer")] = None


class BatchIn(BaseModel):
    """Questions to answer one by one. One that cannot be asked gets an error line; the rest are answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: Annotated[
        list[Any],
        Field(
            min_length=1,
            max_length=MAX_BATCH,
            description="Each as in a line of `minsheng ask --batch`: a question with an id",
            json_schema_extra={"items": {"examples": [{"id": "1", "question": "…"}]}},
        ),
    ]


class BatchOut(_Out):
    """The answers, in the order of the questions."""

    answers: list[AnswerOut | LineError]


class SuggestionOut(_Out):
    """Something that can be asked; ``match`` is the part of ``text`` that was typed."""

    text: str
    kind: Literal["topic", "question", "section"]
    topic: str | None
    match: tuple[int, int]


class SuggestOut(_Out):
    """Suggestions, best first."""

    suggestions: list[SuggestionOut]
    corpus: str


class TopicOut(_Out):
    """A topic, and the questions on it that the version answers."""

    topic: str
    questions: list[str]


class TopicsOut(_Out):
    """The topics of the version."""

    topics: list[TopicOut]
    corpus: str


class TranscriptItem(_Out):
    """What is known of a transcript; ``length`` is that of its reading text."""

    id: str
    title: str
    date: DateOut
    publisher: str | None
    url: str | None
    sha256: str
    length: int
    href: str


class TranscriptsOut(_Out):
    """A page of the transcripts, newest first. ``pages`` is at least 1."""

    transcripts: list[TranscriptItem]
    page: int
    pages: int
    total: int
    corpus: str


class SectionOut(_Out):
    """A heading."""

    title: str
    start: int
    end: int


class TurnOut(_Out):
    """A run of text by one speaker; ``section`` and ``replies_to`` count from 0 in their lists."""

    start: int
    end: int
    kind: str
    speech: str
    speaker: SpeakerOut | None
    section: int | None
    replies_to: int | None


class TranscriptOut(TranscriptItem):
    """A transcript with its reading text."""

    text: str
    sections: list[SectionOut]
    turns: list[TurnOut]
    corpus: str


class PassageOut(_Out):
    """Whole sentences of one turn, and where they stand."""

    start: int
    end: int
    text: str
    kind: str
    speech: str
    speaker: SpeakerOut | None
    section: str | None
    source: SourceOut
    href: str


class PassagesOut(_Out):
    """Passages of one transcript, in reading order."""

    transcript: str
    passages: list[PassageOut]
    corpus: str


class FeedbackIn(BaseModel):
    """Whether an answer helped. ``question_id`` is the `Question-Id` of the answer's response."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    helpful: Annotated[bool, Field(strict=True)]
    reason: Annotated[str, Field(max_length=MAX_REASON)] = ""


class FeedbackOut(_Out):
    """Whether the feedback is kept; it is not where the operator keeps no records, or they are too busy."""

    kept: bool


class VersionOut(_Out):
    """What answers: the program, the version of the corpus, and the settings that decide answers."""

    program: str
    corpus: str
    settings: str
    transcripts: int
    newest: DateOut | None


class HealthOut(_Out):
    """``checks`` says of each part how it is; a part that is off is no failure."""

    status: Literal["ok"]
    checks: dict[str, str]
