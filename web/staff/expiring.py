"""Marking words of a transcript as no longer holding: chosen in the reader, with what took their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from qa.errors import TranscriptError, VersionError
from qa.model import Span, Transcript
from qa.transcripts.metadata import ExpiredWords, Replacement
from web.reader import parse_span
from web.staff import corpus_wording as wording
from web.staff.access import PATH, Visitor
from web.staff.marks import Wrong, mark
from web.staff.room import GET, Guards, Room, seen
from web.staff.sentences import FOUND, find_sentences, reader_href

__all__ = ["add_expiring"]

_LONGEST: Final = 2000
_INSTEAD: Final = ("none", "text", "words")


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed on the form."""

    words: str
    reason: str = ""
    since: str = ""
    instead: str = "none"
    text: str = ""
    find: str = ""
    place: str = ""


def add_expiring(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the form."""

    def transcript_of(id: str) -> Transcript:
        found = room.engine.transcripts.get(id)
        if found is None:
            raise HTTPException(404)
        return found

    def form(
        visitor: Visitor,
        transcript: Transcript,
        span: Span,
        typed: _Typed,
        wrong: Wrong | None = None,
        *,
        looked: bool = False,
    ) -> Response:
        looked = looked or bool(typed.find.strip())
        found = list(find_sentences(room.engine.transcripts, typed.find)) if looked else []
        return room.page(
            visitor,
            "expire.html",
            "transcripts",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            c=wording,
            transcript=transcript,
            span=span,
            typed=typed,
            wrong=wrong,
            looked=looked,
            found=found[:FOUND],
            more=len(found) > FOUND,
            most=FOUND,
            longest=_LONGEST,
            href=reader_href(transcript),
        )

    @router.api_route(f"{PATH}/expire", methods=GET)
    def choose(
        transcript: str = "", start: str = "", end: str = "", visitor: Visitor = guards.editor
    ) -> Response:
        chosen = transcript_of(transcript)
        span = parse_span(start, end, len(chosen.text))
        if span is None:
            raise HTTPException(404)
        return form(visitor, chosen, span, _Typed(span.of(chosen.text)))

    @router.post(f"{PATH}/expire")
    def expire(
        transcript: Annotated[str, Form()] = "",
        start: Annotated[str, Form()] = "",
        end: Annotated[str, Form()] = "",
        words: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
        since: Annotated[str, Form()] = "",
        instead: Annotated[str, Form()] = "none",
        text: Annotated[str, Form()] = "",
        find: Annotated[str, Form()] = "",
        place: Annotated[str, Form()] = "",
        act: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        chosen = transcript_of(transcript)
        span = parse_span(start, end, len(chosen.text)) or Span(0, 0)
        kept = instead if instead in _INSTEAD else "none"
        plain = words.replace("\r\n", "\n").strip("\n")
        typed = _Typed(plain, reason, since.strip(), kept, text, find[:100], place)
        if act == "find":
            return form(visitor, chosen, span, typed, looked=True)
        try:
            marked = _marked(room.engine.transcripts, chosen, span, typed)
            before, after = mark(room, visitor, chosen, marked)
        except Wrong as wrong:
            return form(visitor, chosen, span, typed, wrong)
        except (VersionError, TranscriptError) as error:
            return form(visitor, chosen, span, typed, Wrong("", error.message))
        room.audit(visitor, "draft.expire", chosen.id, marked.words[:200], before=before, after=after)
        return seen("/draft")


def _marked(
    transcripts: Mapping[str, Transcript], transcript: Transcript, near: Span, typed: _Typed
) -> ExpiredWords:
    """The mark somebody typed.

    Raises:
        Wrong: it cannot be.
    """
    span = _words_at(transcript, typed.words, near)
    if not transcript.holds(span):
        raise Wrong("words", wording.ALREADY_EXPIRED)
    if not typed.reason.strip():
        raise Wrong("reason", wording.REASON_EMPTY)
    replacement, instead = None, None
    if typed.instead == "text":
        instead = typed.text.strip()
        if not instead:
            raise Wrong("text", wording.INSTEAD_EMPTY)
    if typed.instead == "words":
        replacement = _replacement(transcripts, typed.place)
        if replacement.transcript == transcript.id and span.overlaps(
            Span(replacement.start, replacement.end)
        ):
            raise Wrong("find", wording.INSTEAD_SELF)
    try:
        return ExpiredWords(
            start=span.start,
            end=span.end,
            words=typed.words,
            reason=typed.reason,
            since=typed.since or None,
            replaced_by=replacement,
            replaced_text=instead,
        )
    except ValidationError as error:
        raise Wrong("since", wording.SINCE_BAD) from error


def _words_at(transcript: Transcript, words: str, near: Span) -> Span:
    """Where the words stand: of several places the one nearest to what was chosen."""
    if not words.strip():
        raise Wrong("words", wording.WORDS_EMPTY)
    starts = [found.start() for found in re.finditer(re.escape(words), transcript.text)]
    if not starts:
        raise Wrong("words", wording.WORDS_GONE.format(title=transcript.title))
    start = min(starts, key=lambda at: (abs(at - near.start), at))
    return Span(start, start + len(words))


def _replacement(transcripts: Mapping[str, Transcript], place: str) -> Replacement:
    numbers, _, id = place.partition(":")
    start, _, end = numbers.partition("-")
    other = transcripts.get(id)
    span = None if other is None else parse_span(start, end, len(other.text))
    if span is None:
        raise Wrong("find", wording.INSTEAD_UNCHOSEN)
    return Replacement(transcript=id, start=span.start, end=span.end)
