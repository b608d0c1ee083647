"""``minsheng-records``: check, back up, restore, purge and forget; accounts and keys beside it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Connection

from qa.cli_wording import COMMAND_METAVAR, COMMANDS_TITLE, OPTIONS_METAVAR
from qa.commands.running import run_command, tolerant_streams
from qa.commands.shared import BAD_USAGE, FAILED, Group, UsageError, argument, command, option
from web.commands import wording
from web.commands.accounts import account
from web.commands.keys import key
from web.commands.shared import data_of, opened_store, unprepared, watched, who
from web.records.backup import back_up, count_rows, restore
from web.records.errors import RecordsError
from web.records.migrate import prepare, revision
from web.records.model import utc_now

__all__ = ["main", "run"]

_PROGRAM: Final = "minsheng-records"
_FILE: Final = wording.METAVARS["file"]

app = typer.Typer(
    cls=Group, add_completion=False, rich_markup_mode="rich", subcommand_metavar=COMMAND_METAVAR
)


def main() -> None:
    """The console command."""
    tolerant_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status."""
    return run_command(app, _PROGRAM, arguments, wording.BAD_USAGE)


@app.callback(invoke_without_command=True, help=wording.PROGRAM, options_metavar=OPTIONS_METAVAR)
def _program(
    context: typer.Context,
    data: Annotated[Path | None, option("--data", help=wording.DATA, metavar="文件夹")] = None,
) -> None:
    context.obj = data
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_USAGE)


@command(app, wording.CHECK, "check")
def _check(context: typer.Context) -> None:
    with unprepared(data_of(context)) as records:
        database = records.database
        typer.echo(wording.PLACE.format(url=database.url.render_as_string(hide_password=True)))
        prepare(database)
        # In a transaction that may write: a store that can only be read is of no use.
        found, counted = database.patiently(lambda c: (revision(c), count_rows(c)), writes=True)
    typer.echo(wording.FINE.format(revision=found))
    typer.echo(wording.counts(counted))


@command(app, wording.BACKUP, "backup")
def _backup(
    context: typer.Context,
    file: Annotated[Path | None, argument(wording.FILE, _FILE)] = None,
    yes: Annotated[bool, option("--yes", help=wording.YES)] = False,
) -> None:
    if file is None:
        raise UsageError(wording.NO_FILE.format(command="backup"))
    if file.exists() and not yes:
        raise RecordsError(wording.EXISTS.format(name=file), code="backup_exists")
    with opened_store(data_of(context)) as records, watched(wording.BACKING_UP) as watch:
        counted = back_up(records.database, file, watch)
    typer.echo(wording.BACKED_UP.format(name=file, counts=wording.counts(counted)))


@command(app, wording.RESTORE, "restore")
def _restore(
    context: typer.Context,
    file: Annotated[Path | None, argument(wording.FILE, _FILE)] = None,
    yes: Annotated[bool, option("--yes", help=wording.YES)] = False,
) -> None:
    if file is None:
        raise UsageError(wording.NO_FILE.format(command="restore"))
    with unprepared(data_of(context)) as records:
        if not yes:
            prepare(records.database)
            if count := records.database.patiently(_kept):
                raise RecordsError(wording.NOT_EMPTY.format(count=count), code="records_not_empty")
        with watched(wording.RESTORING) as watch:
            counted, aside = restore(records.database, file, utc_now(), watch)
        records.staff.audit.add(who(), "records.restore", file.name)
        records.purge()
    typer.echo(wording.RESTORED.format(counts=wording.counts(counted)))
    if aside is not None:
        typer.echo(wording.ASIDE.format(name=aside))


def _kept(connection: Connection) -> int:
    return sum(count_rows(connection).values())


@command(app, wording.PURGE, "purge")
def _purge(context: typer.Context) -> None:
    with opened_store(data_of(context)) as records:
        purged = records.purge()
    typer.echo(
        wording.PURGED.format(
            answers=purged.answers, questions=purged.questions, feedback=purged.feedback, other=purged.other
        )
    )


@command(app, wording.FORGET, "forget")
def _forget(
    context: typer.Context,
    code: Annotated[str | None, argument(wording.CODE, wording.METAVARS["code"])] = None,
) -> None:
    if code is None:
        raise UsageError(wording.NO_CODE)
    with opened_store(data_of(context)) as records:
        if not records.forget(code.strip()):
            typer.echo(wording.NOT_FOUND, err=True)
            raise typer.Exit(FAILED)
        records.staff.audit.add(who(), "question.forget", "")
    typer.echo(wording.FORGOTTEN)


app.add_typer(account, name="account", rich_help_panel=COMMANDS_TITLE)
app.add_typer(key, name="key", rich_help_panel=COMMANDS_TITLE)
