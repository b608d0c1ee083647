"""The transcripts' questions in the room: taken, changed, left out and taken back."""

from __future__ import annotations

import html
import re

import pytest

from qa.coverage.mining import asked_there, proposal
from qa.coverage.sheets import read_csv
from qa.engine import Engine
from tests.staff_room import Desk
from web.records.model import NoteKind
from web.records.store import SqlRecords
from web.staff import mining_wording

STATES = ("open", "taken", "ignored", "all")


def _cards(page: str) -> list[dict[str, str]]:
    """The fields of every card's form as they stand on the page."""
    found = []
    for form in re.findall(r'<form method="post" action="/staff/mining">.*?</form>', page, re.DOTALL):
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        fields |= dict(re.findall(r'name="(\w+)" rows="\d"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
        found.append({name: html.unescape(value) for name, value in fields.items()})
    return found


def _sent(desk: Desk, address: str, fields: dict[str, str]) -> str:
    sent = desk.client.post(address, data=fields)
    assert sent.status_code == 200, sent.text
    return sent.text


def test_a_question_is_offered_with_the_words_that_decide(desk: Desk, engine: Engine) -> None:
    page = desk.sign_in("editor").client.get("/staff/mining").text
    cards = _cards(page)
    every = list(asked_there(engine.transcripts.values()))
    assert [card["question"] for card in cards] == [one.question for one in every]
    assert cards[0]["must"] == "\n".join(proposal(engine, every[0]).all_of)
    assert "段云奎" in page
    covered = mining_wording.COVERED.format(question="大足“创文”的品牌是什么？")
    assert covered in html.unescape(page)


def test_one_click_makes_a_draft_with_where_it_is_from(desk: Desk, records: SqlRecords) -> None:
    card = _cards(desk.sign_in("editor").client.get("/staff/mining").text)[0]
    page = _sent(desk, "/staff/mining", card)
    assert card["question"] not in [other["question"] for other in _cards(page)]
    rows = list(read_csv(desk.client.get("/staff/drafts.csv").content, "faq.csv"))
    row = dict(zip(rows[0][1], rows[1][1], strict=True))
    assert (row["问题"], row["必含"]) == (card["question"], card["must"])
    assert (row["出处"], row["发言人"]) == (card["transcript"], "段云奎")
    taken = desk.client.get("/staff/mining?show=taken").text
    assert mining_wording.STATUS["taken"] in taken
    assert {entry.action for entry in records.staff.audit.newest(3)} == {"note.add", "login"}


def test_what_is_changed_first_keeps_the_question_as_it_was_asked(desk: Desk) -> None:
    card = _cards(desk.sign_in("editor").client.get("/staff/mining").text)[0]
    changed = {**card, "question": "创文的牌子叫啥？", "must": "", "either": "文明大足｜时刻有礼"}
    page = _sent(desk, "/staff/mining", changed)
    assert card["question"] not in [other["question"] for other in _cards(page)]
    rows = list(read_csv(desk.client.get("/staff/drafts.csv").content, "faq.csv"))
    row = dict(zip(rows[0][1], rows[1][1], strict=True))
    assert row["问题"] == "创文的牌子叫啥？"
    assert (row["其他问法"], row["任一"]) == (card["question"], "文明大足|时刻有礼")


@pytest.mark.parametrize("question", ["", "长" * 301])
def test_what_cannot_be_a_case_is_told_at_its_card_and_nothing_typed_is_lost(
    desk: Desk, records: SqlRecords, question: str
) -> None:
    card = _cards(desk.sign_in("editor").client.get("/staff/mining").text)[1]
    typed = {**card, "question": question, "must": "我改过的话"}
    sent = desk.client.post("/staff/mining", data=typed)
    assert sent.status_code == 422
    again = _cards(sent.text)[1]
    assert (again["question"], again["must"]) == (question, "我改过的话")
    assert f'id="error-{card["id"]}"' in sent.text
    assert records.staff.notes.list() == ()


def test_a_question_left_out_is_gone_until_it_is_taken_back(desk: Desk, records: SqlRecords) -> None:
    cards = _cards(desk.sign_in("editor").client.get("/staff/mining").text)
    page = _sent(desk, "/staff/mining/ignore", cards[0])
    assert len(_cards(page)) == len(cards) - 1
    (note,) = records.staff.notes.list()
    assert note.kind is NoteKind.NOT_FAQ
    assert cards[0]["question"] not in desk.client.get("/staff/notes").text
    assert mining_wording.STATUS["ignored"] in desk.client.get("/staff/mining?show=ignored").text
    page = _sent(desk, "/staff/mining/restore", cards[0])
    assert len(_cards(page)) == len(cards)


@pytest.mark.parametrize("state", STATES)
def test_every_list_says_what_to_do_where_it_is_empty(desk: Desk, state: str) -> None:
    page = desk.sign_in("viewer").client.get(f"/staff/mining?transcript=nothing&show={state}").text
    assert mining_wording.NONE[state] in page


def test_a_viewer_reads_and_changes_nothing(desk: Desk) -> None:
    page = desk.sign_in("viewer").client.get("/staff/mining").text
    assert _cards(page) == []
    assert "段云奎" in page


def test_nonsense_in_the_address_is_the_usual_page(desk: Desk) -> None:
    desk.sign_in("viewer")
    for address in ("?transcript=%00%3Cb%3E&show=9&page=x", "?page=999999", "?transcript=" + "9" * 5000):
        assert desk.client.get(f"/staff/mining{address}").status_code == 200


def test_a_draft_stands_on_the_form_of_the_sets_field_by_field(desk: Desk, records: SqlRecords) -> None:
    card = _cards(desk.sign_in("editor").client.get("/staff/mining").text)[0]
    _sent(desk, "/staff/mining", {**card, "either": "文明大足|时刻有礼"})
    (note,) = records.staff.notes.list()
    page = html.unescape(desk.client.get(f"/staff/faq/new?note={note.id}").text)
    assert f'name="transcript" value="{card["transcript"]}"' in page
    assert 'name="speaker" value="段云奎"' in page
    assert "文明大足\n时刻有礼</textarea>" in page
