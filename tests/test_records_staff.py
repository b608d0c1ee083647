"""Accounts, sessions, keys, notes and the audit log, over SQLite and PostgreSQL alike."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.databases import NOW, Cluster, Hand, open_store
from tests.test_records import content
from web.records.accounts import FREE_TRIES
from web.records.audit import digest_of
from web.records.errors import RecordsInvalid, RecordsUnavailable
from web.records.model import FAILED_SIGN_IN, NoteKind, NoteState, Role, Scope, day_of
from web.records.store import SqlRecords

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _hashes(request: pytest.FixtureRequest) -> None:
    if "recommended" not in request.node.name:
        request.getfixturevalue("quick_hashes")


# --- accounts ----------------------------------------------------------------------------------------


def test_an_account_signs_in_with_its_password_only(store: SqlRecords) -> None:
    accounts = store.staff.accounts
    made = accounts.add("王小明", PASSWORD, Role.EDITOR)
    assert accounts.sign_in("王小明", PASSWORD).account == made
    assert accounts.sign_in("王小明", PASSWORD + "x").account is None
    assert accounts.sign_in("王大明", PASSWORD).account is None
    assert [account.last_login for account in accounts.list()] == [NOW]


def test_a_name_is_regardless_of_capitals_and_width(store: SqlRecords) -> None:
    accounts = store.staff.accounts
    accounts.add("Wang", PASSWORD, Role.VIEWER)
    assert accounts.sign_in(" ＷＡＮＧ", "ｃorrect horse battery").account
    with pytest.raises(RecordsInvalid, match="已经有账号 wang"):
        accounts.add("WANG", PASSWORD, Role.VIEWER)


@pytest.mark.parametrize("name", ["", "x", "a b", "名" * 33, "../x", "13812345678", "<b>", "-wang"])
def test_what_is_no_name_is_refused(store: SqlRecords, name: str) -> None:
    with pytest.raises(RecordsInvalid, match="账号名要"):
        store.staff.accounts.add(name, PASSWORD, Role.VIEWER)


@pytest.mark.parametrize("password", ["", "short", "x" * 129, "1111111111", "wang-wang-wang1", "xWANGx12345"])
def test_a_weak_password_is_refused(store: SqlRecords, password: str) -> None:
    with pytest.raises(RecordsInvalid, match="密码"):
        store.staff.accounts.add("wang", password, Role.VIEWER)
    assert store.staff.accounts.list() == ()


def test_the_database_holds_argon2_as_recommended_and_no_password(url: str, store: SqlRecords) -> None:
    store.staff.accounts.add("wang", PASSWORD, Role.VIEWER)
    found = content(url)
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in found
    assert PASSWORD.encode() not in found


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_failures_must_wait_longer_and_longer_whether_the_name_exists_or_not(
    store: SqlRecords, hand: Hand, name: str
) -> None:
    accounts = store.staff.accounts
    accounts.add("wang", PASSWORD, Role.VIEWER)
    for _ in range(FREE_TRIES):
        assert accounts.sign_in(name, "wrong").wait == timedelta(0)
    waits = []
    for _ in range(7):
        waits.append(accounts.sign_in(name, "wrong").wait.total_seconds())
        hand.turn(seconds=waits[-1])
        accounts.sign_in(name, "wrong")
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert accounts.sign_in(name, PASSWORD).account is None  # even the right one waits
    hand.turn(seconds=900)
    assert (accounts.sign_in(name, PASSWORD).account is not None) == (name == "wang")


def test_signing_in_forgets_earlier_failures(store: SqlRecords) -> None:
    accounts = store.staff.accounts
    accounts.add("wang", PASSWORD, Role.VIEWER)
    for _ in range(3):
        for _ in range(FREE_TRIES - 1):
            accounts.sign_in("wang", "wrong")
        assert accounts.sign_in("wang", PASSWORD).account


def test_an_unknown_name_takes_as_long_as_a_known_one_where_hashed_as_recommended(store: SqlRecords) -> None:
    accounts = store.staff.accounts
    accounts.add("wang", PASSWORD, Role.VIEWER)
    accounts.sign_in("nobody-0", "wrong")

    def seconds(name: str) -> float:
        started = time.perf_counter()
        accounts.sign_in(name, "wrong")
        return time.perf_counter() - started

    known = min(seconds("wang") for _ in range(4))
    unknown = min(seconds(f"nobody-{number}") for number in range(1, 5))
    assert 0.3 < known / unknown < 3


def test_a_closed_account_is_signed_out_and_stays_out(store: SqlRecords) -> None:
    accounts, sessions = store.staff.accounts, store.staff.sessions
    accounts.add("wang", PASSWORD, Role.VIEWER)
    token = sessions.start("wang")
    accounts.set_disabled("wang", True)
    assert sessions.find(token) is None
    assert accounts.sign_in("wang", PASSWORD).account is None
    accounts.set_disabled("wang", False)
    assert accounts.sign_in("wang", PASSWORD).account
    assert sessions.find(token) is None


def test_a_new_password_ends_sessions_and_waiting(store: SqlRecords) -> None:
    accounts, sessions = store.staff.accounts, store.staff.sessions
    accounts.add("wang", PASSWORD, Role.VIEWER)
    token = sessions.start("wang")
    for _ in range(FREE_TRIES):
        accounts.sign_in("wang", "wrong")
    accounts.set_password("wang", "another long password")
    assert sessions.find(token) is None
    assert accounts.sign_in("wang", "another long password").account


def test_a_role_counts_from_the_next_request_on(store: SqlRecords) -> None:
    accounts, sessions = store.staff.accounts, store.staff.sessions
    accounts.add("wang", PASSWORD, Role.VIEWER)
    token = sessions.start("wang")
    accounts.set_role("wang", Role.ADMIN)
    found = sessions.find(token)
    assert found
    assert found.role is Role.ADMIN


def test_roles_include_those_before_them() -> None:
    included = [[role.includes(needed) for needed in Role] for role in Role]
    assert included == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_session_ends_by_itself_and_by_signing_out(url: str, store: SqlRecords, hand: Hand) -> None:
    accounts, sessions = store.staff.accounts, store.staff.sessions
    accounts.add("wang", PASSWORD, Role.VIEWER)
    first, second = sessions.start("wang"), sessions.start("WANG")
    assert first.encode() not in content(url)
    sessions.end(first)
    assert (sessions.find(first), sessions.find("")) == (None, None)
    assert sessions.find(second)
    hand.turn(hours=12)
    assert sessions.find(second) is None
    assert store.purge().other == 1


def test_only_failed_sign_ins_leave_the_log_after_their_time(store: SqlRecords, hand: Hand) -> None:
    store.staff.audit.add("wang", FAILED_SIGN_IN, "wang")
    store.staff.audit.add("wang", "corpus.publish", "v1", before="0" * 64, after=f"{'1' * 64}-2")
    hand.turn(days=89)
    store.staff.audit.add("wang", FAILED_SIGN_IN, "wang")
    assert store.purge().other == 0
    hand.turn(days=2)
    assert store.purge().other == 1
    kept = store.staff.audit.newest(9)
    assert [entry.action for entry in kept] == [FAILED_SIGN_IN, "corpus.publish"]
    assert kept[1].after == f"{'1' * 64}-2"


def test_an_account_that_does_not_exist_cannot_be_changed(store: SqlRecords) -> None:
    accounts = store.staff.accounts
    for change in (
        partial(accounts.set_password, "wang", PASSWORD),
        partial(accounts.set_role, "wang", Role.ADMIN),
        partial(accounts.set_disabled, "wang", True),
    ):
        with pytest.raises(RecordsInvalid, match=r"没有账号 wang.*account list"):
            change()


# --- keys --------------------------------------------------------------------------------------------


def test_a_key_opens_until_it_expires(store: SqlRecords, hand: Hand) -> None:
    keys = store.staff.keys
    made = keys.add("大厅一", [Scope.ASK, Scope.METRICS], expires=NOW + timedelta(days=1), per_minute=60)
    assert keys.check(made.secret) == made.key
    assert made.key.scopes == {Scope.ASK, Scope.METRICS}
    assert keys.list() == (made.key,)
    hand.turn(days=1)
    assert keys.check(made.secret) is None


def test_a_secret_is_kept_nowhere(url: str, store: SqlRecords) -> None:
    made = store.staff.keys.add("大厅一", [Scope.ASK])
    assert made.secret.rpartition("_")[2].encode() not in content(url)


def test_what_is_not_a_key_opens_nothing(store: SqlRecords) -> None:
    keys = store.staff.keys
    secret = keys.add("大厅一", [Scope.ASK]).secret
    altered = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for wrong in ("", "ms_", altered, secret + "x", secret.upper(), "密" * 50, keys.list()[0].id):
        assert keys.check(wrong) is None


def test_a_revoked_key_is_closed_at_once_here_and_soon_elsewhere(
    url: str, store: SqlRecords, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.records.keys._FRESH_SECONDS", 0.2)
    other = open_store(url, hand)
    made = store.staff.keys.add("大厅一", [Scope.ASK])
    assert other.staff.keys.check(made.secret)
    store.staff.keys.revoke(made.key.id)
    assert store.staff.keys.check(made.secret) is None
    time.sleep(0.3)
    assert other.staff.keys.check(made.secret) is None
    other.stop()


def test_a_rotated_key_and_the_one_it_replaces_both_open_for_a_while(store: SqlRecords, hand: Hand) -> None:
    keys = store.staff.keys
    old = keys.add("大厅一", [Scope.ASK], per_minute=9)
    hand.turn(days=1)
    new = keys.rotate(old.key.id, timedelta(days=7))
    assert keys.check(old.secret)
    found = keys.check(new.secret)
    assert found
    assert (found.label, found.scopes, found.per_minute) == ("大厅一", frozenset({Scope.ASK}), 9)
    assert found.replaces == old.key.id
    hand.turn(days=7)
    assert keys.check(old.secret) is None
    assert keys.check(new.secret)
    with pytest.raises(RecordsInvalid, match="不能轮换"):
        keys.rotate(old.key.id, timedelta(days=7))


def test_requests_are_counted_by_day(url: str, store: SqlRecords, hand: Hand) -> None:
    keys = store.staff.keys
    key = keys.add("大厅一", [Scope.ASK]).key
    for _ in range(5):
        keys.count(key)
    keys.count(key, refused=True)
    hand.turn(days=1)
    keys.count(key)
    store.stop()  # writes what is counted
    again = open_store(url, hand)
    counted = keys_usage(again, key.id)
    assert counted == [(day_of(NOW), 5, 1), (day_of(hand()), 1, 0)]
    again.staff.keys.count(key)
    again.stop()
    last = open_store(url, hand)
    assert keys_usage(last, key.id)[-1] == (day_of(hand()), 2, 0)
    assert last.staff.keys.list()[0].last_used == hand()
    last.stop()


def keys_usage(records: SqlRecords, key_id: str) -> list[tuple[object, int, int]]:
    usage = records.staff.keys.usage(key_id, day_of(NOW), day_of(NOW) + timedelta(days=9))
    return [(use.day, use.taken, use.refused) for use in usage]


def test_keys_go_on_while_the_database_is_away(
    cluster: Cluster, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.records.keys._FRESH_SECONDS", 0.0)
    records = open_store(cluster.new_database(), hand)
    made = records.staff.keys.add("大厅一", [Scope.ASK])
    assert records.staff.keys.check(made.secret)
    cluster.stop()
    try:
        assert records.staff.keys.check(made.secret)
        with pytest.raises(RecordsUnavailable):
            records.staff.keys.list()
    finally:
        cluster.start()
    records.stop()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"label": " ", "scopes": [Scope.ASK]}, "说明"),
        ({"label": "长" * 101, "scopes": [Scope.ASK]}, "100"),
        ({"label": "大厅", "scopes": []}, "权限"),
        ({"label": "大厅", "scopes": [Scope.ASK], "per_minute": 0}, "至少是 1"),
        ({"label": "大厅", "scopes": [Scope.ASK], "expires": NOW}, "已经过了"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(store: SqlRecords, given: dict[str, Any], told: str) -> None:
    with pytest.raises(RecordsInvalid, match=told):
        store.staff.keys.add(**given)


# --- notes and the audit log -------------------------------------------------------------------------


def test_notes_are_added_changed_listed_and_removed(store: SqlRecords, hand: Hand) -> None:
    notes = store.staff.notes
    need = notes.add(NoteKind.NEEDS_BRIEFING, "怎么落户？", "三月的发布会请讲", "王")
    hand.turn(hours=1)
    draft = notes.add(NoteKind.FAQ_DRAFT, "几点开门？", "九点", "李")
    assert notes.list() == (draft, need)
    hand.turn(hours=1)
    done = notes.change(need.id, state=NoteState.DONE)
    assert (done.body, done.updated) == ("三月的发布会请讲", hand())
    assert notes.list(state=NoteState.OPEN, kind=NoteKind.FAQ_DRAFT) == (draft,)
    assert notes.list(kind=NoteKind.NEEDS_BRIEFING) == (done,)
    notes.remove(draft.id)
    assert notes.list() == (done,)
    with pytest.raises(RecordsInvalid, match="已经不在了"):
        notes.change(draft.id, body="十点")


def test_the_audit_log_tells_who_changed_what_newest_first(store: SqlRecords, hand: Hand) -> None:
    audit = store.staff.audit
    before, after = digest_of({"a": 1}), digest_of({"a": 2})
    assert before != after
    audit.add("王", "settings.change", "a", before=before, after=after, detail="改成 2")
    hand.turn(hours=1)
    audit.add("李", "version.publish", "v2")
    assert [(entry.who, entry.target) for entry in audit.newest(9)] == [("李", "v2"), ("王", "a")]
    (entry,) = audit.newest(9, who="王")
    assert (entry.before, entry.after, entry.at, entry.detail) == (before, after, NOW, "改成 2")
    assert [entry.who for entry in audit.newest(1, skip=1)] == ["王"]
    assert [entry.who for entry in audit.newest(9, action="version.publish")] == ["李"]
