"""Questions asked, feedback and notes, as staff see them."""

from __future__ import annotations

import io
import time
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from qa.coverage.sheets import read_csv
from qa.model import Status
from tests.staff_room import Desk
from web.records.model import Channel, DayCount, NoteKind, NoteState, QuestionEntry, new_id, utc_now
from web.records.store import SqlRecords
from web.staff import wording
from web.staff.asked import bars

FORMULA = "=HYPERLINK(1)怎么办"


def _asked(records: SqlRecords, text: str, status: Status = Status.NO_ANSWER, days: int = 0) -> str:
    entry = QuestionEntry(
        new_id(), text, status, 0.2, "sha256:0", Channel.WEB, utc_now() - timedelta(days=days)
    )
    assert records.questions.add(entry)
    return entry.id


def _written(records: SqlRecords) -> None:
    deadline = time.monotonic() + 10
    while records.stats().queued and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not records.stats().queued


def test_what_nobody_got_answered_comes_first_with_counts(desk: Desk, records: SqlRecords) -> None:
    for _ in range(3):
        _asked(records, "公园几点关门？")
    _asked(records, "公园几点关门", days=40)
    _asked(records, "社保卡丢了怎么办", Status.ANSWERED)
    _written(records)
    page = desk.sign_in("viewer").client.get("/staff/questions").text
    assert page.count("公园几点关门") == 2  # in the table, and in the form
    assert ">3<" in page.replace(" ", "")
    assert "社保卡丢了" not in page
    assert wording.TO_BRIEFING not in page  # a viewer writes nothing down
    assert "社保卡丢了" in desk.client.get("/staff/questions?show=all").text


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
    assert wording.ASKED_NONE in desk.client.get("/staff/questions").text


@pytest.mark.parametrize("kind", NoteKind)
def test_one_click_writes_a_question_down_once(desk: Desk, records: SqlRecords, kind: NoteKind) -> None:
    _asked(records, "公园几点关门？")
    _written(records)
    desk.sign_in("editor")
    page = ""
    for text in ("公园几点关门？", "公园几点关门"):
        page = desk.send("/staff/notes", question=text, kind=kind.value, days="7", show="all", page="1")
    assert wording.NOTED[kind] in page
    (note,) = records.staff.notes.list()
    assert (note.kind, note.question, note.author) == (kind, "公园几点关门？", "editor")
    assert "note.add" in {entry.action for entry in records.staff.audit.newest(5)}


def test_a_note_is_filled_in_and_done(desk: Desk, records: SqlRecords) -> None:
    desk.sign_in("editor").send("/staff/notes", question="公园几点关门？", kind="faq_draft")
    (note,) = records.staff.notes.list()
    desk.send("/staff/notes/change", note=note.id, state="open", body="晚上九点\n不收费")
    table = list(read_csv(desk.client.get("/staff/drafts.csv").content, "faq.csv"))
    assert "晚上九点|不收费" in table[1][1]
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
    _written(records)
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
    _written(records)
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
