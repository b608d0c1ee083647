"""An answer's own address, the conversation, feedback and deletion, over a real record store."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.tiny import TinyEngine
from web import wording
from web.app import create_app
from web.ports import AnswerEngine
from web.records.model import utc_now
from web.records.ports import Records
from web.records.store import open_records
from web.settings import WebSettings
from web.site import Site

MOBILE = "13812345678"
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class _Clock:
    """A clock that tests set forward."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class _Published:
    """An engine source that tests publish to."""

    current: AnswerEngine = field(default_factory=TinyEngine)


@dataclass(frozen=True)
class Kiosk:
    """A site with a record store, seen from outside and inside."""

    client: TestClient
    records: Records
    clock: _Clock
    engines: _Published
    folder: Path

    def ask(self, question: str, **more: Any) -> str:
        """Asks, and gives the address of the answer."""
        sent = self.client.post("/", data={"question": question, **more}, follow_redirects=False)
        assert sent.status_code == 303
        return str(sent.headers["location"])


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    """A site whose records are in a file of their own."""
    clock, engines = _Clock(), _Published()
    records = open_records(WebSettings(records_wait_ms=2000), tmp_path, clock)
    site = Site(keeps=True, public_url="https://wen.example.org")
    with TestClient(create_app(engines, site, records)) as client:
        yield Kiosk(client, records, clock, engines, tmp_path)


@pytest.fixture(scope="module")
def named() -> Iterator[TestClient]:
    """A site that knows its address outside, without a store."""
    with TestClient(create_app(_Published(), Site(public_url="https://wen.example.org"))) as client:
        yield client


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[TestClient]:
    """A site whose record store cannot be reached."""
    (tmp_path / "file").write_text("no folder", "utf-8")
    records = open_records(WebSettings(), tmp_path / "file")
    with TestClient(create_app(_Published(), Site(keeps=True), records)) as client:
        yield client


