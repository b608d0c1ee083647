"""Steady and heavy load on a real server, and what came back."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.bench.metrics import quantile

__all__ = ["Outcome", "Service", "press", "service", "workers_of"]

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


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
def service(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """A server with ``settings`` (``MINSHENG_…`` without the prefix), its records in ``folder``."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = {f"MINSHENG_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "MINSHENG_DATA": str(folder), "MINSHENG_LOG": "off", **given}
    command = [sys.executable, "-c", "from web.serve import main; main()", "--port", str(port), *arguments]
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
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
    children = psutil.Process(running.process.pid).children(recursive=True)
    found = [child for child in children if any("spawn_main" in part for part in child.cmdline())]
    return found or [psutil.Process(running.process.pid)]


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

    A connection that breaks is made anew. ``meanwhile`` is called in a thread once half the time is over.
    """
    # In a thread of its own: where browsers are driven, this one has a loop that runs already.
    with ThreadPoolExecutor(1) as alone:
        pressed = _press(port, questions, connections, seconds, pause, meanwhile)
        return alone.submit(asyncio.run, pressed).result()


async def _press(
    port: int,
    questions: Sequence[str],
    connections: int,
    seconds: float,
    pause: float,
    meanwhile: Callable[[], None] | None,
) -> Outcome:
    outcome = Outcome()
    requests = [_request(question) for question in questions]
    until = time.monotonic() + seconds
    tasks = [_connection(port, requests, at, until, pause, outcome) for at in range(connections)]
    if meanwhile is not None:
        tasks.append(_later(seconds / 2, meanwhile))
    await asyncio.gather(*tasks)
    return outcome


async def _later(seconds: float, meanwhile: Callable[[], None]) -> None:
    await asyncio.sleep(seconds)
    await asyncio.to_thread(meanwhile)


def _request(question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    head = "POST /api/v1/ask HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _connection(
    port: int, requests: Sequence[bytes], at: int, until: float, pause: float, outcome: Outcome
) -> None:
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            outcome.lost += 1
            await asyncio.sleep(0.05)
            continue
        try:
            while time.monotonic() < until:
                began = time.perf_counter()
                writer.write(requests[at % len(requests)])
                at += 1
                status = await _status(reader)
                outcome.statuses[status] += 1
                if status == 200:
                    outcome.answered.append((time.perf_counter() - began) * 1000)
                if pause:
                    await asyncio.sleep(pause)
        except (OSError, asyncio.IncompleteReadError):
            outcome.lost += 1
        finally:
            writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    assert length is not None
    await reader.readexactly(int(length[1]))
    return int(head[9:12])
