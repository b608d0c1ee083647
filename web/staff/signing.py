"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

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
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_signing"]


def add_signing(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes to sign in and out."""

    @router.api_route(f"{PATH}/login", methods=GET)
    def login_page(request: Request) -> Response:
        try:
            visitor_of(request, room.staff, Role.VIEWER)
        except SignInNeeded:
            return _form(room, request)
        return seen("")

    @router.post(f"{PATH}/login")
    def login(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        form: Annotated[str, Form()] = "",
    ) -> Response:
        staff = room.staff
        check_origin(request)
        check_token(form, request.cookies.get(FORM_COOKIE, ""))
        if not room.tries.take(request):
            room.failures.note(staff, name, wording.FAILED_ADDRESS)
            return _form(room, request, name, wording.TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
        tried = staff.accounts.sign_in(name, password)
        if tried.wait > timedelta(0):
            room.failures.note(staff, name, wording.FAILED_WAITING)
            told = wording.wait(tried.wait)
            return _form(room, request, name, told, HTTPStatus.TOO_MANY_REQUESTS)
        if tried.account is None:
            room.failures.note(staff, name, wording.FAILED_WRONG)
            return _form(room, request, name, wording.SIGN_IN_WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)
        staff.audit.add(tried.account.name, "login", tried.account.name)
        response = seen("")
        set_cookie(request, response, SESSION_COOKIE, staff.sessions.start(tried.account.name))
        drop_cookie(request, response, FORM_COOKIE)
        return response

    @router.post(f"{PATH}/logout")
    def logout(request: Request, visitor: Visitor = guards.viewer_sends) -> Response:
        room.staff.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
        room.audit(visitor, "logout", visitor.account.name)
        response = seen("/login")
        drop_cookie(request, response, SESSION_COOKIE)
        return response


def _form(
    room: Room, request: Request, name: str = "", error: str = "", status: int = HTTPStatus.OK
) -> Response:
    secret = form_cookie(request)
    page = room.page(
        None, "login.html", "login", status=status, name=name[:64], error=error, token=form_token(secret)
    )
    set_cookie(request, page, FORM_COOKIE, secret)
    return page
