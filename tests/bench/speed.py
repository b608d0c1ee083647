"""How fast it is and what it holds: questions alone, a fresh process, and a real server under load.

``python -m tests.bench.speed`` is the server that is measured; ``python -m tests.bench`` measures.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.engine import Engine, build_engine
from qa.settings import Settings
from tests.bench.baseline import Plain
from tests.bench.metrics import quantile
from web.app import create_app
from web.ports import FixedEngine
from web.serve import open_socket
from web.site import Site

__all__ = ["AskTimes", "Load", "Start", "ask_times", "load", "plain_times", "serving", "start"]

CONNECTIONS = 16
SECONDS = 4.0
WARM_SECONDS = 0.5
BARE = "/bare"
BARE_POST = "/bare/post"
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class AskTimes:
    """Milliseconds a question takes, over questions that each took their median round."""

    p50: float
    p99: float
    count: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Start:
    """A fresh process: seconds to its first answer, peak memory then and after every question."""

    seconds: float
    first_mib: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second over kept-alive connections; ``failed`` had another status than 200."""

    per_second: float
    p50: float
    p99: float
    failed: int


def ask_times(engine: Engine, questions: Sequence[str], rounds: int = 5) -> AskTimes:
    """ask() in one thread, after one round that is not counted."""
    return _times(lambda question: engine.ask(question), questions, rounds)


def plain_times(plain: Plain, questions: Sequence[str], rounds: int = 5) -> AskTimes:
    """The plain way's time to its best passage, likewise."""
    return _times(lambda question: plain.top(question), questions, rounds)


def _times(ask: Callable[[str], object], questions: Sequence[str], rounds: int) -> AskTimes:
    taken: list[list[float]] = [[] for _ in questions]
    for turn in range(rounds + 1):
        for at, question in enumerate(questions):
            began = time.perf_counter()
            ask(question)
            if turn:
                taken[at].append((time.perf_counter() - began) * 1000)
    typical = [statistics.median(of) for of in taken]
    return AskTimes(quantile(typical, 0.5) or 0.0, quantile(typical, 0.99) or 0.0, len(questions), rounds)


# -- a fresh process -----------------------------------------------------------------------------------


def start(questions: Path) -> Start:
    """Starts a process that answers the first question, then all; measured from before its start."""
    began = time.perf_counter()
    with _child("fresh", str(questions)) as child:
        assert child.stdout is not None
        first = _number(child.stdout)
        seconds = time.perf_counter() - began
        return Start(seconds, first, _number(child.stdout))


def _number(told: IO[str]) -> float:
    """The number on the next line of a process's output."""
    line = told.readline()
    if not line:
        raise SystemExit("The process that was to be measured ended early; its own words are above.")
    return float(line)


@contextmanager
def _child(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()


# -- a server under load -------------------------------------------------------------------------------


@contextmanager
def serving() -> Iterator[int]:
    """The port of a server process with the site and two bare endpoints beside it, one worker."""
    with _child("speed") as child:
        assert child.stdout is not None
        yield int(_number(child.stdout))


def load(port: int, path: str, bodies: Sequence[bytes], seconds: float = SECONDS) -> Load:
    """Requests one after the other on each of a few connections: POST with bodies, GET without."""
    requests = [_request(path, body) for body in bodies] or [_request(path, None)]
    uvloop.run(_press(port, requests, WARM_SECONDS))
    return uvloop.run(_press(port, requests, seconds))


def _request(path: str, body: bytes | None) -> bytes:
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _press(port: int, requests: Sequence[bytes], seconds: float) -> Load:
    began = time.perf_counter()
    waiting = cycle(requests)
    one = (_connection(port, waiting, began + seconds) for _ in range(CONNECTIONS))
    done = [pair for pairs in await asyncio.gather(*one) for pair in pairs]
    taken = [ms for ms, _ in done]
    return Load(
        len(done) / (time.perf_counter() - began),
        quantile(taken, 0.5) or 0.0,
        quantile(taken, 0.99) or 0.0,
        sum(not fine for _, fine in done),
    )


async def _connection(port: int, requests: Iterator[bytes], until: float) -> list[tuple[float, bool]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = []
    while (began := time.perf_counter()) < until:
        writer.write(next(requests))
        fine = await _reply(reader)
        done.append(((time.perf_counter() - began) * 1000, fine))
    writer.close()
    await writer.wait_closed()
    return done


async def _reply(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    assert length is not None
    await reader.readexactly(int(length[1]))
    return head.startswith(b"HTTP/1.1 200")


def _bare() -> FastAPI:
    """What a request costs with nothing to do."""
    bare = FastAPI()

    @bare.get(BARE)
    async def nothing() -> dict[str, str]:
        return {"status": "ok"}

    @bare.post(BARE_POST)
    def nothing_asked(body: dict[str, str]) -> dict[str, str]:
        return {"status": "ok"}

    return bare


def _beside(site: ASGIApp, bare: ASGIApp) -> ASGIApp:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = bare if scope.get("path", "").startswith(BARE) else site
        await chosen(scope, receive, send)

    return dispatch


def _serve() -> None:
    app = _beside(create_app(FixedEngine(build_engine(Settings())), Site()), _bare())
    with open_socket("127.0.0.1", 0) as listening:
        print(listening.getsockname()[1], flush=True)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve()
