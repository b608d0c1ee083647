"""The page about the API: how to make each call, limits, caching, receipts, every problem code."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web import api_wording
from web.api.recipes import RECIPES
from web.rendering import Renderer

__all__ = ["api_page_router"]


def api_page_router(renderer: Renderer) -> APIRouter:
    """``/api``."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api", methods=["GET", "HEAD"])
    def about_api(request: Request) -> Response:
        page = renderer.page(request, "api.html", a=api_wording, recipes=RECIPES)
        page.headers["Cache-Control"] = "no-cache"
        return page

    return router
