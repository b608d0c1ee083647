"""A crowd of clients in a process of its own: ``python -m tests.soak.crowd '{"port": …}'``.

It takes little of the machine, so that what is measured is the server: raw requests on open connections,
and of the responses only the status is looked at.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import Any

import uvloop

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
_AGAIN = 0.05


class _Client(asyncio.Protocol):
    """Asks one question after the other on a connection, and makes another where that breaks."""

    def __init__(self, crowd: Crowd, at: int) -> None:
        self._crowd = crowd
        self._at = at
        self._held = b""
        self._waiting = False
        self._began = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._held, self._waiting = b"", False
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._held += data
        head = self._held.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._held, 0, head + 2)
        assert length is not None
        if len(self._held) < head + 4 + int(length[1]):
            return
        status, self._held, self._waiting = int(self._held[9:12]), b"", False
        self._crowd.came(status, time.perf_counter() - self._began)
        if self._crowd.pause:
            self._crowd.loop.call_later(self._crowd.pause, self._ask)
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        # One that the server closed in peace, between two requests, loses nothing.
        self._crowd.broken(self, lost=self._waiting or error is not None)

    def _ask(self) -> None:
        if self._transport.is_closing():
            return
        if self._crowd.over:
            self._transport.close()
            return
        self._waiting, self._began = True, time.perf_counter()
        self._transport.write(self._crowd.requests[self._at % len(self._crowd.requests)])
        self._at += 1


class Crowd:
    """Everybody, and what came back."""

    def __init__(
        self, port: int, questions: list[str], connections: int, seconds: float, pause: float
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.pause = pause
        self.requests = [_request(question) for question in questions]
        self.answered: list[float] = []
        self.statuses: dict[int, int] = {}
        self.lost = 0
        self._port = port
        self._connections = connections
        self._until = time.monotonic() + seconds
        self._left = connections
        self._ended = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether nobody asks any more."""
        return time.monotonic() >= self._until

    async def run(self) -> dict[str, Any]:
        """Asks until the time is over."""
        for at in range(self._connections):
            # Not all at once: at first each has a share of the pause to wait.
            delay = self.pause * at / self._connections
            self.loop.call_later(delay, self._connect, _Client(self, at))
        await self._ended.wait()
        return {"answered": self.answered, "statuses": self.statuses, "lost": self.lost}

    def came(self, status: int, seconds: float) -> None:
        """Counts a response."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 200:
            self.answered.append(round(seconds * 1000, 2))

    def broken(self, client: _Client, *, lost: bool) -> None:
        """Counts a broken connection, and makes another while there is time."""
        self.lost += lost
        if self.over:
            self._left -= 1
            if not self._left:
                self._ended.set()
        else:
            self.loop.call_later(_AGAIN, self._connect, client)

    def _connect(self, client: _Client) -> None:
        made = self.loop.create_task(self.loop.create_connection(lambda: client, "127.0.0.1", self._port))
        made.add_done_callback(lambda done: self.broken(client, lost=True) if done.exception() else None)


def _request(question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    head = "POST /api/v1/ask HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _main() -> None:
    print(json.dumps(await Crowd(**json.loads(sys.argv[1])).run()))


if __name__ == "__main__":
    uvloop.run(_main())
