"""The room in its two extremes, with nothing kept and with some of everything, and the pages it has."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import urlsplit

from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from qa.coverage.cases import CaseSet
from qa.coverage.files import load_case_folder
from qa.coverage.run import run_cases
from qa.coverage.saved import RunStore
from qa.engine import Engine
from qa.model import Status
from qa.settings import Settings, seed_corpus
from qa.versions.layout import DataDirectory
from qa.versions.serving import open_version
from tests.databases import open_store
from tests.staff import begun
from tests.staff_room import LOOPBACK, people, room_routes, written
from web.app import create_app
from web.ports import FixedEngine
from web.records.keeping import keep
from web.records.model import Channel, NoteKind, NoteState, QuestionEntry, Scope, new_id, utc_now
from web.records.store import SqlRecords
from web.site import Site
from web.staff.access import PATH, SESSION_COOKIE

__all__ = ["Sight", "State", "crawled", "empty_state", "filled_state", "published"]

_ROAD: Final = (
    "区政府对面那条路从去年修到现在还没有修好，下雨天全是泥巴，娃儿上学走路都要绕一大圈，到底要修到什么时候？"
)
ASKED: Final = (
    ("公园几点关门？", 9, Status.NO_ANSWER),
    ("公园好久关门", 4, Status.NO_ANSWER),
    ("公园幾點關門", 1, Status.NO_ANSWER),
    ("社保卡丢了怎么办", 7, Status.RELATED),
    ("我的社保卡掉了啷个办", 3, Status.RELATED),
    ("创业担保贷款个人额度提高到多少？", 6, Status.ANSWERED),
    ("创业担保贷个人额度涨到好多", 2, Status.RELATED),
    ("民政局局长是谁？", 5, Status.ANSWERED),
    (_ROAD, 2, Status.NO_ANSWER),
    ("写一首诗", 1, Status.DECLINED),
)
"""What was asked, how often, and what came of it."""
_THINGS: Final = (
    "结婚证 准生证 居住证 老年证 驾驶证 护照 房产证 健康证 献血证 毕业证 图书证 门禁卡 油烟 噪音 路灯 "
    "井盖 水费 燃气 宽带 垃圾 广场舞 流浪狗 快递柜 菜市场 公厕 游泳馆 彩票 信访 拆迁 宅基地"
)
"""What one question each is about."""
_CASES: Final = 24
_OF_ONE_ROUTE: Final = 2


@dataclass(frozen=True)
class State:
    """A room as it stands, with its store."""

    app: ASGIApp
    records: SqlRecords

    def session(self, role: str) -> str:
        """A new session of the account named like its role, for a cookie."""
        return self.records.staff.sessions.start(role)

    def client(self, role: str) -> TestClient:
        """Somebody signed in; the store stops with the client's block."""
        client = TestClient(self.app, base_url=LOOPBACK)
        client.cookies.set(SESSION_COOKIE, self.session(role), path=PATH)
        return client


@dataclass(frozen=True)
class Sight:
    """A page: the address it was seen at, and its route."""

    address: str
    route: str
    html: str


def published(folder: Path) -> Engine:
    """The engine of the seed corpus, published as the first version of a data directory."""
    data = DataDirectory(folder)
    return open_version(data.version(begun(data, seed_corpus())), Settings(data=data.root))


def empty_state(engine: Engine, folder: Path) -> State:
    """A room in which nobody has done anything but sign in."""
    return _state(engine, folder)


def filled_state(engine: Engine, folder: Path) -> State:
    """A room with questions, feedback, notes, keys, two coverage runs and counts."""
    state = _state(engine, folder)
    _fill(state.records, engine)
    cases = load_case_folder(seed_corpus() / "faq").cases.cases[:_CASES]
    store = RunStore(engine.settings.data)
    for number, some in enumerate((cases[1:], cases)):
        place = store.folder / f"2026110{number + 1}-080000-aaaaa{number}"
        place.mkdir(parents=True)
        (place / "run.json").write_bytes(run_cases(engine, CaseSet.of(some)).to_json())
    return state


def crawled(client: TestClient) -> Iterator[Sight]:
    """Every page that links lead to from the room's first, a few of each route."""
    routes = [route for route in room_routes(client.app) if "GET" in (route.methods or ())]
    seen, of_route = {PATH}, dict.fromkeys((route.path for route in routes), 0)
    waiting = [PATH]
    while waiting:
        address = waiting.pop(0)
        route = _route_of(routes, address)
        if route is None or of_route[route.path] >= _OF_ONE_ROUTE:
            continue
        of_route[route.path] += 1
        page = client.get(address)
        assert page.status_code == 200, (address, page.status_code)
        if "html" not in page.headers["content-type"] or "content-disposition" in page.headers:
            continue  # a file to be kept
        yield Sight(address, route.path, page.text)
        for link in map(html.unescape, re.findall(r'<a [^>]*?href="([^"#]+)', page.text)):
            if urlsplit(link).path.startswith(PATH) and link not in seen:
                seen.add(link)
                waiting.append(link)


def _route_of(routes: list[APIRoute], address: str) -> APIRoute | None:
    return next((route for route in routes if route.path_regex.match(urlsplit(address).path)), None)


def _state(engine: Engine, folder: Path) -> State:
    records = open_store(f"sqlite:///{folder / 'records.db'}", utc_now)
    people(records)
    return State(create_app(FixedEngine(engine), Site(), records), records)


def _fill(records: SqlRecords, engine: Engine) -> None:
    chance = Random(6)
    for text, times, status in ASKED:
        for _ in range(times):
            at = utc_now() - timedelta(days=chance.randint(0, 50))
            entry = QuestionEntry(new_id(), text, status, 0.4, engine.corpus, Channel.WEB, at)
            records.questions.add(entry)
            if chance.random() < 0.3:
                helpful = chance.random() < 0.4
                records.feedback.add(entry.id, helpful=helpful, reason="" if helpful else "没有说周末")
    for thing in _THINGS.split():
        at = utc_now() - timedelta(days=chance.randint(0, 25))
        text = f"{thing}的事情该找哪个"
        entry = QuestionEntry(new_id(), text, Status.NO_ANSWER, 0.1, engine.corpus, Channel.KIOSK, at)
        records.questions.add(entry)
    for question in (ASKED[5][0], ASKED[7][0], "心理咨询室晚上开不开门"):
        keep(records, engine.ask(question), Channel.WEB)
    _write_down(records)
    written(records)
    counted = records.hits.counted()
    if counted is not None:  # else the store has done it by itself
        records.database.patiently(counted, writes=True)


def _write_down(records: SqlRecords) -> None:
    staff = records.staff
    staff.notes.add(NoteKind.NEEDS_BRIEFING, ASKED[0][0], "请文旅委来说", "editor")
    draft = staff.notes.add(NoteKind.FAQ_DRAFT, ASKED[3][0], "补办\n其他问法：社保卡掉了", "editor")
    done = staff.notes.add(NoteKind.FAQ_DRAFT, ASKED[5][0], "25万元", "editor")
    staff.notes.change(done.id, state=NoteState.DONE)
    staff.keys.add(
        "东门自助机", [Scope.ASK, Scope.FEEDBACK], expires=utc_now() + timedelta(days=30), per_minute=60
    )
    closed = staff.keys.add("旧的大厅屏幕", [Scope.ASK])
    staff.keys.revoke(closed.key.id)
    for number in range(130):
        staff.audit.add("editor", "note.change", draft.id, detail=f"第{number}次")
    staff.accounts.set_disabled("viewer", disabled=False)
