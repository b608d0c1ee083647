"""The record store, over SQLite and PostgreSQL alike: what is kept is found, masked, and goes in time."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import String, Table, create_engine, func, select

from qa.model import Status
from tests.databases import NOW, Hand, open_store
from web.records.columns import Masked, MaskedList
from web.records.database import parse_url
from web.records.errors import RecordsError
from web.records.model import Channel, NoteKind, QuestionEntry, Role, Scope, day_of, new_id
from web.records.off import NoRecords
from web.records.ports import Answers
from web.records.schema import REASON_LENGTH, metadata
from web.records.store import SqlRecords, open_records
from web.settings import WebSettings

CORPUS = "sha256:" + "0" * 64
TODAY = day_of(NOW)

PERSONAL = ("11010519491231002X", "13812345678", "6222021001116245702")
"""An identity, a mobile and a bank card number, each made up and right by its checksum."""
WRITTEN = f"我叫张三，身份证{PERSONAL[0]}，电话{PERSONAL[1]}，卡号{PERSONAL[2]}，怎么办？"


def entry(text: str, hand: Hand, status: Status = Status.RELATED) -> QuestionEntry:
    return QuestionEntry(new_id(), text, status, 0.25, CORPUS, Channel.WEB, hand(), "t-2021", 3, 9)


def settle(records: SqlRecords, count: int) -> None:
    """Waits until ``count`` records were written since the start."""
    before = time.monotonic()
    while records.stats().written < count:
        assert time.monotonic() - before < 10, records.stats()
        time.sleep(0.01)


def remember(records: SqlRecords, question: str = "大厅几点开门？") -> str:
    token = records.answers.remember(new_id(), question, history=("前面的",), repair=True, corpus=CORPUS)
    assert token is not None
    return token


# --- answers' addresses ------------------------------------------------------------------------------


def test_an_answer_is_found_by_its_token_at_once(store: SqlRecords, hand: Hand) -> None:
    question_id = new_id()
    token = store.answers.remember(
        question_id, "几点开门？", history=("一", "二"), repair=False, corpus=CORPUS
    )
    assert token is not None
    kept = store.answers.find(token)
    assert kept is not None
    assert (kept.question_id, kept.question, kept.history) == (question_id, "几点开门？", ("一", "二"))
    assert (kept.repair, kept.corpus, kept.created) == (False, CORPUS, NOW)
    assert kept.expires == NOW + timedelta(hours=24)


def test_a_token_has_128_bits_and_none_comes_twice(store: SqlRecords) -> None:
    tokens = {remember(store) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(bytes.fromhex(token)) == 16 for token in tokens)


def test_an_answer_is_found_by_another_process_at_once(url: str, store: SqlRecords) -> None:
    token = remember(store)
    code = (
        "import sys; from tests.databases import Hand, open_store\n"
        "found = open_store(sys.argv[1], Hand()).answers.find(sys.argv[2]); print(found.question)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, url, token], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.strip() == "大厅几点开门？"


def test_an_answer_is_gone_after_its_time(store: SqlRecords, hand: Hand) -> None:
    token = remember(store)
    hand.turn(hours=23.9)
    assert store.answers.find(token)
    hand.turn(hours=0.2)
    assert store.answers.find(token) is None
    assert store.purge().answers == 1


@pytest.mark.parametrize("token", ["", "0" * 32, "../../etc", "0" * 4000, "'; drop table answers; --", "\0"])
def test_a_token_nobody_was_given_finds_nothing(store: SqlRecords, token: str) -> None:
    remember(store)
    assert store.answers.find(token) is None


def test_the_database_holds_no_token(url: str, store: SqlRecords, hand: Hand) -> None:
    token = remember(store)
    assert token.encode() not in content(url)


# --- questions and feedback --------------------------------------------------------------------------


def test_wordings_count_as_one_regardless_of_punctuation_width_and_capitals(
    store: SqlRecords, hand: Hand
) -> None:
    asked = ("医保 几时缴？", "医保几时缴", "医保几时缴！！", "ＥＴＣ在哪办", "etc在哪办？", "别的")
    for text in asked:
        store.questions.add(entry(text, hand))
        hand.turn(hours=0.01)
    settle(store, len(asked))
    found = store.questions.wordings(TODAY, TODAY, 9)
    assert [(one.key, one.count) for one in found] == [("医保几时缴", 3), ("etc在哪办", 2), ("别的", 1)]
    assert {one.text for one in found} < set(asked)
    assert [one.key for one in store.questions.wordings(TODAY, TODAY, 2)] == ["医保几时缴", "etc在哪办"]
    assert [e.text for e in store.questions.newest(9, key=found[1].key)] == ["etc在哪办？", "ＥＴＣ在哪办"]


def test_a_wording_tells_how_often_it_was_asked_before_and_how_often_it_did_not_help(
    store: SqlRecords, hand: Hand
) -> None:
    first = entry("怎么落户？", hand, Status.NO_ANSWER)
    store.questions.add(first)
    hand.turn(days=7)
    again = [entry("怎么落户", hand, Status.NO_ANSWER) for _ in range(3)]
    for one in again:
        store.questions.add(one)
    store.questions.add(entry("几点开门", hand, Status.ANSWERED))
    store.feedback.add(again[-1].id, helpful=False, reason="没说清楚")
    settle(store, 6)
    since, until = TODAY + timedelta(days=1), TODAY + timedelta(days=7)
    often, once = store.questions.wordings(since, until, 9)
    assert (often.count, often.earlier, often.unhelpful, often.last) == (3, 1, 1, hand())
    assert (often.counts, once.counts) == ({Status.NO_ANSWER: 3}, {Status.ANSWERED: 1})
    counts = [(c.day, c.status, c.count) for c in store.questions.daily(TODAY, until)]
    assert counts == [
        (TODAY, Status.NO_ANSWER, 1),
        (until, Status.ANSWERED, 1),
        (until, Status.NO_ANSWER, 3),
    ]
    assert sum(c.count for c in store.questions.daily(TODAY, until, keys=[often.key])) == 4
    many = [often.key, *map(str, range(2000))]  # more than one statement names
    assert sum(c.count for c in store.questions.daily(TODAY, until, keys=many)) == 4
    assert store.questions.daily(TODAY, until, keys=[]) == ()


def test_a_wording_tells_what_it_was_answered_with_most_often(store: SqlRecords, hand: Hand) -> None:
    first = entry("几点开门", hand, Status.ANSWERED)
    others = [replace(entry("几点开门？", hand, Status.ANSWERED), start=40, end=50) for _ in range(2)]
    refused = replace(entry("别的", hand, Status.NO_ANSWER), transcript=None, start=None, end=None)
    for one in (first, *others, refused):
        store.questions.add(one)
    settle(store, 4)
    answered, unanswered = store.questions.wordings(TODAY, TODAY, 9)
    assert answered.quoted == ("t-2021", 40, 50)
    assert unanswered.quoted is None


def test_a_day_is_a_day_in_china() -> None:
    late = NOW.replace(hour=16, minute=30)
    assert day_of(late) == date(2026, 3, 2)


def test_an_entry_comes_back_as_it_was(store: SqlRecords, hand: Hand) -> None:
    asked = entry("几点开门？", hand, Status.ANSWERED)
    store.questions.add(asked)
    settle(store, 1)
    assert store.questions.newest(5) == (asked,)


def test_a_second_word_on_an_answer_replaces_the_first(store: SqlRecords, hand: Hand) -> None:
    question_id = new_id()
    store.feedback.add(question_id, helpful=True)
    store.feedback.add(question_id, helpful=False, reason=" 电话打不通 ")
    settle(store, 2)
    (kept,) = store.feedback.newest(5)
    assert (kept.helpful, kept.reason) == (False, "电话打不通")
    assert store.feedback.newest(5, helpful=True) == ()


def test_a_reason_of_any_length_is_kept_up_to_its_limit(store: SqlRecords, hand: Hand) -> None:
    store.feedback.add(new_id(), helpful=False, reason="长" * 100_000 + "\0")
    store.feedback.add(new_id(), helpful=False, reason="\0𠮷")
    settle(store, 2)
    assert sorted(len(kept.reason) for kept in store.feedback.newest(5)) == [2, REASON_LENGTH]


# --- retention ---------------------------------------------------------------------------------------


def test_questions_and_feedback_go_after_180_days(store: SqlRecords, hand: Hand) -> None:
    store.questions.add(entry("旧的", hand))
    store.feedback.add(new_id(), helpful=True)
    hand.turn(days=100)
    store.questions.add(entry("新的", hand))
    settle(store, 3)
    hand.turn(days=79.9)
    assert (store.purge().questions, len(store.questions.newest(5))) == (0, 2)
    hand.turn(days=0.2)
    purged = store.purge()
    assert (purged.questions, purged.feedback) == (1, 1)
    assert [kept.text for kept in store.questions.newest(5)] == ["新的"]


def test_many_are_deleted_in_parts(store: SqlRecords, hand: Hand) -> None:
    for number in range(2500):
        store.questions.add(entry(f"第{number}个", hand))
    settle(store, 2500)
    hand.turn(days=181)
    assert store.purge().questions == 2500


def test_a_running_store_deletes_by_itself(url: str, store: SqlRecords, hand: Hand) -> None:
    remember(store)
    hand.turn(hours=25)
    before = time.monotonic()
    with closing_store(url, hand):
        while rows(url, "answers"):
            assert time.monotonic() - before < 10
            time.sleep(0.05)


def test_what_a_resident_wants_gone_is_gone(url: str, store: SqlRecords, hand: Hand) -> None:
    asked = entry("不想留下的问题", hand)
    store.questions.add(asked)
    store.feedback.add(asked.id, helpful=False, reason="不想留下的话")
    settle(store, 2)
    token = store.answers.remember(asked.id, asked.text, history=(), repair=True, corpus=CORPUS)
    assert token is not None
    assert store.forget(token)
    assert store.answers.find(token) is None
    assert (store.questions.newest(5), store.feedback.newest(5)) == ((), ())
    assert not store.forget(token)
    other = entry("另一个", hand)
    store.questions.add(other)
    settle(store, 3)
    assert store.forget(other.id)


# --- personal data -----------------------------------------------------------------------------------


def rows(url: str, table: str) -> int:
    """How many rows a table has."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one()
    engine.dispose()
    return found


