"""How often each caller comes: counted by all processes together, and by each alone where that fails."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from pathlib import Path

import limits
import pytest

from web.api.rates import Rates, SharedCounts

RATE = limits.parse("5/minute")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rates.sqlite"


def test_two_processes_count_together(file: Path) -> None:
    first, second = Rates(file), Rates(file)
    taken = [rates.take(RATE, "address", "192.0.2.1", 1) for rates in (first, second) * 3]
    assert taken == [True] * 5 + [False]
    assert first.left(RATE, "address", "192.0.2.1")[0] == second.left(RATE, "address", "192.0.2.1")[0] == 0
    assert 1 <= second.left(RATE, "address", "192.0.2.1")[1] <= 60
    assert second.left(RATE, "address", "192.0.2.2") == (5, 0)


def test_what_is_more_than_is_left_is_not_counted(file: Path) -> None:
    rates = Rates(file)
    assert not rates.take(RATE, "key", "k", 6)
    assert rates.take(RATE, "key", "k", 5)


def test_a_window_ends(file: Path) -> None:
    rates, short = Rates(file), limits.parse("1/second")
    assert [rates.take(short, "key", "k", 1) for _ in range(2)] == [True, False]
    time.sleep(1.05)
    assert rates.take(short, "key", "k", 1)


def test_what_has_run_out_is_swept(file: Path) -> None:
    counts = SharedCounts(file)
    counts.incr("old", 0)
    for _ in range(1000):
        counts.incr("k", 60)
    assert (counts.get("k"), counts.reset()) == (1000, 1)


@pytest.mark.long
def test_many_processes_lose_no_count_even_if_one_is_killed(file: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from web.api.rates import SharedCounts\n"
        "counts = SharedCounts(Path(sys.argv[1]))\n"
        "for _ in range(int(sys.argv[2])): counts.incr(sys.argv[3], 600); time.sleep(0.001)\n"
    )
    command = [sys.executable, "-c", program, str(file)]
    SharedCounts(file).check()
    with subprocess.Popen([*command, "10000000", "endless"]) as endless:
        others = [subprocess.Popen([*command, "200", "mine"]) for _ in range(2)]
        while not SharedCounts(file).get("endless"):
            time.sleep(0.05)
        endless.kill()
        assert [other.wait(60) for other in others] == [0, 0]
    assert SharedCounts(file).get("mine") == 400


def test_counting_takes_less_than_a_fifth_of_a_millisecond(file: Path) -> None:
    rates, many = Rates(file), limits.parse("1000000/minute")
    rates.take(many, "key", "k", 1)
    began = time.process_time()
    for _ in range(500):
        rates.take(many, "key", "k", 1)
        rates.left(many, "key", "k")
    assert (time.process_time() - began) / 500 < 0.0002


def test_where_the_file_fails_each_process_goes_on_alone(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_bytes(b"no database at all" * 100)
    rates = Rates(file)
    with caplog.at_level(logging.ERROR, "minsheng.rates"):
        taken = [rates.take(RATE, "key", "k", 1) for _ in range(6)]
    assert taken == [True] * 5 + [False]
    assert rates.left(RATE, "key", "k")[0] == 0
    assert len(caplog.records) == 1
