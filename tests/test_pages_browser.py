"""The site in a browser and a real server process: with and without JavaScript, by keyboard, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from qa.engine import Engine
from web import wording

REFUSED_BY_SERVER = "422"
"""What the browser itself notes when the server refuses a question. No fault of the page."""


@pytest.fixture
def base_url(site: str) -> str:
    return site


@pytest.fixture
def question(engine: Engine) -> str:
    """A question that is answered."""
    return engine.suggestions[0]


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A phone without JavaScript."""
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A phone with JavaScript. The test fails if the page complains, of its CSP for instance."""
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED_BY_SERVER not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


def _ask(page: Page, question: str) -> None:
    page.goto("/")
    page.get_by_label(wording.ASK_LABEL).fill(question)
    page.get_by_role("button", name=wording.ASK_BUTTON, exact=True).click()


def _follow_first_link_to_the_words(page: Page) -> str:
    quote = page.locator("blockquote p").first.inner_text().removesuffix(wording.SHORTENED)
    page.get_by_role("link", name=wording.SEE_TRANSCRIPT).first.click()
    expect(page).to_have_url(re.compile(r"/transcripts/.+#cite$"))
    expect(page.locator("#cite")).to_be_in_viewport()
    return quote


def test_asking_stays_on_the_page_and_moves_to_the_answer(phone: Page, question: str) -> None:
    _ask(phone, question)
    heading = phone.locator("#answer-title")
    expect(heading).to_contain_text(question)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(phone.locator("[data-status]")).to_have_text("找到了原文。")
    expect(phone.locator("blockquote").first).to_be_visible()
    assert phone.title() == wording.page_title("民生问答", wording.ANSWER_TITLE)
    expect(phone).to_have_url(re.compile(r"/a/[A-Za-z0-9_-]{22,32}$"))


def test_the_cited_words_are_in_view_in_the_transcript(phone: Page, question: str) -> None:
    _ask(phone, question)
    quote = _follow_first_link_to_the_words(phone)
    assert "".join(phone.locator("mark").all_inner_texts()) == quote.replace("\n", "")


def test_going_back_from_the_transcript_shows_the_answer_again(phone: Page, question: str) -> None:
    _ask(phone, question)
    _follow_first_link_to_the_words(phone)
    phone.go_back()
    expect(phone.locator("#answer-title")).to_contain_text(question)


def test_everything_works_without_javascript(plain: Page, question: str) -> None:
    _ask(plain, question)
    expect(plain.locator("#answer-title")).to_contain_text(question)
    expect(plain).to_have_url(re.compile(r"/a/[A-Za-z0-9_-]{22,32}$"))
    quote = _follow_first_link_to_the_words(plain)
    assert "".join(plain.locator("mark").all_inner_texts()) == quote.replace("\n", "")


def test_suggestions_are_asked_at_a_touch(phone: Page, plain: Page, question: str) -> None:
    for page in (phone, plain):
        page.goto("/")
        page.get_by_role("button", name=question, exact=True).click()
        expect(page.locator("#answer-title")).to_contain_text(question)


def test_an_empty_question_is_told_at_the_field(phone: Page, plain: Page) -> None:
    for page in (phone, plain):
        _ask(page, "")
        field = page.get_by_label(wording.ASK_LABEL)
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(re.compile("请先写下"))
        expect(field).to_have_attribute("aria-invalid", "true")


def test_an_answer_stays_when_the_next_question_cannot_be_asked(phone: Page, question: str) -> None:
    _ask(phone, question)
    field = phone.get_by_label(wording.ASK_LABEL_NEXT)
    field.fill("问" * 301)
    expect(phone.locator("[data-counter]")).to_contain_text("多了 1 个字")
    phone.get_by_role("button", name=wording.ASK_BUTTON, exact=True).click()
    expect(phone.locator("#question")).to_be_focused()
    expect(phone.locator("#question")).to_have_value("问" * 301)
    expect(phone.locator("#question-error")).to_contain_text("最多 300 个字")
    expect(phone.locator("#answer-title")).to_contain_text(question)


def test_a_refusal_offers_something_that_is_answered(phone: Page) -> None:
    _ask(phone, "今天天气怎么样")
    expect(phone.get_by_text(wording.NOT_FOUND_LEAD)).to_be_visible()
    phone.locator(".suggestions button").first.click()
    expect(phone.locator(".answer.is-answered blockquote").first).to_be_visible()


def test_the_keyboard_is_enough(phone: Page, question: str) -> None:
    phone.goto("/")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name=wording.SKIP)).to_be_focused()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    expect(phone.get_by_label(wording.ASK_LABEL)).to_be_focused()
    phone.keyboard.insert_text(question)
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#answer-title")).to_be_focused()
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name=wording.SEE_TRANSCRIPT).first).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator("#cite")).to_be_in_viewport()


def test_when_the_fetch_fails_the_form_is_sent_as_it_is(browser: Browser, site: str, question: str) -> None:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.add_init_script("window.fetch = () => Promise.reject(new TypeError('offline'))")
    _ask(page, question)
    expect(page.locator("#answer-title")).to_contain_text(question)
    page.goto("/")
    page.get_by_role("button", name=question, exact=True).click()
    expect(page.locator("#answer-title")).to_contain_text(question)
    context.close()
