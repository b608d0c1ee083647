"""The room over a real record store, with one account of each role, for tests."""

from __future__ import annotations

import copy
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from qa.engine import Engine
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.layout import DataDirectory, read_state
from qa.versions.lock import changing
from qa.versions.publishing import prepare, switch
from qa.versions.serving import open_version
from tests.databases import open_store
from tests.staff import begun, tiny_corpus
from web.app import create_app
from web.ports import FixedEngine
from web.records.model import AuditEntry, Role, new_id, utc_now
from web.records.store import SqlRecords
from web.site import Site
from web.staff import corpus_wording, examination
from web.staff.examination import Examinations

__all__ = [
    "LOOPBACK",
    "PASSWORD",
    "Desk",
    "Hall",
    "desk",
    "hall",
    "hall_engine",
    "people",
    "records",
    "room_routes",
    "written",
]

WITHIN = 60.0
"""Seconds for what is done apart from the server."""

LOOPBACK = "http://127.0.0.1"

PASSWORD = "correct horse battery"


def people(records: SqlRecords) -> None:
    """One account of each role, named like it."""
    for role in Role:
        records.staff.accounts.add(role.value, PASSWORD, role)


def room_routes(app: ASGIApp) -> list[APIRoute]:
    """Every route of the room, those of routers that were included, too."""
    return [route for route in _routes(app.routes) if route.path.startswith("/staff")]  # type: ignore[attr-defined]


def _routes(routes: Iterable[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)


def written(records: SqlRecords) -> None:
    """Waits until all that was queued before is in the store: what is queued is written in order."""
    last = new_id()
    assert records.feedback.add(last, helpful=True)
    deadline = time.monotonic() + 20
    while last not in {one.question_id for one in records.feedback.newest(1)}:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert records.forget(last)


@dataclass
class Desk:
    """Somebody at the room, with a browser of their own."""

    client: TestClient

    def token(self, page: str) -> str:
        """The token of the forms of a page."""
        found = re.search(r'name="form" value="([0-9a-f]+)"', page)
        assert found, page
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD) -> Self:
        """Signs in as somebody else."""
        self.client.cookies.clear()
        form = self.token(self.client.get("/staff/login").text)
        data = {"name": name, "password": password, "form": form}
        done = self.client.post("/staff/login", data=data, follow_redirects=False)
        assert done.status_code == 303, done.text
        return self

    def send(self, address: str, /, on: str = "/staff/try", **fields: str) -> str:
        """Sends a form, as from the page ``on``; the page that follows."""
        data = {**fields, "form": self.token(self.client.get(on).text)}
        done = self.client.post(address, data=data)
        assert done.status_code == 200, done.text
        return done.text


@pytest.fixture
def records(tmp_path: Path, quick_hashes: None) -> SqlRecords:
    """A record store with an account of each role; the application stops it."""
    made = open_store(f"sqlite:///{tmp_path / 'records.db'}", utc_now)
    people(made)
    return made


@pytest.fixture
def desk(engine: Engine, records: SqlRecords) -> Iterator[Desk]:
    """Somebody at the room of the seed corpus."""
    app = create_app(FixedEngine(engine), Site(), records)
    with TestClient(app, base_url=LOOPBACK) as client:
        yield Desk(client)


@dataclass
class Follower:
    """An engine that follows what is published when it is told to look; begun from one that was opened."""

    current: Engine
    data: DataDirectory

    def look(self) -> None:
        """Opens the version in force."""
        state = read_state(self.data)
        assert state
        self.current = open_version(self.data.version(state.current), Settings(data=self.data.root))


@dataclass
class Hall(Desk):
    """Somebody at the room of a tiny corpus that is published from a data directory of its own."""

    data: DataDirectory
    live: Follower
    records: SqlRecords

    def told(self, status: int, address: str, /, on: str = "/staff/try", **fields: str) -> str:
        """Sends a form that is answered with ``status``; the page."""
        data = {**fields, "form": self.token(self.client.get(on).text)}
        sent = self.client.post(address, data=data)
        assert sent.status_code == status, sent.text
        return sent.text

    def refused(self, address: str, /, on: str = "/staff/try", **fields: str) -> str:
        """Sends a form that something is wrong with; the page that says what."""
        return self.told(422, address, on, **fields)

    def until(self, address: str, words: str) -> str:
        """Loads a page, as it does by itself, until ``words`` are gone from it."""
        deadline = time.monotonic() + WITHIN
        page = self.client.get(address).text
        while words in page:
            assert time.monotonic() < deadline, page
            time.sleep(0.2)
            page = self.client.get(address).text
        return page

    def upload(self, *files: tuple[str, bytes]) -> str:
        """Sends files and waits until they were read; the page that lists them."""
        form = {"form": self.token(self.client.get("/staff/uploads?more=1").text)}
        sent = self.client.post("/staff/uploads", data=form, files=[("files", one) for one in files])
        assert sent.status_code == 200, sent.text
        return self.until("/staff/uploads", corpus_wording.UPLOAD_WAITING)

    def checked(self) -> str:
        """Has the draft looked at; the page that says what was found."""
        self.send("/staff/draft/check", on="/staff/draft")
        return self.until("/staff/draft", corpus_wording.EXAMINE_RUNNING)

    def examined(self) -> str:
        """As :meth:`checked`, without a process of its own."""
        Examinations(self.data.root).begin()
        examination.main(self.data.root, "editor")
        return self.client.get("/staff/draft").text

    def publish(self) -> None:
        """Makes the draft the version in force, whatever it does to the answers."""
        with changing(self.data, "admin", "发布"):
            name = prepare(self.data, Settings(data=self.data.root)).name
            switch(self.data, name, "admin", "")
            Draft.discard(self.data)
        self.live.look()

    def last(self) -> AuditEntry:
        """What was written down last."""
        return self.records.staff.audit.newest(1)[0]

    @property
    def current(self) -> str:
        """The name of the version in force."""
        state = read_state(self.data)
        assert state
        return state.current


@pytest.fixture(scope="session")
def hall_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of a tiny corpus that was published."""
    root = tmp_path_factory.mktemp("hall")
    data = DataDirectory(root / "data")
    name = begun(data, tiny_corpus(root / "corpus"))
    return open_version(data.version(name), Settings(data=data.root))


@pytest.fixture
def hall(tmp_path: Path, hall_engine: Engine, records: SqlRecords) -> Iterator[Hall]:
    """The room of a tiny corpus, which follows what is published when its engine looks."""
    before, data = hall_engine.settings, DataDirectory(tmp_path / "data")
    shutil.copytree(before.data, data.root)
    engine = copy.copy(hall_engine)
    assert before.index
    index = data.root / before.index.relative_to(before.data)
    engine._settings = before.model_copy(update={"data": data.root, "index": index})
    live = Follower(engine, data)
    with TestClient(create_app(live, Site(), records), base_url=LOOPBACK) as client:
        yield Hall(client, data, live, records)
