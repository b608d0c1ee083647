"""The API for kiosks and programs, ``/api/v1``: a module for each group of calls, put together here."""

from __future__ import annotations

from fastapi import APIRouter

from web.api.ask import ask_router
from web.api.browse import browse_router
from web.api.feedback import feedback_router
from web.api.operate import operate_router
from web.api.parts import ApiParts

__all__ = ["ApiParts", "api_routers"]


def api_routers(parts: ApiParts) -> tuple[APIRouter, ...]:
    """Every route under ``/api/v1``."""
    return tuple(make(parts) for make in (ask_router, browse_router, feedback_router, operate_router))
