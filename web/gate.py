"""How many questions are answered at a time. Whoever comes when the waiting room is full is sent away.

Answering is all computing: more at a time would make each slower and none sooner. A bounded number waits,
so that those who are let in are answered soon however many come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from qa.model import Answer, Passage, Transcript
from qa.questions import FaqQuestion
from web.ports import AnswerEngine, EngineSource
from web.problems import RequestRefused

__all__ = ["Gate", "GatedEngines"]

T = TypeVar("T")
RETRY_AFTER = 1
"""Seconds after which whoever was sent away may come again."""


class Gate:
    """Lets ``at_work`` pieces of work in at a time, and ``waiting`` more wait in order."""

    def __init__(self, at_work: int, waiting: int) -> None:
        self._most = at_work + waiting
        self._pool = ThreadPoolExecutor(at_work, thread_name_prefix="answering")
        self._lock = Lock()
        self._inside = 0
        self.refused = 0
        """How many were sent away."""

    @property
    def inside(self) -> int:
        """How many are at work or waiting."""
        return self._inside

    async def run(self, work: Callable[[], T], *, patient: bool = False) -> T:
        """The result of ``work``, from the event loop; ``patient`` work waits however many do already.

        Raises:
            RequestRefused: ``overloaded``, at once, if too many wait.
        """
        return await asyncio.wrap_future(self._submit(work, patient=patient))

    def run_now(self, work: Callable[[], T]) -> T:
        """As :meth:`run`, from a thread of its own."""
        return self._submit(work).result()

    def _submit(self, work: Callable[[], T], *, patient: bool = False) -> Future[T]:
        with self._lock:
            if self._inside >= self._most and not patient:
                self.refused += 1
                raise RequestRefused("overloaded", {"Retry-After": str(RETRY_AFTER)})
            self._inside += 1
        future = self._pool.submit(work)
        future.add_done_callback(self._left)
        return future

    def _left(self, _: Future[T]) -> None:
        with self._lock:
            self._inside -= 1


@dataclass(frozen=True, slots=True)
class _GatedEngine:
    """An engine whose questions go through a gate; everything else is its own."""

    engine: AnswerEngine
    gate: Gate

    @property
    def corpus(self) -> str:
        return self.engine.corpus

    @property
    def settings_digest(self) -> str:
        return self.engine.settings_digest

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        return self.engine.transcripts

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.engine.passages

    @property
    def offered(self) -> tuple[FaqQuestion, ...]:
        return self.engine.offered

    @property
    def suggestions(self) -> tuple[str, ...]:
        return self.engine.suggestions

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        return self.gate.run_now(lambda: self.engine.ask(question, history=history, repair=repair, hits=hits))


@dataclass(frozen=True, slots=True)
class GatedEngines:
    """A source of engines for handlers that run in threads: the pages."""

    engines: EngineSource
    gate: Gate

    @property
    def current(self) -> AnswerEngine:
        """The engine of the moment, its questions through the gate."""
        return _GatedEngine(self.engines.current, self.gate)
