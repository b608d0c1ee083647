"""What only admins do: accounts, the API's keys, and the log of who changed what."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response

from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.versions.layout import short
from web.records.accounts import PASSWORD_LENGTHS
from web.records.errors import RecordsInvalid
from web.records.model import AuditEntry, NewKey, Role, Scope, utc_now
from web.staff import wording
from web.staff.access import PATH, Visitor
from web.staff.downloads import download
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_people"]

_PAGE: Final = 100
_MOST: Final = 50_000
"""Rows of a download."""
_OVERLAP: Final = timedelta(days=1)
"""How long a key goes on after it was rotated."""
_LONGEST_DAYS: Final = 3650


def add_people(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes for admins."""
    _add_accounts(router, room, guards)
    _add_keys(router, room, guards)
    _add_audit(router, room, guards)


def _add_accounts(router: APIRouter, room: Room, guards: Guards) -> None:
    @router.api_route(f"{PATH}/accounts", methods=GET)
    def accounts(visitor: Visitor = guards.admin) -> Response:
        found = room.staff.accounts.list()
        least = PASSWORD_LENGTHS[0]
        return room.page(visitor, "accounts.html", "accounts", accounts=found, roles=Role, least=least)

    @router.post(f"{PATH}/accounts")
    def add(
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        role: Annotated[Role, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        made = room.staff.accounts.add(name, password, role)
        room.audit(visitor, "account.add", made.name, role.value)
        return seen("/accounts")

    @router.post(f"{PATH}/accounts/password")
    def set_password(
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        room.staff.accounts.set_password(name, password)
        room.audit(visitor, "account.password", name)
        return seen("/accounts")

    @router.post(f"{PATH}/accounts/role")
    def set_role(
        name: Annotated[str, Form()],
        role: Annotated[Role, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        _not_oneself(visitor, name)
        room.staff.accounts.set_role(name, role)
        room.audit(visitor, "account.role", name, role.value)
        return seen("/accounts")

    @router.post(f"{PATH}/accounts/disabled")
    def set_disabled(
        name: Annotated[str, Form()],
        disabled: Annotated[bool, Form()],
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        _not_oneself(visitor, name)
        room.staff.accounts.set_disabled(name, disabled)
        room.audit(visitor, "account.disable" if disabled else "account.enable", name)
        return seen("/accounts")


def _not_oneself(visitor: Visitor, name: str) -> None:
    """So that an office never locks its last admin out by a slip."""
    if name.strip().casefold() == visitor.account.name:
        raise RecordsInvalid(wording.NOT_ONESELF, code="account_own")


def _add_keys(router: APIRouter, room: Room, guards: Guards) -> None:
    def page(visitor: Visitor, made: NewKey | None = None) -> Response:
        keys, now = room.staff.keys.list(), utc_now()
        return room.page(visitor, "keys.html", "keys", keys=keys, now=now, made=made, scopes=Scope)

    @router.api_route(f"{PATH}/keys", methods=GET)
    def keys(visitor: Visitor = guards.admin) -> Response:
        return page(visitor)

    @router.post(f"{PATH}/keys")
    def add(
        label: Annotated[str, Form()] = "",
        scopes: Annotated[list[Scope] | None, Form()] = None,
        days: Annotated[str, Form()] = "",
        per_minute: Annotated[str, Form()] = "",
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        lasts = _number(days, _LONGEST_DAYS)
        expires = None if lasts is None else utc_now() + timedelta(days=lasts)
        limit = _number(per_minute, 1_000_000)
        made = room.staff.keys.add(label, scopes or (), expires=expires, per_minute=limit)
        room.audit(visitor, "key.add", made.key.id, made.key.label)
        return page(visitor, made)

    @router.post(f"{PATH}/keys/rotate")
    def rotate(key: Annotated[str, Form()], visitor: Visitor = guards.admin_sends) -> Response:
        made = room.staff.keys.rotate(key, _OVERLAP)
        room.audit(visitor, "key.rotate", key, made.key.id)
        return page(visitor, made)

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
