"""The service under long load: ``python -m tests.soak.service [--minutes 10]``.

Four trials: two thousand and more cases of schemathesis; steady load on one process with memory flat and
no error; a worker killed under load, which loses only what it had in hand; and more than can be answered,
where those let in are answered within three times the time they would have alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.schema_run import run_schemathesis
from tests.soak.load import Outcome, Service, press, service, workers_of

__all__ = ["kill_a_worker", "main", "overload", "schema", "steady"]

QUESTIONS = (
    "打加强针要满足什么条件？",
    "民政局局长是谁？",
    "今天天气怎么样",
    "创业担保贷款个人额度提高到多少？",
    "老旧小区加装了多少部电梯？",
    "ylbx jiao duo shao",
    "哪些困难群众可以纳入救助？",
)
_OPEN = {"rate": ""}
_MEMORY_GROWTH = 0.05
"""How much more memory the last third of a steady load may take than the middle one."""
_WARM_SECONDS = 3.0
_CASES = 2000
_STEADY_PAUSE = 0.05
_TIMES_UNLOADED = 3.0


def schema(folder: Path, cases: int = _CASES) -> int:
    """At least ``cases`` cases over the whole document, every phase, every check; returns how many."""
    with service(folder, **_OPEN, waiting="1000", standing="1000") as running:
        url = f"http://127.0.0.1:{running.port}"
        done = run_schemathesis(
            url, folder, examples=cases // 10, phases="examples,coverage,fuzzing,stateful", seconds=1800
        )
    assert done >= cases, done
    return done


def steady(folder: Path, minutes: float = 10.0) -> tuple[Outcome, Sequence[int]]:
    """Four connections that ask all the time; returns what came, and the memory (bytes) as it went."""
    with service(folder, **_OPEN, standing="20") as running:
        (process,) = workers_of(running)
        press(running.port, QUESTIONS, connections=4, seconds=_WARM_SECONDS)
        memory, outcome = [], Outcome()
        for _ in range(30):
            part = press(running.port, QUESTIONS, connections=4, seconds=minutes * 2, pause=_STEADY_PAUSE)
            outcome.answered += part.answered
            outcome.statuses += part.statuses
            outcome.lost += part.lost
            memory.append(process.memory_info().rss)
    assert set(outcome.statuses) == {200}, outcome.statuses
    assert outcome.lost == 0
    middle, last = sum(memory[10:20]), sum(memory[20:])
    assert last <= middle * (1 + _MEMORY_GROWTH), memory
    return outcome, memory


def kill_a_worker(folder: Path, seconds: float = 20.0, connections: int = 8) -> Outcome:
    """One of two workers is killed with SIGKILL under load; another takes its place."""
    with service(folder, "--workers", "2", **_OPEN, standing="20") as running:
        _both(running)
        (victim, other) = workers_of(running)
        outcome = press(
            running.port,
            QUESTIONS,
            connections=connections,
            seconds=seconds,
            meanwhile=lambda: os.kill(victim.pid, signal.SIGKILL),
        )
        after = _both(running)
        assert victim.pid not in after
        assert other.pid in after
        final = press(running.port, QUESTIONS, connections=connections, seconds=2)
    assert set(outcome.statuses) == {200}, outcome.statuses
    assert outcome.lost <= connections, outcome.lost  # each had one request in hand at most
    assert (set(final.statuses), final.lost) == ({200}, 0)
    return outcome


def _both(running: Service) -> set[int]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = {worker.pid for worker in workers_of(running)}
        if len(found) == 2 and running.process.pid not in found:
            return found
        time.sleep(0.1)
    raise AssertionError("there are not two workers")


def overload(folder: Path, seconds: float = 10.0, connections: int = 64) -> tuple[Outcome, Outcome]:
    """Many more questions than can be answered: alone before and after, and with everybody."""
    with service(folder, **_OPEN, records="off") as running:
        press(running.port, QUESTIONS, connections=1, seconds=_WARM_SECONDS)
        alone = press(running.port, QUESTIONS, connections=1, seconds=seconds)
        crowd = press(running.port, QUESTIONS, connections=connections, seconds=seconds, pause=0.1)
        alone.answered += press(running.port, QUESTIONS, connections=1, seconds=seconds).answered
    assert set(crowd.statuses) == {200, 429}, crowd.statuses
    assert crowd.lost == 0
    assert crowd.at(0.99) <= _TIMES_UNLOADED * alone.at(0.99), (alone.at(0.99), crowd.at(0.99))
    return alone, crowd


def main() -> None:
    """Runs every trial; ends with an error at the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the steady load lasts")
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="minsheng-soak-") as given:
        folder = Path(given)
        alone, crowd = overload(folder)
        print(
            f"overload: p99 {crowd.at(0.99):.0f} ms of {crowd.statuses[200]} admitted, "
            f"{crowd.statuses[429]} sent away; alone {alone.at(0.99):.0f} ms",
            flush=True,
        )
        killed = kill_a_worker(folder)
        print(f"kill -9: {killed.statuses[200]} answered, {killed.lost} lost", flush=True)
        print(f"schemathesis: {schema(folder)} cases", flush=True)
        outcome, memory = steady(folder, minutes)
        held = f"{memory[0] / 2**20:.0f} to {memory[-1] / 2**20:.0f} MiB"
        print(f"steady: {outcome.statuses[200]} answered in {minutes:g} minutes, memory {held}", flush=True)


if __name__ == "__main__":
    main()
