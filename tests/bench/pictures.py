"""The pictures of the README: ``python -m tests.bench.pictures`` draws them into ``web/screenshots``."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.pictures_room import draw_room
from tests.process import SWITCHES, served

FOLDER: Final = Path(__file__).resolve().parents[2] / "web" / "screenshots"
PENSION: Final = "以个人身份参加养老保险，到退休年龄缴费不满15年怎么办？"
LOAN: Final = "创业担保贷款个人额度提高到多少？"
CITED: Final = "/transcripts/dazu-2021-faburen?start=2544&end=2682#cite"


def _page(browser: Browser, address: str, width: int, height: int, cookie: str, scale: float) -> Page:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    context.add_cookies([{"name": "display", "value": cookie, "url": address}])
    return context.new_page()


def _phone(browser: Browser, address: str, cookie: str = "plain.0.light") -> Page:
    return _page(browser, address, 390, 844, cookie, 1.5)


def _desktop(browser: Browser, address: str) -> Page:
    return _page(browser, address, 1100, 900, "plain.0.light", 1)


def _kiosk(browser: Browser, address: str) -> Page:
    page = _page(browser, address, 1080, 1920, "plain.0.light", 1)
    page.goto("/kiosk")
    return page


def _ask(page: Page, question: str) -> Page:
    page.goto("/")
    page.locator("#question").fill(question)
    page.locator("form.ask .primary").click()
    page.locator("#answer-title").wait_for()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    return page


def _draw(browser: Browser, address: str) -> None:
    def keep(page: Page, name: str) -> None:
        page.screenshot(path=FOLDER / f"{name}.png")
        page.context.close()
        print(FOLDER / f"{name}.png")

    start = _phone(browser, address)
    start.goto("/")
    keep(start, "start-phone")
    keep(_ask(_phone(browser, address), PENSION), "ask-phone")
    keep(_ask(_phone(browser, address), "今天天气怎么样"), "refusal-phone")
    keep(_ask(_phone(browser, address, "elder.1.light"), LOAN), "elder-phone")
    keep(_ask(_phone(browser, address, "plain.0.dark"), LOAN), "dark-phone")
    keep(_ask(_desktop(browser, address), LOAN), "answer-desktop")
    reader = _desktop(browser, address)
    reader.goto(CITED)
    keep(reader, "transcript-desktop")
    keep(_kiosk(browser, address), "kiosk-start")
    asked = _kiosk(browser, address)
    asked.get_by_role("button", name=LOAN).click()
    asked.locator(".k-answer").wait_for()
    keep(asked, "kiosk-answer")


def main() -> None:
    """Draws every picture."""
    with (
        TemporaryDirectory() as data,
        served(data=data, records_wait_ms="2000") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        _draw(browser, address)
        for path in draw_room(browser, FOLDER):
            print(path)
        browser.close()


if __name__ == "__main__":
    main()
