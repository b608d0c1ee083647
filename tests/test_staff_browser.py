"""The room in a browser, without JavaScript: in by the form, a question tried, a coverage run started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.versions.layout import DataDirectory
from tests.databases import open_store
from tests.process import served
from tests.staff import QUESTION, begun, tiny_corpus
from tests.staff_room import PASSWORD, people
from web import wording as residents
from web.records.model import utc_now
from web.staff import asked_wording, corpus_wording, faq_wording, wording

APART = 100_000
"""Milliseconds for what is done apart from the server; pages that wait for it reload by themselves."""
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that follows what is published, with an account of each role."""
    folder = tmp_path_factory.mktemp("room")
    data = DataDirectory(folder / "data")
    begun(data, tiny_corpus(folder / "corpus"))
    records = open_store(f"sqlite:///{data.root / 'records.db'}", utc_now)
    people(records)
    records.stop()
    with served(data=str(data.root), records_wait_ms="2000") as address:
        yield address


def test_from_the_door_to_a_coverage_run_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/staff")
    page.get_by_label(wording.NAME).fill("editor")
    page.get_by_label(wording.PASSWORD).fill(PASSWORD)
    page.get_by_role("button", name=wording.SIGN_IN_BUTTON).click()

    page.get_by_label(wording.TRY_LABEL).fill(QUESTION)
    page.get_by_role("button", name=wording.TRY_BUTTON).click()
    expect(page.get_by_text("九点").first).to_be_visible()
    expect(page.get_by_role("heading", name=wording.TRY_WHY)).to_be_visible()

    page.get_by_role("link", name=wording.COVERAGE, exact=True).click()
    page.get_by_role("button", name=wording.RUN_START).click()
    done = page.get_by_text(wording.RUN_DONE.format(who="editor"))
    expect(done).to_be_visible(timeout=APART)  # the page reloads by itself
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    page.get_by_role("link", name=wording.COVERAGE_BACK).click()

    page.get_by_role("button", name=wording.SIGN_OUT).click()
    expect(page.get_by_role("heading", name=wording.SIGN_IN)).to_be_visible()
    page.goto(f"{address}/staff/coverage")
    expect(page.get_by_role("heading", name=wording.SIGN_IN)).to_be_visible()
    context.close()


def _sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/staff/login")
    page.get_by_label(wording.NAME).fill(name)
    page.get_by_label(wording.PASSWORD).fill(PASSWORD)
    page.get_by_role("button", name=wording.SIGN_IN_BUTTON).click()


def _to(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def _share(page: Page) -> None:
    """Has the question sets asked, and opens the report."""
    _to(page, wording.COVERAGE)
    page.get_by_role("button", name=wording.RUN_START).click()
    expect(page.get_by_text(wording.RUN_DONE.format(who="admin"))).to_be_visible(timeout=APART)
    page.get_by_role("table").get_by_role("link").first.click()


@pytest.mark.timeout(400)
def test_a_first_day_from_the_door_to_a_published_faq_case(browser: Browser, address: str) -> None:
    asked, words = "没带证件能不能补办？", "没带证件的，可以当场补办。"
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.get_by_label(residents.ASK_LABEL).fill(asked)
    page.get_by_role("button", name=residents.ASK_BUTTON, exact=True).click()

    _sign_in(page, address, "admin")
    _share(page)
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    expect(page.get_by_text(asked)).to_have_count(0)
    page.get_by_role("link", name=wording.COVERAGE_BACK).click()

    # What a resident asked becomes a case …
    page.goto(f"{address}/staff/questions?show=all")
    row = page.get_by_role("row").filter(has_text=asked)
    row.get_by_role("button", name=asked_wording.TO_FAQ).click()
    _to(page, wording.NOTES)
    page.get_by_role("link", name=wording.NOTE_TO_FAQ).click()
    expect(page.get_by_label(faq_wording.QUESTION, exact=True)).to_have_value(asked)
    page.get_by_label(faq_wording.ALL_OF).fill(words)
    page.get_by_label(faq_wording.OFFER).check()
    page.get_by_role("button", name=faq_wording.STORE).click()

    # … is checked and published …
    page.get_by_role("button", name=corpus_wording.EXAMINE_START).click()
    expect(page.get_by_text(corpus_wording.EXAMINED_ALLOWED)).to_be_visible(timeout=APART)
    page.get_by_label(corpus_wording.PUBLISH_WHY).fill("居民问到")
    page.get_by_role("button", name=corpus_wording.PUBLISH, exact=True).click()
    expect(page.get_by_text("居民问到")).to_be_visible()
    expect(page.get_by_text(re.compile("^正在换上"))).to_have_count(0, timeout=APART)

    # … and is asked from then on, and offered to residents, who are answered.
    _share(page)
    expect(page.get_by_text(asked).first).to_be_visible()
    page.goto(address)
    page.get_by_text(asked).first.click()
    expect(page.get_by_text(words).first).to_be_visible()
    context.close()


@pytest.mark.timeout(300)
@pytest.mark.long
def test_a_transcript_goes_from_a_file_to_residents_without_javascript(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "公园.txt"
    file.write_text(
        "公园改造新闻发布会\n2025年3月6日\n记者：公园种了多少树？\n"
        "公园处处长李小红：今年新种了三百棵银杏树，湖边的步道也修好了。\n",
        "utf-8",
    )
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    _sign_in(page, address, "editor")
    _to(page, "上传")
    page.get_by_label(corpus_wording.UPLOAD_FILES).set_input_files(file)
    page.get_by_role("button", name=corpus_wording.UPLOAD_BUTTON, exact=True).click()
    expect(page.get_by_text(corpus_wording.UPLOAD_READY)).to_be_visible(timeout=APART)
    page.get_by_role("link", name="公园.txt").click()
    expect(page.get_by_label(corpus_wording.FIELD_DATE)).to_have_value("2025-03-06")
    page.get_by_label(corpus_wording.FIELD_TITLE, exact=True).fill("公园开放")
    page.get_by_role("button", name=corpus_wording.STORE).click()
    page.get_by_role("button", name=re.compile("检查$")).click()
    expect(page.get_by_text(corpus_wording.PUBLISH_ADMINS)).to_be_visible(timeout=APART)
    page.get_by_role("button", name=wording.SIGN_OUT).click()

    _sign_in(page, address, "admin")
    _to(page, corpus_wording.DRAFT)
    page.get_by_role("button", name=corpus_wording.PUBLISH, exact=True).click()
    expect(page.get_by_text(re.compile("^正在换上"))).to_have_count(0, timeout=APART)
    page.goto(f"{address}/transcripts")
    expect(page.get_by_role("link", name="公园开放")).to_be_visible()
    context.close()
