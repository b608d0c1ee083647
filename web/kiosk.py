"""The kiosk: ``/kiosk`` on the screen of a service hall. No link leaves it, nothing of a visitor stays on it.

Each screen works without JavaScript; with it, the browser's history holds one entry only. A question is never
in an address. ``static/kiosk-worker.js`` answers when the network does not, from :mod:`web.kiosk_kept`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from qa.errors import QuestionError
from qa.language.personal import mask
from qa.text import without_controls
from qa.wire import check_question
from web import wording
from web.kiosk_frame import KIOSK, Screen
from web.kiosk_kept import KeptAnswers
from web.kiosk_screens import ASK, FIND, TOPICS, WRITE, Screens
from web.ports import EngineSource
from web.records.keeping import keep
from web.records.model import Channel
from web.records.ports import Records
from web.rendering import STATIC_FOLDER, Renderer
from web.site import Site
from web.timing import timed

__all__ = ["KioskPages", "kiosk_router"]

_GET: Final = ["GET", "HEAD"]
_WORKER: Final = STATIC_FOLDER / "kiosk-worker.js"
_SCREEN: Final = re.compile(r"/kiosk(/topics(/[a-z0-9-]{1,200})?|/find|/write)?", re.ASCII)


@dataclass(frozen=True)
class KioskPages:
    """What the kiosk's addresses answer with."""

    engines: EngineSource
    site: Site
    renderer: Renderer
    records: Records
    kept: KeptAnswers = field(default_factory=KeptAnswers)

    @property
    def screens(self) -> Screens:
        """The screens of the version in force."""
        return Screens(self.engines.current, self.site, self.renderer)

    def shown(self, screen: Screen | None, status: int = HTTPStatus.OK) -> HTMLResponse:
        """A screen as a page of its own.

        Raises:
            HTTPException: 404 without a screen.
        """
        if screen is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return HTMLResponse(self.screens.page(screen), status)

    def ask(self, question: str, *, repair: bool, back: str) -> HTMLResponse:
        """The answer itself: it has no address, so nobody else comes upon it."""
        screens = self.screens
        try:
            asked = check_question(question)
        except QuestionError as error:
            message = wording.CLEANED if error.code == "question_control" else error.message
            written = screens.write(mask(without_controls(question)), message)
            return self.shown(written, HTTPStatus.UNPROCESSABLE_ENTITY)
        answer, timing = timed(lambda: screens.engine.ask(asked, repair=repair))
        keep(self.records, answer, Channel.KIOSK)
        back = back if _SCREEN.fullmatch(back) else KIOSK
        page = self.shown(screens.answer(answer, repair=repair, back=back))
        page.headers.update(timing)
        return page


def kiosk_router(engines: EngineSource, site: Site, renderer: Renderer, records: Records) -> APIRouter:
    """The routes below ``/kiosk``."""
    router, pages = APIRouter(), KioskPages(engines, site, renderer, records)
    _add_screens(router, pages)
    _add_asking(router, pages)
    _add_offline(router, pages)
    return router


def _add_screens(router: APIRouter, pages: KioskPages) -> None:
    @router.api_route(KIOSK, methods=_GET)
    def start() -> Response:
        return pages.shown(pages.screens.start())

    @router.api_route(TOPICS, methods=_GET)
    def topics() -> Response:
        return pages.shown(pages.screens.all_topics())

    @router.api_route(f"{TOPICS}/{{slug}}", methods=_GET)
    def topic(slug: str) -> Response:
        return pages.shown(pages.screens.topic(slug))

    @router.api_route(FIND, methods=_GET)
    def find() -> Response:
        return pages.shown(pages.screens.find())

    @router.api_route(WRITE, methods=_GET)
    def write() -> Response:
        return pages.shown(pages.screens.write())


def _add_asking(router: APIRouter, pages: KioskPages) -> None:
    @router.post(ASK)
    def ask(
        question: Annotated[str, Form()] = "",
        repair: Annotated[str, Form()] = "1",
        back: Annotated[str, Form()] = KIOSK,
    ) -> Response:
        return pages.ask(question, repair=repair != "0", back=back)

    @router.api_route(ASK, methods=_GET)
    def asked_before() -> Response:
        return RedirectResponse(KIOSK, HTTPStatus.SEE_OTHER)


def _add_offline(router: APIRouter, pages: KioskPages) -> None:
    @router.api_route("/kiosk/answers.json", methods=_GET)
    def answers(request: Request) -> Response:
        kept = pages.kept.of(pages.screens)
        headers = {"ETag": f'"{kept.digest}"', "Cache-Control": "no-cache"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(kept.body, media_type="application/json", headers=headers)

    @router.api_route("/kiosk/worker.js", methods=_GET)
    def worker() -> Response:
        headers = {"Service-Worker-Allowed": KIOSK, "Cache-Control": "no-cache"}
        return FileResponse(_WORKER, media_type="text/javascript", headers=headers)
