"""The application factory. It is given everything it needs and reads nothing by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from secure.middleware import SecureASGIMiddleware
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Scope

from web.api import api_router
from web.pages import pages_router
from web.ports import EngineSource
from web.problems import install_problems
from web.records.off import NoRecords
from web.records.ports import Records
from web.rendering import STATIC_FOLDER, make_renderer, static_addresses
from web.security import NO_STORE, BodyLimit, NoStoreByDefault, security_headers
from web.site import Site

__all__ = ["create_app"]

_VERSION: Final = "1"
_FOREVER: Final = "public, max-age=31536000, immutable"


def create_app(engines: EngineSource, site: Site, records: Records | None = None) -> FastAPI:
    """The site and the API of the engine in force.

    ``records`` are started and stopped with the application; None keeps none.
    """
    kept = NoRecords() if records is None else records

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        kept.start()
        try:
            yield
        finally:
            await run_in_threadpool(kept.stop)

    app = FastAPI(
        title=site.name,
        description=f"{site.name}: residents' questions, answered with words quoted from briefings.",
        version=_VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
    )
    addresses = static_addresses()
    renderer = make_renderer(site, addresses)
    headers = security_headers()
    install_problems(app, renderer, {**headers.headers, "Cache-Control": NO_STORE})
    app.include_router(api_router(engines))
    app.include_router(pages_router(engines, site, renderer))
    app.mount("/static", _VersionedFiles(STATIC_FOLDER, addresses.values()), name="static")
    app.add_middleware(BodyLimit, limit=site.max_body)
    app.add_middleware(NoStoreByDefault)
    app.add_middleware(SecureASGIMiddleware, secure=headers)
    return app


class _VersionedFiles(StaticFiles):
    """Static files. An address that holds the file's digest may be kept for ever."""

    def __init__(self, folder: Path, addresses: Collection[str]) -> None:
        super().__init__(directory=folder)
        self._addresses = frozenset(addresses)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        address = f"/static/{path}?{scope['query_string'].decode('latin-1')}"
        response.headers["Cache-Control"] = _FOREVER if address in self._addresses else "no-cache"
        return response
