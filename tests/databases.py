"""The two databases the records run on: an SQLite file, and a PostgreSQL server of the tests' own.

The server comes from Debian's packages, holds nothing but the tests' databases, listens on a socket in
a temporary folder, and ends with the tests. Without it the tests fail: they are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from web.records.database import Database, parse_url
from web.records.store import SqlRecords
from web.settings import WebSettings

__all__ = ["Cluster", "Hand", "cluster", "hand", "open_store", "quick_hashes", "store", "url"]

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@dataclass
class Hand:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Moves on by hours, days…"""
        self.now += timedelta(**by)


@dataclass
class Cluster:
    """A PostgreSQL server in a temporary folder."""

    folder: Path
    binaries: Path

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs; as its own user where we are root, which it refuses."""
        who = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        command = [str(self.binaries / program), *arguments]
        with (self.folder / f"{program}.log").open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, timeout=60, cwd=self.folder, **who)  # type: ignore[call-overload]
        assert done.returncode == 0, (self.folder / f"{program}.log").read_text("utf-8")

    def create(self) -> None:
        """Makes the server's files."""
        options = ["--auth=trust", "--username=minsheng", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self.run("initdb", "-D", str(self.folder / "data"), *options)

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        given = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-l", log, "-o", given)

    def stop(self) -> None:
        """Stops the server as a crash would."""
        self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder / "data"))

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://minsheng@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """An empty database, whatever a test before this left in it; its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            connection.execute(others + "AND datname = current_database()")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url("postgres")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else shutil.which("initdb")
    if program is None:
        pytest.fail("PostgreSQL's server is missing; install it with: make database", pytrace=False)
    return Path(program).parent


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, running."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket has 107 bytes at most
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    made = Cluster(folder, binaries)
    try:
        made.create()
        made.start()
        yield made
        made.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    server: Cluster = request.getfixturevalue("cluster")
    return server.new_database()


@pytest.fixture
def hand() -> Hand:
    """A clock that stands still until it is turned."""
    return Hand()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 with little memory, where its cost is not what is tested."""
    little = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),))
    monkeypatch.setattr(PasswordHash, "recommended", lambda: little)


def open_store(url: str, clock: Callable[[], datetime], **given: object) -> SqlRecords:
    """The record store of an address, prepared and started; ``given`` are settings."""
    settings = WebSettings.model_validate({"records_wait_ms": 1000, **given})
    wait = timedelta(milliseconds=settings.records_wait_ms)
    records = SqlRecords(Database(parse_url(url), wait), settings, clock)
    records.prepare()
    records.start()
    return records


@pytest.fixture
def store(url: str, hand: Hand) -> Iterator[SqlRecords]:
    """An empty record store that runs."""
    records = open_store(url, hand)
    yield records
    records.stop()
