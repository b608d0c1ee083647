"""The answer on the wire: one schema for the API, ``minsheng ask --json`` and batch lines.

Requests are validated here too, so that pages, API and command line refuse the same questions.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated
from urllib.parse import quote as url_quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from qa.errors import QuestionError
from qa.model import Answer, BriefingDate, Citation, Hit, Speaker

__all__ = [
    "MAX_HISTORY",
    "MAX_HITS",
    "MAX_QUESTION",
    "QUESTION_PATTERN",
    "AnswerOut",
    "AskIn",
    "CitationOut",
    "DateOut",
    "QuestionText",
    "SourceOut",
    "SpeakerOut",
    "answer_out",
    "check_question",
    "date_out",
    "speaker_out",
    "transcript_href",
]

MAX_QUESTION = 300
"""Code points a question may have."""
MAX_HISTORY = 5
"""Earlier questions a follow-up may carry."""
MAX_HITS = 100
"""Distinct transcripts a caller may ask to see."""


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DateOut(_Out):
    value: str | None
    precision: str | None
    basis: str
    from_: Annotated[str | None, Field(alias="from")]

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SpeakerOut(_Out):
    name: str
    office: str | None


class SourceOut(_Out):
    sha256: str
    unit: str
    ranges: list[tuple[int, int]]


class CitationOut(_Out):
    """A quote with its provenance; ``start`` and ``end`` count code points of the reading text."""

    n: int
    group: int
    transcript: str
    title: str
    date: DateOut
    speaker: SpeakerOut | None
    speech: str
    section: str | None
    quote: str
    shortened: bool
    start: int
    end: int
    marks: list[tuple[int, int]]
    source: SourceOut
    href: str


class NoticeOut(_Out):
    code: str
    text: str


class RepairOut(_Out):
    kind: str
    from_: Annotated[str, Field(alias="from")]
    to: str

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class InterpretationOut(_Out):
    repairs: list[RepairOut]
    unmatched: list[str]
    follows: str | None


class HitOut(_Out):
    transcript: str
    score: float
    start: int
    end: int


class AnswerOut(_Out):
    """The answer object of DESIGN's "The answer, on the wire"."""

    id: str | None
    question: str
    status: str
    confidence: float
    citations: list[CitationOut]
    related: list[CitationOut]
    notices: list[NoticeOut]
    interpretation: InterpretationOut
    suggestions: list[str]
    corpus: str
    hits: list[HitOut] | None = None

    def to_json(self) -> str:
        """The object as one line of JSON; ``hits`` only where they were asked for."""
        exclude = {"hits"} if self.hits is None else None
        return self.model_dump_json(by_alias=True, exclude=exclude)


def _whole(value: object) -> object:
    """A whole number as JSON has it: 3 and 3.0 are one number there, true and "3" are none."""
    if isinstance(value, bool | str | bytes):
        raise ValueError("not a number")
    return value


_SPACE = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = r"\x00-\x1f\x7f-\x9f"
QUESTION_PATTERN = (
    f"^[{_SPACE}]*[^{_SPACE}{_CONTROL}]"
    rf"([^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]{{0,{MAX_QUESTION - 2}}}[^{_SPACE}{_CONTROL}])?[{_SPACE}]*$"
)
"""What :func:`check_question` takes, as JSON Schema can say it; lone surrogates are no text there."""

# The schema says what may be asked; check_question is what says in plain words why not.
QuestionText = Annotated[str, Field(json_schema_extra={"pattern": QUESTION_PATTERN})]


