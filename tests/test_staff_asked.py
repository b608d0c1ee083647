"""Questions asked, feedback and notes, as staff see them."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from qa.coverage.sheets import read_csv
from qa.engine import Engine
from qa.model import Status
from tests.staff_room import Desk, written
from web.records.model import Channel, DayCount, NoteKind, NoteState, QuestionEntry, day_of, new_id, utc_now
from web.records.store import SqlRecords
from web.staff import asked_wording, wording
from web.staff.meanings import Grouping
from web.staff.trend import bars

FORMULA = "=HYPERLINK(1)怎么办"


def _asked(records: SqlRecords, text: str, status: Status = Status.NO_ANSWER, days: int = 0) -> str:
    entry = QuestionEntry(
        new_id(), text, status, 0.2, "sha256:0", Channel.WEB, utc_now() - timedelta(days=days)
    )
    assert records.questions.add(entry)
    return entry.id


def test_what_nobody_got_answered_comes_first_with_counts(desk: Desk, records: SqlRecords) -> None:
    for _ in range(3):
        _asked(records, "公园几点关门？")
    _asked(records, "公园几点关门", days=40)
    _asked(records, "社保卡丢了怎么办", Status.ANSWERED)
    written(records)
    page = desk.sign_in("viewer").client.get("/staff/questions").text
    assert page.count("公园几点关门") == 2  # in the table, and in the form
    assert ">3<" in page.replace(" ", "")
    assert "社保卡丢了" not in page
    assert asked_wording.TO_BRIEFING not in page  # a viewer writes nothing down
    every = desk.client.get("/staff/questions?show=all").text
    assert every.index("公园几点关门") < every.index("社保卡丢了")


SAME = ("创业担保贷款个人额度提高到多少？", "创业担保贷个人额度涨到好多", "創業擔保貸款個人額度提高到多少")
OTHER = "创业担保贷款哪里办"


def test_wordings_of_one_meaning_are_one_group_with_its_answer(desk: Desk, records: SqlRecords) -> None:
    for number, text in enumerate(SAME):
        for _ in range(3 - number):
            _asked(records, text, Status.RELATED)
    _asked(records, OTHER)
    written(records)
    page = desk.sign_in("editor").client.get("/staff/questions").text
    assert page.count('<td class="q">') == 2
    assert asked_wording.OTHER_WORDINGS.format(count=2) in page
    found = re.search(r'href="(/staff/questions/[0-9a-f]{12}[^"]*)">' + SAME[0], page)
    assert found
    group = desk.client.get(html.unescape(found[1])).text
    for text in SAME:
        assert text in group
    assert "25万元" in group  # what the version in force answers
    assert wording.STATUSES[Status.ANSWERED] in group
    assert asked_wording.GROUP_NUMBERS.format(count=6, unanswered=6, earlier=0, unhelpful=0) in group
    body = re.search(r'name="body" value="([^"]*)"', group)
    assert body
    desk.send("/staff/notes", question=SAME[0], kind="faq_draft", body=body[1])
    (row,) = list(read_csv(desk.client.get("/staff/drafts.csv").content, "faq.csv"))[1:]
    assert set(SAME[1:]) <= set(str(row[1][2]).split("|"))


def test_a_group_that_is_not_there_says_where_to_look(desk: Desk) -> None:
    page = desk.sign_in("viewer").client.get("/staff/questions/0123456789ab")
    assert page.status_code == 404
    assert asked_wording.GROUP_GONE[1] in page.text


def test_a_draft_that_contradicts_itself_is_told_at_the_field_and_kept_as_typed(
    desk: Desk, records: SqlRecords
) -> None:
    desk.sign_in("editor").send("/staff/notes", question="公园几点关门？", kind="faq_draft")
    (note,) = records.staff.notes.list()
    typed = "晚上九点\n应拒答：是"
    data = {
        "note": note.id,
        "state": "open",
        "body": typed,
        "form": desk.token(desk.client.get("/staff/try").text),
    }
    page = desk.client.post("/staff/notes/change", data=data)
    assert page.status_code == 422
    assert typed in page.text
    assert f'aria-describedby="error-{note.id}"' in page.text
    assert records.staff.notes.list()[0].body == ""


def test_what_time_does_not_suffice_for_stands_alone_and_is_grouped_on_the_next_visit(
    engine: Engine, records: SqlRecords
) -> None:
    for text in SAME:
        _asked(records, text)
    written(records)
    today = day_of(utc_now())
    wordings = records.questions.wordings(today, today, 9)
    ticks = iter(range(100))
    slow = Grouping(2.5, clock=lambda: next(ticks))
    first, second = slow.groups(engine, wordings), slow.groups(engine, wordings)
    assert (len(first.groups), first.left) == (2, 1)
    assert (len(second.groups), second.left) == (1, 0)
    assert slow.groups(engine, wordings) == second


def test_an_empty_list_and_a_nonsense_address_are_pages_all_the_same(desk: Desk) -> None:
    desk.sign_in("viewer")
    for address in (
        "questions",
        "questions?days=x&show=%00&page=-1",
        "questions?page=999999",
        "feedback?show=9",
    ):
        page = desk.client.get(f"/staff/{address}")
        assert page.status_code == 200, address
    assert asked_wording.ASKED_NONE in desk.client.get("/staff/questions").text


@pytest.mark.parametrize("kind", [NoteKind.NEEDS_BRIEFING, NoteKind.FAQ_DRAFT])
def test_one_click_writes_a_question_down_once(desk: Desk, records: SqlRecords, kind: NoteKind) -> None:
    _asked(records, "公园几点关门？")
    written(records)
    desk.sign_in("editor")
    page = ""
    for text in ("公园几点关门？", "公园几点关门"):
        page = desk.send(
            "/staff/notes", question=text, kind=kind.value, back="/questions?days=7&show=all&page=1"
        )
    assert asked_wording.NOTED[kind] in page
    (note,) = records.staff.notes.list()
    assert (note.kind, note.question, note.author) == (kind, "公园几点关门？", "editor")
    assert "note.add" in {entry.action for entry in records.staff.audit.newest(5)}


def test_a_note_is_filled_in_and_done(desk: Desk, records: SqlRecords) -> None:
    desk.sign_in("editor").send("/staff/notes", question="公园几点关门？", kind="faq_draft")
    (note,) = records.staff.notes.list()
    body = "晚上九点\n不收费\n其他问法：公园好久关门｜公园几点闭园\n出处：t-2021"
    desk.send("/staff/notes/change", note=note.id, state="open", body=body)
    table = list(read_csv(desk.client.get("/staff/drafts.csv").content, "faq.csv"))
    row = dict(zip(table[0][1], table[1][1], strict=True))
    assert (row["必含"], row["其他问法"]) == ("晚上九点|不收费", "公园好久关门|公园几点闭园")
    assert row["出处"] == "t-2021"
    desk.send("/staff/notes/change", note=note.id, state="done", body="晚上九点")
    assert records.staff.notes.list()[0].state is NoteState.DONE
    assert "公园几点关门" in desk.client.get("/staff/notes?show=done").text


def test_a_note_that_is_not_there_is_told(desk: Desk) -> None:
    desk.sign_in("editor")
    token = desk.token(desk.client.get("/staff/try").text)
    sent = desk.client.post("/staff/notes/change", data={"form": token, "note": "x", "state": "done"})
    assert sent.status_code == 422
    assert wording.NOT_DONE in sent.text


def test_no_cell_of_a_download_is_a_formula(desk: Desk, records: SqlRecords) -> None:
    _asked(records, FORMULA)
    written(records)
    desk.sign_in("editor").send("/staff/notes", question=FORMULA, kind="faq_draft")
    for name in ("questions.csv", "drafts.csv"):
        answer = desk.client.get(f"/staff/{name}")
        assert "attachment" in answer.headers["content-disposition"]
        assert f"'{FORMULA}" in answer.text, name
    for name in ("questions.xlsx", "drafts.xlsx"):
        book = load_workbook(io.BytesIO(desk.client.get(f"/staff/{name}").content))
        kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
        assert "f" not in kinds, name


def test_feedback_stands_beside_its_question(desk: Desk, records: SqlRecords) -> None:
    question = _asked(records, "公园几点关门？")
    records.feedback.add(question, helpful=False, reason="<i>没说</i>周末")
    records.feedback.add(new_id(), helpful=True)
    written(records)
    page = desk.sign_in("viewer").client.get("/staff/feedback").text
    assert "公园几点关门？" in page
    assert "&lt;i&gt;没说" in page
    assert wording.FEEDBACK_GONE in desk.client.get("/staff/feedback?show=all").text


def test_the_chart_has_a_bar_for_every_day_that_adds_up() -> None:
    since, until = date(2026, 1, 1), date(2026, 1, 7)
    counts = [DayCount(since, Status.ANSWERED, 3), DayCount(since, Status.DECLINED, 1)]
    made = bars(counts, since, until)
    assert [(bar.answered, bar.others) for bar in made] == [(3, 1)] + [(0, 0)] * 6
    assert (made[0].top, made[0].middle, made[1].top) == (0, 30, 120)


@given(st.integers(1, 400), st.lists(st.integers(-5, 405), max_size=20))
def test_whatever_is_counted_is_in_one_bar_and_bars_leave_no_day_out(days: int, asked: list[int]) -> None:
    until = date(2026, 11, 22)
    since = until - timedelta(days=days - 1)
    counts = [DayCount(since + timedelta(days=at), Status.RELATED, 1) for at in asked]
    made = bars(counts, since, until)
    assert sum(bar.others for bar in made) == sum(0 <= at < days for at in asked)
    assert (made[0].first, made[-1].last) == (since, until)
    for before, after in pairwise(made):
        assert after.first == before.last + timedelta(days=1)
    assert len(made) <= 60
