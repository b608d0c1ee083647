"""The residents' pages. Each works without JavaScript; a question is never in an address."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Header
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from qa.errors import QuestionError
from qa.language.personal import mask
from qa.model import Transcript
from qa.wire import MAX_HISTORY, check_question
from web import wording
from web.ports import AnswerEngine, EngineSource
from web.reader import blocks, parse_span
from web.rendering import Renderer
from web.site import Site
from web.timing import timed
from web.views import AnswerView, FormView, answer_view

__all__ = ["pages_router"]

_REVALIDATE: Final = {"Cache-Control": "no-cache"}
SHORT_VERSION: Final = 12
"""Digits of a corpus digest that an address of cited words carries."""
_GET: Final = ["GET", "HEAD"]


def pages_router(engines: EngineSource, site: Site, renderer: Renderer) -> APIRouter:
    """The routes of the site."""
    router = APIRouter(include_in_schema=False)
    _add_ask(router, _AskPages(engines, site, renderer))
    _add_transcripts(router, engines, site, renderer)
    _add_health(router)
    return router


@dataclass(frozen=True)
class _AskPages:
    """The page to ask on, in its states; ``partial`` leaves the frame out."""

    engines: EngineSource
    site: Site
    renderer: Renderer

    def start(self) -> HTMLResponse:
        """Before anything was asked."""
        page = self._page(self.engines.current, FormView(), partial=False)
        page.headers.update(_REVALIDATE)
        return page

    def refused(
        self, error: QuestionError, question: str, history: tuple[str, ...], *, partial: bool
    ) -> HTMLResponse:
        """The error at the field, and the field as it was but for personal data."""
        message = wording.CLEANED if error.code == "question_control" else error.message
        form = FormView(mask(_without_controls(question)), message, history)
        return self._page(self.engines.current, form, partial=partial, status=422)

    def answered(
        self, question: str, history: tuple[str, ...], *, repair: bool, partial: bool
    ) -> HTMLResponse:
        """The answer, and a form to go on."""
        engine = self.engines.current
        answer, timing = timed(lambda: engine.ask(question, history=history, repair=repair))
        view = answer_view(
            answer,
            history=history,
            repair=repair,
            fallback=engine.suggestions,
            shown=self.site.shown_suggestions,
        )
        page = self._page(engine, FormView(history=view.next_history), partial=partial, answer=view)
        page.headers.update(timing)
        return page

    def _page(
        self,
        engine: AnswerEngine,
        form: FormView,
        *,
        partial: bool,
        status: int = 200,
        answer: AnswerView | None = None,
    ) -> HTMLResponse:
        return self.renderer.page(
            "ask_region.html" if partial else "ask.html",
            status=status,
            form=form,
            answer=answer,
            partial=partial,
            suggestions=engine.suggestions[: self.site.shown_suggestions],
            collected=len(engine.transcripts),
        )


def _add_ask(router: APIRouter, pages: _AskPages) -> None:
    @router.api_route("/", methods=_GET)
    def ask_page() -> Response:
        return pages.start()

    @router.post("/")
    def ask(
        question: Annotated[str, Form()] = "",
        history: Annotated[list[str] | None, Form()] = None,
        repair: Annotated[str, Form()] = "1",
        x_partial: Annotated[str | None, Header()] = None,
    ) -> Response:
        partial = x_partial == "1"
        earlier = _usable(history or [])
        try:
            checked = check_question(question)
        except QuestionError as error:
            return pages.refused(error, question, earlier, partial=partial)
        return pages.answered(checked, earlier, repair=repair != "0", partial=partial)


def _without_controls(text: str) -> str:
    return "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) not in ("Cc", "Cs"))


def _usable(history: list[str]) -> tuple[str, ...]:
    """The earlier questions that can be asked, at most as many as the engine takes, oldest first."""
    usable: list[str] = []
    for question in history:
        try:
            usable.append(check_question(question))
        except QuestionError:
            continue
    return tuple(usable[-MAX_HISTORY:])


def _newest_first(engine: AnswerEngine) -> list[Transcript]:
    listed = sorted(engine.transcripts.values(), key=lambda t: t.id)
    listed.sort(key=lambda t: t.date.sort_key, reverse=True)
    return listed


def _add_transcripts(router: APIRouter, engines: EngineSource, site: Site, renderer: Renderer) -> None:
    @router.api_route("/transcripts", methods=_GET)
    def transcripts(page: str = "1") -> Response:
        listed = _newest_first(engines.current)
        pages = max(1, -(-len(listed) // site.page_size))
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 0
        if not 1 <= number <= pages:
            raise HTTPException(404)
        shown = listed[(number - 1) * site.page_size : number * site.page_size]
        response = renderer.page("transcripts.html", transcripts=shown, page=number, pages=pages)
        response.headers.update(_REVALIDATE)
        return response

    @router.api_route("/transcripts/{transcript_id:path}", methods=_GET)
    def transcript(
        transcript_id: str, start: str | None = None, end: str | None = None, v: str | None = None
    ) -> Response:
        engine = engines.current
        found = engine.transcripts.get(transcript_id)
        if found is None:
            raise HTTPException(404)
        version = engine.corpus.removeprefix("sha256:")
        updated = v is not None and v not in (version, version[:SHORT_VERSION])
        response = _read(renderer, found, start, end, updated=updated)
        response.headers.update(_REVALIDATE)
        return response


def _read(
    renderer: Renderer, transcript: Transcript, start: str | None, end: str | None, *, updated: bool
) -> HTMLResponse:
    cite = parse_span(start, end, len(transcript.text))
    shown = blocks(transcript, cite)
    cited = any(piece.anchor for block in shown for piece in block.pieces)
    asked = start is not None or end is not None
    return renderer.page(
        "transcript.html",
        transcript=transcript,
        blocks=shown,
        cited=cited,
        misplaced=asked and not cited,
        updated=updated and cited,
    )


def _add_health(router: APIRouter) -> None:
    @router.api_route("/healthz", methods=_GET)
    def healthz() -> Response:
        return PlainTextResponse("ok\n")
