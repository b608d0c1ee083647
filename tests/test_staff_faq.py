"""The question sets in the room: a note becomes a case of the draft, is published, and is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.coverage.case_yaml import with_case, without_case
from qa.coverage.cases import FaqCase
from qa.coverage.files import read_cases
from qa.versions.draft import Draft
from qa.versions.lock import changing
from tests.staff import HOURS, QUESTION
from tests.staff_room import Hall
from web.records.model import NoteKind, NoteState
from web.staff import corpus_wording
from web.staff import faq_wording as wording

NEW = "/staff/faq/new"
ASKED = "没带证件可以当场补办吗？"
WORDS = "没带证件的，可以当场补办。"


def test_a_note_becomes_a_case_that_is_published_offered_and_asked(hall: Hall) -> None:
    note = hall.records.staff.notes.add(NoteKind.FAQ_DRAFT, ASKED, WORDS, "editor")
    page = hall.sign_in("editor").client.get("/staff/notes").text
    link = re.search(rf"{NEW}\?note=[0-9a-f]+", page)
    assert link
    form = hall.client.get(link[0]).text
    assert ASKED in form
    assert WORDS in form
    fields = {"question": ASKED, "all_of": WORDS, "topic": "办事<b>", "offer": "1", "note": note.id}
    draft = hall.send("/staff/faq", on=link[0], act="store", **fields)
    assert "common.yaml" in draft
    assert hall.records.staff.notes.list(state=NoteState.OPEN) == ()
    entry = next(e for e in hall.records.staff.audit.newest(3) if e.action == "draft.faq")
    assert (entry.target, entry.before) == (ASKED, None)
    assert entry.after

    checked = hall.examined()
    assert corpus_wording.CHANGES["appeared"] in checked  # type: ignore[index]
    hall.sign_in("admin").send("/staff/draft/publish", on="/staff/draft", why="加问题")
    hall.live.look()
    assert ASKED in hall.live.current.suggestions
    page = hall.client.get("/staff/faq").text
    assert "办事&lt;b&gt;" in page
    assert wording.OFFERED in page
    assert wording.FROM_CURRENT in page


def test_what_is_answered_now_is_shown_and_can_be_taken_as_expected(hall: Hall) -> None:
    hall.sign_in("editor")
    page = hall.send("/staff/faq", on=NEW, act="look", question=QUESTION, topic="时间")
    assert HOURS in page
    assert 'value="时间"' in page
    hall.send(
        "/staff/faq", on=NEW, act="store", question="大厅周末开门吗？", quote=HOURS, variants="周末开不开"
    )
    path = Draft.opened(hall.data).folder / "faq" / "room.yaml"
    (case,) = read_cases(path).cases.cases
    assert (case.all_of, case.variants) == ((HOURS,), ("周末开不开",))
    page = hall.client.get("/staff/faq?find=周末开不开").text
    assert wording.COUNT.format(count=1) in page
    assert wording.FROM_DRAFT in page
    hall.send("/staff/faq/remove", on="/staff/faq", question="大厅周末开门吗？")
    assert wording.FAQ_NONE in hall.client.get("/staff/faq?find=周末开不开").text
    assert wording.NOT_OURS in hall.refused("/staff/faq/remove", on="/staff/faq", question=QUESTION)


def test_what_cannot_be_a_case_is_told_at_its_field_and_stays_typed(hall: Hall) -> None:
    hall.sign_in("editor")
    for fields, told in (
        ({"question": ""}, "没有写"),
        ({"question": "长" * 301}, "300"),
        ({"question": QUESTION}, wording.TWICE),
        ({"question": "新问题是什么？", "variants": QUESTION}, wording.TWICE),
        ({"question": "新问题是什么？", "refuse": "1", "all_of": "九点"}, "应拒答"),
    ):
        page = hall.refused("/staff/faq", on=NEW, act="store", topic="<b>主题", **fields)
        assert told in page
        assert "&lt;b&gt;主题" in page
    with changing(hall.data, "王小明", "发布"):
        page = hall.refused("/staff/faq", on=NEW, act="store", question="新问题是什么？", topic="办事")
    assert "王小明" in page
    assert 'value="办事"' in page


def test_personal_data_is_not_put_into_a_question(hall: Hall) -> None:
    hall.sign_in("editor").send("/staff/faq", on=NEW, act="store", question="打13812345678能问大厅时间吗？")
    assert "13812345678" not in (Draft.opened(hall.data).folder / "faq" / "room.yaml").read_text("utf-8")


def test_a_note_that_is_gone_is_told_and_a_viewer_changes_nothing(hall: Hall) -> None:
    page = hall.sign_in("editor").client.get(f"{NEW}?note=1234")
    assert wording.NOTE_GONE in page.text
    hall.sign_in("viewer").told(403, "/staff/faq", question="新问题是什么？", act="store")
    assert hall.client.get(NEW).status_code == 403


@pytest.mark.parametrize("number", ["0", "x", "99"])
def test_any_page_of_the_list_is_one(hall: Hall, number: str) -> None:
    assert hall.sign_in("viewer").client.get(f"/staff/faq?page={number}").status_code == 200


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip)


@given(st.lists(_TEXT.filter(bool), min_size=1, max_size=4, unique=True))
def test_a_case_that_was_added_is_taken_out_again_and_what_stood_there_stays(questions: list[str]) -> None:
    head = "# 说明 # 别动\n- {question: 原有的？, all_of: [九点]}  # 手写\n".encode()
    data = head
    for question in questions:
        data = with_case(data, FaqCase("x", question, all_of=("甲", "乙"), refuse=False, topic="丙"))
    for question in reversed(questions):
        data = without_case(data, question)
    assert data == head
