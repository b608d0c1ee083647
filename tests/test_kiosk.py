"""The kiosk's screens as the server sends them: each works by itself, and none leads out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.engine import Engine
from tests.tiny import TinyEngine
from web import kiosk_wording, wording
from web.app import create_app
from web.kiosk_screens import entries_of, initials
from web.ports import FixedEngine
from web.records.model import Channel
from web.records.store import open_records
from web.settings import WebSettings
from web.site import Site, site_of
from web.topics import Topics
from web.watch import Watch

SCREENS = ("/kiosk", "/kiosk/topics", "/kiosk/find", "/kiosk/write")
QUESTIONS = (
    "大厅几点开门？",
    "没带证件怎么办？",
    "两段",
    "大厅好久开门",
    "大厅",
    "天气",
    "骂",
    "周末几点开门",
    "别处几点",
)
BROKEN = ("", "问" * 301, "几点\u0000")


class _Page(HTMLParser):
    """Addresses and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def leads_to(self) -> set[str]:
        """Every address a finger can get to."""
        named = (attrs.get(name) for tag, attrs in self.tags for name in ("href", "action", "formaction"))
        pages = {address for address in named if address is not None}
        return pages - {attrs["href"] for tag, attrs in self.tags if tag == "link"}


def _ask(client: TestClient, question: str, **fields: str) -> str:
    return client.post("/kiosk/ask", data={"question": question, **fields}).text


def _all_pages(client: TestClient) -> Iterator[str]:
    for address in (*SCREENS, "/kiosk/nothing", "/kiosk/topics/nothing"):
        yield client.get(address).text
    for question in (*QUESTIONS, *BROKEN):
        yield _ask(client, question)
    yield client.delete("/kiosk").text


def _walk(client: TestClient) -> dict[str, str]:
    """Every page reached by links, from the start on."""
    found: dict[str, str] = {}
    waiting = ["/kiosk"]
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = client.get(address).text
            waiting += [a for a in _Page(found[address]).leads_to() if a != "/kiosk/ask"]
    return found


# --- no way out --------------------------------------------------------------------------------------


def test_no_link_leaves_the_kiosk(tiny: TestClient) -> None:
    walked = _walk(tiny)
    assert set(SCREENS) < set(walked)
    for page in (*walked.values(), *_all_pages(tiny)):
        leads = _Page(page).leads_to()
        assert leads
        assert all(re.fullmatch(r"/kiosk(/[a-z0-9/-]+)?", address) for address in leads), leads


def test_no_link_leaves_the_kiosk_of_the_seed_corpus(client: TestClient, engine: Engine) -> None:
    walked = _walk(client)
    topics = [address for address in walked if address.startswith("/kiosk/topics/")]
    assert len(topics) >= len({known.topic for known in engine.known if known.topic})
    pages = [*walked.values(), *(_ask(client, question) for question in engine.suggestions)]
    for page in pages:
        assert all(address.startswith("/kiosk") for address in _Page(page).leads_to())
        assert "tel:" not in page
        assert "target=" not in page


def test_an_error_inside_the_kiosk_stays_inside(tiny: TestClient) -> None:
    for response, words in (
        (tiny.get("/kiosk/nothing"), wording.NOT_FOUND[0]),
        (tiny.delete("/kiosk"), wording.METHOD_NOT_ALLOWED[0]),
        (tiny.post("/kiosk/ask", data={"question": "炸"}), wording.INTERNAL_ERROR[0]),
        (tiny.post("/kiosk/ask", data={"question": "x" * 70_000}), wording.BODY_TOO_LARGE[0]),
    ):
        assert response.status_code >= 400
        assert words in response.text
        assert _Page(response.text).leads_to() == {"/kiosk"}
    assert wording.NAV_LABEL in tiny.get("/kioskx").text, "no page of the kiosk"


