"""Every page of the room, empty and full, as it is drawn: valid HTML, axe, what the browser complains of.

The pages are those that links lead to, so a new one is looked at as soon as something leads there; a page of
the room's routes that nothing leads to fails.
"""

from __future__ import annotations

import copy
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.testclient import TestClient

from qa.coverage.saved import RunStore
from qa.engine import Engine
from tests.serving import served
from tests.staff_full import Sight, State, crawled, empty_state, filled_state, published
from tests.staff_room import LOOPBACK, Desk, room_routes
from tests.test_html import VNU
from tests.test_site_browser import AXE, AXE_RUN, MEASURE, TAGS
from web.staff.access import PATH, SESSION_COOKIE

QUESTIONS: Final = (
    "创业担保贷款个人额度提高到多少？",
    "今天天气怎么样",
    "心理咨询室晚上开不开门",
    "<b>&\"'",
    "",
)
LEAST: Final = {"target": 24, "text": 11, "main": 12, "line": 1.2, "contrast": 4.5}
"""What is there at least: targets by WCAG 2.2 AA (2.5.8); people at a desk read smaller text."""
COLOURS: Final[dict[str, dict[str, Any]]] = {
    "dark desktop": {"viewport": {"width": 1100, "height": 800}, "color_scheme": "dark"},
    "much contrast": {
        "viewport": {"width": 320, "height": 640},
        "color_scheme": "dark",
        "contrast": "more",
    },
}
BY_FORMS: Final = {"/staff/login", "/staff/coverage/compare", "/staff/versions/compare"}
"""Pages that forms lead to, and links only now and then."""
OF_OTHER_STATES: Final = {"/staff/uploads/{upload}", "/staff/versions/rollback"}
"""Pages that there are only after an upload, and after a second version; their own tests look at them."""
FILES: Final = re.compile(r"\.(csv|xlsx|css)$|\{kind\}")


@dataclass(frozen=True)
class Room:
    """A state of the room as it is served, with somebody signed in who may do everything."""

    state: State
    address: str
    runs: tuple[str, ...]

    @property
    def desk(self) -> Desk:
        """Somebody signed in; no block, or the application would take its store for done with."""
        client = TestClient(self.state.app, base_url=LOOPBACK)
        client.cookies.set(SESSION_COOKIE, self.state.session("admin"), path=PATH)
        return Desk(client)

    @cached_property
    def sights(self) -> tuple[Sight, ...]:
        """The pages that links lead to."""
        return tuple(crawled(self.desk.client))

    @property
    def addresses(self) -> list[str]:
        """The addresses of every page."""
        compared = f"/staff/coverage/compare?before={self.runs[0]}&after={self.runs[-1]}" if self.runs else ""
        more = ["/staff/questions?days=182&show=all", "/staff/questions/0123456789ab", compared]
        return [*(sight.address for sight in self.sights), *filter(None, more)]


