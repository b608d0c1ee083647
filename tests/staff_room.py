"""The room over a real record store, with one account of each role, for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.testclient import TestClient

from web.records.model import Role
from web.records.store import SqlRecords

__all__ = ["PASSWORD", "Desk", "people"]

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

    def send(self, address: str, page: str = "/staff/try", **fields: str) -> str:
        """Sends a form, as from ``page``; the page that follows."""
        data = {**fields, "form": self.token(self.client.get(page).text)}
        done = self.client.post(address, data=data)
        assert done.status_code == 200, done.text
        return done.text