def test_another_sites_page_cannot_ask(tiny: TestClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert tiny.post("/kiosk/ask", data={"question": "几点"}, headers=elsewhere).status_code == 403


# --- nothing stays -----------------------------------------------------------------------------------


def test_no_screen_is_stored_and_no_cookie_set(tiny: TestClient) -> None:
    for address in SCREENS:
        response = tiny.get(address)
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers
    answer = tiny.post("/kiosk/ask", data={"question": QUESTIONS[0]})
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.status_code == 200, "the answer itself, not the way to an address"


def test_loading_an_answer_again_leads_to_the_start(tiny: TestClient) -> None:
    again = tiny.get("/kiosk/ask", follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, "/kiosk")


def test_a_question_is_noted_as_the_kiosks_and_gets_no_address(engine: Engine, tmp_path: Path) -> None:
    records = open_records(WebSettings(records_wait_ms=2000), tmp_path)
    with TestClient(create_app(FixedEngine(engine), Site(), records)) as client:
        page = _ask(client, "天气，我的电话13812345678")
        assert "13812345678" not in page
        assert "/a/" not in page
    with TestClient(create_app(FixedEngine(engine), Site(), records)):
        (noted,) = records.questions.newest(10)
    assert noted.channel is Channel.KIOSK
    assert "13812345678" not in noted.text


# --- what is shown -----------------------------------------------------------------------------------


def test_the_start_offers_topics_common_questions_and_both_other_ways(tiny: TestClient) -> None:
    page = tiny.get("/kiosk").text
    assert page.index("办事大厅") < page.index("没带证件怎么办？") < page.index(kiosk_wording.FIND)
    assert kiosk_wording.WRITE in page


@dataclass(frozen=True)
class _Empty(TinyEngine):
    """Offers nothing."""

    suggestions: tuple[str, ...] = ()


def test_a_corpus_that_answers_nothing_known_still_has_a_start() -> None:
    with TestClient(create_app(FixedEngine(_Empty()), Site())) as client:
        page = client.get("/kiosk").text
        assert kiosk_wording.NOTHING_YET in page
        assert "12345" in page
        assert "<ul" not in page
        assert client.get("/kiosk/find").status_code == 200
        assert client.get("/kiosk/answers.json").json()["answers"] == {}


def test_more_topics_than_the_start_has_room_for_are_on_their_own_screen() -> None:
    @dataclass(frozen=True)
    class Many(TinyEngine):
        @property
        def known(self):  # type: ignore[no-untyped-def]
            return tuple(replace(super(Many, self).known[0], topic=f"话题{n}") for n in range(11))

    with TestClient(create_app(FixedEngine(Many()), Site())) as client:
        start, rest = client.get("/kiosk").text, client.get("/kiosk/topics").text
    assert start.count('href="/kiosk/topics/') == 9
    assert start.count('href="/kiosk/topics"') == 2
    assert rest.count('href="/kiosk/topics/') >= 11


def test_an_answer_shows_the_quote_its_marks_its_source_and_a_code(tiny: TestClient) -> None:
    page = _ask(tiny, "大厅几点开门？", back="/kiosk/topics/ban-shi-da-ting")
    assert "<mark>上午九点</mark>" in page
    order = [page.index(part) for part in ("<mark>", "王小明", "便民服务发布会", "截至该场发布会", "<svg")]
    assert order == sorted(order)
    assert "王小明的原话" in page
    assert 'href="/kiosk/topics/ban-shi-da-ting"' in page


def test_reported_words_are_never_called_somebodys_own(tiny: TestClient) -> None:
    page = _ask(tiny, "新大厅")
    assert "不是逐字原话" in page
    assert "王小明的原话" not in page


def test_a_refusal_says_so_and_names_the_number_to_call(tiny: TestClient) -> None:
    for question in ("天气", "骂", "大厅"):
        page = _ask(tiny, question)
        assert "<b>12345</b>" in page
        assert "大厅几点开门？" in page, "something that is answered is offered"
        assert ("相关原文" in page) == (question == "大厅")
        assert "<svg" not in page


def test_a_repair_is_shown_and_can_be_undone(tiny: TestClient) -> None:
    assert kiosk_wording.ASKED in _ask(tiny, "大厅好久开门")
    assert wording.UNDO_REPAIRS in _ask(tiny, "大厅好久开门")
    assert wording.AS_WRITTEN in _ask(tiny, "大厅好久开门", repair="0")


@pytest.mark.parametrize("question", BROKEN)
def test_what_cannot_be_asked_is_told_at_the_field_and_stays_in_it(tiny: TestClient, question: str) -> None:
    response = tiny.post("/kiosk/ask", data={"question": question})
    assert response.status_code == 422
    assert wording.ERROR_PREFIX in response.text
    assert question.replace("\0", "") in response.text
    assert "\0" not in response.text


@pytest.mark.parametrize(
    "back", ["https://example.org", "//example.org", "/", "/kiosk/../", "/kiosk/topics/A\"'"]
)
def test_the_way_back_is_never_out(tiny: TestClient, back: str) -> None:
    assert _Page(_ask(tiny, "几点", back=back)).leads_to() == {"/kiosk", "/kiosk/ask"}


def test_markup_in_a_question_is_text(tiny: TestClient) -> None:
    assert "&lt;b&gt;几点" in _ask(tiny, "<b>几点</b>")


def test_what_every_page_must_say_the_kiosk_says_too() -> None:
    watch = Watch(notice=lambda: "数据有 40 天没有更新。")
    with TestClient(create_app(FixedEngine(TinyEngine()), Site(), watch=watch)) as client:
        for address in SCREENS:
            assert "数据有 40 天没有更新。" in client.get(address).text


# --- initials ----------------------------------------------------------------------------------------


def test_initials_are_those_of_the_syllables() -> None:
    assert initials("养老保险") == "YLBX"
    assert initials("女职工生育津贴，怎么领？") == "NZGSYJTZML"
    assert initials("GDP涨了14.2%") == "GDPZL"


@given(st.text(max_size=40))
def test_initials_are_letters_whatever_the_text(text: str) -> None:
    assert re.fullmatch("[A-Z]*", initials(text))


def test_everything_on_offer_can_be_found_by_its_initials(client: TestClient, engine: Engine) -> None:
    page = html.unescape(client.get("/kiosk/find").text)
    for question in engine.suggestions:
        assert question in page
        assert f'data-initials="{initials(question)}"' in page
    found = [entry.text for entry in entries_of(Topics((), ()), ("部门", "安全"))]
    assert found == ["安全", "部门"]


# --- what is kept for when the network drops -----------------------------------------------------------


def test_what_is_kept_is_every_screen_and_every_answer_as_the_pages_show_them(
    client: TestClient, engine: Engine
) -> None:
    kept = client.get("/kiosk/answers.json").json()
    assert kept["corpus"] == engine.corpus
    assert list(kept["answers"]) == list(engine.suggestions)
    for question in engine.suggestions:
        assert kept["answers"][question]["main"] in _ask(client, question)
    assert set(kept["screens"]) == set(_walk(client))
    for address, screen in kept["screens"].items():
        shown = kept["offline"] if address == "/kiosk/write" else screen
        page = kept["frame"].replace("{title}", screen["title"]).replace("{main}", screen["main"])
        assert shown["main"] in page
        assert address == "/kiosk/write" or page == client.get(address).text
    for file in kept["files"]:
        assert "immutable" in client.get(file).headers["cache-control"]


def test_what_is_kept_is_sent_again_only_when_it_changed() -> None:
    engine = TinyEngine()
    other = replace(engine, corpus="sha256:" + "0" * 64)
    with TestClient(create_app(FixedEngine(engine), Site())) as client:
        first = client.get("/kiosk/answers.json")
        known = {"If-None-Match": first.headers["etag"]}
        again = client.get("/kiosk/answers.json", headers=known)
        assert (again.status_code, again.content) == (304, b"")
    with TestClient(create_app(FixedEngine(other), Site())) as client:
        assert client.get("/kiosk/answers.json", headers=known).status_code == 200


def test_the_worker_may_answer_for_the_kiosk_and_is_always_fresh(tiny: TestClient) -> None:
    worker = tiny.get("/kiosk/worker.js")
    assert worker.headers["service-worker-allowed"] == "/kiosk"
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["content-security-policy"]


# --- markup ------------------------------------------------------------------------------------------


def test_no_screen_has_inline_script_or_style(tiny: TestClient) -> None:
    for page in [*_walk(tiny).values(), *_all_pages(tiny)]:
        for tag, attrs in _Page(page).tags:
            assert tag != "style"
            assert tag != "script" or "src" in attrs
            assert not {name for name in attrs if name == "style" or name.startswith("on")}
        assert page.split("<dialog")[0].count("<h1") == 1


def test_the_seconds_until_a_kiosk_starts_anew_can_be_set() -> None:
    site = site_of(WebSettings(kiosk_idle=90))
    with TestClient(create_app(FixedEngine(TinyEngine()), site)) as client:
        assert 'data-idle="90"' in client.get("/kiosk").text
