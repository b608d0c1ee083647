"""The routes of the room, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from web.ports import EngineSource
from web.records.ports import Records
from web.rendering import Renderer
from web.site import Site
from web.staff.access import PATH, Visitor
from web.staff.asked import add_asked
from web.staff.coverage import add_coverage
from web.staff.draft_pages import add_draft
from web.staff.expiring import add_expiring
from web.staff.faq import add_faq
from web.staff.lexicon import add_lexicon
from web.staff.mining import add_mining
from web.staff.notes import add_notes
from web.staff.passages import add_passages
from web.staff.people import add_people
from web.staff.room import GET, Guards, Room, room_route, seen
from web.staff.signing import add_signing, entrance
from web.staff.transcripts import add_transcripts
from web.staff.trying import add_trying
from web.staff.uploads_pages import add_uploads
from web.staff.versions import add_versions

__all__ = ["UPLOADS", "staff_router"]

UPLOADS: Final = f"{PATH}/uploads"
"""Where transcripts are sent to."""


def staff_router(engines: EngineSource, site: Site, renderer: Renderer, records: Records) -> APIRouter:
    """The routes under ``/staff``. Each but the one to sign in on says which role it needs."""
    room = Room(engines, site, renderer, records)
    guards = Guards(room)
    router = APIRouter(include_in_schema=False, route_class=room_route(room, entrance))

    @router.api_route(PATH, methods=GET)
    def start(_: Visitor = guards.viewer) -> Response:
        return seen("/try")

    add_signing(router, room, guards)
    add_trying(router, room, guards)
    add_asked(router, room, guards)
    add_mining(router, room, guards)
    add_notes(router, room, guards)
    add_passages(router, room, guards)
    add_coverage(router, room, guards)
    add_versions(router, room, guards)
    add_uploads(router, room, guards)
    add_transcripts(router, room, guards)
    add_expiring(router, room, guards)
    add_lexicon(router, room, guards)
    add_faq(router, room, guards)
    add_draft(router, room, guards)
    add_people(router, room, guards)
    return router
