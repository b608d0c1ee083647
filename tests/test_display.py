"""长辈版, text sizes and colours: chosen by form, kept in a cookie, and never a way to somewhere else."""

from __future__ import annotations

import re
from itertools import product

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.tiny import TinyEngine
from web import wording
from web.app import create_app
from web.display import COOKIE, SIZES, Colours, Display, changed, display_of, return_path
from web.ports import FixedEngine
from web.site import Site


def _request(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={cookie}".encode())]})


def test_every_choice_comes_back_from_its_cookie() -> None:
    for elder, size, colours in product((True, False), range(len(SIZES)), Colours):
        display = Display(elder, size, colours)
        assert display_of(_request(display.written())) == display


@given(st.text(st.characters(codec="ascii", exclude_characters=";\r\n\0"), max_size=20))
def test_any_other_cookie_is_the_usual_display(cookie: str) -> None:
    if re.fullmatch(r"\W*(elder|plain)\.[0-3]\.(auto|light|dark|high)\W*", cookie) is None:
        assert display_of(_request(cookie)) == Display()


@given(st.text(max_size=60))
def test_a_choice_never_leads_to_another_site(back: str) -> None:
    led = return_path(back)
    assert re.fullmatch(r"/(?![/\\])[\x20-\x7e]*", led)
    assert led in (back, "/")


def test_the_elder_version_begins_larger_and_grows_step_by_step() -> None:
    display = changed(Display(), "1", None, None)
    assert SIZES[display.size] == 22
    assert display.smaller is None
    assert display.larger == 2
    largest = changed(display, None, "3", None)
    assert SIZES[largest.size] == 30
    assert largest.larger is None
    assert changed(largest, None, "0", None).size == 1
    assert changed(largest, "0", None, None) == Display()
    assert changed(largest, "x", "9", "pink") == largest


@pytest.fixture
def client() -> TestClient:
    """A fresh browser, without a cookie yet."""
    return TestClient(create_app(FixedEngine(TinyEngine()), Site()))


def test_the_choice_is_kept_a_year_for_this_site_alone(client: TestClient) -> None:
    form = {"elder": "1", "back": "/transcripts"}
    chosen = client.post("/display", data=form, follow_redirects=False)
    assert chosen.headers["location"] == "/transcripts"
    cookie = chosen.headers["set-cookie"].lower()
    for part in ("display=elder.1.auto", "httponly", "samesite=lax", "path=/", "max-age=31536000"):
        assert part in cookie
    assert 'class="elder size-1 colours-auto"' in client.get("/transcripts").text
    assert wording.ELDER_OFF in client.get("/nothing").text


def test_the_switch_leads_back_to_the_page_it_was_pressed_on(client: TestClient) -> None:
    for address in ("/topics", "/transcripts/tiny%2F2022", "/transcripts?page=1", "/about"):
        assert f'name="back" value="{address}"' in client.get(address).text
    cited = client.get("/transcripts/tiny%2F2022?start=31&end=45").text
    assert 'name="back" value="/transcripts/tiny%2F2022?start=31&amp;end=45#cite"' in cited


def test_the_page_of_choices_shows_what_is_chosen(client: TestClient) -> None:
    client.post("/display", data={"elder": "1", "size": "3", "colours": "high", "back": "/display"})
    page = client.get("/display").text
    for field, value in (("elder", "1"), ("size", "3"), ("colours", "high")):
        assert f'name="{field}" value="{value}" checked' in page


def test_the_elder_version_has_fewer_things_on_the_page(client: TestClient) -> None:
    plain = [client.get("/").text, client.post("/", data={"question": "几点"}).text]
    client.post("/display", data={"elder": "1"})
    elder = [client.get("/").text, client.post("/", data={"question": "几点"}).text]
    for before, after in zip(plain, elder, strict=True):
        assert after.count("<a ") < before.count("<a ")
    assert wording.QR_TITLE in plain[1]
    assert wording.QR_TITLE not in elder[1]
