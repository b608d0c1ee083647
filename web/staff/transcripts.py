"""The transcripts of the version in force: their list, each sentence by sentence, and its marks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from qa.errors import TranscriptError, VersionError
from qa.model import Transcript, TurnKind
from qa.text import fold
from qa.versions.draft import Draft
from qa.versions.lock import changing
from web.reader import parse_span
from web.staff import corpus_wording as wording
from web.staff.access import PATH, Visitor
from web.staff.marks import Wrong, marks_of, unmark
from web.staff.room import GET, Guards, Room, seen
from web.staff.sentences import reader_href, sentences

__all__ = ["add_transcripts"]

_PAGE: Final = 50


def add_transcripts(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the transcripts."""

    def transcript_of(id: str) -> Transcript:
        found = room.engine.transcripts.get(id)
        if found is None:
            raise HTTPException(404)
        return found

    @router.api_route(f"{PATH}/transcripts", methods=GET)
    def transcripts(find: str = "", page: str = "1", visitor: Visitor = guards.viewer) -> Response:
        wanted = fold(find.strip())
        held = sorted(room.engine.transcripts.values(), key=lambda t: t.id)
        held.sort(key=lambda t: t.date.sort_key, reverse=True)
        matching = [t for t in held if wanted in fold(f"{t.title} {t.id}")]
        pages = max(1, -(-len(matching) // _PAGE))
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        number = min(max(number, 1), pages)
        shown = matching[(number - 1) * _PAGE : number * _PAGE]
        rows = [(t, sum(turn.kind is TurnKind.QUESTION for turn in t.turns)) for t in shown]
        return room.page(
            visitor,
            "transcripts.html",
            "transcripts",
            c=wording,
            rows=rows,
            find=find[:100],
            page=number,
            pages=pages,
            href=reader_href,
        )

    def reader(visitor: Visitor, transcript: Transcript, error: str = "") -> Response:
        return room.page(
            visitor,
            "transcript.html",
            "transcripts",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            c=wording,
            transcript=transcript,
            sentences=tuple(sentences(transcript)),
            marks=tuple(marks_of(room, transcript)),
            error=error,
        )

    @router.api_route(f"{PATH}/transcripts/{{transcript:path}}", methods=GET)
    def read(transcript: str, visitor: Visitor = guards.viewer) -> Response:
        return reader(visitor, transcript_of(transcript))

    @router.post(f"{PATH}/unexpire")
    def unexpire(
        transcript: Annotated[str, Form()] = "",
        start: Annotated[str, Form()] = "",
        end: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        chosen = transcript_of(transcript)
        span = parse_span(start, end, len(chosen.text))
        try:
            before, after = unmark(room, visitor, chosen, span)
        except Wrong as wrong:
            return reader(visitor, chosen, wrong.told)
        except (VersionError, TranscriptError) as error:
            return reader(visitor, chosen, error.message)
        room.audit(visitor, "draft.unexpire", chosen.id, before=before, after=after)
        return seen("/draft")

    @router.post(f"{PATH}/draft/remove")
    def remove(
        transcript: Annotated[str, Form()] = "",
        sure: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        chosen, data, who = transcript_of(transcript), room.data, visitor.account.name
        if sure != "1":
            return reader(visitor, chosen, wording.REMOVE_TICK)
        try:
            with changing(data, who, wording.REMOVING):
                draft = Draft.begun(data, room.settings, who)
                if chosen.id not in draft.ids():
                    return reader(visitor, chosen, wording.REMOVED_ALREADY)
                draft.remove(chosen.id)
        except VersionError as error:
            return reader(visitor, chosen, error.message)
        digest = f"sha256:{chosen.source.sha256}"
        room.audit(visitor, "draft.remove", chosen.id, f"《{chosen.title}》", before=digest)
        return seen("/draft")
