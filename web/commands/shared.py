"""What the commands share: the store, who runs them, progress, tables."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from qa.commands.shared import progress_bar, read_settings
from qa.settings import Settings
from web.commands import wording
from web.records import wording as records_wording
from web.records.backup import Watch
from web.records.database import Database
from web.records.errors import RecordsUnavailable
from web.records.migrate import prepare
from web.records.model import CHINA, utc_now
from web.records.store import SqlRecords, records_url
from web.settings import WebSettings

__all__ = ["data_of", "opened_store", "shown_time", "table", "unprepared", "watched", "who"]

_PIPE_WIDTH: Final = 400


@contextmanager
def unprepared(data: Path | None) -> Iterator[SqlRecords]:
    """The store the settings name, as it is found.

    Raises:
        RecordsUnavailable: records are switched off.
        RecordsError: the address is none.
    """
    settings = read_settings(WebSettings)
    folder = read_settings(Settings, **({} if data is None else {"data": data})).data
    url = records_url(settings, folder)
    if url is None:
        raise RecordsUnavailable(records_wording.OFF, code="records_off")
    wait = timedelta(milliseconds=settings.records_wait_ms)
    records = SqlRecords(Database(url, wait), settings, utc_now)
    try:
        yield records
    except RecordsUnavailable as error:
        # On the command line somebody is there who can do something: say what is the matter.
        raise RecordsUnavailable(wording.reason(error.detail), detail=error.detail) from error
    finally:
        records.stop()


@contextmanager
def opened_store(data: Path | None) -> Iterator[SqlRecords]:
    """The store the settings name, its schema brought up to date."""
    with unprepared(data) as records:
        prepare(records.database)
        yield records


def data_of(context: typer.Context) -> Path | None:
    """The data directory given to the program."""
    found = context.find_object(Path)
    return found if isinstance(found, Path) else None


def who() -> str:
    """Who runs the command, for the audit log."""
    return f"命令行 {getpass.getuser()}"


def shown_time(when: datetime | None, otherwise: str) -> str:
    """A time as people in China read it."""
    return otherwise if when is None else f"{when.astimezone(CHINA):%Y-%m-%d %H:%M}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows below their headings."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*row)
    # On a pipe there is no width to keep to.
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    console.print(made)


@contextmanager
def watched(description: str) -> Iterator[Watch]:
    """A progress bar of rows copied, on a terminal."""
    with progress_bar() as progress:
        task = progress.add_task(description, total=None)
        yield lambda _, rows: progress.advance(task, rows)
