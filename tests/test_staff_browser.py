"""The room in a browser, without JavaScript: in by the form, a question tried, a coverage run started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.databases import open_store
from tests.process import served
from tests.staff import QUESTION, tiny_corpus
from tests.staff_room import PASSWORD, people
from web.records.model import utc_now
from web.staff import wording

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def address(tmp_path: Path, quick_hashes: None) -> Iterator[str]:
    """The address of a server over a tiny corpus, with an account of each role."""
    records = open_store(f"sqlite:///{tmp_path / 'data' / 'records.db'}", utc_now)
    people(records)
    records.stop()
    corpus, data = tiny_corpus(tmp_path / "corpus"), tmp_path / "data"
    with served(corpus=str(corpus), data=str(data)) as address:
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
    expect(done).to_be_visible(timeout=60_000)  # the page reloads by itself
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    page.get_by_role("link", name=wording.COVERAGE_BACK).click()

    page.get_by_role("button", name=wording.SIGN_OUT).click()
    expect(page.get_by_role("heading", name=wording.SIGN_IN)).to_be_visible()
    page.goto(f"{address}/staff/coverage")
    expect(page.get_by_role("heading", name=wording.SIGN_IN)).to_be_visible()
    context.close()
