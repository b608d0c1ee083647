"""Asking and the answer: POST, then the answer at an address of its own; a question is never in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote as url_quote

from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import QuestionError
from qa.language.personal import mask
from qa.model import Answer, Status
from qa.text import without_controls
from qa.wire import MAX_HISTORY, check_question
from web import wording
from web.contacts import office_in_charge
from web.display import Display, changed, display_of, remember_display, return_path
from web.ports import AnswerEngine, EngineSource
from web.records.keeping import keep
from web.records.model import Channel, KeptAnswer
from web.records.ports import Records
from web.rendering import Renderer
from web.site import Site
from web.timing import timed
from web.topics import related_questions, topics_of
from web.views import AnswerView, Beside, FormView, Kept, answer_view

__all__ = ["GET", "REVALIDATE", "AskPages", "asking_router"]

GET: Final = ["GET", "HEAD"]
REVALIDATE: Final = {"Cache-Control": "no-cache", "Vary": "Cookie"}
_SEE_OTHER: Final = 303
_MOST_REASON: Final = 500
_ELDER_MOST: Final = 3
"""Questions offered at most in 长辈版, which has fewer things on a page."""

Question = Annotated[str, Form()]
History = Annotated[list[str] | None, Form()]
Partial = Annotated[str | None, Header(alias="X-Partial")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asked, checked."""

    question: str
    history: tuple[str, ...]
    repair: bool


@dataclass(frozen=True)
class AskPages:
    """The page to ask on, in its states; ``partial`` leaves the frame out."""

    engines: EngineSource
    site: Site
    renderer: Renderer
    records: Records

    def start(self, request: Request) -> HTMLResponse:
        """Before anything was asked."""
        page = self._page(request, self.engines.current, FormView(), partial=False)
        page.headers.update(REVALIDATE)
        return page

    def refused(
        self,
        request: Request,
        error: QuestionError,
        question: str,
        history: tuple[str, ...],
        *,
        partial: bool,
    ) -> HTMLResponse:
        """The error at the field, and the field as it was but for personal data."""
        message = wording.CLEANED if error.code == "question_control" else error.message
        form = FormView(mask(without_controls(question)), message, history)
        return self._page(request, self.engines.current, form, partial=partial, status=422)

    def ask(self, request: Request, asked: _Asked, *, partial: bool) -> Response:
        """Answers, and leads to the answer's address; without a store, gives the answer itself."""
        engine = self.engines.current
        answer, timing = timed(lambda: _answer(engine, asked))
        question_id, _ = keep(self.records, answer, Channel.WEB)
        token = self.records.answers.remember(
            question_id,
            answer.question,
            history=asked.history,
            repair=asked.repair,
            corpus=answer.corpus,
        )
        if token is None:
            page = self.answered(request, engine, asked, answer, partial=partial)
        else:
            page = RedirectResponse(f"/a/{token}", _SEE_OTHER)
        page.headers.update(timing)
        return page

    def kept(
        self, request: Request, token: str, found: KeptAnswer, thanked: str | None, *, partial: bool
    ) -> Response:
        """An answer at its address, always from the version now in force."""
        engine = self.engines.current
        asked = _Asked(found.question, found.history, found.repair)
        answer, timing = timed(lambda: _answer(engine, asked))
        kept = Kept(
            f"/a/{token}", answer.corpus != found.corpus, thanked if thanked in wording.THANKS else None
        )
        page = self.answered(request, engine, asked, answer, partial=partial, kept=kept)
        page.headers.update(timing)
        page.headers["X-Robots-Tag"] = "noindex"
        return page

    def expired(self, request: Request) -> Response:
        """There is no such answer any more: says so, with the box to ask again."""
        return self._page(request, self.engines.current, FormView(), partial=False, status=404, expired=True)

    def answered(
        self,
        request: Request,
        engine: AnswerEngine,
        asked: _Asked,
        answer: Answer,
        *,
        partial: bool,
        kept: Kept | None = None,
        display: Display | None = None,
    ) -> Response:
        """The answer, and a form to go on."""
        display = display or display_of(request)
        view = answer_view(
            answer,
            history=asked.history,
            repair=asked.repair,
            fallback=engine.suggestions,
            shown=self._offered(display),
            beside=self._beside(engine, asked, answer, display),
            kept=kept,
        )
        resend = () if kept else _fields(asked, answer)
        form = FormView(history=view.next_history)
        return self._page(request, engine, form, partial=partial, answer=view, resend=resend, display=display)

    def _offered(self, display: Display) -> int:
        """How many questions are offered at most."""
        return _ELDER_MOST if display.elder else self.site.shown_suggestions

    def _beside(self, engine: AnswerEngine, asked: _Asked, answer: Answer, display: Display) -> Beside:
        if answer.status is not Status.ANSWERED:
            contact = office_in_charge(answer, self.site.contacts, engine.offices)
            return Beside(contact=None if answer.status is Status.DECLINED else contact)
        cited = {citation.transcript.id for citation in answer.citations}
        others = engine.elsewhere(asked.question, history=asked.history, repair=asked.repair, cited=cited)
        most = self._offered(display)
        related = related_questions(answer.citations, answer.question, engine.known, most)
        return Beside(others, related, None, self.site.public_url)

    def _page(
        self,
        request: Request,
        engine: AnswerEngine,
        form: FormView,
        *,
        partial: bool,
        status: int = 200,
        answer: AnswerView | None = None,
        resend: tuple[tuple[str, str], ...] = (),
        display: Display | None = None,
        expired: bool = False,
    ) -> HTMLResponse:
        display = display or display_of(request)
        topics = None if answer else topics_of(engine.known, self.site.contacts, engine.offices)
        return self.renderer.page(
            request,
            "ask_region.html" if partial else "ask.html",
            status=status,
            display=display,
            back=answer.kept.address if answer and answer.kept else "/",
            form=form,
            answer=answer,
            partial=partial,
            expired=expired,
            resend=resend,
            topics=topics,
            suggestions=engine.suggestions[: self._offered(display)],
            collected=len(engine.transcripts),
        )


