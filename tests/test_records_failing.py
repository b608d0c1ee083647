"""A record store that is slow, locked, full, read-only, damaged, deleted or stopped: answers go on.

Everything here is real: another process holds the lock, the system refuses to write, the server is killed.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from qa.model import Status
from tests.databases import Cluster, Hand, open_store
from tests.test_records import CORPUS, settle
from web.records.errors import RecordsUnavailable
from web.records.model import Channel, QuestionEntry, new_id
from web.records.store import SqlRecords

WAIT = 0.1
"""The time limit of these tests, in seconds."""
SLACK = 0.15
"""What a machine that is busy with other things may add."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def quick(file: Path, hand: Hand) -> Iterator[SqlRecords]:
    """A store over SQLite with a short time limit."""
    records = open_store(f"sqlite:///{file}", hand, records_wait_ms=WAIT * 1000)
    yield records
    records.stop()


def attempt(records: SqlRecords, hand: Hand) -> tuple[str | None, float]:
    """What serving one question does with the records: the token, and the seconds it took."""
    started = time.perf_counter()
    entry = QuestionEntry(new_id(), "几点开门？", Status.ANSWERED, 0.9, CORPUS, Channel.WEB, hand())
    records.questions.add(entry)
    token = records.answers.remember(entry.id, entry.text, history=(), repair=True, corpus=CORPUS)
    return token, time.perf_counter() - started


def goes_on_without(records: SqlRecords, hand: Hand) -> None:
    """Answers go on: no token, and none waits longer than the limit."""
    for _ in range(5):
        token, seconds = attempt(records, hand)
        assert token is None
        assert seconds < WAIT + SLACK
    assert records.stats().unkept >= 5


