"""Topics to browse, and the pages about the site itself."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from web.asking import GET, REVALIDATE
from web.ports import EngineSource
from web.rendering import Renderer
from web.site import Site
from web.topics import Topics, topics_of

__all__ = ["info_router"]


def info_router(engines: EngineSource, site: Site, renderer: Renderer) -> APIRouter:
    """The routes of topics, of the pages about the site, and ``/healthz``."""
    router = APIRouter()

    def browse() -> Topics:
        engine = engines.current
        return topics_of(engine.known, site.contacts, engine.offices)

    @router.api_route("/topics", methods=GET)
    def topics(request: Request) -> Response:
        return _kept_fresh(renderer.page(request, "topics.html", topics=browse()))

    @router.api_route("/topics/{slug}", methods=GET)
    def topic(request: Request, slug: str) -> Response:
        found = browse().find(slug)
        if found is None:
            raise HTTPException(404)
        return _kept_fresh(renderer.page(request, "topic.html", topic=found))

    @router.api_route("/about", methods=GET)
    def about(request: Request) -> Response:
        engine = engines.current
        version = engine.corpus.removeprefix("sha256:")[:12]
        return _kept_fresh(
            renderer.page(request, "about.html", collected=len(engine.transcripts), version=version)
        )

    @router.api_route("/accessibility", methods=GET)
    def accessibility(request: Request) -> Response:
        return _kept_fresh(renderer.page(request, "accessibility.html"))

    @router.api_route("/healthz", methods=GET)
    def healthz() -> Response:
        return PlainTextResponse("ok\n")

    return router


def _kept_fresh(page: HTMLResponse) -> HTMLResponse:
    page.headers.update(REVALIDATE)
    return page
