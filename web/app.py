"""The application factory. It is given everything it needs and reads nothing by itself."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from secure.middleware import SecureASGIMiddleware
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Scope

from web import api_wording
from web.api import ApiParts, api_routers
from web.api.document import describe
from web.api.guard import ApiGuard
from web.api.page import api_page_router
from web.api.parts import PREFIX
from web.gate import Gate, GatedEngines
from web.logs import make_log
from web.metrics import Log, Metrics, Observe
from web.pages import pages_router
from web.ports import EngineSource
from web.problems import REQUEST_ID, install_problems
from web.records.off import NoRecords
from web.records.ports import Records
from web.rendering import STATIC_FOLDER, make_renderer, static_addresses
from web.security import NO_STORE, BodyLimit, CompressPages, NoStoreByDefault, security_headers
from web.service import Service
from web.site import UPLOAD_BYTES, Site
from web.staff.router import UPLOADS, staff_router
from web.turnaway import TurnAway
from web.versioned import Catalogues
from web.watch import Watch

__all__ = ["create_app"]

_VERSION: Final = "1"
_FOREVER: Final = "public, max-age=31536000, immutable"
_REQUEST_ID_FORM: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)


def create_app(
    engines: EngineSource,
    site: Site,
    records: Records | None = None,
    service: Service | None = None,
    watch: Watch | None = None,
) -> FastAPI:
    """The site and the API of the engine in force.

    ``records`` are started and stopped with the application; None keeps none. Without a ``service``
    nobody is limited and nothing is logged. ``watch`` tells of where the engines come from.
    """
    kept = NoRecords() if records is None else records
    habits = Service() if service is None else service
    watched = Watch() if watch is None else watch
    gate = Gate(habits.at_work, habits.waiting, habits.standing)
    metrics = _metrics(gate, kept)
    parts = ApiParts(engines, gate, Catalogues(engines), metrics, kept, watched)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        kept.start()
        try:
            yield
        finally:
            await run_in_threadpool(kept.stop)

    app = FastAPI(
        title=site.name,
        description=api_wording.DESCRIPTION.format(name=site.name),
        version=_VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        openapi_tags=api_wording.TAGS,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    addresses = static_addresses()
    renderer = make_renderer(site, addresses, watched.notice)
    headers = security_headers()
    install_problems(app, renderer, {**headers.headers, "Cache-Control": NO_STORE})
    routers = api_routers(parts)
    for router in routers:
        app.include_router(router)
    app.include_router(api_page_router(renderer))
    app.include_router(pages_router(GatedEngines(engines, gate), site, renderer, kept))
    app.include_router(staff_router(engines, site, renderer, kept))
    app.mount("/static", _VersionedFiles(STATIC_FOLDER, addresses.values()), name="static")
    describe(app, routers)
    app.add_middleware(ApiGuard, service=habits, keys=kept.staff.keys if kept.staff else None)
    app.add_middleware(BodyLimit, limit=site.max_body, others={UPLOADS: UPLOAD_BYTES})
    app.add_middleware(CompressPages)
    app.add_middleware(NoStoreByDefault)
    log = _log(habits)
    app.add_middleware(Observe, metrics=metrics, log=log)
    app.add_middleware(
        CorrelationIdMiddleware,
        header_name=REQUEST_ID,
        generator=_new_id,
        validator=_good_id,
    )
    app.add_middleware(SecureASGIMiddleware, secure=headers)
    app.add_middleware(
        TurnAway,
        gate=gate,
        paths=[f"{PREFIX}/{call}" for call in ("ask", "ask/batch", "receipts")],
        headers={**headers.headers, "Cache-Control": NO_STORE},
        request_id=lambda given: given if _good_id(given) else _new_id(),
        metrics=metrics,
        log=log,
    )
    return app


def _new_id() -> str:
    return uuid4().hex


def _good_id(given: str) -> bool:
    return _REQUEST_ID_FORM.fullmatch(given) is not None


def _metrics(gate: Gate, records: Records) -> Metrics:
    def gauges() -> dict[str, float]:
        stats = records.stats()
        return {
            "questions_inside": gate.inside,
            "records_ready": float(stats.ready),
            "records_queued": stats.queued,
        }

    def counters() -> dict[str, float]:
        stats = records.stats()
        return {
            "questions_refused": gate.refused,
            "records_written": stats.written,
            "records_dropped": stats.dropped,
            "answers_unkept": stats.unkept,
        }

    return Metrics(gauges, counters)


def _log(service: Service) -> Log | None:
    made = make_log(service.log)
    return None if made is None else made.info


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
