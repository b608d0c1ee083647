"""The transcripts: their list, each to read and to search, and the files they were read from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote as url_quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from qa.model import Expired, Span, Transcript
from qa.wire import transcript_href
from web import wording
from web.asking import GET, REVALIDATE
from web.ports import AnswerEngine, EngineSource
from web.reader import MOST_FOUND, Block, blocks, find_words, parse_span
from web.rendering import Renderer
from web.site import Site

__all__ = ["SHORT_VERSION", "reading_router"]

SHORT_VERSION: Final = 12
"""Digits of a corpus digest that an address of cited words carries."""
_MOST_SOUGHT: Final = 100
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for in a transcript, where it stands, and what was wrong with it."""

    words: str = ""
    found: tuple[Span, ...] = ()
    error: str | None = None
    excerpts: tuple[tuple[str, str, str], ...] = ()

    @property
    def told(self) -> str | None:
        """How many places there are, in words; None where nothing was looked for."""
        if not self.words or self.error:
            return None
        return wording.found_in_transcript(len(self.found), more=len(self.found) == MOST_FOUND)


def reading_router(engines: EngineSource, site: Site, renderer: Renderer) -> APIRouter:
    """The routes under ``/transcripts`` and ``/sources``."""
    router = APIRouter()

    @router.api_route("/transcripts", methods=GET)
    def transcripts(request: Request, page: str = "1") -> Response:
        listed = _newest_first(engines.current)
        pages = max(1, -(-len(listed) // site.page_size))
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 0
        if not 1 <= number <= pages:
            raise HTTPException(404)
        shown = listed[(number - 1) * site.page_size : number * site.page_size]
        response = renderer.page(request, "transcripts.html", transcripts=shown, page=number, pages=pages)
        response.headers.update(REVALIDATE)
        return response

    @router.api_route("/transcripts/{transcript_id:path}", methods=GET)
    def transcript(
        request: Request,
        transcript_id: str,
        start: str | None = None,
        end: str | None = None,
        v: str | None = None,
    ) -> Response:
        engine = engines.current
        found = _transcript(engine, transcript_id)
        version = engine.corpus.removeprefix("sha256:")
        updated = v is not None and v not in (version, version[:SHORT_VERSION])
        cite = parse_span(start, end, len(found.text))
        asked = start is not None or end is not None
        page = _reader(request, renderer, engine, found, cite, asked=asked, updated=updated)
        page.headers.update(REVALIDATE)
        return page

    # Looked for by POST: what somebody looks for stands in an address as little as what they ask.
    @router.post("/transcripts/{transcript_id:path}")
    def search(request: Request, transcript_id: str, find: Annotated[str, Form()] = "") -> Response:
        engine = engines.current
        found = _transcript(engine, transcript_id)
        return _reader(request, renderer, engine, found, None, search=_search(found, find.strip()))

    @router.api_route("/sources/{transcript_id:path}", methods=GET)
    def source(transcript_id: str) -> Response:
        engine = engines.current
        return _source(_transcript(engine, transcript_id), engine.source_file(transcript_id))

    return router


def _transcript(engine: AnswerEngine, transcript_id: str) -> Transcript:
    found = engine.transcripts.get(transcript_id)
    if found is None:
        raise HTTPException(404)
    return found


def _search(transcript: Transcript, words: str) -> Search:
    if not words or len(words) > _MOST_SOUGHT:
        return Search(words[:_MOST_SOUGHT], error=wording.FIND_EMPTY if not words else wording.FIND_TOO_LONG)
    found = find_words(transcript.text, words)
    shown = tuple(_excerpt(transcript.text, span) for span in found[:_LISTED])
    return Search(words, found, excerpts=shown)


def _excerpt(text: str, span: Span) -> tuple[str, str, str]:
    """The words before a place found, the words found, and those after, on one line."""
    before, after = text[max(0, span.start - 12) : span.start], text[span.end : span.end + 16]
    return before.split("\n")[-1], span.of(text).replace("\n", ""), after.split("\n")[0]


def _reader(
    request: Request,
    renderer: Renderer,
    engine: AnswerEngine,
    transcript: Transcript,
    cite: Span | None,
    *,
    asked: bool = False,
    updated: bool = False,
    search: Search | None = None,
) -> HTMLResponse:
    search = search or Search()
    shown = blocks(transcript, cite, search.found)
    cited = any(piece.anchor for block in shown for piece in block.pieces)
    address = f"/transcripts/{url_quote(transcript.id, safe='')}"
    query = f"?{request.url.query}#cite" if cited else ""
    return renderer.page(
        request,
        "transcript.html",
        status=422 if search.error else 200,
        back=address + query,
        address=address,
        transcript=transcript,
        blocks=shown,
        sections=_sections(shown),
        speakers=[block for block in shown if block.introduces],
        cited=cited,
        place=wording.in_file(transcript.source, cite) if cite is not None else None,
        misplaced=asked and not cited,
        updated=updated and cited,
        search=search,
        source=engine.source_file(transcript.id) is not None,
        expired_href=lambda expired: _replacement(expired, engine.corpus),
    )


def _replacement(expired: Expired, corpus: str) -> str:
    """The address of the words that took the place of expired ones."""
    assert expired.replaced_by is not None
    place = expired.replaced_by
    return transcript_href(place.transcript, place.span.start, place.span.end, corpus)


def _sections(shown: tuple[Block, ...]) -> list[Block]:
    """The headings to jump to; one that only repeats the title leads nowhere new."""
    return [block for block in shown if block.heading]


def _newest_first(engine: AnswerEngine) -> list[Transcript]:
    listed = sorted(engine.transcripts.values(), key=lambda t: t.id)
    listed.sort(key=lambda t: t.date.sort_key, reverse=True)
    return listed


def _source(transcript: Transcript, path: Path | None) -> Response:
    """The file a transcript was read from, byte for byte; never another one under its name."""
    try:
        content = path.read_bytes() if path is not None else None
    except OSError:
        content = None
    if content is None or hashlib.sha256(content).hexdigest() != transcript.source.sha256:
        raise HTTPException(404)
    name = f"{transcript.id}-{transcript.source.name}".replace("/", "-")
    disposition = f"attachment; filename*=UTF-8''{url_quote(name, safe='')}"
    # Never shown by the browser as a page of this site, whatever it holds.
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition, **REVALIDATE},
    )
