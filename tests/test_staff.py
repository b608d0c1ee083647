"""The room's doors: who may come in, with what, and that every route has one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from tests.staff_room import PASSWORD, Desk, room_routes
from tests.tiny import TinyEngine
from web.app import create_app
from web.ports import FixedEngine
from web.records.model import Role
from web.records.store import SqlRecords
from web.site import Site
from web.staff import access, wording

LOOPBACK = "http://127.0.0.1"

NEEDED = {
    ("GET", "/staff"): Role.VIEWER,
    ("POST", "/staff/logout"): Role.VIEWER,
    ("GET", "/staff/try"): Role.VIEWER,
    ("POST", "/staff/try"): Role.VIEWER,
    ("GET", "/staff/questions"): Role.VIEWER,
    ("GET", "/staff/questions.csv"): Role.VIEWER,
    ("GET", "/staff/questions.xlsx"): Role.VIEWER,
    ("GET", "/staff/questions/{group}"): Role.VIEWER,
    ("GET", "/staff/feedback"): Role.VIEWER,
    ("GET", "/staff/mining"): Role.VIEWER,
    ("POST", "/staff/mining"): Role.EDITOR,
    ("POST", "/staff/mining/ignore"): Role.EDITOR,
    ("POST", "/staff/mining/restore"): Role.EDITOR,
    ("GET", "/staff/passages"): Role.VIEWER,
    ("GET", "/staff/passages.csv"): Role.VIEWER,
    ("GET", "/staff/passages.xlsx"): Role.VIEWER,
    ("GET", "/staff/notes"): Role.VIEWER,
    ("POST", "/staff/notes"): Role.EDITOR,
    ("POST", "/staff/notes/change"): Role.EDITOR,
    ("GET", "/staff/drafts.csv"): Role.VIEWER,
    ("GET", "/staff/drafts.xlsx"): Role.VIEWER,
    ("GET", "/staff/coverage"): Role.VIEWER,
    ("POST", "/staff/coverage"): Role.EDITOR,
    ("GET", "/staff/coverage/report.css"): Role.VIEWER,
    ("GET", "/staff/coverage/compare"): Role.VIEWER,
    ("GET", "/staff/coverage/{run}"): Role.VIEWER,
    ("GET", "/staff/coverage/{run}/{kind}"): Role.VIEWER,
    ("GET", "/staff/versions"): Role.VIEWER,
    ("GET", "/staff/versions/compare"): Role.VIEWER,
    ("GET", "/staff/versions/rollback"): Role.ADMIN,
    ("POST", "/staff/versions/rollback"): Role.ADMIN,
    ("GET", "/staff/uploads"): Role.VIEWER,
    ("POST", "/staff/uploads"): Role.EDITOR,
    ("GET", "/staff/uploads/{upload}"): Role.VIEWER,
    ("POST", "/staff/uploads/{upload}/store"): Role.EDITOR,
    ("POST", "/staff/uploads/{upload}/discard"): Role.EDITOR,
    ("GET", "/staff/transcripts"): Role.VIEWER,
    ("GET", "/staff/transcripts/{transcript:path}"): Role.VIEWER,
    ("GET", "/staff/expire"): Role.EDITOR,
    ("POST", "/staff/expire"): Role.EDITOR,
    ("POST", "/staff/unexpire"): Role.EDITOR,
    ("GET", "/staff/lexicon"): Role.VIEWER,
    ("POST", "/staff/lexicon"): Role.VIEWER,
    ("POST", "/staff/lexicon/try"): Role.EDITOR,
    ("POST", "/staff/lexicon/keep"): Role.EDITOR,
    ("POST", "/staff/lexicon/drop"): Role.EDITOR,
    ("GET", "/staff/faq"): Role.VIEWER,
    ("GET", "/staff/faq/new"): Role.EDITOR,
    ("POST", "/staff/faq"): Role.EDITOR,
    ("POST", "/staff/faq/remove"): Role.EDITOR,
    ("GET", "/staff/draft"): Role.VIEWER,
    ("POST", "/staff/draft/revert"): Role.EDITOR,
    ("POST", "/staff/draft/remove"): Role.EDITOR,
    ("POST", "/staff/draft/discard"): Role.EDITOR,
    ("POST", "/staff/draft/check"): Role.EDITOR,
    ("POST", "/staff/draft/publish"): Role.ADMIN,
    ("GET", "/staff/draft/answers.csv"): Role.VIEWER,
    ("GET", "/staff/draft/answers.xlsx"): Role.VIEWER,
    ("GET", "/staff/accounts"): Role.ADMIN,
    ("POST", "/staff/accounts"): Role.ADMIN,
    ("POST", "/staff/accounts/password"): Role.ADMIN,
    ("POST", "/staff/accounts/role"): Role.ADMIN,
    ("POST", "/staff/accounts/disabled"): Role.ADMIN,
    ("GET", "/staff/keys"): Role.ADMIN,
    ("POST", "/staff/keys"): Role.ADMIN,
    ("POST", "/staff/keys/rotate"): Role.ADMIN,
    ("POST", "/staff/keys/revoke"): Role.ADMIN,
    ("GET", "/staff/audit"): Role.ADMIN,
    ("GET", "/staff/audit.csv"): Role.ADMIN,
    ("GET", "/staff/audit.xlsx"): Role.ADMIN,
}
OPEN = {("GET", "/staff/login"), ("POST", "/staff/login")}
"""What needs no account: the page to sign in on."""


def _asked(desk: Desk, method: str, path: str, **data: str) -> int:
    address = path.replace("{", "").replace("}", "")
    given = {"data": data} if method == "POST" else {}
    return desk.client.request(method, address, follow_redirects=False, **given).status_code  # type: ignore[arg-type]


def _walk(desk: Desk) -> list[tuple[str, str]]:
    routes = room_routes(desk.client.app)
    return [(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}]


def test_every_route_is_known_here_with_the_role_it_needs(desk: Desk) -> None:
    assert set(_walk(desk)) == NEEDED.keys() | OPEN


def test_whoever_is_not_signed_in_gets_the_page_to_sign_in_on(desk: Desk) -> None:
    for method, path in NEEDED:
        address = path.replace("{", "").replace("}", "")
        answer = desk.client.request(method, address, follow_redirects=False)
        assert answer.status_code == 303, path
        assert urlsplit(answer.headers["location"]).path == "/staff/login", path


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_its_routes_and_no_others(desk: Desk, role: Role) -> None:
    desk.sign_in(role.value)
    token = desk.token(desk.client.get("/staff/try").text)
    for (method, path), needed in NEEDED.items():
        if path == "/staff/logout":
            continue
        status = _asked(desk, method, path, form=token)
        assert (status == 403) is not role.includes(needed), (path, status)
        assert status < 500, path


def test_nothing_is_changed_without_the_token_of_the_form(desk: Desk) -> None:
    desk.sign_in("admin")
    other = access.form_token("somebody else's session")
    for method, path in NEEDED:
        if method == "POST":
            assert _asked(desk, method, path) == 403, path
            assert _asked(desk, method, path, form=other) == 403, path


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://e.cn"}]
)
def test_nothing_is_changed_from_another_site(desk: Desk, headers: dict[str, str]) -> None:
    desk.sign_in("admin")
    token = desk.token(desk.client.get("/staff/try").text)
    sent = desk.client.post("/staff/try", data={"form": token, "question": "社保"}, headers=headers)
    assert sent.status_code == 403
    assert wording.FROM_ELSEWHERE[1] in sent.text


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(desk: Desk) -> None:
    pages = []
    for name in ("admin", "nobody"):
        desk.client.cookies.clear()
        form = desk.token(desk.client.get("/staff/login").text)
        sent = desk.client.post("/staff/login", data={"name": name, "password": "x" * 12, "form": form})
        assert sent.status_code == 422
        pages.append(sent.text.replace(name, "").replace(desk.token(sent.text), ""))
    assert pages[0] == pages[1]
    assert wording.SIGN_IN_WRONG in pages[0]


def test_a_name_must_wait_after_failures_known_or_not(desk: Desk) -> None:
    for name in ("admin", "nobody"):
        form = desk.token(desk.client.get("/staff/login").text)
        data = {"name": name, "password": "x" * 12, "form": form}
        statuses = [desk.client.post("/staff/login", data=data).status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]


def test_an_address_must_wait_after_many_tries(desk: Desk) -> None:
    form = desk.token(desk.client.get("/staff/login").text)
    tries = ({"name": f"name{n}", "password": "x" * 12, "form": form} for n in range(31))
    statuses = [desk.client.post("/staff/login", data=data).status_code for data in tries]
    assert statuses == [422] * 30 + [429]


def test_one_cannot_sign_in_without_the_page_s_own_token(desk: Desk) -> None:
    sent = desk.client.post("/staff/login", data={"name": "admin", "password": PASSWORD})
    assert sent.status_code == 403


@pytest.mark.parametrize(
    ("base", "headers", "secure"),
    [
        (LOOPBACK, {}, False),
        (LOOPBACK, {"X-Forwarded-For": "10.0.0.9"}, True),
        ("https://127.0.0.1", {}, True),
        ("http://office.example", {}, True),
    ],
)
def test_cookies_are_for_this_room_and_secure(
    desk: Desk, base: str, headers: dict[str, str], secure: bool
) -> None:
    cookie = desk.client.get(f"{base}/staff/login", headers=headers).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/staff" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) is secure


def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    desk.sign_in("viewer")
    session = desk.client.cookies[access.SESSION_COOKIE]
    desk.send("/staff/logout")
    desk.client.cookies.set(access.SESSION_COOKIE, session, path="/staff")
    assert _asked(desk, "GET", "/staff/try") == 303


def test_who_came_and_went_is_written_down(desk: Desk, records: SqlRecords) -> None:
    desk.sign_in("viewer").send("/staff/logout")
    assert [(e.who, e.action) for e in records.staff.audit.newest(9)] == [
        ("viewer", "logout"),
        ("viewer", "login"),
    ]


def test_pages_are_kept_by_nobody_and_run_nothing_inline(desk: Desk) -> None:
    desk.sign_in("admin")
    for method, path in NEEDED:
        if method != "GET" or "{" in path:
            continue
        page = desk.client.get(path)
        assert page.headers["cache-control"] == "no-store", path
        assert "content-encoding" not in page.headers, path  # beside a token, compressing tells of it
        assert "script-src 'self'" in page.headers["content-security-policy"], path
        if "html" in page.headers["content-type"]:
            assert " style=" not in page.text, path
            assert "<script" not in page.text, path


def test_without_records_the_room_says_what_it_needs() -> None:
    with TestClient(create_app(FixedEngine(TinyEngine()), Site())) as client:
        for address in ("/staff", "/staff/login", "/staff/try"):
            page = client.get(address)
            assert page.status_code == 503
            assert wording.NO_STORE[1] in page.text


def test_residents_pages_do_not_lead_here(desk: Desk) -> None:
    for address in ("/", "/transcripts", "/api"):
        assert "/staff" not in desk.client.get(address).text


def test_a_question_is_tried_and_explained(desk: Desk) -> None:
    page = desk.sign_in("viewer").send("/staff/try", question="社保卡丢了怎么办", repair="1")
    assert wording.TRY_WHY in page
    assert page.count("<details") > 5
    assert " × " in page


def test_a_question_that_cannot_be_asked_is_told_at_the_field(desk: Desk) -> None:
    desk.sign_in("viewer")
    token = desk.token(desk.client.get("/staff/try").text)
    page = desk.client.post("/staff/try", data={"form": token, "question": "<b>" + "长" * 300})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "<b>长" not in page.text
