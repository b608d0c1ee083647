"""What every page of the room stands on: its parts, its frame, and one voice for what goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from qa.engine import Engine
from qa.errors import MinshengError
from qa.settings import Settings
from qa.versions.layout import DataDirectory
from web.ports import EngineSource
from web.records.errors import RecordsUnavailable
from web.records.model import Role
from web.records.ports import Records, Staff
from web.rendering import Renderer
from web.site import Site
from web.staff import wording
from web.staff.access import (
    PATH,
    SESSION_COOKIE,
    AddressLimit,
    SignInNeeded,
    StaffProblem,
    Visitor,
    check_origin,
    check_token,
    visitor_of,
)
from web.staff.failures import FailureLog
from web.staff.jobs import as_told

__all__ = ["GET", "Guards", "Room", "room_route", "seen"]

GET: Final = ["GET", "HEAD"]


@dataclass(frozen=True)
class Room:
    """The parts of the room."""

    engines: EngineSource
    site: Site
    renderer: Renderer
    records: Records
    tries: AddressLimit = field(default_factory=AddressLimit)
    failures: FailureLog = field(default_factory=FailureLog)

    @property
    def staff(self) -> Staff:
        """The staff's part of the records.

        Raises:
            StaffProblem: records are off, so that there is no room.
        """
        if self.records.staff is None:
            raise StaffProblem(HTTPStatus.SERVICE_UNAVAILABLE, wording.NO_STORE)
        return self.records.staff

    @property
    def engine(self) -> Engine:
        """The engine in force.

        Raises:
            StaffProblem: what answers cannot say why.
        """
        engine = self.engines.current
        if not isinstance(engine, Engine):
            raise StaffProblem(HTTPStatus.SERVICE_UNAVAILABLE, wording.NO_ENGINE)
        return engine

    @property
    def settings(self) -> Settings:
        """The settings the server was started with."""
        return as_told(self.engine.settings)

    @property
    def data(self) -> DataDirectory:
        """The data directory."""
        return DataDirectory(self.engine.settings.data)

    @property
    def follows(self) -> bool:
        """Whether what is published in the data directory is served here."""
        return self.settings.corpus is None and self.settings.index is None

    @property
    def served(self) -> str | None:
        """The name of the published version that answers; None for the seed or what was named."""
        own = self.engine.settings.index or self.engine.settings.corpus
        versions = self.data.versions
        if own is None or not own.is_relative_to(versions):
            return None
        return own.relative_to(versions).parts[0]

    def page(
        self, visitor: Visitor | None, template: str, here: str, *, status: int = 200, **context: object
    ) -> HTMLResponse:
        """A page of the room, for whoever is signed in."""
        frame = {"s": wording, "visitor": visitor, "here": here}
        return HTMLResponse(self.renderer.html(f"staff/{template}", **frame, **context), status)

    def audit(
        self,
        visitor: Visitor,
        action: str,
        target: str,
        detail: str = "",
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        """Writes down that somebody changed something; ``before`` and ``after`` are digests of it."""
        self.staff.audit.add(visitor.account.name, action, target, before=before, after=after, detail=detail)


def seen(address: str) -> RedirectResponse:
    """After something was changed, the page that shows it: reloading changes nothing again."""
    return RedirectResponse(PATH + address, HTTPStatus.SEE_OTHER)


class Guards:
    """The dependencies of routes: ``editor`` may look, ``editor_sends`` may send a form, and so on."""

    def __init__(self, room: Room) -> None:
        self.viewer, self.editor, self.admin = (_looks(room, role) for role in Role)
        self.viewer_sends, self.editor_sends, self.admin_sends = (_sends(room, role) for role in Role)


def _looks(room: Room, role: Role) -> Any:
    """Lets in whoever has ``role``."""

    def guard(request: Request) -> Visitor:
        return visitor_of(request, room.staff, role)

    return Depends(guard)


def _sends(room: Room, role: Role) -> Any:
    """Lets in whoever has ``role`` and sent a form of this room."""

    def guard(request: Request, form: Annotated[str, Form()] = "") -> Visitor:
        visitor = visitor_of(request, room.staff, role)
        check_origin(request)
        check_token(form, request.cookies.get(SESSION_COOKIE, ""))
        return visitor

    return Depends(guard)


Entrance = Callable[[Room, Request], Awaitable[Response]]
"""What whoever is not signed in gets."""


def room_route(room: Room, entrance: Entrance) -> type[APIRoute]:
    """The class of the room's routes: what goes wrong in one is told on a page of the room."""

    class RoomRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def told(request: Request) -> Response:
                try:
                    return await handle(request)
                except SignInNeeded:
                    return await entrance(room, request)
                except StaffProblem as problem:
                    return _told(room, request, problem.status, problem.title, problem.detail)
                except RecordsUnavailable as error:
                    title = wording.STORE_AWAY
                    return _told(room, request, HTTPStatus.SERVICE_UNAVAILABLE, title, error.message)
                except MinshengError as error:
                    status = HTTPStatus.UNPROCESSABLE_ENTITY
                    return _told(room, request, status, wording.NOT_DONE, error.message)
                except RequestValidationError:
                    return _told(room, request, HTTPStatus.UNPROCESSABLE_ENTITY, *wording.REQUEST_BAD)
                except HTTPException as error:
                    if error.status_code != HTTPStatus.NOT_FOUND:
                        raise
                    return _told(room, request, HTTPStatus.NOT_FOUND, *wording.NOT_FOUND)

            return told

    return RoomRoute


def _told(room: Room, request: Request, status: int, title: str, detail: str) -> Response:
    visitor = _signed_in(room, request)
    return room.page(visitor, "problem.html", "problem", status=status, title=title, detail=detail)


def _signed_in(room: Room, request: Request) -> Visitor | None:
    """Whoever it is, for the frame of a page that says that something went wrong."""
    try:
        return visitor_of(request, room.staff, Role.VIEWER)
    except (SignInNeeded, StaffProblem, RecordsUnavailable):
        return None
