"""One database, opened twice: hastily for what a resident waits for, patiently for everything else.

SQLite's settings follow its documentation: WAL lets readers go on while one writes; in WAL mode
``synchronous=NORMAL`` cannot damage the file and may lose only the last moments at a power cut, which is
right for addresses that live a day; everything else waits for the disk (FULL). ``secure_delete``
overwrites what is deleted. The file is never created by opening it: a store that was deleted must not
come back empty behind everybody's back.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InvalidRequestError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from web.records import wording
from web.records.errors import RecordsError, RecordsUnavailable

__all__ = ["PATIENCE", "Database", "Write", "parse_url", "upsert"]

T = TypeVar("T")
Write = Callable[[Connection], object]
"""Something to be written, in a transaction of somebody else."""

_LOG = logging.getLogger(__name__)
PATIENCE: Final = timedelta(seconds=2)
"""How long what nobody waits for may wait for a lock."""
_HASTY_THREADS: Final = 4
_WRITES: Final = "minsheng_writes"


def parse_url(given: str) -> URL:
    """The address of a database: ``sqlite:///file`` or ``postgresql://…``.

    Raises:
        RecordsError: it is neither; what was given may hold a password and is not repeated.
    """
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise RecordsError(wording.URL_BAD, code="records_url") from error
    kind = url.get_backend_name()
    if kind == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or url.database in (None, "", ":memory:"):
        raise RecordsError(wording.URL_BAD, code="records_url")
    return url.set(drivername="sqlite")


class Database:
    """A database by URL.

    Args:
        url: from `parse_url`.
        wait: how long something a resident waits for may take; nothing done hastily takes longer.
    """

    def __init__(self, url: URL, wait: timedelta) -> None:
        self.url = url
        self._wait = wait.total_seconds()
        self._hasty = _engine(url, wait, hasty=True)
        self._patient = _engine(url, PATIENCE, hasty=False)
        # Threads, since a database can hang where no limit of its own applies: a stalled disk or network.
        self._threads = ThreadPoolExecutor(_HASTY_THREADS, "records-hasty")
        self._free = BoundedSemaphore(_HASTY_THREADS)
        self.healthy = False
        """Whether what was done last could be done."""

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return _file(self.url)

    def hastily(self, work: Callable[[Connection], T], *, writes: bool = False) -> T:
        """What ``work`` returns, within the time limit; it may still be done when the limit has passed.

        Raises:
            RecordsUnavailable: the time is up, or the database fails.
        """
        # When all threads hang, everybody else waits for none of them.
        if not self._free.acquire(blocking=False):
            raise RecordsUnavailable(wording.UNAVAILABLE, detail="every hasty thread is busy")
        try:
            future = self._threads.submit(self._work, self._hasty, work, writes)
        except RuntimeError as error:  # closed meanwhile
            self._free.release()
            raise RecordsUnavailable(wording.UNAVAILABLE, detail=str(error)) from error
        future.add_done_callback(lambda _: self._free.release())
        try:
            return future.result(self._wait)
        except FutureTimeout as error:
            future.cancel()
            raise RecordsUnavailable(wording.UNAVAILABLE, detail="the time is up") from error

    def patiently(
        self, work: Callable[[Connection], T], *, writes: bool = False, snapshot: bool = False
    ) -> T:
        """What ``work`` returns; a lock is waited for up to two seconds.

        ``snapshot``: all it reads is of one moment, whatever others write meanwhile.

        Raises:
            RecordsUnavailable: the database fails.
        """
        # In SQLite a transaction reads of one moment always.
        once = snapshot and self.file is None
        engine = self._patient.execution_options(isolation_level="REPEATABLE READ") if once else self._patient
        return self._work(engine, work, writes)

    def _work(self, engine: Engine, work: Callable[[Connection], T], writes: bool) -> T:
        try:
            with engine.connect().execution_options(**{_WRITES: writes}) as connection, connection.begin():
                done = work(connection)
        except (IntegrityError, DataError):
            raise  # the fault of what is written, not of the store
        except (DBAPIError, PoolTimeout, DisconnectionError, InvalidRequestError, OSError) as error:
            self.healthy = False
            raise RecordsUnavailable(wording.UNAVAILABLE, detail=_reason(error)) from error
        self.healthy = True
        return done

    def close(self) -> None:
        """Closes every connection. Waits for none that hangs."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._hasty.dispose()
        self._patient.dispose()


def _reason(error: Exception) -> str:
    """What a driver says, without the values that were written."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return f"{type(original).__name__}: {original}"
    state = getattr(original, "sqlstate", None)
    return f"{type(original).__name__} {state or ''}".strip()


def _engine(url: URL, wait: timedelta, *, hasty: bool) -> Engine:
    options: dict[str, Any] = {
        "hide_parameters": True,  # a question must not get into a log by way of an error
        "pool_size": _HASTY_THREADS,
        "max_overflow": 0 if hasty else 8,
        "pool_timeout": wait.total_seconds(),
    }
    file = _file(url)
    if file is None:
        return create_engine(
            url, pool_pre_ping=True, pool_recycle=1800, connect_args=_server_limits(wait), **options
        )

    def opened() -> sqlite3.Connection:
        return _open_file(file, wait, durable=not hasty)

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool, **options)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", lambda _, record: record.info.update(identity=_identity(file)))

    def same_file(connection: Any, record: Any, proxy: Any) -> None:
        if record.info.get("identity") != _identity(file):
            raise DisconnectionError("the file was replaced")

    event.listen(engine, "checkout", same_file)
    return engine


def _file(url: URL) -> Path | None:
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _open_file(file: Path, wait: timedelta, *, durable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode=rw",
        uri=True,
        timeout=wait.total_seconds(),
        check_same_thread=False,
        isolation_level=None,  # transactions begin where SQLAlchemy says so
    )
    try:
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    # A transaction that will write says so at once: one that reads first and then writes cannot wait.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _server_limits(wait: timedelta) -> dict[str, Any]:
    """PostgreSQL's time limits, in milliseconds; a connection takes two seconds at most (libpq's least)."""
    limit = int(wait.total_seconds() * 1000)
    return {
        "connect_timeout": 2,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "options": f"-c statement_timeout={max(limit, 5000)} -c lock_timeout={limit}",
        "application_name": "minsheng-records",
    }


def upsert(connection: Connection, table: Any, row: dict[str, Any], *, add: tuple[str, ...] = ()) -> None:
    """Inserts a row, or changes the one with its primary key; columns in ``add`` are added up."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row)
    own = [column.name for column in table.primary_key]
    changed = {
        name: table.c[name] + statement.excluded[name] if name in add else statement.excluded[name]
        for name in row
        if name not in own
    }
    connection.execute(statement.on_conflict_do_update(index_elements=own, set_=changed))
