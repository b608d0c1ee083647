"""What only admins do: accounts, the API's keys, and the log of who changed what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.versions.layout import short
from web.records.accounts import PASSWORD_LENGTHS
from web.records.errors import RecordsInvalid
from web.records.model import AuditEntry, Role, Scope, utc_now
from web.staff import wording
from web.staff.access import PATH, Visitor, drop_cookie
from web.staff.downloads import download
from web.staff.handing import HANDED_COOKIE, Handed, handed, taken
from web.staff.paging import page_number, paged
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_people"]

_PAGE: Final = 100
_MOST: Final = 50_000
"""Rows of a download."""
_OVERLAP: Final = timedelta(days=1)
"""How long a key goes on after it was rotated."""
_LONGEST_DAYS: Final = 3650
_LISTED: Final = 50
"""Accounts or keys of a page."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What somebody typed of an account, but for the password; ``change`` is what was to be changed of it."""

    name: str = ""
    role: Role = Role.VIEWER
    change: str = ""

    def own(self, name: str) -> bool:
        """Whether a change of the account ``name`` was typed."""
        return bool(self.change) and self.name.strip().casefold() == name


@dataclass(frozen=True, slots=True)
class _Key:
    """What somebody typed of a key."""

    label: str = ""
    scopes: frozenset[Scope] = frozenset()
    days: str = ""
    per_minute: str = ""


