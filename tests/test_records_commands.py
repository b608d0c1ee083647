"""``minsheng-records``: what it does, says and ends with, over SQLite and PostgreSQL alike."""

from __future__ import annotations

import io
import os
import pty
import re
import sqlite3
import subprocess
import sys
import termios
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import Cluster, Hand, open_store
from tests.test_records import entry, remember, rows, settle
from tests.test_records_failing import locked
from web.commands.records import run
from web.records.model import Role

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _environment(quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


@pytest.fixture
def told(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address, as the environment tells it to the command."""
    monkeypatch.setenv("MINSHENG_RECORDS", url)
    return url


COMMANDS = (
    [],
    ["check"],
    ["backup"],
    ["restore"],
    ["purge"],
    ["forget"],
    ["account"],
    *(["account", name] for name in ("add", "list", "password", "role", "disable", "enable")),
    ["key"],
    *(["key", name] for name in ("add", "list", "rotate", "revoke")),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_in_chinese_with_an_example(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "例：minsheng-records" in shown
    assert "用法：" in shown
    english = set(re.findall(r"[A-Za-z]{4,}", shown))
    assert not english & {"Usage", "Options", "Commands", "Arguments", "Show", "Error", "default"}


@pytest.mark.parametrize(
    "command",
    [
        *(["backup"], ["restore"], ["forget"], ["account", "add"], ["account", "add", "王小明"]),
        *(["account", "role", "王小明", "root"], ["account", "password"], ["account", "disable"]),
        *(["key", "add"], ["key", "add", "大厅", "--scope", "all"], ["key", "revoke"], ["key", "rotate"]),
        *(
            ["key", "add", "大厅", "--scope", "ask", "--days", "0"],
            ["key", "rotate", "x", "--overlap-days", "-1"],
        ),
        *(
            ["nothing"],
            ["check", "--nothing"],
            ["key", "add", "大厅", "--days", "x"],
            ["--data"],
            [],
            ["key"],
        ),
    ],
    ids=" ".join,
)
def test_a_command_written_wrongly_ends_with_status_2_in_one_line(
    command: list[str], capsys: pytest.CaptureFixture[str], told: str
) -> None:
    assert run(command) == 2
    said = capsys.readouterr()
    if command in ([], ["key"]):
        assert "例：" in said.out
    else:
        assert len(said.err.splitlines()) == 1
        assert re.search(r"[\u4e00-\u9fff]", said.err)


def test_check_says_where_and_how_much(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 0
    said = capsys.readouterr().out
    assert "可以读写" in said
    assert "问题 0" in said


def test_check_never_shows_the_password_of_a_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINSHENG_RECORDS", "postgresql://u:hunter2@127.0.0.1:1/d")
    assert run(["check"]) == 1
    said = capsys.readouterr()
    assert "hunter2" not in said.out + said.err
    assert "请检查数据库有没有启动" in said.err


def test_check_says_what_is_the_matter(
    tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "records.db"
    open_store(f"sqlite:///{file}", hand).stop()
    monkeypatch.delenv("MINSHENG_RECORDS", raising=False)
    command = ["--data", str(tmp_path), "check"]
    with locked(file):
        assert run(command) == 1
    assert "锁住" in capsys.readouterr().err
    file.write_bytes(os.urandom(50_000))
    assert run(command) == 1
    assert "损坏" in capsys.readouterr().err
    monkeypatch.setenv("MINSHENG_RECORDS", "off")
    assert run(command) == 1
    assert "没有启用" in capsys.readouterr().err


def test_backup_and_restore_by_one_command_each(
    told: str, tmp_path: Path, hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "backup.db")
    assert run(["account", "add", "王小明", "--role", "admin"]) == 0
    assert run(["backup", file]) == 0
    assert f"已备份到 {file}" in capsys.readouterr().out
    assert run(["backup", file]) == 1
    assert "--yes" in capsys.readouterr().err
    assert run(["backup", file, "--yes"]) == 0
    assert run(["account", "role", "王小明", "viewer"]) == 0
    assert run(["restore", file]) == 1
    assert "已有" in capsys.readouterr().err
    assert run(["restore", file, "--yes"]) == 0
    assert "已恢复：" in capsys.readouterr().out
    records = open_store(told, hand)
    assert [account.role for account in records.staff.accounts.list()] == [Role.ADMIN]
    assert records.staff.audit.newest(1)[0].action == "records.restore"
    records.stop()


def test_a_backup_is_restored_into_an_empty_store_without_asking(
    told: str, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "backup.db")
    assert run(["account", "add", "王小明", "--role", "admin"]) == 0
    assert run(["backup", file]) == 0
    other = cluster.new_database() if told.startswith("sqlite") else f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("MINSHENG_RECORDS", other)
    assert run(["restore", file]) == 0
    assert rows(other, "accounts") == 1


def test_purge_deletes_what_is_past_its_time(
    told: str, hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    records = open_store(told, hand)  # its clock stands long before today
    records.questions.add(entry("旧的", hand))
    remember(records)
    settle(records, 1)
    records.stop()
    assert run(["purge"]) == 0
    assert "答复网址 1 个" in capsys.readouterr().out


def test_forget_deletes_one_question(told: str, hand: Hand, capsys: pytest.CaptureFixture[str]) -> None:
    records = open_store(told, hand)
    token = remember(records)
    records.stop()
    assert run(["forget", token]) == 0
    assert run(["forget", token]) == 1
    assert "没有找到" in capsys.readouterr().err
    assert rows(told, "answers") == 0


def test_accounts_are_made_listed_changed_and_audited(
    told: str, hand: Hand, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["account", "list"]) == 0
    assert "还没有账号" in capsys.readouterr().out
    assert run(["account", "add", "王小明", "--role", "editor"]) == 0
    assert run(["account", "role", "王小明", "admin"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("another long password\r\n"))
    assert run(["account", "password", "王小明"]) == 0
    assert run(["account", "disable", "王小明"]) == 0
    capsys.readouterr()
    assert run(["account", "list"]) == 0
    assert re.search(r"王小明 +admin +停用 +没用过", capsys.readouterr().out)
    assert run(["account", "enable", "王小明"]) == 0
    records = open_store(told, hand)
    assert records.staff.accounts.sign_in("王小明", "another long password").account
    log = records.staff.audit.newest(9)
    assert [line.action for line in reversed(log)] == [
        "account.add",
        "account.role",
        "account.password",
        "account.disable",
        "account.enable",
    ]
    assert all(line.who.startswith("命令行 ") for line in log)
    assert log[0].after == log[3].after != log[0].before  # open again: as before it was closed
    records.stop()


def test_what_cannot_be_done_ends_with_status_1_in_one_line(
    told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command, given in (
        (["account", "add", "王小明", "--role", "editor"], "short\n"),
        (["account", "add", "王小明", "--role", "editor"], ""),
        (["account", "password", "王小明"], PASSWORD),
        (["account", "enable", "王小明"], ""),
        (["key", "revoke", "0a1b2c3d4e5f"], ""),
        (["key", "add", "大厅"], ""),
        (["restore", "/no/such/file", "--yes"], ""),
        (["backup", "/no/such/folder/file"], ""),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        assert run(command) == 1, command
        said = capsys.readouterr()
        assert (said.out, len(said.err.splitlines())) == ("", 1), command


def test_a_key_is_shown_once_listed_rotated_and_revoked(
    told: str, hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["key", "list"]) == 0
    assert "还没有密钥" in capsys.readouterr().out
    assert run(["key", "add", "一楼大厅", "--scope", "ask", "--scope", "feedback", "--days", "30"]) == 0
    secret = capsys.readouterr().out.strip()
    key_id = secret.split("_")[1]
    assert run(["key", "rotate", key_id]) == 0
    rotated = capsys.readouterr().out.splitlines()[0]
    assert run(["key", "list"]) == 0
    listed = capsys.readouterr().out
    assert len(re.findall(r"一楼大厅 +ask、feedback", listed)) == 2
    assert secret not in listed
    assert rotated not in listed
    assert run(["key", "revoke", key_id]) == 0
    records = open_store(told, hand)
    assert records.staff.keys.check(secret) is None
    assert records.staff.keys.check(rotated)
    records.stop()


def test_a_password_typed_at_a_terminal_is_not_shown(tmp_path: Path) -> None:
    controller, terminal = pty.openpty()
    command = [sys.executable, "-c", "from web.commands.records import main; main()"]
    given = ["--data", str(tmp_path), "account", "add", "王小明", "--role", "admin"]
    started = subprocess.Popen(
        [*command, *given],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={name: value for name, value in os.environ.items() if not name.startswith("MINSHENG_")},
        start_new_session=True,  # away from the terminal the tests may run in
    )
    os.close(terminal)
    shown = b""
    for prompt in ("密码", "再输入一次"):
        while prompt.encode() not in shown:
            shown += os.read(controller, 1000)
        while termios.tcgetattr(controller)[3] & termios.ECHO:
            time.sleep(0.01)  # what is typed before the terminal is quiet is thrown away
        os.write(controller, PASSWORD.encode() + b"\n")
    while "已建账号 王小明".encode() not in shown:
        shown += os.read(controller, 1000)
    assert started.wait(30) == 0
    os.close(controller)
    assert PASSWORD.encode() not in shown
    with closing(sqlite3.connect(tmp_path / "records.db")) as connection:
        assert connection.execute("SELECT name, role FROM accounts").fetchall() == [("王小明", "admin")]
