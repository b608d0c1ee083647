"""The pictures of the staff's room: a coverage report, what residents asked, a question explained."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page

from tests.serving import served
from tests.staff_full import State, filled_state, published
from web.staff import wording
from web.staff.access import PATH, SESSION_COOKIE

__all__ = ["draw_room"]

QUESTION: Final = "创业担保贷款个人额度提高到多少？"
_WIDTH: Final = 1000
_HEIGHTS: Final = {"report": 760, "questions": 1000, "try": 700}
"""Small enough for pictures of less than 150 KB."""


def draw_room(browser: Browser, folder: Path) -> list[Path]:
    """Draws the room with some of everything in it; the files."""
    with TemporaryDirectory() as data:
        state = filled_state(published(Path(data) / "data"), Path(data))
        with served(state.app) as address:
            page = _page(browser, state, address)
            return [_report(page, folder), _asked(page, folder), _explained(page, folder)]


def _page(browser: Browser, state: State, address: str) -> Page:
    context = browser.new_context(base_url=address, color_scheme="light")
    session = {"name": SESSION_COOKIE, "value": state.session("editor"), "url": f"{address}{PATH}"}
    context.add_cookies([session])  # type: ignore[list-item]
    return context.new_page()


def _report(page: Page, folder: Path) -> Path:
    page.goto("/staff/coverage")
    page.get_by_role("table").get_by_role("link").first.click()
    page.locator("h1").wait_for()
    return _kept(page, folder, "report")


def _asked(page: Page, folder: Path) -> Path:
    page.goto("/staff/questions")
    return _kept(page, folder, "questions")


def _explained(page: Page, folder: Path) -> Path:
    page.goto("/staff/try")
    page.locator("#question").fill(QUESTION)
    page.locator("main form .primary").click()
    page.locator(".tree summary").nth(1).click()
    page.get_by_role("heading", name=wording.TRY_WHY).evaluate("heading => heading.scrollIntoView()")
    page.mouse.move(0, 0)
    return _kept(page, folder, "try")


def _kept(page: Page, folder: Path, name: str) -> Path:
    path = folder / f"staff-{name}.png"
    page.set_viewport_size({"width": _WIDTH, "height": _HEIGHTS[name]})
    page.screenshot(path=path)
    return path
