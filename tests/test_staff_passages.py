"""Passages with how often residents saw them: counted, filtered, sorted, paged, and kept as a table."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from qa.coverage.sheets import read_csv
from qa.engine import Engine
from qa.model import Passage
from tests.staff_room import Desk
from web.records.model import SpanHits
from web.records.store import SqlRecords
from web.staff import passages_wording
from web.staff.passages import Filter, counted

QUESTION = "创业担保贷款个人额度提高到多少？"
SECONDS = 20.0
"""What counting over 50,000 passages may take; it takes less than one on an idle machine."""


def _shown(records: SqlRecords, engine: Engine, times: int) -> str:
    """Has an answer shown some times; its first quote."""
    answer = engine.ask(QUESTION)
    for _ in range(times):
        records.hits.count(answer)
    write = records.hits.counted()
    assert write is not None
    records.database.patiently(write, writes=True)
    return answer.citations[0].quote


def _counts(page: str) -> list[tuple[int, int]]:
    found = re.findall(r'<td class="n"[^>]*>(\d+)</td>', page)
    return [(int(a), int(b)) for a, b in zip(found[::2], found[1::2], strict=True)]


def test_what_residents_saw_most_comes_first_with_its_place(
    desk: Desk, records: SqlRecords, engine: Engine
) -> None:
    _shown(records, engine, 3)
    page = desk.sign_in("viewer").client.get("/staff/passages").text
    assert _counts(page)[0] == (3, 0)
    assert len(_counts(page)) == 50
    link = re.search(r'<td class="words"><a href="([^"]+)"', page)
    assert link
    place = desk.client.get(link[1].replace("&amp;", "&"))
    assert place.status_code == 200
    assert "25万元" in place.text
    second = desk.client.get("/staff/passages?page=2").text
    assert len(_counts(second)) == len(engine.passages) - 50


def test_residents_answers_are_counted_and_staff_s_trials_are_not(
    desk: Desk, records: SqlRecords, engine: Engine
) -> None:
    desk.sign_in("viewer").send("/staff/try", question=QUESTION)
    assert records.hits.counted() is None
    desk.client.post("/", data={"question": QUESTION})
    desk.client.post("/kiosk/ask", data={"question": QUESTION})
    desk.client.post("/api/v1/ask", json={"question": QUESTION})
    write = records.hits.counted()
    assert write is not None
    records.database.patiently(write, writes=True)
    assert {one.quoted for one in records.hits.listed(engine.corpus)} == {3}


def test_passages_are_filtered_and_sorted(desk: Desk, records: SqlRecords, engine: Engine) -> None:
    _shown(records, engine, 2)
    desk.sign_in("viewer")
    assert _counts(desk.client.get("/staff/passages?show=shown").text) == [(2, 0)]
    never = desk.client.get("/staff/passages?show=never&order=text").text
    assert set(_counts(never)) == {(0, 0)}
    assert passages_wording.NOT_QUOTABLE not in never
    spoken = desk.client.get("/staff/passages?speaker=段云奎").text
    assert 0 < len(_counts(spoken)) < 10
    assert _counts(desk.client.get("/staff/passages?transcript=dazu-2021-faburen&order=least").text)[0] == (
        0,
        0,
    )
    empty = desk.client.get("/staff/passages?speaker=没有这个人").text
    assert passages_wording.NONE in empty


def test_counts_of_other_versions_count_where_the_words_are_the_same(engine: Engine) -> None:
    passage = engine.passages[10]
    span, transcript = passage.span, passage.transcript
    same = SpanHits(transcript.id, transcript.source.sha256, span.start + 1, span.end, 4, 2)
    other = replace(same, source="0" * 64, quoted=9)
    rows = list(counted(engine, [same, other]))
    assert [(row.quoted, row.related) for row in rows if row.shown] == [(4, 2)]
    assert rows[10].shown == 6


def test_the_words_of_two_passages_count_for_both(engine: Engine) -> None:
    one, two = engine.passages[10], engine.passages[11]
    assert one.transcript is two.transcript
    both = SpanHits(one.transcript.id, one.transcript.source.sha256, one.span.start, two.span.end, 1, 0)
    assert [at for at, row in enumerate(counted(engine, [both])) if row.shown] == [10, 11]


def test_no_cell_of_a_download_is_a_formula(desk: Desk, records: SqlRecords, engine: Engine) -> None:
    quote = _shown(records, engine, 1)
    desk.sign_in("viewer")
    rows = list(read_csv(desk.client.get("/staff/passages.csv?show=shown").content, "passages.csv"))
    assert tuple(rows[0][1]) == passages_wording.COLUMNS
    assert any(str(cell) in quote or quote in str(cell) for cell in rows[1][1][3:4])
    book = load_workbook(io.BytesIO(desk.client.get("/staff/passages.xlsx").content))
    assert "f" not in {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert book.worksheets[0].max_row == len(engine.passages) + 1


@pytest.mark.parametrize(
    "query",
    ["?show=x&order=%00&scope=9&page=-1", "?page=999999", "?speaker=" + "王" * 3000, "?transcript=%3Cb%3E"],
)
def test_a_nonsense_address_is_a_page_all_the_same(desk: Desk, query: str) -> None:
    page = desk.sign_in("viewer").client.get(f"/staff/passages{query}")
    assert page.status_code == 200
    assert "<b>" not in page.text


def test_an_address_keeps_what_was_chosen() -> None:
    wanted = Filter("t-1", "王&李", "never", "text", "every", 2)
    assert "speaker=%E7%8E%8B%26%E6%9D%8E" in wanted.address(3)
    assert wanted.address(3).endswith("&page=3")


def test_very_many_passages_are_counted_in_bounded_time(engine: Engine) -> None:
    """A large corpus is counted through in seconds."""
    many = tuple(engine.passages) * (50_000 // len(engine.passages))

    class Many(Engine):
        """The same passages many times over."""

        def __init__(self) -> None:
            self.corpus = engine.corpus

        @property
        def passages(self) -> Sequence[Passage]:
            return many

    hits = [
        SpanHits(p.transcript.id, p.transcript.source.sha256, p.span.start, p.span.end, 1, 1)
        for p in engine.passages
    ]
    begun = time.monotonic()
    assert all(row.shown for row in counted(Many(), hits))
    assert time.monotonic() - begun < SECONDS