def _eventually(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("never came true")


# --- an address for each answer -----------------------------------------------------------------------


def test_an_answer_has_a_random_address_without_the_question(kiosk: Kiosk) -> None:
    first, second = kiosk.ask("几点开门"), kiosk.ask("几点开门")
    for address in (first, second):
        assert re.fullmatch(r"/a/[A-Za-z0-9_-]{22,32}", address)
    assert first != second
    page = kiosk.client.get(first)
    assert page.status_code == 200
    assert "大厅周一到周五" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"


def test_an_answer_is_gone_after_a_day_and_the_page_offers_the_box(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    kiosk.clock.ahead = timedelta(hours=23)
    assert kiosk.client.get(address).status_code == 200
    kiosk.clock.ahead = timedelta(hours=25)
    for gone in (address, "/a/" + "0" * 32, "/a/" + "9" * 500, "/a/%00"):
        page = kiosk.client.get(gone)
        assert page.status_code == 404
        assert wording.EXPIRED_TITLE in page.text
        assert 'name="question"' in page.text


def test_an_answer_at_its_address_is_of_the_version_now_in_force(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    assert wording.OUTDATED not in kiosk.client.get(address).text
    kiosk.engines.current = replace(TinyEngine(), corpus="sha256:" + "0" * 64)
    assert wording.OUTDATED in kiosk.client.get(address).text


def test_repairs_undone_stay_undone_at_the_address(kiosk: Kiosk) -> None:
    page = kiosk.client.get(kiosk.ask("好久开门", repair="0")).text
    assert wording.AS_WRITTEN in page
    assert "理解为" not in page


def test_without_a_store_the_answer_is_rendered_directly(tiny: TestClient) -> None:
    page = tiny.post("/", data={"question": "几点开门"}, follow_redirects=False)
    assert page.status_code == 200
    assert "大厅周一到周五" in page.text
    assert wording.FEEDBACK_TITLE not in page.text
    assert wording.FORGET not in page.text


def test_a_store_that_fails_costs_nobody_an_answer(broken: TestClient) -> None:
    page = broken.post("/", data={"question": "几点开门"}, follow_redirects=False)
    assert page.status_code == 200
    assert "大厅周一到周五" in page.text
    away = broken.get("/a/" + "0" * 32)
    assert away.status_code == 503
    assert wording.UNAVAILABLE[0] in away.text
    assert "retry-after" in away.headers


def test_personal_data_is_masked_in_the_store_and_the_page_says_so(kiosk: Kiosk) -> None:
    page = kiosk.client.get(kiosk.ask(f"我是{MOBILE}，几点开门")).text
    assert MOBILE not in page
    assert wording.PERSONAL_DATA in page
    follow_up = kiosk.client.get(kiosk.ask("新大厅", history=[f"电话{MOBILE}"])).text
    assert MOBILE not in follow_up
    kiosk.records.stop()
    for path in kiosk.folder.glob("records.db*"):
        assert MOBILE.encode() not in path.read_bytes()


def test_every_question_is_counted_once(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    for _ in range(3):
        kiosk.client.get(address)
    kiosk.records.stop()
    assert [entry.text for entry in kiosk.records.questions.newest(9)] == ["几点开门"]


# --- the conversation ---------------------------------------------------------------------------------


def test_the_conversation_is_kept_and_can_be_cleared(kiosk: Kiosk) -> None:
    page = kiosk.client.get(kiosk.ask("新大厅", history=["没带证件", "几点"])).text
    asked = page[page.index(wording.CONVERSATION_TITLE) :]
    assert asked.index("没带证件") < asked.index("几点")
    assert f'href="/">{wording.ASK_FRESH}</a>' in page
    assert wording.CONVERSATION_TITLE not in kiosk.client.get(kiosk.ask("新大厅")).text


def test_what_is_declined_leaves_the_conversation_as_it_was(kiosk: Kiosk) -> None:
    page = kiosk.client.get(kiosk.ask("骂人", history=["几点"])).text
    asked = page[page.index(wording.CONVERSATION_TITLE) :]
    assert "几点" in asked
    assert page.count('name="history" value="几点"') == 1


def test_the_partial_answer_has_the_same_address(kiosk: Kiosk) -> None:
    part = kiosk.client.post("/", data={"question": "几点"}, headers={"X-Partial": "1"})
    assert "<html" not in part.text
    address = re.search(r'data-address="(/a/[^"]+)"', part.text)
    assert address is not None
    assert part.url.path == address[1]


# --- feedback -----------------------------------------------------------------------------------------


def _feedback(kiosk: Kiosk, address: str, **form: str) -> Response:
    return kiosk.client.post(f"{address}/feedback", data=form, headers=OWN)


def test_feedback_is_kept_once_with_its_reason_masked(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    assert wording.THANKS["no"] in _feedback(kiosk, address, helpful="0").text
    said = _feedback(kiosk, address, helpful="0", reason=f"打{MOBILE}没人接{ATTACK}").text
    assert wording.THANKS["said"] in said
    assert wording.FEEDBACK_SEND not in said
    _eventually(lambda: bool(kiosk.records.feedback.newest(9)))
    kiosk.records.stop()
    (kept,) = kiosk.records.feedback.newest(9)
    assert (kept.helpful, kept.reason) == (False, "打" + "*" * 11 + "没人接" + ATTACK)


def test_feedback_that_says_nothing_or_comes_late_is_not_kept(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    for helpful in ("", "2", "yes"):
        assert wording.THANKS["lost"] in _feedback(kiosk, address, helpful=helpful).text
    assert _feedback(kiosk, "/a/" + "0" * 32, helpful="1").status_code == 404
    kiosk.records.stop()
    assert kiosk.records.feedback.newest(9) == ()


def test_a_reason_of_any_length_is_bounded(kiosk: Kiosk) -> None:
    _feedback(kiosk, kiosk.ask("几点开门"), helpful="1", reason="好" * 5000)
    kiosk.records.stop()
    (kept,) = kiosk.records.feedback.newest(9)
    assert kept.reason == "好" * 500


def test_thanks_are_said_for_known_codes_only(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    assert 'role="status"' in kiosk.client.get(f"{address}?thanks=yes").text
    assert ATTACK not in kiosk.client.get(address, params={"thanks": ATTACK}).text


# --- deleting -----------------------------------------------------------------------------------------


def test_a_question_can_be_deleted_with_everything_about_it(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    _feedback(kiosk, address, helpful="1")
    _eventually(lambda: bool(kiosk.records.feedback.newest(9)))
    done = kiosk.client.post(f"{address}/delete", headers=OWN)
    assert done.url.path == "/deleted"
    assert wording.DELETED in done.text
    assert kiosk.client.get(address).status_code == 404
    assert kiosk.client.post(f"{address}/delete", headers=OWN).status_code == 404
    kiosk.records.stop()
    assert kiosk.records.questions.newest(9) == ()
    assert kiosk.records.feedback.newest(9) == ()


# --- forms of other sites -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://wen.example.org"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_forms_are_taken_from_the_sites_own_pages_only(
    named: TestClient, headers: dict[str, str], taken: bool
) -> None:
    for address, form in (("/", {"question": "几点"}), ("/display", {"elder": "1"})):
        sent = named.post(address, data=form, headers=headers, follow_redirects=False)
        assert (sent.status_code in (200, 303)) is taken
        if not taken:
            assert sent.status_code == 403
            assert wording.FORBIDDEN[1] in sent.text
            assert "set-cookie" not in sent.headers


# --- a choice of display beside an answer -------------------------------------------------------------


def test_changing_the_display_leads_back_to_the_answer(kiosk: Kiosk) -> None:
    address = kiosk.ask("几点开门")
    form = {"elder": "1", "back": address}
    page = kiosk.client.post("/display", data=form, headers=OWN)
    assert page.url.path == address
    assert 'class="elder size-1 colours-auto"' in page.text
    assert "大厅周一到周五" in page.text


def test_an_answer_without_an_address_survives_a_change_of_display(tiny: TestClient) -> None:
    answer = tiny.post("/", data={"question": "好久开门", "repair": "0", "history": ["新大厅"]}).text
    header = answer[: answer.index("<main")]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', header)
    assert dict(fields) == {"back": "/", "question": "好久开门", "history": "新大厅", "repair": "0"}
    page = tiny.post("/display", data={**dict(fields), "elder": "1"})
    assert 'class="elder' in page.text
    assert wording.AS_WRITTEN in page.text
    tiny.cookies.clear()


# --- markup that people send ---------------------------------------------------------------------------


def test_markup_kept_with_a_question_is_text_when_it_comes_back(kiosk: Kiosk) -> None:
    page = kiosk.client.get(kiosk.ask(f"几点{ATTACK}", history=[ATTACK, f"新大厅{ATTACK}"])).text
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
