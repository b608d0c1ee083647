"""A long trial of the service, short: that a killed worker loses little is worth knowing every day."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.soak.load import Service, workers_of
from tests.soak.service import kill_a_worker

_TWO_CHILDREN = """
import subprocess, sys
for _ in range(2):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "spawn_main"])
    print(child.pid, flush=True)
sys.stdin.read()
child.kill()
"""


def test_a_worker_killed_under_load_loses_only_what_it_had_in_hand(tmp_path: Path) -> None:
    assert kill_a_worker(tmp_path, seconds=3, connections=4).statuses[200] > 0


def test_a_worker_that_ended_and_was_not_yet_waited_for_is_no_longer_counted() -> None:
    command = [sys.executable, "-c", _TWO_CHILDREN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        ended, working = (int(server.stdout.readline()) for _ in range(2))
        os.kill(ended, signal.SIGKILL)
        while psutil.Process(ended).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        assert [worker.pid for worker in workers_of(Service(0, server))] == [working]
