"""Accounts, keys and the log, as admins see them."""

from __future__ import annotations

import re

import pytest

from tests.staff_room import PASSWORD, Desk
from web.records.model import Role, Scope
from web.records.store import SqlRecords
from web.staff import access, wording
from web.staff.handing import HANDED_COOKIE

OTHER = "another long password"


def _refused(desk: Desk, address: str, **fields: str) -> str:
    token = desk.token(desk.client.get("/staff/try").text)
    sent = desk.client.post(address, data={**fields, "form": token})
    assert sent.status_code == 422
    return sent.text


def test_an_account_is_made_and_comes_in(desk: Desk, records: SqlRecords) -> None:
    desk.sign_in("admin").send("/staff/accounts", name="Wang", password=OTHER, role="editor")
    assert ("account.add", "wang") in {(e.action, e.target) for e in records.staff.audit.newest(9)}
    desk.sign_in("wang", OTHER)
    assert wording.ROLES[Role.EDITOR] in desk.client.get("/staff/try").text


def test_a_password_that_is_set_ends_the_sessions(desk: Desk, records: SqlRecords) -> None:
    session = records.staff.sessions.start("viewer")
    desk.sign_in("admin").send("/staff/accounts/password", name="viewer", password=OTHER)
    assert records.staff.sessions.find(session) is None
    desk.sign_in("viewer", OTHER)


def test_a_role_counts_from_the_next_request_on(desk: Desk, records: SqlRecords) -> None:
    session = records.staff.sessions.start("viewer")
    desk.sign_in("admin").send("/staff/accounts/role", name="viewer", role="admin")
    desk.client.cookies.set(access.SESSION_COOKIE, session, path="/staff")
    assert desk.client.get("/staff/audit").status_code == 200


def test_a_closed_account_is_out_at_once(desk: Desk, records: SqlRecords) -> None:
    session = records.staff.sessions.start("editor")
    page = desk.sign_in("admin").send("/staff/accounts/disabled", name="editor", disabled="true")
    assert wording.ACCOUNT_DISABLED in page
    assert records.staff.sessions.find(session) is None
    assert records.staff.accounts.sign_in("editor", PASSWORD).account is None


@pytest.mark.parametrize("name", ["admin", " ADMIN "])
def test_nobody_locks_themselves_out(desk: Desk, name: str) -> None:
    desk.sign_in("admin")
    assert wording.NOT_ONESELF in _refused(desk, "/staff/accounts/role", name=name, role="viewer")
    assert wording.NOT_ONESELF in _refused(desk, "/staff/accounts/disabled", name=name, disabled="true")


def test_what_an_account_may_not_be_is_told_and_the_password_never_repeated(desk: Desk) -> None:
    desk.sign_in("admin")
    page = _refused(desk, "/staff/accounts", name="x y", password=OTHER, role="viewer")
    assert "账号名" in page
    assert OTHER not in page
    page = _refused(desk, "/staff/accounts", name="wang", password="short", role="editor")
    assert "密码" in page
    assert 'name="name" value="wang"' in page
    assert '<option value="editor" selected>' in page
    weak = _refused(desk, "/staff/accounts/password", name="viewer", password="short")
    assert weak.count('role="alert"') == 1
    assert "short" not in weak.replace("short_", "")
    _refused(desk, "/staff/accounts", name="wang", password=OTHER, role="king")


def test_a_key_is_shown_once_and_opens_what_it_says(desk: Desk, records: SqlRecords) -> None:
    page = desk.sign_in("admin").send("/staff/keys", label="东门", scopes="ask", days="30", per_minute="60")
    assert "“东门”" in page
    found = re.search(r"ms_[0-9a-f]{12}_[\w-]{43}", page)
    assert found
    key = records.staff.keys.check(found[0])
    assert key
    assert (key.label, key.scopes, key.per_minute) == ("东门", frozenset({Scope.ASK}), 60)
    assert found[0] not in desk.client.get("/staff/keys").text
    rotated = re.search(r"ms_[0-9a-f]{12}_[\w-]{43}", desk.send("/staff/keys/rotate", key=key.id))
    assert rotated
    assert rotated[0] != found[0]
    desk.send("/staff/keys/revoke", key=key.id)
    assert records.staff.keys.check(found[0]) is None


def test_making_a_key_leads_to_a_page_that_can_be_reloaded(desk: Desk, records: SqlRecords) -> None:
    form = desk.token(desk.sign_in("admin").client.get("/staff/try").text)
    data = {"form": form, "label": "东门", "scopes": "ask"}
    made = desk.client.post("/staff/keys", data=data, follow_redirects=False)
    assert (made.status_code, made.headers["location"]) == (303, "/staff/keys")
    cookie = made.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "ms_" not in cookie.partition("=")[2].partition(";")[0]
    assert re.search(r"ms_[0-9a-f]{12}_", desk.client.get("/staff/keys").text)
    assert not re.search(r"ms_[0-9a-f]{12}_", desk.client.get("/staff/keys").text)
    assert len(records.staff.keys.list()) == 1


def test_a_key_handed_over_is_of_one_session_only(desk: Desk) -> None:
    form = desk.token(desk.sign_in("admin").client.get("/staff/try").text)
    data = {"form": form, "label": "东门", "scopes": "ask"}
    desk.client.post("/staff/keys", data=data, follow_redirects=False)
    kept = desk.client.cookies[HANDED_COOKIE]
    desk.sign_in("admin")
    for value in (kept, "", "x" * 5000):
        desk.client.cookies.set(HANDED_COOKIE, value, path="/staff")
        page = desk.client.get("/staff/keys")
        assert page.status_code == 200
        assert "ms_" not in page.text


@pytest.mark.parametrize(
    "fields", [{"label": ""}, {"scopes": ""}, {"days": "0"}, {"days": "9" * 30}, {"per_minute": "-1"}]
)
def test_what_a_key_may_not_be_is_told(desk: Desk, records: SqlRecords, fields: dict[str, str]) -> None:
    desk.sign_in("admin")
    typed = {"label": "东门", "scopes": "ask", "days": "7", "per_minute": "9", **fields}
    page = _refused(desk, "/staff/keys", **typed)
    for name in ("label", "days", "per_minute"):
        assert f'name="{name}" value="{typed[name]}"' in page
    assert ('value="ask" checked' in page) is ("scopes" not in fields)
    assert records.staff.keys.list() == ()


def test_the_log_is_read_by_person_and_downloaded_safely(desk: Desk, records: SqlRecords) -> None:
    records.staff.audit.add("wang", "=cmd", "<b>", detail="+1")
    page = desk.sign_in("admin").client.get("/staff/audit?who=wang").text
    assert "&lt;b&gt;" in page
    assert page.count("<tr>") == 2
    table = desk.client.get("/staff/audit.csv").text
    assert "'=cmd" in table
    assert "'+1" in table
    assert desk.client.get("/staff/audit.xlsx").content.startswith(b"PK")
