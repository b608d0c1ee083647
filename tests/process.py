"""A real server process for tests: ``minsheng-web`` as its console command starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["SWITCHES", "served"]

SWITCHES: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Debian's Chromium is started."""
_STARTED_WITHIN: Final = 90.0


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The address of a server with ``settings``, named as in ``qa.settings`` and ``web.settings``."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from web.serve import main; main()", "--port", str(port)]
    environment = {**os.environ, **{f"MINSHENG_{name.upper()}": value for name, value in settings.items()}}
    with subprocess.Popen(command, env=environment) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_up(address, server)
            yield address
        finally:
            server.terminate()


def _wait_until_up(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it served"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(address)
