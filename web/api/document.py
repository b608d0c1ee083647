"""The OpenAPI 3.1 document, as FastAPI makes it, with what it cannot know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from qa.resources import ProblemOut

__all__ = ["describe"]

_KEY: Final = "key"
_SCHEMES: Final = {
    _KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "A key from the operator. Optional, unless the operator requires one.",
    }
}
_OPEN: Final = "/api/v1/health/"


def describe(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Makes ``app`` tell the whole document of ``routers``."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routers)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, routers: Iterable[APIRouter]) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["ProblemOut"] = ProblemOut.model_json_schema()
    components["securitySchemes"] = _SCHEMES
    for path, calls in made["paths"].items():
        for call in calls.values():
            call["security"] = [{}] if path.startswith(_OPEN) else [{}, {_KEY: []}]
    made["servers"] = [{"url": "/"}]
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                _with_nulls(made["paths"][route.path_format], route)
    return made


def _with_nulls(calls: dict[str, Any], route: APIRoute) -> None:
    """Puts examples of answers in as they were given: FastAPI leaves out what is null in them."""
    for method in route.methods or ():
        responses = calls[method.lower()]["responses"]
        for status, given in route.responses.items():
            for media, content in given.get("content", {}).items():
                responses[str(status)]["content"][media]["examples"] = content["examples"]
