"""The versions of the transcripts: which is in force, which were, and what changed between two."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from qa.versions.difference import differences
from qa.versions.layout import read_state, short
from web.staff.access import PATH, Visitor
from web.staff.room import GET, Guards, Room

__all__ = ["add_versions"]


def add_versions(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the versions; nothing is published from here yet."""

    @router.api_route(f"{PATH}/versions", methods=GET)
    def versions(visitor: Visitor = guards.viewer) -> Response:
        engine, data = room.engine, room.data
        state, held = read_state(data), frozenset(data.names())
        history = () if state is None else tuple(reversed(state.history))
        return room.page(
            visitor,
            "versions.html",
            "versions",
            current=None if state is None else state.current,
            history=history,
            held=held,
            short=short,
            transcripts=len(engine.transcripts),
            corpus=engine.corpus,
        )

    @router.api_route(f"{PATH}/versions/compare", methods=GET)
    def compared(before: str = "", after: str = "", visitor: Visitor = guards.viewer) -> Response:
        data = room.data
        # Only names: anything else would be a path.
        if not {before, after} <= set(data.names()):
            raise HTTPException(404)
        found = differences(data.version(before), data.version(after))
        return room.page(
            visitor, "difference.html", "versions", found=found, before=short(before), after=short(after)
        )
