"""The service under long load: ``python -m tests.soak.service [--minutes 10]``.

Four trials: two thousand and more cases of schemathesis; steady load on one process with memory flat and
no error; a worker killed under load, which loses only what it had in hand; and more than can be answered,
where those let in are answered within three times the time they would have alone. Ends with a table, and
with status 1 if a trial failed.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.schema_run import run_schemathesis
from tests.soak.load import Outcome, Service, press, service, undisturbed, workers_of

__all__ = ["Round", "kill_a_worker", "main", "overload", "schema", "steady"]

QUESTIONS = (
    "打加强针要满足什么条件？",
    "民政局局长是谁？",
    "今天天气怎么样",
    "创业担保贷款个人额度提高到多少？",
    "老旧小区加装了多少部电梯？",
    "ylbx jiao duo shao",
    "哪些困难群众可以纳入救助？",
)
_MEMORY_GROWTH = 0.05
"""How much more memory the last third of a steady load may take than the middle one."""
_WARM_SECONDS = 3.0
_CASES = 2000
_STEADY_PAUSE = 0.05
_TIMES_UNLOADED = 3.0


def schema(folder: Path, cases: int = _CASES) -> int:
    """At least ``cases`` cases over the whole document, every phase, every check; returns how many."""
    with service(folder, rate="", waiting="1000", standing="1000") as running:
        url = f"http://127.0.0.1:{running.port}"
        done = run_schemathesis(
            url, folder, examples=cases // 10, phases="examples,coverage,fuzzing,stateful", seconds=1800
        )
    assert done >= cases, done
    return done


def steady(folder: Path, minutes: float = 10.0) -> tuple[Outcome, Sequence[int]]:
    """Four connections that ask all the time; returns what came, and the memory (bytes) as it went."""
    with service(folder, rate="", waiting="20", standing="20") as running:
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
    with service(folder, "--workers", "2", rate="", waiting="20", standing="20") as running:
        killed: list[int] = []

        def kill() -> None:
            """Ends the one that has more of the connections: there is something to lose."""
            victim = max(workers_of(running), key=lambda worker: len(worker.net_connections("tcp")))
            killed.append(victim.pid)
            os.kill(victim.pid, signal.SIGKILL)

        before = _both(running)
        outcome = press(
            running.port,
            QUESTIONS,
            connections=connections,
            seconds=seconds,
            meanwhile=kill,
        )
        after = _both(running)
        assert before - after == set(killed)
        final = press(running.port, QUESTIONS, connections=connections, seconds=2)
    assert set(outcome.statuses) == {200}, outcome.statuses
    assert 0 < outcome.lost <= connections, outcome.lost  # each had one request in hand at most
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


@dataclass(frozen=True, slots=True)
class Round:
    """A lone visitor now and then, then a crowd: what each got."""

    alone: Outcome
    crowd: Outcome

    @property
    def ratio(self) -> float:
        """How many times as long the 99th of a hundred admitted took as the 99th of a hundred alone."""
        return self.crowd.at(0.99) / self.alone.at(0.99)


def overload(folder: Path, rounds: int = 6) -> list[Round]:
    """Several times what can be answered, and a lone visitor, in turn, on the same server."""
    taken = []
    with undisturbed(), service(folder, rate="", records="off") as running:
        press(running.port, QUESTIONS, connections=4, seconds=_WARM_SECONDS)
        for _ in range(rounds):
            alone = press(running.port, QUESTIONS, connections=1, seconds=6, pause=0.04)
            crowd = press(running.port, QUESTIONS, connections=64, seconds=10, pause=0.1)
            taken.append(Round(alone, crowd))
    for one in taken:
        assert set(one.alone.statuses) == {200}, one.alone.statuses
        assert set(one.crowd.statuses) == {200, 429}, one.crowd.statuses
        assert one.crowd.statuses[429] > one.crowd.statuses[200] / 2, "that was no overload"
        assert one.alone.lost == one.crowd.lost == 0
    assert statistics.median(one.ratio for one in taken) <= _TIMES_UNLOADED, [one.ratio for one in taken]
    return taken


def _tell_overload(folder: Path) -> str:
    taken = overload(folder)
    ratios = sorted(one.ratio for one in taken)
    alone = statistics.median(one.alone.at(0.99) for one in taken)
    crowd = statistics.median(one.crowd.at(0.99) for one in taken)
    admitted = sum(one.crowd.statuses[200] for one in taken)
    away = sum(one.crowd.statuses[429] for one in taken)
    return (
        f"p99 {alone:.0f} ms alone, {crowd:.0f} ms of {admitted} admitted, {away} sent away; "
        f"ratio {statistics.median(ratios):.1f} (rounds {ratios[0]:.1f} to {ratios[-1]:.1f})"
    )


def _tell_kill(folder: Path) -> str:
    killed = kill_a_worker(folder)
    return f"{killed.statuses[200]} answered, {killed.lost} lost of at most 8 in hand"


def _tell_schema(folder: Path) -> str:
    return f"{schema(folder)} cases, every check"


def _tell_steady(folder: Path, minutes: float) -> str:
    outcome, memory = steady(folder, minutes)
    middle, last = (sum(part) / 10 / 2**20 for part in (memory[10:20], memory[20:]))
    return (
        f"{outcome.statuses[200]} answered in {minutes:g} minutes, p99 {outcome.at(0.99):.0f} ms, "
        f"memory {middle:.0f} MiB in the middle third, {last:.0f} in the last"
    )


def main() -> None:
    """Runs every trial, whatever became of the others; status 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the steady load lasts")
    minutes = parser.parse_args().minutes
    trials: Mapping[str, Callable[[Path], str]] = {
        "overload: p99 within 3 times": _tell_overload,
        "kill -9 of a worker": _tell_kill,
        "schemathesis, 2,000 and more": _tell_schema,
        "steady load, memory flat": lambda folder: _tell_steady(folder, minutes),
    }
    console, table = Console(), Table("trial", "verdict", "figures", "seconds")
    failed = False
    for name, trial in trials.items():
        began = time.monotonic()
        console.print(f"… {name}")
        with tempfile.TemporaryDirectory(prefix="minsheng-soak-") as given:
            try:
                told, verdict = trial(Path(given)), "held"
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                told, verdict, failed = str(error)[-2000:], "FAILED", True
        table.add_row(name, verdict, escape(told), f"{time.monotonic() - began:.0f}")
    console.print(table)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
