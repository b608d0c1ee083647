"""``minsheng-records account``: who may work in the staff room."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from qa.commands.shared import UsageError, argument, command, group, option
from web.commands import wording
from web.commands.shared import data_of, opened_store, shown_time, table, who
from web.records.audit import digest_of
from web.records.errors import RecordsInvalid
from web.records.model import Account, Role
from web.records.store import SqlRecords

__all__ = ["account"]

account = group(wording.ACCOUNT)


def _name() -> Any:
    return argument(wording.NAME, wording.METAVARS["name"])


@command(account, wording.ACCOUNT_ADD, "add")
def _add(
    context: typer.Context,
    name: Annotated[str | None, _name()] = None,
    role: Annotated[str | None, option("--role", help=wording.ROLE, metavar=wording.METAVARS["role"])] = None,
) -> None:
    given, chosen = _given(name, "add"), _role(role)
    with opened_store(data_of(context)) as records:
        made = records.staff.accounts.add(given, _password(), chosen)
        records.staff.audit.add(who(), "account.add", made.name, after=_digest(made))
    typer.echo(wording.ACCOUNT_ADDED.format(name=made.name, role=made.role))


@command(account, wording.ACCOUNT_LIST, "list")
def _list(context: typer.Context) -> None:
    with opened_store(data_of(context)) as records:
        accounts = records.staff.accounts.list()
    if not accounts:
        typer.echo(wording.NO_ACCOUNTS)
        return
    rows = [
        (one.name, one.role, wording.STATES[not one.disabled], shown_time(one.last_login, wording.NEVER_USED))
        for one in accounts
    ]
    table(wording.ACCOUNT_COLUMNS, rows)


@command(account, wording.ACCOUNT_PASSWORD, "password")
def _set_password(context: typer.Context, name: Annotated[str | None, _name()] = None) -> None:
    given = _given(name, "password")
    with opened_store(data_of(context)) as records:
        records.staff.accounts.set_password(given, _password())
        records.staff.audit.add(who(), "account.password", given)
    typer.echo(wording.PASSWORD_SET.format(name=given))


@command(account, wording.ACCOUNT_ROLE, "role")
def _set_role(
    context: typer.Context,
    name: Annotated[str | None, _name()] = None,
    role: Annotated[str | None, argument(wording.ROLE, wording.METAVARS["role"])] = None,
) -> None:
    given, chosen = _given(name, "role"), _role(role)
    with opened_store(data_of(context)) as records:
        before = _found(records, given)
        records.staff.accounts.set_role(given, chosen)
        _audit(records, "account.role", given, before)
    typer.echo(wording.ROLE_SET.format(name=given, role=chosen))


@command(account, wording.ACCOUNT_DISABLE, "disable")
def _disable(context: typer.Context, name: Annotated[str | None, _name()] = None) -> None:
    _set_disabled(context, _given(name, "disable"), True)
    typer.echo(wording.DISABLED.format(name=name))


@command(account, wording.ACCOUNT_ENABLE, "enable")
def _enable(context: typer.Context, name: Annotated[str | None, _name()] = None) -> None:
    _set_disabled(context, _given(name, "enable"), False)
    typer.echo(wording.ENABLED.format(name=name))


def _set_disabled(context: typer.Context, name: str, disabled: bool) -> None:
    with opened_store(data_of(context)) as records:
        before = _found(records, name)
        records.staff.accounts.set_disabled(name, disabled)
        _audit(records, "account.disable" if disabled else "account.enable", name, before)


def _given(name: str | None, command: str) -> str:
    if name is None:
        raise UsageError(wording.NO_NAME.format(command=command))
    return name


def _role(given: str | None) -> Role:
    if given is None:
        raise UsageError(wording.NO_ROLE)
    if given not in set(Role):
        raise UsageError(wording.BAD_ROLE.format(role=given))
    return Role(given)


def _password() -> str:
    """A password, typed twice on a terminal or read from standard input; never from the command itself."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise RecordsInvalid(wording.NO_PASSWORD, code="password_missing")
        return line
    first: str = typer.prompt(wording.PASSWORD, hide_input=True, err=True)
    if typer.prompt(wording.PASSWORD_AGAIN, hide_input=True, err=True) != first:
        raise RecordsInvalid(wording.PASSWORDS_DIFFER, code="password_differs")
    return first


def _found(records: SqlRecords, name: str) -> Account | None:
    same = name.strip().casefold()
    return next((one for one in records.staff.accounts.list() if one.name == same), None)


def _audit(records: SqlRecords, action: str, name: str, before: Account | None) -> None:
    after = _found(records, name)
    records.staff.audit.add(who(), action, name, before=_digest(before), after=_digest(after))


def _digest(one: Account | None) -> str | None:
    return None if one is None else digest_of([one.name, one.role, one.disabled])
