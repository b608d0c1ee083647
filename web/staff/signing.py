"""Signing in and out, and back to what one was doing."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from web.records.model import Role
from web.staff import wording
from web.staff.access import (
    FORM_COOKIE,
    PATH,
    SESSION_COOKIE,
    SignInNeeded,
    Visitor,
    check_origin,
    check_token,
    drop_cookie,
    form_cookie,
    form_token,
    set_cookie,
    visitor_of,
)
from web.staff.resuming import NOTHING, Unfinished, read_unfinished, unfinished
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_signing", "entrance"]


def add_signing(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes to sign in and out."""

    @router.api_route(f"{PATH}/login", methods=GET)
    def login_page(request: Request, to: str = "") -> Response:
        to_do = read_unfinished(to, "")
        try:
            visitor_of(request, room.staff, Role.VIEWER)
        except SignInNeeded:
            return _form(room, request, to_do)
        return _onwards(to_do)

    @router.post(f"{PATH}/login")
    def login(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        form: Annotated[str, Form()] = "",
        place: Annotated[str, Form()] = "",
        carried: Annotated[str, Form()] = "",
    ) -> Response:
        staff, to_do = room.staff, read_unfinished(place, carried)
        check_origin(request)
        check_token(form, request.cookies.get(FORM_COOKIE, ""))
        if not room.tries.take(request):
            room.failures.note(staff, name, wording.FAILED_ADDRESS)
            return _form(room, request, to_do, name, wording.TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
        tried = staff.accounts.sign_in(name, password)
        if tried.wait > timedelta(0):
            room.failures.note(staff, name, wording.FAILED_WAITING)
            told = wording.wait(tried.wait)
            return _form(room, request, to_do, name, told, HTTPStatus.TOO_MANY_REQUESTS)
        if tried.account is None:
            room.failures.note(staff, name, wording.FAILED_WRONG)
            return _form(room, request, to_do, name, wording.SIGN_IN_WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)
        staff.audit.add(tried.account.name, "login", tried.account.name)
        session = staff.sessions.start(tried.account.name)
        response = _onwards(to_do)
        if to_do.fields:
            visitor = Visitor(tried.account, form_token(session))
            response = room.page(visitor, "resume.html", "resume", to_do=to_do)
        set_cookie(request, response, SESSION_COOKIE, session)
        drop_cookie(request, response, FORM_COOKIE)
        return response

    @router.post(f"{PATH}/logout")
    def logout(request: Request, visitor: Visitor = guards.viewer_sends) -> Response:
        room.staff.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
        room.audit(visitor, "logout", visitor.account.name)
        response = seen("/login")
        drop_cookie(request, response, SESSION_COOKIE)
        return response


async def entrance(room: Room, request: Request) -> Response:
    """What whoever is not signed in gets: the page to sign in on, which leads back."""
    to_do = await unfinished(request)
    if to_do.fields or to_do.left_out:
        return _form(room, request, to_do, status=HTTPStatus.UNAUTHORIZED)
    if to_do.place in ("", PATH):
        return seen("/login")
    return seen(f"/login?{urlencode({'to': to_do.place})}")


def _onwards(to_do: Unfinished) -> Response:
    return seen(to_do.place.removeprefix(PATH))


def _form(
    room: Room,
    request: Request,
    to_do: Unfinished = NOTHING,
    name: str = "",
    error: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    secret = form_cookie(request)
    page = room.page(
        None,
        "login.html",
        "login",
        status=status,
        name=name[:64],
        error=error,
        token=form_token(secret),
        to_do=to_do,
    )
    set_cookie(request, page, FORM_COOKIE, secret)
    return page
