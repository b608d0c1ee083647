"""Sign-ins that failed are in the log: who was meant, never what was typed, and not without end."""

from __future__ import annotations

from tests.staff_room import Desk
from web.records.model import FAILED_SIGN_IN, AuditEntry
from web.records.store import SqlRecords
from web.staff import wording

SECRET = "my secret password"


def _tries(desk: Desk, name: str, times: int = 1) -> None:
    desk.client.cookies.clear()
    form = desk.token(desk.client.get("/staff/login").text)
    for _ in range(times):
        desk.client.post("/staff/login", data={"name": name, "password": SECRET, "form": form})


def _log(records: SqlRecords) -> tuple[AuditEntry, ...]:
    return records.staff.audit.newest(50, action=FAILED_SIGN_IN)


def test_a_failed_sign_in_names_the_account_and_nothing_that_was_typed(
    desk: Desk, records: SqlRecords
) -> None:
    _tries(desk, " ADMIN ")
    _tries(desk, SECRET)
    unknown, known = _log(records)
    assert (known.who, known.detail) == ("admin", wording.FAILED_WRONG)
    assert unknown.who == wording.NO_SUCH_NAME
    assert all(SECRET not in str(entry) for entry in _log(records))
    assert wording.action(FAILED_SIGN_IN) in desk.sign_in("admin").client.get("/staff/audit").text


def test_trying_without_end_fills_no_log(desk: Desk, records: SqlRecords) -> None:
    _tries(desk, "admin", 7)
    assert [entry.detail for entry in _log(records)][:2] == [wording.FAILED_WAITING] * 2
    for number in range(5):
        _tries(desk, f"name{number}", 6)
    assert len(_log(records)) == 10
