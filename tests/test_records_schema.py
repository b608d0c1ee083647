"""The schema and its migrations: what they leave, who runs them, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from tests.databases import Hand, open_store
from web.records.database import Database, parse_url
from web.records.errors import RecordsError
from web.records.migrate import newest_revision, prepare, revision
from web.records.schema import metadata
from web.records.store import SqlRecords, open_records
from web.settings import WebSettings

PREPARE = """
import sys; from pathlib import Path
from web.records.store import open_records; from web.settings import WebSettings
records = open_records(WebSettings(records=sys.argv[1]), Path("var"))
print(len(records.questions.newest(1))); records.stop()
"""


def _database(url: str) -> Database:
    return Database(parse_url(url), timedelta(seconds=1))


def test_the_migrations_leave_the_tables_of_the_schema(store: SqlRecords) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert store.database.patiently(differences) == []
    assert store.database.patiently(revision) == newest_revision()


def test_preparing_twice_changes_nothing(url: str, store: SqlRecords) -> None:
    store.staff.audit.add("王", "set", "x")
    prepare(store.database)
    assert len(store.staff.audit.newest(5)) == 1


def test_processes_that_start_together_migrate_once(url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", PREPARE, url]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in started:
        out, problems = process.communicate(timeout=60)
        assert (process.returncode, out, problems) == (0, b"0\n", b"")


def test_a_store_of_the_first_schema_is_brought_up_to_date_with_all_it_holds(url: str, hand: Hand) -> None:
    """As it was before words shown were counted."""
    records = open_store(url, hand)
    records.staff.audit.add("王", "set", "x")
    records.stop()
    database = _database(url)

    def as_it_was(connection: Connection) -> None:
        connection.execute(text("DROP TABLE passage_hits"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    database.patiently(as_it_was, writes=True)
    database.close()
    records = open_store(url, hand)
    assert [entry.who for entry in records.staff.audit.newest(5)] == ["王"]
    assert records.hits.listed() == ()
    records.stop()


def test_a_newer_schema_is_refused_and_left_alone(url: str, hand: Hand) -> None:
    open_store(url, hand).stop()
    database = _database(url)
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    database.patiently(lambda connection: connection.execute(newer), writes=True)
    with pytest.raises(RecordsError, match=r"更新版本的程序.*请升级") as caught:
        open_records(WebSettings(records=url), Path("var"))
    assert caught.value.code == "records_newer"
    assert database.patiently(revision) == "9999"
    database.close()


def test_the_tables_of_another_program_are_refused_and_left_alone(url: str, hand: Hand) -> None:
    open_store(url, hand).stop()
    database = _database(url)
    with closing(database):
        gone = text("DROP TABLE alembic_version")
        database.patiently(lambda connection: connection.execute(gone), writes=True)
        before = database.patiently(lambda connection: inspect(connection).get_table_names())
        with pytest.raises(RecordsError, match="别的程序的表") as caught:
            prepare(database)
        assert caught.value.code == "records_foreign"
        assert database.patiently(lambda connection: inspect(connection).get_table_names()) == before