def add_people(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes for admins."""
    _add_accounts(router, room, guards)
    _add_keys(router, room, guards)
    _add_audit(router, room, guards)


def _add_accounts(router: APIRouter, room: Room, guards: Guards) -> None:
    def page(visitor: Visitor, number: int = 1, typed: _Account | None = None, error: str = "") -> Response:
        """The accounts; ``error`` is why what was ``typed`` could not be done."""
        every = room.staff.accounts.list()
        at = next((at for at, one in enumerate(every) if typed and typed.own(one.name)), None)
        return room.page(
            visitor,
            "accounts.html",
            "accounts",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            shown=paged(every, number if at is None else at // _LISTED + 1, _LISTED),
            roles=Role,
            least=PASSWORD_LENGTHS[0],
            typed=typed or _Account(),
            error=error,
            address=lambda number: f"{PATH}/accounts?page={number}",
        )

    @router.api_route(f"{PATH}/accounts", methods=GET)
    def accounts(
        number: Annotated[str, Query(alias="page")] = "", visitor: Visitor = guards.admin
    ) -> Response:
        return page(visitor, page_number(number))

    @router.post(f"{PATH}/accounts")
    def add(
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        role: Annotated[Role, Form()] = Role.VIEWER,
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        try:
            made = room.staff.accounts.add(name, password, role)
        except RecordsInvalid as error:
            return page(visitor, 1, _Account(name, role), error.message)
        room.audit(visitor, "account.add", made.name, role.value)
        return seen("/accounts")

    def change(visitor: Visitor, name: str, what: str, detail: str, done: Callable[[], None]) -> Response:
        """Changes an account, or says on its card why not."""
        try:
            if what != "account.password":
                _not_oneself(visitor, name)
            done()
        except RecordsInvalid as error:
            return page(visitor, 1, _Account(name, change=what), error.message)
        room.audit(visitor, what, name, detail)
        return seen("/accounts")

    @router.post(f"{PATH}/accounts/password")
    def set_password(
        name: Annotated[str, Form()],
        password: Annotated[str, Form()] = "",
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        done = partial(room.staff.accounts.set_password, name, password)
        return change(visitor, name, "account.password", "", done)

    @router.post(f"{PATH}/accounts/role")
    def set_role(
        name: Annotated[str, Form()],
        role: Annotated[Role, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        done = partial(room.staff.accounts.set_role, name, role)
        return change(visitor, name, "account.role", role.value, done)

    @router.post(f"{PATH}/accounts/disabled")
    def set_disabled(
        name: Annotated[str, Form()],
        disabled: Annotated[bool, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        what = "account.disable" if disabled else "account.enable"
        return change(visitor, name, what, "", partial(room.staff.accounts.set_disabled, name, disabled))


def _not_oneself(visitor: Visitor, name: str) -> None:
    """So that an office never locks its last admin out by a slip."""
    if name.strip().casefold() == visitor.account.name:
        raise RecordsInvalid(wording.NOT_ONESELF, code="account_own")


def _add_keys(router: APIRouter, room: Room, guards: Guards) -> None:
    def page(
        visitor: Visitor,
        number: int = 1,
        *,
        typed: _Key | None = None,
        error: str = "",
        made: Handed | None = None,
    ) -> Response:
        """The keys; ``made`` is one just made, ``error`` why what was ``typed`` could not be."""
        return room.page(
            visitor,
            "keys.html",
            "keys",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            shown=paged(room.staff.keys.list(), number, _LISTED),
            now=utc_now(),
            made=made,
            scopes=Scope,
            typed=typed or _Key(),
            error=error,
            address=lambda number: f"{PATH}/keys?page={number}",
        )

    @router.api_route(f"{PATH}/keys", methods=GET)
    def keys(
        request: Request, number: Annotated[str, Query(alias="page")] = "", visitor: Visitor = guards.admin
    ) -> Response:
        made = taken(request)
        response = page(visitor, page_number(number), made=made)
        if made is not None:
            drop_cookie(request, response, HANDED_COOKIE)
        return response

    @router.post(f"{PATH}/keys")
    def add(
        request: Request,
        label: Annotated[str, Form()] = "",
        scopes: Annotated[list[str] | None, Form()] = None,
        days: Annotated[str, Form()] = "",
        per_minute: Annotated[str, Form()] = "",
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        opened = frozenset(scope for scope in Scope if scope.value in (scopes or ()))
        try:
            lasts = _number(days, _LONGEST_DAYS)
            expires = None if lasts is None else utc_now() + timedelta(days=lasts)
            limit = _number(per_minute, 1_000_000)
            made = room.staff.keys.add(label, opened, expires=expires, per_minute=limit)
        except RecordsInvalid as error:
            typed = _Key(label, opened, days, per_minute)
            return page(visitor, typed=typed, error=error.message)
        room.audit(visitor, "key.add", made.key.id, made.key.label)
        return handed(request, seen("/keys"), made)

    @router.post(f"{PATH}/keys/rotate")
    def rotate(
        request: Request, key: Annotated[str, Form()], visitor: Visitor = guards.admin_sends
    ) -> Response:
        made = room.staff.keys.rotate(key, _OVERLAP)
        room.audit(visitor, "key.rotate", key, made.key.id)
        return handed(request, seen("/keys"), made)

    @router.post(f"{PATH}/keys/revoke")
    def revoke(key: Annotated[str, Form()], visitor: Visitor = guards.admin_sends) -> Response:
        room.staff.keys.revoke(key)
        room.audit(visitor, "key.revoke", key)
        return seen("/keys")


def _number(given: str, most: int) -> int | None:
    """A number that may be left out.

    Raises:
        RecordsInvalid: it is no whole number from 1 to ``most``.
    """
    plain = given.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= len(str(most)) and 1 <= int(plain) <= most):
        raise RecordsInvalid(wording.NUMBER_BAD.format(most=most), code="number")
    return int(plain)


def _add_audit(router: APIRouter, room: Room, guards: Guards) -> None:
    @router.api_route(f"{PATH}/audit", methods=GET)
    def audit(page: str = "1", who: str = "", visitor: Visitor = guards.admin) -> Response:
        number = max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        skip = (number - 1) * _PAGE
        found = room.staff.audit.newest(_PAGE + 1, skip=skip, who=who.strip() or None)
        rows, more = found[:_PAGE], len(found) > _PAGE
        return room.page(
            visitor, "audit.html", "audit", rows=rows, more=more, page=number, who=who[:64], short=short
        )

    @router.api_route(f"{PATH}/audit.csv", methods=GET)
    def audit_csv(_: Visitor = guards.admin) -> Response:
        return download(csv_bytes(_rows(room.staff.audit.newest(_MOST))), "audit.csv")

    @router.api_route(f"{PATH}/audit.xlsx", methods=GET)
    def audit_xlsx(_: Visitor = guards.admin) -> Response:
        return download(workbook([(wording.AUDIT, _rows(room.staff.audit.newest(_MOST)))]), "audit.xlsx")


def _rows(entries: tuple[AuditEntry, ...]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(wording.AUDIT_COLUMNS)]
    for one in entries:
        told = (one.who, wording.action(one.action), one.target, one.detail, one.before, one.after)
        rows.append([wording.time(one.at), *told])
    return rows
