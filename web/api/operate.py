"""Version, health and metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from qa.about import program_version
from qa.resources import HealthOut, VersionOut
from qa.wire import date_out
from web.api import examples
from web.api.browse import Version
from web.api.documented import described
from web.api.parts import PREFIX, ApiParts
from web.problems import RequestRefused
from web.versioned import Catalogue

__all__ = ["operate_router"]

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def operate_router(parts: ApiParts) -> APIRouter:
    """``/version``, ``/health`` and ``/metrics``."""
    router = APIRouter(prefix=PREFIX, tags=["operate"])
    _add_version(router, parts)
    _add_health(router, parts)
    _add_metrics(router, parts)
    return router


def _add_version(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/version",
        summary="What answers",
        operation_id="version",
        response_model=VersionOut,
        responses=described(examples.VERSION, "request_invalid", "version_not_current", cached=True),
    )
    async def version(request: Request, v: Version = None) -> Response:
        """The program, the version of the corpus, and the settings that decide answers."""
        catalogue = parts.catalogues.current
        return catalogue.response(request, v, lambda: _version(catalogue))


def _version(catalogue: Catalogue) -> VersionOut:
    newest = catalogue.newest_first[:1]
    return VersionOut(
        program=program_version(),
        corpus=catalogue.engine.corpus,
        settings=catalogue.engine.settings_digest,
        transcripts=len(catalogue.newest_first),
        newest=date_out(newest[0].date) if newest else None,
    )


def _add_health(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/health/live",
        summary="Whether the process answers at all",
        operation_id="live",
        response_model=HealthOut,
        responses=described(examples.LIVE, guarded=False),
    )
    async def live() -> Response:
        """For whoever restarts a process that hangs."""
        return _json(HealthOut(status="ok", checks={}))

    @router.get(
        "/health/ready",
        summary="Whether questions are answered, and how the parts are",
        operation_id="ready",
        response_model=HealthOut,
        responses=described(examples.READY, "not_ready", guarded=False),
    )
    async def ready() -> Response:
        """For whoever sends requests here. Without records, questions are answered all the same."""
        if not parts.engines.current.transcripts:
            raise RequestRefused("not_ready", {"Retry-After": "5"})
        return _json(HealthOut(status="ok", checks=parts.checks()))


def _json(health: HealthOut) -> Response:
    return Response(health.model_dump_json(), media_type="application/json")


def _add_metrics(router: APIRouter, parts: ApiParts) -> None:
    @router.get(
        "/metrics",
        summary="Counts and times for Prometheus",
        operation_id="metrics",
        response_class=PlainTextResponse,
        responses=described(examples.METRICS, media_type="text/plain"),
    )
    async def metrics() -> Response:
        """By route and status; never what was asked, never an address."""
        return Response(parts.metrics.text(), media_type=_METRICS)
