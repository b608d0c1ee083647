"""Bringing a database to the schema of this program, by one process at a time.

A lock file beside an SQLite database, an advisory lock in PostgreSQL: of several server processes that
start together, one migrates and the others find it done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import Connection, inspect, text

from web.records import wording
from web.records.database import Database
from web.records.errors import RecordsError, RecordsUnavailable

__all__ = ["newest_revision", "prepare", "revision"]

_FOLDER: Final = Path(__file__).resolve().parent / "migrations"
_LOCK_SECONDS: Final = 10.0
_LOCK_NUMBER: Final = 0x6D696E73  # "mins": PostgreSQL names advisory locks by numbers


def newest_revision() -> str:
    """The revision this program writes."""
    return str(_script().get_current_head())


def revision(connection: Connection) -> str | None:
    """The revision of a database; None where it holds no records."""
    return MigrationContext.configure(connection).get_current_revision()


def prepare(database: Database) -> None:
    """Creates what is missing and migrates what is old.

    Raises:
        RecordsUnavailable: the database cannot be used at the moment.
        RecordsError: it was made by a newer program, or by another program.
    """
    with _one_at_a_time(database):
        database.patiently(_migrate, writes=True)


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # The lock is given back with the transaction, however that ends.
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    found = revision(connection)
    if found == newest_revision():
        return
    _check(connection, found)
    command.upgrade(_config(connection), "head")


def _check(connection: Connection, found: str | None) -> None:
    known = {step.revision for step in _script().walk_revisions()}
    if found is not None and found not in known:
        detail = f"revision {found}, newest known {newest_revision()}"
        raise RecordsError(wording.NEWER, code="records_newer", detail=detail)
    if found is None and inspect(connection).get_table_names():
        raise RecordsError(wording.FOREIGN, code="records_foreign", detail="tables, and none of ours")


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    file = database.file
    if file is None:
        yield
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock", timeout=_LOCK_SECONDS, mode=0o600):
            if not file.exists():
                _create(file)
            yield
    except (OSError, Timeout) as error:
        detail = f"{type(error).__name__}: {getattr(error, 'strerror', '')}"
        raise RecordsUnavailable(wording.UNAVAILABLE, detail=detail) from error


def _create(file: Path) -> None:
    """An empty database that only its owner can read."""
    file.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise RecordsUnavailable(wording.UNAVAILABLE, detail=f"{type(error).__name__}: {error}") from error


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
