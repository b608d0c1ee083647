"""Words shown to residents are counted by version, over SQLite and PostgreSQL alike."""

from __future__ import annotations

import threading
import time

import pytest

from qa.engine import Engine
from qa.model import Answer, Status
from tests.databases import Hand, open_store
from web.records.hits import SqlHits
from web.records.keeping import keep
from web.records.model import Channel, SpanHits
from web.records.off import NoRecords
from web.records.store import SqlRecords

ANSWERED = "创业担保贷款个人额度提高到多少？"
RELATED = "心理咨询室晚上开不开门"


@pytest.fixture(scope="module")
def answers(engine: Engine) -> dict[str, Answer]:
    """An answer, and one that shows only related words."""
    return {question: engine.ask(question) for question in (ANSWERED, RELATED)}


def _written(store: SqlRecords) -> None:
    """Has what was counted written now."""
    if (counted := store.hits.counted()) is not None:
        store.database.patiently(counted, writes=True)


def _count(store: SqlRecords, answer: Answer, times: int) -> None:
    for _ in range(times):
        store.hits.count(answer)


def _counts(found: tuple[SpanHits, ...]) -> set[tuple[int, int]]:
    return {(one.quoted, one.related) for one in found}


def test_what_is_shown_is_counted_as_quoted_or_as_related(
    store: SqlRecords, answers: dict[str, Answer]
) -> None:
    assert answers[RELATED].status is Status.RELATED
    for _ in range(2):
        keep(store, answers[ANSWERED], Channel.WEB)
    keep(store, answers[RELATED], Channel.KIOSK)
    _written(store)
    cited = answers[ANSWERED].citations[0]
    found = {(one.transcript, one.start, one.end): one for one in store.hits.listed()}
    one = found[cited.transcript.id, cited.span.start, cited.span.end]
    assert (one.quoted, one.related, one.source) == (2, 0, cited.transcript.source.sha256)
    assert _counts(store.hits.listed()) == {(2, 0), (0, 1)}


def test_counts_add_up_over_writes_and_versions(store: SqlRecords, answers: dict[str, Answer]) -> None:
    answer = answers[ANSWERED]
    for _ in range(3):
        store.hits.count(answer)
        _written(store)
    other = Answer(answer.question, answer.status, answer.confidence, "sha256:0", answer.citations)
    store.hits.count(other)
    _written(store)
    assert _counts(store.hits.listed(answer.corpus)) == {(3, 0)}
    assert _counts(store.hits.listed("sha256:0")) == {(1, 0)}
    assert _counts(store.hits.listed()) == {(4, 0)}
    assert store.hits.listed("sha256:1") == ()


def test_a_running_store_writes_counts_by_itself_and_at_its_end(
    url: str, hand: Hand, answers: dict[str, Answer]
) -> None:
    store = open_store(url, hand)
    store.hits.count(answers[ANSWERED])
    store.stop()
    store = open_store(url, hand)
    assert _counts(store.hits.listed()) == {(1, 0)}
    store.hits.count(answers[ANSWERED])
    deadline = time.monotonic() + 20
    while _counts(store.hits.listed()) != {(2, 0)}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    store.stop()


def test_counts_of_many_threads_are_all_there(store: SqlRecords, answers: dict[str, Answer]) -> None:
    threads = [threading.Thread(target=_count, args=(store, answers[ANSWERED], 50)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _written(store)
    assert sum(quoted for quoted, _ in _counts(store.hits.listed())) == 200


def test_counting_never_takes_all_memory(
    store: SqlRecords, answers: dict[str, Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.records.hits._MOST", 1)
    hits = SqlHits(store.database)
    hits.count(answers[ANSWERED])
    hits.count(answers[RELATED])
    counted = hits.counted()
    assert counted is not None
    store.database.patiently(counted, writes=True)
    assert _counts(store.hits.listed()) == {(1, 0)}


def test_a_store_that_is_off_counts_nothing(answers: dict[str, Answer]) -> None:
    records = NoRecords()
    assert keep(records, answers[ANSWERED], Channel.API)[1] is False
    assert records.hits.listed() == ()
