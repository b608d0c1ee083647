"""The room over a real record store, with one account of each role, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.engine import Engine
from tests.databases import open_store
from web.app import create_app
from web.ports import FixedEngine
from web.records.model import Role, utc_now
from web.records.store import SqlRecords
from web.site import Site

__all__ = ["LOOPBACK", "PASSWORD", "Desk", "desk", "people", "records"]

LOOPBACK = "http://127.0.0.1"

PASSWORD = "correct horse battery"


def people(records: SqlRecords) -> None:
    """One account of each role, named like it."""
    for role in Role:
        records.staff.accounts.add(role.value, PASSWORD, role)


@dataclass
class Desk:
    """Somebody at the room, with a browser of their own."""

    client: TestClient

    def token(self, page: str) -> str:
        """The token of the forms of a page."""
        found = re.search(r'name="form" value="([0-9a-f]+)"', page)
        assert found, page
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD) -> Desk:
        """Signs in as somebody else."""
        self.client.cookies.clear()
        form = self.token(self.client.get("/staff/login").text)
        data = {"name": name, "password": password, "form": form}
        done = self.client.post("/staff/login", data=data, follow_redirects=False)
        assert done.status_code == 303, done.text
        return self

    def send(self, address: str, on: str = "/staff/try", **fields: str) -> str:
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