class AskIn(BaseModel):
    """A question as the API takes it.

    ``question`` has 1 to 300 code points and no control characters; ``history`` holds at most five
    earlier questions, oldest first; ``repair`` switches the understanding of slips and dialect off
    when false; ``hits`` asks for the K nearest transcripts, 0 to 100.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: QuestionText
    id: Annotated[str | None, Field(max_length=200)] = None
    history: Annotated[list[QuestionText], Field(max_length=MAX_HISTORY)] = []
    repair: Annotated[bool, Field(strict=True)] = True
    hits: Annotated[int, Field(ge=0, le=MAX_HITS), BeforeValidator(_whole)] = 0


def check_question(text: str) -> str:
    """The question, stripped of surrounding white space, if it can be asked.

    Raises:
        QuestionError: with code ``question_empty``, ``question_too_long`` (more than 300 code
            points) or ``question_control`` (a control character other than tab and line breaks,
            or a lone surrogate).
    """
    stripped = text.strip()
    if not stripped:
        raise QuestionError("请先写下您想问的问题，再按“提问”。", code="question_empty")
    if len(stripped) > MAX_QUESTION:
        raise QuestionError(
            f"问题太长了：最多 {MAX_QUESTION} 个字，现在有 {len(stripped)} 个字。请只留下最想问的一件事。",
            code="question_too_long",
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in stripped):
        raise QuestionError(
            "问题里有看不见的控制字符。请删掉后重新输入，或换一种方式粘贴文字。",
            code="question_control",
        )
    return stripped


def transcript_href(transcript: str, start: int, end: int, version: str) -> str:
    """The address of the cited words in the transcript reader; ``version`` is a corpus digest."""
    short = version.removeprefix("sha256:")[:12]
    return f"/transcripts/{url_quote(transcript, safe='')}?start={start}&end={end}&v={short}#cite"


def date_out(date: BriefingDate) -> DateOut:
    """A briefing's date on the wire."""
    return DateOut(value=date.value, precision=date.precision, basis=date.basis, from_=date.source_words)


def speaker_out(speaker: Speaker | None) -> SpeakerOut | None:
    """A speaker on the wire."""
    return None if speaker is None else SpeakerOut(name=speaker.name, office=speaker.office)


def _citation_out(citation: Citation, version: str) -> CitationOut:
    transcript, turn, span = citation.transcript, citation.turn, citation.span
    return CitationOut(
        n=citation.n,
        group=citation.group,
        transcript=transcript.id,
        title=transcript.title,
        date=date_out(transcript.date),
        speaker=speaker_out(turn.speaker),
        speech=turn.speech,
        section=transcript.section_title(turn),
        quote=citation.quote,
        shortened=citation.shortened,
        start=span.start,
        end=span.end,
        marks=[(mark.start, mark.end) for mark in citation.marks],
        source=SourceOut(
            sha256=transcript.source.sha256,
            unit=transcript.source.unit,
            ranges=[(r.start, r.end) for r in transcript.source.ranges(span)],
        ),
        href=transcript_href(transcript.id, span.start, span.end, version),
    )


def _hit_out(hit: Hit) -> HitOut:
    span = hit.passage.span
    return HitOut(
        transcript=hit.passage.transcript.id,
        score=round(hit.score, 6),
        start=span.start,
        end=span.end,
    )


def answer_out(answer: Answer, id: str | None = None) -> AnswerOut:
    """The wire object of an answer; ``id`` is the caller's, echoed."""
    read = answer.interpretation
    return AnswerOut(
        id=id,
        question=answer.question,
        status=answer.status,
        confidence=round(answer.confidence, 4),
        citations=[_citation_out(c, answer.corpus) for c in answer.citations],
        related=[_citation_out(c, answer.corpus) for c in answer.related],
        notices=[NoticeOut(code=n.code, text=n.text) for n in answer.notices],
        interpretation=InterpretationOut(
            repairs=[RepairOut(kind=r.kind, from_=r.before, to=r.after) for r in read.repairs],
            unmatched=list(read.unmatched),
            follows=read.follows,
        ),
        suggestions=list(answer.suggestions),
        corpus=answer.corpus,
        hits=None if answer.hits is None else [_hit_out(h) for h in answer.hits],
    )
