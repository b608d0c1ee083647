"""The versions: which is in force, which were, what changed between two, and going back to one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from qa.errors import VersionError
from qa.versions.difference import differences
from qa.versions.layout import read_state, short
from web.staff import corpus_wording
from web.staff.access import PATH, Visitor
from web.staff.publishing import return_to
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_versions"]

_LONGEST_WHY: Final = 500
_REFRESH: Final = 3


def add_versions(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the versions."""

    @router.api_route(f"{PATH}/versions", methods=GET)
    def versions(still: str = "", visitor: Visitor = guards.viewer) -> Response:
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
            c=corpus_wording,
            follows=room.follows,
            switching=state is not None and room.follows and state.current != room.served,
            still=still == "1",
            refresh=_REFRESH,
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

    def confirm(visitor: Visitor, name: str, error: str = "", why: str = "") -> Response:
        data = room.data
        state = read_state(data)
        # Only names: anything else would be a path.
        if state is None or name not in data.names() or name == state.current:
            raise HTTPException(404)
        return room.page(
            visitor,
            "rollback.html",
            "versions",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            c=corpus_wording,
            found=differences(data.version(state.current), data.version(name)),
            name=name,
            before=short(state.current),
            after=short(name),
            error=error,
            why=why,
            longest=_LONGEST_WHY,
        )

    @router.api_route(f"{PATH}/versions/rollback", methods=GET)
    def rollback_page(to: str = "", visitor: Visitor = guards.admin) -> Response:
        return confirm(visitor, to)

    @router.post(f"{PATH}/versions/rollback")
    def rollback(
        to: Annotated[str, Form()] = "",
        why: Annotated[str, Form()] = "",
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        plain = why.strip()[:_LONGEST_WHY]
        if to not in room.data.names():
            raise HTTPException(404)
        if not plain:
            return confirm(visitor, to, corpus_wording.ROLL_BACK_NEEDS_WHY)
        try:
            return_to(room, visitor, to, plain)
        except VersionError as error:
            return confirm(visitor, to, error.message, why)
        return seen("/versions")
