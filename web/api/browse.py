"""What can be asked, and what the answers are taken from. Everything here changes only with the version."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from qa.model import Passage, Transcript, Turn
from qa.resources import (
    PassageOut,
    PassagesOut,
    SectionOut,
    SuggestionOut,
    SuggestOut,
    TopicOut,
    TopicsOut,
    TranscriptItem,
    TranscriptOut,
    TranscriptsOut,
    TurnOut,
)
from qa.suggest import MAX_TYPED, Suggestion
from qa.wire import SourceOut, date_out, speaker_out, transcript_href
from web import api_wording
from web.api import examples
from web.api.documented import described
from web.api.parts import PREFIX, ApiParts
from web.problems import RequestRefused
from web.versioned import Catalogue

__all__ = ["browse_router"]

_PAGE_SIZE: Final = 50
_MOST_SUGGESTIONS: Final = 20
Version = Annotated[
    str | None,
    Query(
        pattern="^(sha256:)?[0-9a-f]{12}([0-9a-f]{52})?$", description="The version that is meant, if one is"
    ),
]


def browse_router(parts: ApiParts) -> APIRouter:
    """``/suggest``, ``/topics``, ``/transcripts`` and their passages."""
    router = APIRouter(prefix=PREFIX, tags=["browse"])
    _add_suggest(router, parts)
    _add_topics(router, parts)
    _add_transcripts(router, parts)
    _add_transcript(router, parts)
    return router


def _add_suggest(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/suggest",
        summary="What can be asked that looks like what is being typed",
        operation_id="suggest",
        response_model=SuggestOut,
        responses=described(examples.SUGGESTIONS, "request_invalid", "version_not_current", cached=True),
    )
    async def suggest(
        request: Request,
        q: Annotated[
            str,
            Query(
                max_length=MAX_TYPED,
                description="What has been typed: characters, pinyin or its initials",
                openapi_examples=examples.TYPED,
            ),
        ],
        limit: Annotated[int, Query(ge=1, le=_MOST_SUGGESTIONS)] = 8,
        v: Version = None,
    ) -> Response:
        """Topics, questions the version answers, and headings; best first.

        They match by characters, by pinyin or by initials (`ylbx`). Empty where nothing does.
        """
        catalogue = parts.catalogues.current

        def make() -> SuggestOut:
            found = catalogue.suggester.suggest(q, limit)
            return SuggestOut(suggestions=[_suggestion(s) for s in found], corpus=catalogue.engine.corpus)

        return catalogue.response(request, v, make)


def _suggestion(found: Suggestion) -> SuggestionOut:
    entry, match = found.entry, found.match
    return SuggestionOut(
        text=entry.text, kind=entry.kind.value, topic=entry.topic, match=(match.start, match.end)
    )


def _add_topics(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/topics",
        summary="Topics, with questions that are answered",
        operation_id="topics",
        response_model=TopicsOut,
        responses=described(examples.TOPICS, "request_invalid", "version_not_current", cached=True),
    )
    async def topics(request: Request, v: Version = None) -> Response:
        """In the staff's order; a kiosk can show them as buttons."""
        catalogue = parts.catalogues.current

        def make() -> TopicsOut:
            found = [TopicOut(topic=t, questions=list(q)) for t, q in catalogue.topics.items()]
            return TopicsOut(topics=found, corpus=catalogue.engine.corpus)

        return catalogue.response(request, v, make)