def works_again(records: SqlRecords, hand: Hand) -> None:
    """An answer is kept and found, within seconds."""
    before = time.monotonic()
    while (token := attempt(records, hand)[0]) is None:
        assert time.monotonic() - before < 15
        time.sleep(0.1)
    assert records.answers.find(token)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process holds the database's lock meanwhile."""
    code = (
        "import sqlite3, sys\n"
        "held = sqlite3.connect(sys.argv[1], isolation_level=None); held.execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("")


# --- locked ------------------------------------------------------------------------------------------


def test_answers_go_on_while_the_database_is_locked(quick: SqlRecords, file: Path, hand: Hand) -> None:
    token, _ = attempt(quick, hand)
    assert token
    settle(quick, 1)
    with locked(file):
        goes_on_without(quick, hand)
        assert quick.answers.find(token)  # reading goes on
    works_again(quick, hand)
    settle(quick, 6)  # what was asked meanwhile is written afterwards
    assert quick.stats().dropped == 0


def test_many_at_once_wait_no_longer_than_one(quick: SqlRecords, file: Path, hand: Hand) -> None:
    took: list[float] = []
    threads = [threading.Thread(target=lambda: took.append(attempt(quick, hand)[1])) for _ in range(40)]
    with locked(file):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(took) == 40
    assert max(took) < WAIT + 2 * SLACK


def test_a_full_queue_drops_and_counts(file: Path, hand: Hand) -> None:
    records = open_store(f"sqlite:///{file}", hand, records_wait_ms=10, records_queue=5)
    with locked(file):
        for _ in range(30):
            attempt(records, hand)
        stats = records.stats()
        # One batch is in the writer's hand, at most the queue's five.
        assert stats.queued == 5
        assert 30 - 10 <= stats.dropped <= 30 - 5
    settle(records, 30 - stats.dropped)
    records.stop()


def test_stopping_takes_no_longer_than_its_limit_and_counts_what_is_lost(file: Path, hand: Hand) -> None:
    records = open_store(f"sqlite:///{file}", hand, records_wait_ms=10)
    with locked(file):
        for _ in range(7):
            attempt(records, hand)
        started = time.monotonic()
        records.stop()
        assert time.monotonic() - started < 5
    assert (records.stats().dropped, records.stats().written) == (7, 0)


def test_stopping_writes_what_is_queued(file: Path, hand: Hand) -> None:
    records = open_store(f"sqlite:///{file}", hand)
    for _ in range(500):
        records.feedback.add(new_id(), helpful=True)
    records.stop()
    assert (records.stats().written, records.stats().dropped) == (500, 0)


def test_one_refused_record_takes_no_other_with_it(store: SqlRecords, hand: Hand) -> None:
    same = QuestionEntry(new_id(), "一", Status.ANSWERED, 0.9, CORPUS, Channel.WEB, hand())
    for _ in range(3):
        store.questions.add(same)
    store.feedback.add(new_id(), helpful=True)
    settle(store, 2)
    before = time.monotonic()
    while store.stats().dropped < 2:
        assert time.monotonic() - before < 10
        time.sleep(0.01)
    assert len(store.questions.newest(9)) == 1


# --- full, read-only ---------------------------------------------------------------------------------


CHILD = """
import sys, time
from pathlib import Path
from tests.databases import Hand, open_store
from tests.test_records_failing import attempt, goes_on_without
folder, then = Path(sys.argv[1]), sys.argv[2]
hand = Hand()
records = open_store(f"sqlite:///{folder / 'records.db'}", hand, records_wait_ms=100)
if then == "full":
    assert attempt(records, hand)[0]
    import resource
    size = (folder / "records.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # no file may grow: the disk is full
goes_on_without(records, hand)
started = time.monotonic()
records.stop()
assert time.monotonic() - started < 5
print(records.stats().dropped)
"""


def _child(folder: Path, then: str) -> None:
    # Root may write everywhere; without this ability it may not.
    dropped = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    command = [*dropped, sys.executable, "-W", "error", "-c", CHILD, str(folder), then]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5


def test_answers_go_on_when_the_disk_is_full(tmp_path: Path) -> None:
    _child(tmp_path, "full")


def test_answers_go_on_in_a_folder_that_cannot_be_written(tmp_path: Path, hand: Hand) -> None:
    tmp_path.chmod(0o555)
    _child(tmp_path, "read-only")
    tmp_path.chmod(0o755)
    assert list(tmp_path.iterdir()) == []


def test_answers_go_on_when_the_folder_becomes_read_only(tmp_path: Path, hand: Hand) -> None:
    records = open_store(f"sqlite:///{tmp_path / 'records.db'}", hand)
    records.stop()
    for path in (*tmp_path.iterdir(), tmp_path):
        path.chmod(0o555 if path.is_dir() else 0o444)
    _child(tmp_path, "read-only")
    tmp_path.chmod(0o755)


# --- deleted, damaged --------------------------------------------------------------------------------


def test_answers_go_on_when_the_file_is_deleted_and_none_comes_back_empty(
    quick: SqlRecords, file: Path, hand: Hand
) -> None:
    assert attempt(quick, hand)[0]
    for path in file.parent.glob("records.db*"):
        path.unlink()
    goes_on_without(quick, hand)
    assert not file.exists()
    other = open_store(f"sqlite:///{file}", hand)  # somebody makes it anew
    works_again(quick, hand)
    other.stop()


def test_answers_go_on_when_the_file_is_damaged(quick: SqlRecords, file: Path, hand: Hand) -> None:
    token, _ = attempt(quick, hand)
    assert token
    settle(quick, 1)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with file.open("r+b") as opened:
        opened.write(os.urandom(file.stat().st_size))
    goes_on_without(quick, hand)
    with pytest.raises(RecordsUnavailable, match="minsheng-records"):
        quick.answers.find(token)


def test_a_damaged_file_stops_no_start(file: Path, hand: Hand) -> None:
    file.write_bytes(os.urandom(100_000))
    records = open_store(f"sqlite:///{file}", hand, records_wait_ms=WAIT * 1000)
    goes_on_without(records, hand)
    assert not records.stats().ready
    records.stop()


def test_a_store_that_could_not_be_opened_is_used_once_it_can(tmp_path: Path, hand: Hand) -> None:
    place = tmp_path / "var"
    place.write_text("a file where the folder should be", "utf-8")
    records = open_store(f"sqlite:///{place / 'records.db'}", hand, records_wait_ms=WAIT * 1000)
    goes_on_without(records, hand)
    place.unlink()
    works_again(records, hand)
    settle(records, 6)
    records.stop()


# --- PostgreSQL --------------------------------------------------------------------------------------


def test_answers_go_on_while_postgresql_is_stopped(cluster: Cluster, hand: Hand) -> None:
    records = open_store(cluster.new_database(), hand, records_wait_ms=WAIT * 1000)
    works_again(records, hand)
    cluster.stop()
    try:
        goes_on_without(records, hand)
    finally:
        cluster.start()
    works_again(records, hand)
    settle(records, 6)
    assert records.stats().dropped == 0
    records.stop()


def test_answers_go_on_while_a_table_of_postgresql_is_locked(cluster: Cluster, hand: Hand) -> None:
    url = cluster.new_database()
    records = open_store(url, hand, records_wait_ms=WAIT * 1000)
    works_again(records, hand)
    other = open_store(url, hand)
    other.database.patiently(lambda held: _while_locked(held.execute, records, hand), writes=True)
    other.stop()
    works_again(records, hand)
    records.stop()


def _while_locked(execute: object, records: SqlRecords, hand: Hand) -> None:
    assert callable(execute)
    execute(text("LOCK TABLE answers, questions IN ACCESS EXCLUSIVE MODE"))
    goes_on_without(records, hand)
