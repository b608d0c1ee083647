"""The gate: a burst waits and is answered; of more than can be answered, those let in hardly wait."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from web.gate import Gate
from web.problems import RequestRefused

_TAKES = 0.01
T = TypeVar("T")


def _run(coroutine: Coroutine[object, object, T]) -> T:
    """Runs in a thread of its own: a browser's tests leave a loop behind in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def _work() -> None:
    time.sleep(_TAKES)


async def _come(gate: Gate, waited: list[float]) -> bool:
    """Comes in, if let: how many answers' times that took is added to ``waited``."""
    began = time.monotonic()
    try:
        await gate.run(_work)
    except RequestRefused:
        return False
    waited.append((time.monotonic() - began) / _TAKES)
    return True


def test_a_burst_is_answered_whole() -> None:
    async def burst() -> list[bool]:
        gate = Gate(1, 8, 0)
        await gate.run(_work)
        return await asyncio.gather(*(_come(gate, []) for _ in range(9)))

    assert all(_run(burst()))


def test_never_more_wait_than_may_in_a_burst() -> None:
    async def burst() -> tuple[int, int]:
        gate = Gate(1, 8, 0)
        let_in = await asyncio.gather(*(_come(gate, []) for _ in range(30)))
        return sum(let_in), gate.refused

    let_in, refused = _run(burst())
    assert 1 <= let_in <= 9
    assert let_in + refused == 30


def test_under_a_lasting_overload_whoever_is_let_in_hardly_waits() -> None:
    async def overload() -> tuple[Gate, list[float]]:
        gate, waited = Gate(1, 8, 0), list[float]()
        coming = []
        for _ in range(300):
            coming.append(asyncio.create_task(_come(gate, waited)))
            await asyncio.sleep(_TAKES / 4)
        await asyncio.gather(*coming)
        return gate, waited

    gate, waited = _run(overload())
    assert gate.refused > 150
    assert len(waited) > 30
    assert statistics.quantiles(waited, n=10)[-1] < 5.0


def test_half_of_what_can_be_answered_is_answered_whole() -> None:
    async def calm() -> list[bool]:
        gate = Gate(1, 8, 0)
        coming = []
        for _ in range(60):
            coming.append(asyncio.create_task(_come(gate, [])))
            await asyncio.sleep(_TAKES * 2)
        return await asyncio.gather(*coming)

    assert all(_run(calm()))


def test_an_overload_is_over_soon_after_it_ends() -> None:
    async def afterwards() -> list[bool]:
        gate = Gate(1, 8, 0)
        await asyncio.gather(*(_come(gate, []) for _ in range(100)))
        await asyncio.sleep(_TAKES * 40)
        return await asyncio.gather(*(_come(gate, []) for _ in range(5)))

    assert all(_run(afterwards()))


def test_who_waited_long_in_what_became_an_overload_is_sent_away_after_all() -> None:
    async def onset() -> tuple[int, int]:
        gate = Gate(1, 8, 0)
        await gate.run(_work)
        burst = [asyncio.create_task(_come(gate, [])) for _ in range(8)]
        for _ in range(40):
            await asyncio.sleep(_TAKES / 10)
            gate.turned_away()
        return sum(await asyncio.gather(*burst)), gate.inside

    answered, inside = _run(onset())
    assert 1 <= answered <= 5
    assert inside == 0


def test_the_rest_of_a_batch_is_never_sent_away() -> None:
    async def batch() -> None:
        gate = Gate(1, 0, 0)
        for number in range(20):
            gate.turned_away()
            await gate.run(_work, patient=number > 0)

    _run(batch())


def test_a_gate_is_open_again_after_a_failure() -> None:
    gate = Gate(1, 0, 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            gate.run_now(lambda: 1 // 0)
    assert gate.inside == 0
    assert gate.run_now(lambda: "in") == "in"


def test_a_full_gate_refuses_with_a_code() -> None:
    done = threading.Event()
    gate = Gate(1, 0, 0)
    waiting = threading.Thread(target=lambda: gate.run_now(_until(done)))
    waiting.start()
    while not gate.inside:
        pass
    with pytest.raises(RequestRefused) as refused:
        gate.run_now(lambda: None)
    assert (refused.value.code, gate.refused) == ("overloaded", 1)
    done.set()
    waiting.join()


def _until(done: threading.Event) -> Callable[[], bool]:
    return lambda: done.wait(10)