def _add_transcripts(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/transcripts",
        summary="The transcripts, fifty on a page, the newest first",
        operation_id="transcripts",
        response_model=TranscriptsOut,
        responses=described(
            examples.TRANSCRIPTS, "request_invalid", "not_found", "version_not_current", cached=True
        ),
    )
    async def transcripts(
        request: Request, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1, v: Version = None
    ) -> Response:
        """What the answers are taken from."""
        catalogue = parts.catalogues.current
        listed = catalogue.newest_first
        pages = max(1, -(-len(listed) // _PAGE_SIZE))
        if page > pages:
            raise RequestRefused("not_found", message=api_wording.NO_SUCH_PAGE)

        def make() -> TranscriptsOut:
            shown = listed[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
            corpus = catalogue.engine.corpus
            return TranscriptsOut(
                transcripts=[TranscriptItem(**_known(t, corpus)) for t in shown],
                page=page,
                pages=pages,
                total=len(listed),
                corpus=corpus,
            )

        return catalogue.response(request, v, make)


def _add_transcript(router: APIRouter, parts: ApiParts) -> None:
    # Before the transcript itself, whose id may hold anything, slashes too.
    @router.get(
        "/transcripts/{transcript_id:path}/passages",
        summary="The passages of a transcript",
        operation_id="passages",
        response_model=PassagesOut,
        responses=described(
            examples.PASSAGES, "request_invalid", "not_found", "version_not_current", cached=True
        ),
    )
    async def passages(
        request: Request,
        transcript_id: str,
        start: Annotated[int, Query(ge=0, le=10**9, description="Only passages that end after this")] = 0,
        end: Annotated[int, Query(ge=0, le=10**9, description="Only passages that begin before this")] = 10
        ** 9,
        v: Version = None,
    ) -> Response:
        """Whole sentences of one turn each; `start` and `end` of a citation give what stands around it."""
        catalogue = parts.catalogues.current
        held = catalogue.engine.passages_of(_found(catalogue, transcript_id).id)

        def make() -> PassagesOut:
            within = [p for p in held if p.span.start < end and p.span.end > start]
            corpus = catalogue.engine.corpus
            return PassagesOut(
                transcript=transcript_id, passages=[_passage(p, corpus) for p in within], corpus=corpus
            )

        return catalogue.response(request, v, make)

    @router.get(
        "/transcripts/{transcript_id:path}",
        summary="A transcript with its text",
        operation_id="transcript",
        response_model=TranscriptOut,
        responses=described(
            examples.TRANSCRIPT, "request_invalid", "not_found", "version_not_current", cached=True
        ),
    )
    async def transcript(request: Request, transcript_id: str, v: Version = None) -> Response:
        """Its reading text, headings and turns; every offset counts code points of `text`."""
        catalogue = parts.catalogues.current
        found = _found(catalogue, transcript_id)
        return catalogue.response(request, v, lambda: _transcript(found, catalogue.engine.corpus))


def _found(catalogue: Catalogue, transcript_id: str) -> Transcript:
    found = catalogue.engine.transcripts.get(transcript_id)
    if found is None:
        raise RequestRefused("not_found", message=api_wording.TRANSCRIPT_UNKNOWN)
    return found


def _known(transcript: Transcript, corpus: str) -> dict[str, object]:
    whole = transcript_href(transcript.id, 0, len(transcript.text), corpus)
    return {
        "id": transcript.id,
        "title": transcript.title,
        "date": date_out(transcript.date),
        "publisher": transcript.publisher,
        "url": transcript.url,
        "sha256": transcript.source.sha256,
        "length": len(transcript.text),
        "href": whole.partition("?")[0],
    }


def _transcript(transcript: Transcript, corpus: str) -> TranscriptOut:
    sections = [SectionOut(title=s.title, start=s.span.start, end=s.span.end) for s in transcript.sections]
    return TranscriptOut(
        **_known(transcript, corpus),
        text=transcript.text,
        sections=sections,
        turns=[_turn(turn) for turn in transcript.turns],
        corpus=corpus,
    )


def _turn(turn: Turn) -> TurnOut:
    return TurnOut(
        start=turn.span.start,
        end=turn.span.end,
        kind=turn.kind,
        speech=turn.speech,
        speaker=speaker_out(turn.speaker),
        section=turn.section,
        replies_to=turn.replies_to,
    )


def _passage(passage: Passage, corpus: str) -> PassageOut:
    transcript, turn, span = passage.transcript, passage.turn, passage.span
    source = transcript.source
    return PassageOut(
        start=span.start,
        end=span.end,
        text=passage.text,
        kind=turn.kind,
        speech=turn.speech,
        speaker=speaker_out(turn.speaker),
        section=transcript.section_title(turn),
        source=SourceOut(
            sha256=source.sha256, unit=source.unit, ranges=[(r.start, r.end) for r in source.ranges(span)]
        ),
        href=transcript_href(transcript.id, span.start, span.end, corpus),
    )
