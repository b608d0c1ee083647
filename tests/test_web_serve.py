"""Starting the server: what cannot start says why, in one line, and ends with status 1."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.serve import StartError, open_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        yield occupant.getsockname()[1]


def _start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from web.serve import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_taken_port_is_told_with_another_to_try(taken: int) -> None:
    with pytest.raises(StartError, match=f"端口 {taken} 已经有程序在用.*--port"):
        open_socket("127.0.0.1", taken)


def test_an_address_of_another_machine_is_told() -> None:
    for host in ("192.0.2.1", "no.such.host.invalid"):
        with pytest.raises(StartError, match="本机没有这个地址"):
            open_socket(host, 0)


def test_the_command_ends_with_one_line_when_the_port_is_taken(taken: int) -> None:
    ended = _start("--port", str(taken))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "已经有程序在用" in ended.stderr


def test_the_command_ends_with_one_line_when_the_corpus_cannot_be_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    ended = _start("--port", str(port), "--corpus", str(tmp_path / "nothing"))
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1


def test_the_command_names_the_setting_that_is_wrong() -> None:
    ended = _start("--port", "70000")
    assert ended.returncode == 1
    assert "port" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_help_shows_an_example() -> None:
    assert "minsheng-web --port 8000" in _start("--help").stdout