@contextmanager
def closing_store(url: str, hand: Hand) -> Iterator[SqlRecords]:
    """A second store over a database, as another process has one."""
    records = open_store(url, hand)
    yield records
    records.stop()


def content(url: str) -> bytes:
    """Everything a database holds, as bytes."""
    file = parse_url(url).database
    if url.startswith("sqlite"):
        with sqlite3.connect(str(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        folder = Path(str(file)).parent
        return b"".join(path.read_bytes() for path in folder.iterdir())
    parts = []
    with psycopg.connect(url) as server:
        for table in metadata.sorted_tables:
            parts += [repr(row) for row in server.execute(f'SELECT * FROM "{table.name}"')]
    return "\n".join(parts).encode()


def test_personal_data_is_in_the_database_nowhere(url: str, store: SqlRecords, hand: Hand) -> None:
    """Through every way of writing words."""
    assert store.staff is not None
    staff = store.staff
    store.answers.remember(new_id(), WRITTEN, history=(WRITTEN, WRITTEN), repair=True, corpus=CORPUS)
    store.questions.add(entry(WRITTEN, hand))
    for separator in (" ", "-", "　"):
        spread = f"电话{PERSONAL[1][:3]}{separator}{PERSONAL[1][3:7]}{separator}{PERSONAL[1][7:]}"
        store.questions.add(entry(spread, hand))
    store.questions.add(entry("字" * 295 + PERSONAL[1], hand))  # longer than is kept
    store.feedback.add(new_id(), helpful=False, reason=WRITTEN)
    staff.notes.add(NoteKind.NEEDS_BRIEFING, WRITTEN, WRITTEN, "王")
    note = staff.notes.add(NoteKind.FAQ_DRAFT, "问", "答", "王")
    staff.notes.change(note.id, body=WRITTEN)
    staff.audit.add("王", "draft.change", WRITTEN, detail=WRITTEN)
    made = staff.keys.add(f"大厅 {PERSONAL[1]}", [Scope.ASK])
    staff.keys.rotate(made.key.id, timedelta(days=1))
    with pytest.raises(RecordsError):
        staff.accounts.add(PERSONAL[1], "correct horse battery", Role.VIEWER)
    settle(store, 6)
    found = content(url)
    assert "张三".encode() in found  # the search finds what is there
    for number in PERSONAL:
        for part in (number, number[:10], number[-6:]):
            assert part.encode() not in found, part
    assert b"13812345678"[3:] not in found.replace(b" ", b"").replace(b"-", b"").replace("　".encode(), b"")


MACHINE_MADE = {
    "answers": {"token_hash", "question_id", "corpus"},
    "questions": {"id", "status", "corpus", "channel", "transcript"},
    "feedback": {"question_id"},
    "accounts": {"name", "password", "role"},
    "attempts": {"name_hash"},
    "sessions": {"token_hash", "account"},
    "keys": {"id", "secret_hash", "scopes", "replaces"},
    "key_usage": {"key_id"},
    "notes": {"id", "kind", "state", "author"},
    "passage_hits": {"corpus", "transcript", "source"},
    "audit": {"id", "who", "action", "before", "after"},
}


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_of_words_masks_them_by_its_type(table: Table) -> None:
    columns = table.columns
    free = {
        c.name for c in columns if isinstance(c.type, String) and not isinstance(c.type, Masked | MaskedList)
    }
    assert free == MACHINE_MADE[table.name]


# --- switched off ------------------------------------------------------------------------------------


def test_a_store_that_is_off_keeps_nothing_and_says_so(tmp_path: Path, hand: Hand) -> None:
    records = open_records(WebSettings(records="off"), tmp_path / "var")
    assert isinstance(records, NoRecords)
    answers: Answers = records.answers
    assert answers.remember(new_id(), "问", history=(), repair=True, corpus=CORPUS) is None
    assert not records.questions.add(entry("问", hand))
    assert not records.feedback.add(new_id(), helpful=True)
    assert records.staff is None
    records.stop()
    assert not (tmp_path / "var").exists()


def test_a_store_told_to_keep_no_questions_keeps_only_the_staffs(url: str, hand: Hand) -> None:
    records = open_store(url, hand, store_questions=False)
    assert records.answers.remember(new_id(), "秘密的问题", history=(), repair=True, corpus=CORPUS) is None
    assert not records.questions.add(entry("秘密的问题", hand))
    assert not records.feedback.add(new_id(), helpful=False, reason="秘密的问题")
    records.staff.audit.add("王", "set", "store_questions")
    assert records.staff.audit.newest(5)
    records.stop()
    assert "秘密".encode() not in content(url)


@pytest.mark.parametrize(
    "bad", ["mysql://h:hunter2@h/d", "hunter2", "sqlite://", "sqlite:///:memory:", "：）"]
)
def test_an_address_of_no_database_is_refused_and_never_repeated(bad: str, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="MINSHENG_RECORDS") as caught:
        open_records(WebSettings(records=bad), tmp_path)
    assert "hunter2" not in caught.value.message + caught.value.detail


def test_the_store_is_in_the_data_directory_unless_told_otherwise(tmp_path: Path) -> None:
    records = open_records(WebSettings(), tmp_path / "新 目录?%")
    records.stop()
    file = tmp_path / "新 目录?%" / "records.db"
    assert file.stat().st_mode & 0o077 == 0
