"""The residents' pages. Each works without JavaScript; a question is never in an address."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from web.asking import AskPages, asking_router
from web.info_pages import info_router
from web.kiosk import kiosk_router
from web.ports import EngineSource
from web.reading_pages import reading_router
from web.records.ports import Records
from web.rendering import Renderer
from web.same_origin import same_origin
from web.site import Site

__all__ = ["pages_router"]


def pages_router(engines: EngineSource, site: Site, renderer: Renderer, records: Records) -> APIRouter:
    """The routes of the site. Forms are taken from its own pages only."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin(site.public_url))])
    router.include_router(asking_router(AskPages(engines, site, renderer, records)))
    router.include_router(reading_router(engines, site, renderer))
    router.include_router(info_router(engines, site, renderer))
    router.include_router(kiosk_router(engines, site, renderer, records))
    return router