def asking_router(pages: AskPages) -> APIRouter:
    """The routes of asking, of answers' addresses, and of how pages are shown."""
    router = APIRouter()
    _add_ask(router, pages)
    _add_answers(router, pages)
    _add_display(router, pages)
    return router


def _add_ask(router: APIRouter, pages: AskPages) -> None:
    @router.api_route("/", methods=GET)
    def ask_page(request: Request) -> Response:
        return pages.start(request)

    @router.post("/")
    def ask(
        request: Request,
        question: Question = "",
        history: History = None,
        repair: Annotated[str, Form()] = "1",
        x_partial: Partial = None,
    ) -> Response:
        partial = x_partial == "1"
        earlier = _usable(history or [])
        try:
            asked = _Asked(check_question(question), earlier, repair != "0")
        except QuestionError as error:
            return pages.refused(request, error, question, earlier, partial=partial)
        return pages.ask(request, asked, partial=partial)


def _add_answers(router: APIRouter, pages: AskPages) -> None:
    @router.api_route("/a/{token}", methods=GET)
    def answer(
        request: Request, token: str, thanks: str | None = None, x_partial: Partial = None
    ) -> Response:
        found = pages.records.answers.find(token)
        if found is None:
            return pages.expired(request)
        return pages.kept(request, token, found, thanks, partial=x_partial == "1")

    @router.post("/a/{token}/feedback")
    def feedback(
        request: Request,
        token: str,
        helpful: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
    ) -> Response:
        found = pages.records.answers.find(token)
        if found is None:
            return pages.expired(request)
        said = mask(without_controls(reason).strip())[:_MOST_REASON]
        kept = helpful in ("0", "1") and pages.records.feedback.add(
            found.question_id, helpful=helpful == "1", reason=said
        )
        thanks = "lost" if not kept else "said" if said else "yes" if helpful == "1" else "no"
        return RedirectResponse(f"/a/{url_quote(token, safe='')}?thanks={thanks}#feedback", _SEE_OTHER)

    @router.post("/a/{token}/delete")
    def delete(request: Request, token: str) -> Response:
        if not pages.records.forget(token):
            return pages.expired(request)
        return RedirectResponse("/deleted", _SEE_OTHER)

    @router.api_route("/deleted", methods=GET)
    def deleted(request: Request) -> Response:
        return pages.renderer.page(request, "deleted.html")


def _add_display(router: APIRouter, pages: AskPages) -> None:
    @router.api_route("/display", methods=GET)
    def settings(request: Request) -> Response:
        return pages.renderer.page(request, "display.html", back="/display")

    @router.post("/display")
    def choose(
        request: Request,
        elder: Annotated[str | None, Form()] = None,
        size: Annotated[str | None, Form()] = None,
        colours: Annotated[str | None, Form()] = None,
        back: Annotated[str, Form()] = "/",
        question: Question = "",
        history: History = None,
        repair: Annotated[str, Form()] = "1",
    ) -> Response:
        display = changed(display_of(request), elder, size, colours)
        response: Response = RedirectResponse(return_path(back), _SEE_OTHER)
        if question:
            # An answer without an address is made again, or the choice would cost it.
            response = _again(request, pages, display, question, _usable(history or []), repair != "0")
        remember_display(response, display, secure=request.url.scheme == "https")
        return response


def _again(
    request: Request,
    pages: AskPages,
    display: Display,
    question: str,
    history: tuple[str, ...],
    repair: bool,
) -> Response:
    try:
        asked = _Asked(check_question(question), history, repair)
    except QuestionError:
        return RedirectResponse("/", _SEE_OTHER)
    engine = pages.engines.current
    answer = _answer(engine, asked)
    return pages.answered(request, engine, asked, answer, partial=False, display=display)


def _answer(engine: AnswerEngine, asked: _Asked) -> Answer:
    return engine.ask(asked.question, history=asked.history, repair=asked.repair)


def _fields(asked: _Asked, answer: Answer) -> tuple[tuple[str, str], ...]:
    """What a form must carry to have an answer without an address made again."""
    earlier = tuple(("history", question) for question in asked.history)
    return (("question", answer.question), *earlier, ("repair", "1" if asked.repair else "0"))


def _usable(history: list[str]) -> tuple[str, ...]:
    """The earlier questions that can be asked, masked, at most as many as the engine takes, oldest first."""
    usable: list[str] = []
    for question in history:
        try:
            usable.append(mask(check_question(question)))
        except QuestionError:
            continue
    return tuple(usable[-MAX_HISTORY:])
