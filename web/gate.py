"""How many questions are answered at a time. Whoever comes when too many wait is sent away.

Answering is all computing: more at a time would make each slower and none sooner. What is told apart is a
burst, which is soon worked off, and more coming than can be answered, where a queue makes everybody wait
and helps nobody. How many wait does not tell them apart; how long the queue would be if nobody had been
sent away does (the "virtual queue" of Kunniyur and Srikant, An Adaptive Virtual Queue, SIGCOMM 2001).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, TypeVar

from qa.language.lexicon import Office
from qa.model import Answer, Citation, KnownQuestion, Passage, Transcript
from qa.questions import FaqQuestion
from web.ports import AnswerEngine, EngineSource
from web.problems import RequestRefused

__all__ = ["RETRY_AFTER", "Gate", "GatedEngines"]

T = TypeVar("T")
RETRY_AFTER: Final = 1
"""Seconds after which whoever was sent away may come again."""
_LONGEST_VIRTUAL: Final = 2
"""How long the virtual queue may become, in bursts: the longer, the later an overload is over."""
_FEW: Final = 2
"""How many answers' time somebody let in may have waited, if the burst turned out to be more than that."""
_WEIGHT: Final = 1 / 16
"""Of the newest in the running mean of how long answering takes."""


class Gate:
    """Lets ``at_work`` pieces of work in at a time, and more wait in order.

    Args:
        waiting: how many may wait in a burst. Whoever did, and for long, is sent away after all when their
            turn comes, if the burst turned out to be an overload.
        standing: how many may wait where more come than can be answered.
    """

    def __init__(self, at_work: int, waiting: int, standing: int) -> None:
        self._at_work = at_work
        self._waiting = waiting
        self._standing = min(standing, waiting)
        self._typical = 0.0
        self._virtual = 0.0
        self._virtual_at = monotonic()
        self._pool = ThreadPoolExecutor(at_work, thread_name_prefix="answering")
        self._lock = Lock()
        self._inside = 0
        self.refused = 0
        """How many were sent away."""

    @property
    def full(self) -> bool:
        """Whether whoever came now would be sent away."""
        ahead = self._inside - self._at_work
        if ahead < self._standing:
            return False
        return ahead >= self._waiting or self._overloaded

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

    def turned_away(self) -> None:
        """Counts somebody who came and was sent away."""
        with self._lock:
            self._came()
            self.refused += 1

    def _submit(self, work: Callable[[], T], *, patient: bool = False) -> Future[T]:
        with self._lock:
            self._came()
            if self.full and not patient:
                raise self._refusal()
            in_burst = self._inside - self._at_work >= self._standing
            self._inside += 1
        since = monotonic() if in_burst and not patient else math.inf
        future = self._pool.submit(self._in_turn, work, since)
        future.add_done_callback(self._left)
        return future

    def _in_turn(self, work: Callable[[], T], since: float) -> T:
        began = monotonic()
        if began - since > _FEW * self._typical and self._overloaded:
            raise self._refusal()
        try:
            return work()
        finally:
            took = monotonic() - began
            self._typical += (took - self._typical) * (_WEIGHT if self._typical else 1.0)

    @property
    def _overloaded(self) -> bool:
        """Whether the virtual queue is longer than any burst."""
        return self._virtual_now() > self._at_work + self._waiting + 1

    def _virtual_now(self) -> float:
        """How many would be inside if nobody had been sent away."""
        if not self._typical:
            return self._virtual
        return max(0.0, self._virtual - (monotonic() - self._virtual_at) * self._at_work / self._typical)

    def _came(self) -> None:
        longest = _LONGEST_VIRTUAL * (self._at_work + self._waiting + 1)
        self._virtual = min(longest, self._virtual_now() + 1)
        self._virtual_at = monotonic()

    def _refusal(self) -> RequestRefused:
        self.refused += 1
        return RequestRefused("overloaded", {"Retry-After": str(RETRY_AFTER)})

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
    def passages(self) -> Sequence[Passage]:
        return self.engine.passages

    def passages_of(self, transcript_id: str) -> Sequence[Passage]:
        return self.engine.passages_of(transcript_id)

    @property
    def offered(self) -> tuple[FaqQuestion, ...]:
        return self.engine.offered

    @property
    def suggestions(self) -> tuple[str, ...]:
        return self.engine.suggestions

    @property
    def known(self) -> tuple[KnownQuestion, ...]:
        return self.engine.known

    @property
    def offices(self) -> tuple[Office, ...]:
        return self.engine.offices

    def source_file(self, transcript_id: str) -> Path | None:
        return self.engine.source_file(transcript_id)

    def elsewhere(
        self,
        question: str,
        *,
        history: tuple[str, ...] = (),
        repair: bool = True,
        cited: Collection[str] = (),
    ) -> tuple[Citation, ...]:
        return self.gate.run_now(
            lambda: self.engine.elsewhere(question, history=history, repair=repair, cited=cited)
        )

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
