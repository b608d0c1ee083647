"""A backup of the records in one file, and back.

The file is an SQLite database whichever database the records are in, so a backup of one kind is restored
into the other, and moving to PostgreSQL is a backup and a restore. Sessions stay out: after a restore
everybody signs in again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select
from sqlalchemy.engine import URL

from web.records import wording
from web.records.database import Database
from web.records.errors import RecordsError, RecordsUnavailable
from web.records.migrate import newest_revision, prepare, revision
from web.records.schema import metadata, sessions

__all__ = ["back_up", "count_rows", "restore"]

_ROWS: Final = 1000
_MAGIC: Final = b"SQLite format 3\0"
_WAIT: Final = timedelta(seconds=5)
_TABLES: Final = tuple(table for table in metadata.sorted_tables if table is not sessions)
Watch = Callable[[str, int], None]
"""Told the name of a table and how many of its rows were copied since."""


def back_up(database: Database, target: Path, watch: Watch) -> dict[str, int]:
    """Writes a backup to ``target`` while the service goes on; it appears there whole or not at all.

    Returns:
        How many rows of each table it holds.

    Raises:
        RecordsError: the database is not of this program's schema, or the file cannot be written.
    """
    _check_schema(database)
    with _beside(target) as temporary, _sqlite(temporary) as copy:
        database.patiently(lambda source: _copy_all(source, copy, watch), snapshot=True)
        counted = copy.patiently(count_rows)
        copy.close()
        _one_file(temporary)
        os.replace(temporary, target)
    return counted


def restore(
    database: Database, source: Path, now: datetime, watch: Watch
) -> tuple[dict[str, int], Path | None]:
    """Replaces everything kept by what a backup holds, in one transaction: all of it or nothing.

    A database file that is damaged is moved aside first.

    Returns:
        How many rows of each table there are now, and where the damaged file is.

    Raises:
        RecordsError: the backup is none, is damaged, or was made by a newer program.
    """
    with tempfile.TemporaryDirectory(prefix="minsheng-restore-") as folder:
        temporary = Path(folder) / "backup.db"
        _check_file(source, temporary)
        with _sqlite(temporary) as backup:  # an older backup is migrated there
            aside = _move_damaged(database, now)
            prepare(database)
            backup.patiently(lambda rows: _copy_all(rows, database, watch))
    return database.patiently(count_rows), aside


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has, sessions left out."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in _TABLES
    }


def _copy_all(source: Connection, into: Database, watch: Watch) -> None:
    def work(target: Connection) -> None:
        target.execute(delete(sessions))
        for table in reversed(_TABLES):
            target.execute(delete(table))
        for table in _TABLES:
            for rows in _chunks(source, table):
                target.execute(insert(table), rows)
                watch(table.name, len(rows))

    into.patiently(work, writes=True)


def _chunks(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    result = source.execution_options(yield_per=_ROWS).execute(select(table))
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file beside ``target`` to write to, that only its owner can read; gone at the end."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
            yield Path(folder) / target.name
    except OSError as error:
        message = wording.BACKUP_UNWRITABLE.format(name=target)
        raise RecordsError(message, code="backup_unwritable", detail=str(error)) from error


@contextmanager
def _sqlite(file: Path) -> Iterator[Database]:
    database = Database(URL.create("sqlite", database=str(file)), _WAIT)
    try:
        prepare(database)
        yield database
    finally:
        database.close()


def _one_file(file: Path) -> None:
    """Puts what SQLite keeps beside the file into it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _check_schema(database: Database) -> None:
    found = database.patiently(revision)
    if found != newest_revision():
        raise RecordsError(wording.NOT_PREPARED, code="records_not_prepared", detail=f"revision {found}")


def _check_file(source: Path, copy: Path) -> None:
    """Copies a backup, and makes sure it is one."""
    try:
        with source.open("rb") as opened:
            if opened.read(len(_MAGIC)) != _MAGIC:
                raise RecordsError(wording.NO_BACKUP.format(name=source), code="backup_invalid")
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
    except OSError as error:
        message = wording.BACKUP_UNREADABLE.format(name=source)
        raise RecordsError(message, code="backup_unreadable", detail=str(error)) from error
    if (wrong := _damage(copy)) is not None:
        raise RecordsError(wording.BACKUP_DAMAGED.format(name=source), code="backup_damaged", detail=wrong)
    database = Database(URL.create("sqlite", database=str(copy)), _WAIT)
    found = database.patiently(revision)
    database.close()
    if found is None:
        raise RecordsError(wording.NO_BACKUP.format(name=source), code="backup_invalid")


def _damage(file: Path) -> str | None:
    """What SQLite finds wrong with a file; None where it is sound.

    Raises:
        RecordsUnavailable: it cannot be looked at.
    """
    try:
        with closing(sqlite3.connect(file)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            foreign = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.OperationalError as error:
        raise RecordsUnavailable(wording.UNAVAILABLE, detail=str(error)) from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if told == "ok" and foreign is None else str(told)


def _move_damaged(database: Database, now: datetime) -> Path | None:
    file = database.file
    if file is None or not file.exists() or _damage(file) is None:
        return None
    aside = file.with_name(f"{file.name}.damaged-{now:%Y%m%d-%H%M%S}")
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside
