"""Backup and restore: everything comes back, into either database, or nothing is touched."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from qa.model import Status
from tests.databases import NOW, Cluster, Hand, open_store
from tests.test_records import CORPUS, WRITTEN, entry, settle
from web.records.backup import back_up, count_rows, restore
from web.records.errors import RecordsError, RecordsUnavailable
from web.records.model import NoteKind, Role, Scope, new_id
from web.records.schema import passage_hits
from web.records.store import SqlRecords

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.usefixtures("quick_hashes")


def ignore(table: str, rows: int) -> None:
    """Nobody watches."""


def _shown(connection: Connection) -> None:
    row = {"corpus": CORPUS, "transcript": "a", "start": 0, "end": 9, "source": "0" * 64}
    connection.execute(insert(passage_hits).values(**row, quoted=1, related=0))


def fill(records: SqlRecords, hand: Hand) -> tuple[str, str]:
    """Something in every table; a token and a secret."""
    asked = entry(WRITTEN, hand, Status.NO_ANSWER)
    records.questions.add(asked)
    records.feedback.add(asked.id, helpful=False, reason="没说清楚")
    token = records.answers.remember(asked.id, asked.text, history=("一", "二"), repair=False, corpus=CORPUS)
    staff = records.staff
    staff.accounts.add("王小明", PASSWORD, Role.ADMIN)
    staff.accounts.sign_in("nobody", PASSWORD)
    staff.sessions.start("王小明")
    made = staff.keys.add("大厅", [Scope.ASK], per_minute=5)
    staff.keys.count(made.key)
    counted = staff.keys.counted()
    assert counted is not None
    records.database.patiently(counted, writes=True)
    staff.notes.add(NoteKind.NEEDS_BRIEFING, "怎么落户？", "四月讲", "王小明")
    records.database.patiently(_shown, writes=True)
    staff.audit.add("王小明", "settings.change", "x", before="sha256:" + "1" * 64)
    settle(records, 2)
    assert token is not None
    assert all(records.database.patiently(count_rows).values())
    return token, made.secret


def is_all_back(records: SqlRecords, token: str, secret: str) -> None:
    """What `fill` kept is there."""
    kept = records.answers.find(token)
    assert kept is not None
    assert (kept.history, kept.repair, kept.created) == (("一", "二"), False, NOW)
    assert [asked.at for asked in records.questions.newest(9)] == [NOW]
    assert [said.reason for said in records.feedback.newest(9)] == ["没说清楚"]
    assert records.staff.accounts.sign_in("王小明", PASSWORD).account
    assert records.staff.keys.check(secret)
    assert [note.body for note in records.staff.notes.list()] == ["四月讲"]
    assert [line.before for line in records.staff.audit.newest(9)] == ["sha256:" + "1" * 64]


def test_a_backup_brings_everything_back(url: str, store: SqlRecords, hand: Hand, tmp_path: Path) -> None:
    token, secret = fill(store, hand)
    backup = tmp_path / "backup.db"
    counted = back_up(store.database, backup, ignore)
    assert store.forget(token)
    store.staff.accounts.add("后来的", PASSWORD, Role.VIEWER)
    restored, aside = restore(store.database, backup, NOW, ignore)
    assert (restored, aside) == (counted, None)
    is_all_back(store, token, secret)
    assert [account.name for account in store.staff.accounts.list()] == ["王小明"]


def test_a_backup_goes_into_the_other_kind_of_database(
    url: str, store: SqlRecords, cluster: Cluster, hand: Hand, tmp_path: Path
) -> None:
    token, secret = fill(store, hand)
    backup = tmp_path / "backup.db"
    back_up(store.database, backup, ignore)
    if url.startswith("sqlite"):
        other = open_store(cluster.new_database(), hand)
    else:
        other = open_store(f"sqlite:///{tmp_path / 'other.db'}", hand)
    restore(other.database, backup, NOW, ignore)
    is_all_back(other, token, secret)
    other.stop()


def test_nobody_is_signed_in_after_a_restore(store: SqlRecords, hand: Hand, tmp_path: Path) -> None:
    fill(store, hand)
    session = store.staff.sessions.start("王小明")
    back_up(store.database, tmp_path / "backup.db", ignore)
    restore(store.database, tmp_path / "backup.db", NOW, ignore)
    assert store.staff.sessions.find(session) is None


def test_a_backup_is_one_file_that_only_its_owner_can_read(
    store: SqlRecords, hand: Hand, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(store.database, folder / "backup.db", ignore)
    back_up(store.database, folder / "backup.db", ignore)  # replaces the one before
    (only,) = folder.iterdir()
    assert only.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(only)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_service_that_runs_sees_what_was_restored(
    url: str, store: SqlRecords, hand: Hand, tmp_path: Path
) -> None:
    running = open_store(url, hand)
    token, secret = fill(running, hand)
    back_up(store.database, tmp_path / "backup.db", ignore)
    store.forget(token)
    assert running.answers.find(token) is None
    restore(store.database, tmp_path / "backup.db", NOW, ignore)
    is_all_back(running, token, secret)
    running.stop()


def test_a_damaged_database_is_kept_aside_and_replaced_under_a_service_that_runs(
    tmp_path: Path, hand: Hand
) -> None:
    file = tmp_path / "records.db"
    running = open_store(f"sqlite:///{file}", hand)
    token, secret = fill(running, hand)
    backup = tmp_path / "backup.db"
    back_up(running.database, backup, ignore)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rubbish = os.urandom(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.write(rubbish)
    _, aside = restore(running.database, backup, NOW, ignore)
    assert aside is not None
    assert aside.read_bytes() == rubbish
    is_all_back(running, token, secret)
    running.stop()


def _rubbish(path: Path) -> None:
    path.write_bytes(b"PK\3\4 a sheet, perhaps")


def _empty(path: Path) -> None:
    path.touch()


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()


def _torn(path: Path) -> None:
    records = open_store(f"sqlite:///{path}.whole", Hand())
    for _ in range(200):
        records.feedback.add(new_id(), helpful=False, reason="字" * 400)
    settle(records, 200)
    back_up(records.database, path, ignore)
    records.stop()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize("make", [_rubbish, _empty, _foreign, _newer, _torn, lambda path: None])
def test_what_is_no_sound_backup_is_refused_and_nothing_touched(
    store: SqlRecords, hand: Hand, tmp_path: Path, make: object
) -> None:
    token, secret = fill(store, hand)
    bad = tmp_path / "bad.db"
    assert callable(make)
    make(bad)
    with pytest.raises(RecordsError):
        restore(store.database, bad, NOW, ignore)
    is_all_back(store, token, secret)


def test_a_restore_that_fails_under_way_changes_nothing(
    store: SqlRecords, hand: Hand, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    back_up(store.database, backup, ignore)  # empty
    token, secret = fill(store, hand)
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("INSERT INTO accounts VALUES ('x', 'x', 'viewer', 0, '2026-01-01 00:00:00', NULL)")
        connection.commit()

    def fails(table: str, rows: int) -> None:
        raise RecordsUnavailable("the database goes away here")

    with pytest.raises(RecordsUnavailable):
        restore(store.database, backup, NOW, fails)
    is_all_back(store, token, secret)


def test_a_backup_that_cannot_be_written_says_so(store: SqlRecords, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="磁盘是否已满"):
        back_up(store.database, tmp_path / "nowhere" / "backup.db", ignore)


def test_many_rows_are_backed_up_and_restored(store: SqlRecords, hand: Hand, tmp_path: Path) -> None:
    for number in range(2500):
        store.questions.add(entry(f"第{number}个", hand))
    settle(store, 2500)
    seen: list[int] = []
    back_up(store.database, tmp_path / "backup.db", lambda _, rows: seen.append(rows))
    assert seen == [1000, 1000, 500]
    hand.turn(days=181)
    store.purge()
    restored, _ = restore(store.database, tmp_path / "backup.db", NOW, ignore)
    assert restored["questions"] == 2500
