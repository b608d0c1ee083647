"""Steady and heavy load on a real server, and what came back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.bench.metrics import quantile

__all__ = ["Outcome", "Service", "press", "service", "undisturbed", "workers_of"]

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 180


@dataclass(slots=True)
class Outcome:
    """Milliseconds of the answers, requests by status, and connections that broke (``lost``)."""

    answered: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0

    def at(self, share: float) -> float:
        """The time within which ``share`` of the answers came, in milliseconds."""
        return quantile(self.answered, share) or 0.0


@dataclass(frozen=True, slots=True)
class Service:
    """A server process."""

    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def undisturbed() -> Iterator[bool]:
    """What is started here goes before what else runs on this machine, where that is allowed: yields whether.

    For measuring times: what strangers do at the moment is not to be measured.
    """
    usual = os.sched_getscheduler(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(0, usual, os.sched_param(0))


@contextmanager
def service(folder: Path, *arguments: str, log: Path | None = None, **settings: str) -> Iterator[Service]:
    """A server with ``settings`` (``MINSHENG_…`` without the prefix), its records in ``folder``.

    What it says on standard error is kept in the file ``log``.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = {f"MINSHENG_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "MINSHENG_DATA": str(folder), "MINSHENG_LOG": "off", **given}
    command = [sys.executable, "-c", "from web.serve import main; main()", "--port", str(port), *arguments]
    with (
        (log or Path(os.devnull)).open("ab") as told,
        subprocess.Popen(command, cwd=_ROOT, env=environment, stderr=told) as process,
    ):
        try:
            _wait(port, process)
            yield Service(port, process)
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    request = b"GET /api/v1/health/ready HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n"
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(request)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def workers_of(running: Service) -> list[psutil.Process]:
    """The server's worker processes, or itself where it has none."""
    server = psutil.Process(running.process.pid)
    return [child for child in server.children(recursive=True) if _is_worker(child)] or [server]


def _is_worker(child: psutil.Process) -> bool:
    try:
        return any("spawn_main" in part for part in child.cmdline())
    except psutil.NoSuchProcess:  # just ended, and perhaps not yet waited for: a zombie
        return False


def press(
    port: int,
    questions: Sequence[str],
    *,
    connections: int,
    seconds: float,
    pause: float = 0.0,
    meanwhile: Callable[[], None] | None = None,
) -> Outcome:
    """Asks on each of ``connections``, one question after the other, ``pause`` seconds between them.

    A connection that breaks is made anew. ``meanwhile`` is called once half the time is over.
    """
    given = {
        "port": port,
        "questions": list(questions),
        "connections": connections,
        "seconds": seconds,
        "pause": pause,
    }
    command = [sys.executable, "-m", "tests.soak.crowd", json.dumps(given)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as crowd:
        if meanwhile is not None:
            time.sleep(seconds / 2)
            meanwhile()
        told, _ = crowd.communicate(timeout=seconds + _PATIENCE)
    assert crowd.returncode == 0
    came = json.loads(told)
    statuses = Counter({int(status): many for status, many in came["statuses"].items()})
    return Outcome(came["answered"], statuses, came["lost"])
