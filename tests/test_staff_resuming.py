"""A session that ends while somebody works: signing in again loses nothing, and does nothing by itself."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.staff_room import PASSWORD, Desk
from web.records.store import SqlRecords
from web.staff import access, wording
from web.staff.resuming import NOTHING, Unfinished, read_unfinished

QUESTION = '公园"几点"<b>关门？'


def _fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


def _end(desk: Desk, records: SqlRecords) -> None:
    """The session ends on the server; the browser still has its cookie."""
    records.staff.sessions.end(desk.client.cookies[access.SESSION_COOKIE])


def test_a_form_sent_too_late_is_carried_through_signing_in_and_offered_again(
    desk: Desk, records: SqlRecords
) -> None:
    token = desk.token(desk.sign_in("editor").client.get("/staff/try").text)
    _end(desk, records)
    data = {"form": token, "question": QUESTION, "kind": "needs_briefing", "back": "/questions"}
    late = desk.client.post("/staff/notes", data=data)
    assert late.status_code == 401
    assert wording.SESSION_OVER_KEPT in late.text
    wrong = desk.client.post(
        "/staff/login", data={**_fields(late.text), "name": "editor", "password": "x" * 12}
    )
    assert wording.SESSION_OVER_KEPT in wrong.text  # a slip at the password loses nothing either
    offered = desk.client.post(
        "/staff/login", data={**_fields(wrong.text), "name": "editor", "password": PASSWORD}
    )
    assert records.staff.notes.list() == ()
    found = re.search(r'<form class="card" method="post" action="([^"]+)"', offered.text)
    assert found
    assert found[1] == "/staff/notes"
    done = desk.client.post(found[1], data=_fields(offered.text))
    assert done.status_code == 200
    assert [note.question for note in records.staff.notes.list()] == [QUESTION]


def test_a_password_is_never_carried(desk: Desk, records: SqlRecords) -> None:
    token = desk.token(desk.sign_in("admin").client.get("/staff/try").text)
    _end(desk, records)
    data = {"form": token, "name": "wang", "password": "a very secret word", "role": "editor"}
    late = desk.client.post("/staff/accounts", data=data)
    assert wording.SESSION_OVER_LEFT_OUT in late.text
    assert "wang" in late.text
    assert "a very secret word" not in late.text


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_that_is_not_ours_is_not_carried(desk: Desk, records: SqlRecords, token: str) -> None:
    desk.sign_in("editor")
    _end(desk, records)
    data = {"form": token, "question": QUESTION, "kind": "needs_briefing"}
    late = desk.client.post("/staff/notes", data=data, follow_redirects=False)
    assert (late.status_code, late.headers["location"]) == (303, "/staff/login")


def test_a_form_from_another_site_is_not_carried(desk: Desk, records: SqlRecords) -> None:
    token = desk.token(desk.sign_in("editor").client.get("/staff/try").text)
    _end(desk, records)
    data, headers = {"form": token, "question": QUESTION}, {"Sec-Fetch-Site": "cross-site"}
    late = desk.client.post("/staff/notes", data=data, headers=headers, follow_redirects=False)
    assert late.status_code == 303


def test_a_page_is_taken_up_again_after_signing_in(desk: Desk) -> None:
    page = desk.client.get("/staff/questions?days=7&show=all")
    assert page.url.path == "/staff/login"
    data = {**_fields(page.text), "name": "viewer", "password": PASSWORD}
    done = desk.client.post("/staff/login", data=data, follow_redirects=False)
    assert done.headers["location"] == "/staff/questions?days=7&show=all"


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example/",
        "https://evil.example/staff/try",
        "/staff//evil.example",
        "/staff/\\evil",
        "/",
        "/staffx",
        "/staff/try#x",
        "/staff/a\n",
        "javascript:alert(1)",
        "/staff/" + "a" * 100 + "\0",
    ],
)
def test_nothing_leads_out_of_the_room(desk: Desk, place: str) -> None:
    assert read_unfinished(place, "") == NOTHING
    page = desk.client.get("/staff/login", params={"to": place})
    data = {**_fields(page.text), "place": place, "name": "viewer", "password": PASSWORD}
    done = desk.client.post("/staff/login", data=data, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/staff")


@given(
    st.text() | st.sampled_from(["[1]", '{"a":1}', "[[1,2]]", '[["a"]]', "[" * 3000, "null", '[["a","b"]]'])
)
def test_whatever_is_carried_is_read_or_nothing(carried: str) -> None:
    found = read_unfinished("/staff/notes", carried)
    assert found == NOTHING or all(isinstance(part, str) for pair in found.fields for part in pair)


def test_what_is_carried_comes_back_as_it_was() -> None:
    carried = Unfinished("/staff/notes", (("question", QUESTION), ("scopes", "ask"), ("scopes", "metrics")))
    assert read_unfinished(carried.place, carried.carried) == carried
    assert carried.label == wording.NOTES


def test_too_much_is_not_carried_and_said(desk: Desk, records: SqlRecords) -> None:
    token = desk.token(desk.sign_in("editor").client.get("/staff/try").text)
    _end(desk, records)
    late = desk.client.post("/staff/notes", data={"form": token, "body": '"' * 15_000})
    assert wording.SESSION_OVER_LEFT_OUT in late.text
    assert len(late.text) < 20_000
