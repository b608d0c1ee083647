"""The kiosk in a browser as it hangs in a hall: 1080 × 1920, touched, left alone, cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from qa.engine import Engine
from tests.serving import served
from tests.test_site_browser import AXE, AXE_RUN, MEASURE, TAGS
from tests.tiny import TinyEngine
from web import kiosk_wording, wording
from web.app import create_app
from web.ports import FixedEngine
from web.site import Site

LEAST: Final = {"target": 60, "text": 24, "main": 26, "line": 1.3, "contrast": 7}
UNANSWERED: Final = "今天天气怎么样"
VOICE: Final = """() => {
  const spoken = (window.spoken = []);
  const speech = {
    getVoices: () => [{ lang: "zh-CN", localService: true }],
    speak: (utterance) => { spoken.push(utterance.text); window.finish = utterance.onend; },
    cancel: () => spoken.push(null),
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@dataclass
class Visitor:
    """Somebody at the kiosk, and what the browser complains of meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        """Remembers errors and warnings, but for the network taken away and a question refused."""
        expected = re.search("ERR_INTERNET_DISCONNECTED|status of 422", message.text)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(message.text)

    def start(self) -> None:
        """Goes to the start."""
        self.page.goto("/kiosk")
        expect(self.page.locator("[data-start]")).to_be_visible()

    def way(self, name: str) -> None:
        """Takes one of the other ways from the start."""
        self.page.locator(".k-ways a", has_text=name).tap()
        expect(self.page.locator("[data-start]")).to_have_count(0)

    def ask(self, question: str) -> None:
        """Touches a question on offer."""
        self.page.get_by_role("button", name=question, exact=True).tap()
        expect(self.page.locator(".k-answer")).to_be_visible()

    def write(self, question: str) -> None:
        """Writes a question of one's own."""
        self.start()
        self.way(kiosk_wording.WRITE)
        self.page.locator("textarea").fill(question)
        self.page.get_by_role("button", name=kiosk_wording.WRITE_ASK, exact=True).tap()
        expect(self.page.locator("textarea:not([aria-invalid])")).to_have_count(0)

    def cut_off(self) -> None:
        """Waits until the worker keeps the answers, and takes the network away."""
        self.page.wait_for_function(
            "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
        )
        self.page.context.set_offline(True)


@pytest.fixture
def base_url(site: str) -> str:
    return site


def _visitor(browser: Browser, site: str, **options: object) -> Visitor:
    size = {"width": 1080, "height": 1920}
    context = browser.new_context(base_url=site, viewport=size, has_touch=True, **options)  # type: ignore[arg-type]
    visitor = Visitor(context.new_page())
    visitor.page.on("console", visitor.note)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return visitor


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """A visitor. The test fails if the browser complains, of the CSP for instance."""
    visitor = _visitor(browser, site)
    yield visitor
    visitor.page.context.close()
    assert not visitor.complaints


@pytest.fixture
def question(engine: Engine) -> str:
    """A question on offer."""
    return engine.suggestions[0]


# --- how it looks ------------------------------------------------------------------------------------


def _find(visitor: Visitor) -> None:
    visitor.start()
    visitor.way(kiosk_wording.FIND)
    visitor.page.locator("[data-letter=Y]").tap()


def _topics(visitor: Visitor) -> None:
    visitor.start()
    visitor.way(kiosk_wording.DEPARTMENTS)


def _topic(visitor: Visitor) -> None:
    visitor.start()
    visitor.page.locator(".k-topics a").first.tap()
    expect(visitor.page.locator(".k-bar")).to_be_visible()


def _answer(visitor: Visitor) -> None:
    visitor.start()
    visitor.page.locator(".k-questions button").first.tap()
    expect(visitor.page.locator(".k-answer.is-answered")).to_be_visible()


def _warned(visitor: Visitor) -> None:
    _topic(visitor)
    visitor.page.evaluate("document.querySelector('[data-warning]').showModal()")


def _offline(visitor: Visitor) -> None:
    visitor.start()
    visitor.cut_off()
    visitor.way(kiosk_wording.WRITE)


LOOKS: Final[Mapping[str, Callable[[Visitor], None]]] = {
    "start": Visitor.start,
    "find": _find,
    "topics": _topics,
    "topic": _topic,
    "answer": _answer,
    "write": lambda visitor: visitor.write(""),
    "refusal": lambda visitor: visitor.write(UNANSWERED),
    "answer to one's own": lambda visitor: visitor.write("家庭医生"),
    "warning": _warned,
    "offline": _offline,
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_is_large_enough_and_clear(visitor: Visitor, look: str) -> None:
    LOOKS[look](visitor)
    found = visitor.page.evaluate(MEASURE.read_text("utf-8"), LEAST)
    visitor.page.evaluate(AXE.read_text("utf-8"))
    violated, passed = visitor.page.evaluate(AXE_RUN, TAGS)
    assert passed > 10, "axe looked at next to nothing"
    assert not found + violated


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1920, 1080)])
def test_everything_on_the_start_is_in_view_at_once(visitor: Visitor, width: int, height: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.start()
    for network in (True, False):
        if not network:
            visitor.cut_off()
            visitor.page.reload()
            expect(visitor.page.locator(".k-offline")).to_be_visible()
        expect(visitor.page.locator(".k-ways a").last).to_be_in_viewport(ratio=1)
        assert visitor.page.evaluate("document.documentElement.scrollHeight") == height
    found = visitor.page.evaluate(MEASURE.read_text("utf-8"), LEAST)
    assert not found


# --- asking ------------------------------------------------------------------------------------------


def test_an_answer_is_reached_by_touch_and_leaves_no_history(visitor: Visitor) -> None:
    visitor.start()
    entries = visitor.page.evaluate("history.length")
    _topic(visitor)
    question = visitor.page.locator(".k-questions button").first.inner_text()
    visitor.ask(question)
    expect(visitor.page.locator("h1").first).to_contain_text(question)
    expect(visitor.page.locator(".k-cited blockquote").first).to_be_in_viewport()
    expect(visitor.page.locator(".k-code svg")).to_have_count(1)
    expect(visitor.page.get_by_role("button", name=wording.PRINT)).to_be_visible()
    assert visitor.page.title() == wording.page_title("民生问答", wording.ANSWER_TITLE)
    assert visitor.page.evaluate("history.length") == entries
    assert visitor.page.url.endswith("/kiosk")
    visitor.page.get_by_role("link", name=kiosk_wording.BACK).tap()
    expect(visitor.page.get_by_role("button", name=question, exact=True)).to_be_visible()
    visitor.page.get_by_role("link", name=kiosk_wording.HOME).tap()
    expect(visitor.page.locator("[data-start]")).to_be_visible()


def test_questions_are_found_by_initials_and_no_key_leads_to_nothing(visitor: Visitor) -> None:
    visitor.start()
    visitor.way(kiosk_wording.FIND)
    for letter in "YLBX":
        visitor.page.locator(f"[data-letter={letter}]").tap()
    shown = visitor.page.locator("[data-initials]:visible")
    expect(shown.first).to_contain_text("养老保险")
    assert all("养老保险" in text for text in shown.all_inner_texts())
    expect(visitor.page.locator("[data-typed]")).to_have_text("Y L B X")
    visitor.page.get_by_role("button", name=kiosk_wording.FIND_CLEAR).tap()
    for _ in range(4):
        visitor.page.locator("[data-letter]:enabled").first.tap()
        assert shown.count() >= 1
    visitor.page.locator("[data-initials]:visible button").first.tap()
    expect(visitor.page.locator(".k-answer.is-answered")).to_be_visible()


def test_what_is_printed_is_the_answer_and_nothing_to_touch(visitor: Visitor) -> None:
    _answer(visitor)
    visitor.page.evaluate("window.print = () => { window.printed = true; }")
    visitor.page.get_by_role("button", name=wording.PRINT).tap()
    assert visitor.page.evaluate("window.printed")
    visitor.page.emulate_media(media="print")
    for shown in (".k-cited blockquote", ".k-cited figcaption", ".k-code svg", ".k-brand"):
        expect(visitor.page.locator(shown).first).to_be_visible()
    for hidden in (".k-bar", ".k-tools button", ".k-others"):
        assert not any(box.is_visible() for box in visitor.page.locator(hidden).all())


def test_what_is_below_is_reached_by_a_button(visitor: Visitor) -> None:
    _answer(visitor)
    more = visitor.page.get_by_role("button", name=kiosk_wording.MORE)
    for _ in range(5):
        if more.is_visible():
            more.tap()
            visitor.page.wait_for_timeout(50)
    expect(more).to_be_hidden()
    expect(visitor.page.locator(".k-others, .k-take").last).to_be_in_viewport()


def test_everything_works_without_javascript(browser: Browser, site: str, question: str) -> None:
    plain = _visitor(browser, site, java_script_enabled=False)
    plain.start()
    plain.page.locator(".k-topics a").first.tap()
    plain.page.wait_for_url("**/kiosk/topics/*")
    plain.page.locator(".k-questions button").first.tap()
    expect(plain.page.locator(".k-answer.is-answered")).to_be_visible()
    plain.page.get_by_role("link", name=kiosk_wording.BACK).tap()
    plain.page.wait_for_url("**/kiosk/topics/*")
    plain.start()
    plain.way(kiosk_wording.FIND)
    plain.ask(question)
    plain.write(UNANSWERED)
    expect(plain.page.locator(".k-answer.is-no_answer")).to_contain_text("12345")
    plain.page.context.close()


def test_an_answer_is_read_aloud_where_there_is_a_voice(browser: Browser, site: str) -> None:
    visitor = _visitor(browser, site)
    _answer(visitor)
    expect(visitor.page.locator("[data-read]")).to_be_hidden()
    visitor.page.add_init_script(f"({VOICE})()")
    _answer(visitor)
    visitor.page.get_by_role("button", name=wording.READ_ALOUD, exact=True).tap()
    quote = (
        visitor.page.locator("[data-quotes] blockquote p").first.inner_text().removesuffix(wording.SHORTENED)
    )
    expect(visitor.page.get_by_role("button", name=wording.READ_STOP)).to_be_visible()
    assert quote.startswith(visitor.page.evaluate("window.spoken.filter(Boolean)[0]")[:20])
    visitor.page.get_by_role("link", name=kiosk_wording.HOME).tap()
    expect(visitor.page.locator("[data-start]")).to_be_visible()
    assert visitor.page.evaluate("window.spoken.at(-1)") is None, "it falls silent with the screen"
    visitor.page.context.close()
    assert not visitor.complaints


# --- nobody there ------------------------------------------------------------------------------------


def test_left_alone_it_warns_counts_down_and_forgets_everything(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.install()
    visitor.write(UNANSWERED)
    page.evaluate("window.mine = true")
    page.clock.run_for(59_000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.clock.run_for(1_500)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text("10")
    page.clock.run_for(4_000)
    expect(page.locator("[data-left]")).to_have_text("6")
    page.clock.run_for(7_000)
    expect(page.locator("[data-start]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.wait_for_function("window.mine === undefined")  # loaded anew: nothing is left in memory
    assert UNANSWERED not in page.content()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("history.state") is None


def test_a_touch_goes_on_and_the_other_button_leaves_at_once(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.install()
    _answer(visitor)
    page.clock.run_for(61_000)
    page.get_by_role("button", name=kiosk_wording.IDLE_STAY).tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.clock.run_for(50_000)
    expect(page.locator(".k-answer")).to_be_visible()
    page.clock.run_for(11_000)
    page.get_by_role("button", name=kiosk_wording.IDLE_LEAVE).tap()
    expect(page.locator("[data-start]")).to_be_visible()


def test_the_start_itself_is_left_in_peace(visitor: Visitor) -> None:
    visitor.page.clock.install()
    visitor.start()
    visitor.page.clock.run_for(200_000)
    expect(visitor.page.get_by_role("dialog")).to_be_hidden()


def test_going_back_in_the_browser_shows_no_answer(visitor: Visitor) -> None:
    visitor.write(UNANSWERED)
    visitor.page.goto("/kiosk/topics")
    visitor.page.go_back()
    expect(visitor.page.locator("[data-start]")).to_be_visible()
    assert UNANSWERED not in visitor.page.content()


# --- without the network -----------------------------------------------------------------------------


def test_without_the_network_topics_and_common_questions_still_answer(
    visitor: Visitor, engine: Engine
) -> None:
    page = visitor.page
    visitor.start()
    visitor.cut_off()
    page.reload()
    told = re.compile(r"^网络中断，数据截至\d{4}年\d+月\d+日\d\d时\d\d分。$")
    expect(page.locator(".k-offline")).to_have_text(told)
    visitor.ask(engine.suggestions[1])
    expect(page.locator(".k-answer.is-answered h1")).to_contain_text(engine.suggestions[1])
    expect(page.locator(".k-offline")).to_have_text(told)
    page.get_by_role("link", name=kiosk_wording.HOME).tap()
    page.locator(".k-topics a").first.tap()
    page.locator(".k-questions button").first.tap()
    expect(page.locator(".k-answer.is-answered blockquote").first).to_be_visible()
    drawn = page.locator(".k-cited").first.evaluate("box => getComputedStyle(box).borderLeftWidth")
    assert drawn == "12px", "the style sheet is kept too"
    page.get_by_role("link", name=kiosk_wording.BACK).tap()
    expect(page.locator(".k-questions button").first).to_be_visible()
    page.get_by_role("link", name=kiosk_wording.HOME).tap()
    visitor.way(kiosk_wording.FIND)
    page.locator("[data-letter]:enabled").first.tap()
    expect(page.locator("[data-initials]:visible").first).to_be_visible()


def test_without_the_network_a_question_of_ones_own_is_told_so_and_kept_nowhere(visitor: Visitor) -> None:
    page = visitor.page
    visitor.start()
    visitor.way(kiosk_wording.WRITE)
    visitor.cut_off()
    page.locator("textarea").fill(UNANSWERED)
    page.get_by_role("button", name=kiosk_wording.WRITE_ASK, exact=True).tap()
    expect(page.get_by_role("heading", name=kiosk_wording.NEEDS_NETWORK_TITLE)).to_be_visible()
    assert UNANSWERED not in page.content()
    stored = page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const store = await caches.open(name);
            for (const request of await store.keys()) {
              texts.push(request.method + request.url + (await (await store.match(request)).text()));
            }
          }
          return texts;
        }"""
    )
    assert len(stored) >= 5
    assert not [text for text in stored if UNANSWERED in text]
    page.context.set_offline(False)
    visitor.write(UNANSWERED)
    expect(page.locator(".k-answer.is-no_answer")).to_be_visible()
    expect(page.locator(".k-offline")).to_have_count(0)


def test_left_alone_without_the_network_it_returns_to_the_start_too(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.install()
    _answer(visitor)
    visitor.cut_off()
    page.clock.run_for(72_000)
    expect(page.locator("[data-start]")).to_be_visible()
    expect(page.locator(".k-offline")).to_be_visible()


def test_a_kiosk_goes_on_when_its_server_is_gone(browser: Browser) -> None:
    with served(create_app(FixedEngine(TinyEngine()), Site())) as address:
        visitor = _visitor(browser, address)
        visitor.start()
        visitor.page.wait_for_function(
            "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
        )
    visitor.page.reload()
    expect(visitor.page.locator(".k-offline")).to_be_visible()
    visitor.page.locator(".k-questions button").first.tap()
    expect(visitor.page.locator(".k-answer.is-answered")).to_be_visible()
    visitor.page.context.close()
