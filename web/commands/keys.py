"""``minsheng-records key``: what kiosks and programs call the API with."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

import typer

from qa.commands.shared import UsageError, argument, command, group, option
from web.commands import wording
from web.commands.shared import data_of, opened_store, shown_time, table, who
from web.records.audit import digest_of
from web.records.model import Key, NewKey, Scope, day_of, utc_now
from web.records.store import SqlRecords

__all__ = ["key"]

_LONGEST: Final = 3650
_USAGE_DAYS: Final = 30
_OVERLAP_DAYS: Final = 7

key = group(wording.KEY)


def _id() -> Any:
    return argument(wording.KEY_ID, wording.METAVARS["id"])


@command(key, wording.KEY_ADD, "add")
def _add(
    context: typer.Context,
    label: Annotated[str | None, argument(wording.LABEL, wording.METAVARS["label"])] = None,
    scope: Annotated[list[str] | None, option("--scope", help=wording.SCOPE, metavar="权限")] = None,
    days: Annotated[int | None, option("--days", help=wording.DAYS, metavar="天数")] = None,
    per_minute: Annotated[int | None, option("--per-minute", help=wording.PER_MINUTE, metavar="次数")] = None,
) -> None:
    if label is None:
        raise UsageError(wording.NO_LABEL)
    scopes = [_scope(one) for one in scope or ()]
    expires = None if days is None else utc_now() + _days(days, 1)
    with opened_store(data_of(context)) as records:
        made = records.staff.keys.add(label, scopes, expires=expires, per_minute=per_minute)
        records.staff.audit.add(who(), "key.add", made.key.id, after=_digest(made.key), detail=label)
    _show(made)


@command(key, wording.KEY_LIST, "list")
def _list(context: typer.Context) -> None:
    with opened_store(data_of(context)) as records:
        rows = [_row(records, one) for one in records.staff.keys.list()]
    if not rows:
        typer.echo(wording.NO_KEYS)
        return
    table(wording.KEY_COLUMNS, rows)


@command(key, wording.KEY_ROTATE, "rotate")
def _rotate(
    context: typer.Context,
    key_id: Annotated[str | None, _id()] = None,
    overlap_days: Annotated[
        int, option("--overlap-days", help=wording.OVERLAP, metavar="天数")
    ] = _OVERLAP_DAYS,
) -> None:
    if key_id is None:
        raise UsageError(wording.NO_ID.format(command="rotate"))
    with opened_store(data_of(context)) as records:
        made = records.staff.keys.rotate(key_id, _days(overlap_days, 0))
        records.staff.audit.add(who(), "key.rotate", key_id, after=_digest(made.key), detail=made.key.id)
        old = next(one for one in records.staff.keys.list() if one.id == key_id)
    _show(made)
    typer.echo(wording.KEY_OLD.format(id=key_id, when=shown_time(old.expires, wording.NEVER)))


@command(key, wording.KEY_REVOKE, "revoke")
def _revoke(context: typer.Context, key_id: Annotated[str | None, _id()] = None) -> None:
    if key_id is None:
        raise UsageError(wording.NO_ID.format(command="revoke"))
    with opened_store(data_of(context)) as records:
        records.staff.keys.revoke(key_id)
        records.staff.audit.add(who(), "key.revoke", key_id)
    typer.echo(wording.REVOKED.format(id=key_id))


def _scope(given: str) -> Scope:
    if given not in set(Scope):
        raise UsageError(wording.BAD_SCOPE.format(scope=given))
    return Scope(given)


def _days(given: int, least: int) -> timedelta:
    if not least <= given <= _LONGEST:
        raise UsageError(wording.BAD_DAYS.format(least=least))
    return timedelta(days=given)


def _show(made: NewKey) -> None:
    """The secret alone on standard output, so that it can be piped; what is said of it on standard error."""
    expires = made.key.expires
    told = wording.NEVER if expires is None else wording.EXPIRES.format(when=shown_time(expires, ""))
    typer.echo(wording.KEY_MADE, err=True)
    typer.echo(made.secret)
    typer.echo(wording.KEY_MADE_ID.format(id=made.key.id, expires=told), err=True)


def _row(records: SqlRecords, one: Key) -> tuple[str, ...]:
    now = utc_now()
    usage = records.staff.keys.usage(one.id, day_of(now - timedelta(days=_USAGE_DAYS)), day_of(now))
    return (
        one.id,
        one.label,
        "、".join(sorted(one.scopes)),
        "" if one.per_minute is None else str(one.per_minute),
        shown_time(one.expires, wording.NEVER),
        wording.STATES[one.usable(now)],
        shown_time(one.last_used, wording.NEVER_USED),
        str(sum(use.taken for use in usage)),
        str(sum(use.refused for use in usage)),
    )


def _digest(one: Key) -> str:
    return digest_of([one.id, one.label, sorted(one.scopes), one.per_minute, one.expires])