@pytest.fixture(scope="module", params=["empty", "full"])
def room(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """The room: empty over a corpus that was never published, or full over one that was."""
    folder, runs = tmp_path_factory.mktemp("room"), tuple[str, ...]()
    if request.param == "empty":
        fresh = copy.copy(engine)
        fresh._settings = engine.settings.model_copy(update={"data": folder / "data"})
        state = empty_state(fresh, folder)
    else:
        own = published(folder / "data")
        state = filled_state(own, folder)
        runs = tuple(RunStore(own.settings.data).ids())
    with served(state.app) as address:
        yield Room(state, address, runs)


def _answers(room: Room) -> Iterator[tuple[str, str]]:
    """Pages that come of forms: with an answer, with an error, and those that say that something is wrong."""
    desk, client = room.desk, room.desk.client
    token = desk.token(client.get("/staff/try").text)

    def sent(address: str, **fields: str) -> str:
        return client.post(address, data={"form": token, **fields}).text

    for question in QUESTIONS:
        yield f"try {question}", sent("/staff/try", question=question, repair="1")
    yield "key made", sent("/staff/keys", label="<东门>", scopes="ask")
    yield "key refused", sent("/staff/keys", label="", days="x")
    yield "account refused", sent("/staff/accounts", name="x y", password="", role="editor")
    yield "password refused", sent("/staff/accounts/password", name="viewer", password="")
    yield "question refused", sent("/staff/mining", id=_first_mined(client), question="")
    yield "form stale", client.post("/staff/try", data={"form": "0"}).text
    yield "not found", client.get("/staff/coverage/nothing").text
    for note in room.state.records.staff.notes.list()[:1]:
        yield "note refused", sent("/staff/notes/change", note=note.id, state="open", body="长" * 4001)
    yield "session over", _too_late(room, client)
    client.cookies.clear()
    yield "login", client.get("/staff/login").text


def _first_mined(client: TestClient) -> str:
    found = re.search(r'id="q-([0-9a-f]{12})"', client.get("/staff/mining").text)
    assert found
    return found[1]


def _too_late(room: Room, client: TestClient) -> str:
    desk = Desk(client)
    token = desk.token(client.get("/staff/try").text)
    room.state.records.staff.sessions.end(client.cookies[SESSION_COOKIE])
    data = {"form": token, "question": "<几点>关门？", "kind": "needs_briefing"}
    return client.post("/staff/notes", data=data).text


def test_links_lead_to_every_page(room: Room) -> None:
    """Where there is something to show, also to the pages of one thing."""
    routes = {route.path for route in room_routes(room.state.app) if "GET" in (route.methods or ())}
    pages = {path for path in routes if not FILES.search(path)} - BY_FORMS
    wanted = {path for path in pages if room.runs or "{" not in path}
    assert wanted - {sight.route for sight in room.sights} <= OF_OTHER_STATES


def test_every_page_is_valid_html(room: Room, tmp_path: Path) -> None:
    client = room.desk.client
    pages = [(address, client.get(address).text) for address in room.addresses]
    pages += _answers(room)
    names = {}
    for number, (name, page) in enumerate(pages):
        names[f"{number:03}.html"] = name
        (tmp_path / f"{number:03}.html").write_text(page, "utf-8")
        _check_structure(name, page)
    command = ["java", "-jar", str(VNU), "--format", "text", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, (checked.stderr, names)
    assert checked.stderr.count("\n") == 1, (checked.stderr, names)  # no warning before the last line


def _check_structure(name: str, page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), name
    for named in re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page):
        assert set(named.split()) <= set(ids), (name, named)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1, name
    assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_every_page_is_accessible_and_fits_a_narrow_phone(browser: Browser, room: Room) -> None:
    found = _looked_at(browser, room, room.addresses, {"viewport": {"width": 360, "height": 740}})
    assert not found, "\n".join(found)


@pytest.mark.parametrize("mode", COLOURS.values(), ids=COLOURS.keys())
@pytest.mark.parametrize("room", ["full"], indirect=True)
@pytest.mark.long
def test_every_kind_of_page_is_accessible_in_other_colours(
    browser: Browser, room: Room, mode: dict[str, Any]
) -> None:
    first: dict[str, str] = {}
    for sight in room.sights:
        first.setdefault(sight.route, sight.address)
    found = _looked_at(browser, room, [*first.values()], mode)
    assert not found, "\n".join(found)


def _looked_at(browser: Browser, room: Room, addresses: list[str], mode: dict[str, Any]) -> list[str]:
    """What there is to complain of on some pages, and on an answer with everything open."""
    context = _context(browser, room, mode)
    page = context.new_page()
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if _unexpected(said.type, said.text) else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for address in addresses:
        page.goto(address)
        found += _complaints(page, address)
    page.goto("/staff/try")
    page.locator("#question").fill(QUESTIONS[0])
    page.locator("main form .primary").click()
    page.locator(".hits").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found += _complaints(page, "an answer explained, everything open")
    context.close()
    return found


def test_the_page_to_sign_in_on_is_accessible_and_fits(browser: Browser, room: Room) -> None:
    context = browser.new_context(base_url=room.address, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/staff/login")
    assert not _complaints(page, "login")
    context.close()


def _context(browser: Browser, room: Room, mode: dict[str, Any]) -> BrowserContext:
    context = browser.new_context(base_url=room.address, reduced_motion="reduce", **mode)
    session = {"name": SESSION_COOKIE, "value": room.state.session("admin"), "url": f"{room.address}{PATH}"}
    context.add_cookies([session])  # type: ignore[list-item]
    return context


def _unexpected(kind: str, text: str) -> bool:
    return kind in ("error", "warning") and "status of 4" not in text


def _complaints(page: Page, what: str) -> list[str]:
    found = page.evaluate(MEASURE.read_text("utf-8"), LEAST)
    page.evaluate(AXE.read_text("utf-8"))
    violated, passed = page.evaluate(AXE_RUN, TAGS)
    assert passed > 10, "axe looked at next to nothing"
    return [f"{what}: {complaint}" for complaint in (*found, *violated)]
