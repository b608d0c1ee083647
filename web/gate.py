"""How many questions are answered at a time. Whoever comes when the waiting room is full is sent away.

Answering is all computing: more at a time would make each slower and none sooner. Many may wait in a burst,
which is soon worked off; once the room has not been empty for a while, a queue stands that only makes
everybody wait, and few may (the "controlled delay" of Maurer, Fail at Scale, ACM Queue 13(8), 2015).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.language.lexicon import Office
from qa.model import Answer, Citation, KnownQuestion, Passage, Transcript
from qa.questions import FaqQuestion
from web.ports import AnswerEngine, EngineSource
from web.problems import RequestRefused

__all__ = ["Gate", "GatedEngines", "TurnAway"]

T = TypeVar("T")
BURST_SECONDS: Final = 0.25
RETRY_AFTER: Final = 1
"""Seconds after which whoever was sent away may come again."""


class Gate:
    """Lets ``at_work`` pieces of work in at a time, and more wait in order.

    Args:
        waiting: how many may wait in a burst.
        standing: how many may once the room has not been empty for `BURST_SECONDS`, and until nobody
            was sent away for `RETRY_AFTER` seconds.
    """

    def __init__(self, at_work: int, waiting: int, standing: int) -> None:
        self._burst = at_work + waiting
        self._standing = at_work + min(standing, waiting)
        self._busy_since = 0.0
        self._refused_at = -math.inf
        self._pool = ThreadPoolExecutor(at_work, thread_name_prefix="answering")
        self._lock = Lock()
        self._inside = 0
        self.refused = 0
        """How many were sent away."""

    @property
    def full(self) -> bool:
        """Whether whoever came now would be sent away."""
        if self._inside < self._standing:
            return False
        now = monotonic()
        lasting = now - self._busy_since > BURST_SECONDS or now - self._refused_at < RETRY_AFTER
        return lasting or self._inside >= self._burst

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
            if self.full and not patient:
                self.turned_away()
                raise RequestRefused("overloaded", {"Retry-After": str(RETRY_AFTER)})
            if not self._inside:
                self._busy_since = monotonic()
            self._inside += 1
        future = self._pool.submit(work)
        future.add_done_callback(self._left)
        return future

    def turned_away(self) -> None:
        """Counts somebody sent away; for a while after, few may wait."""
        self.refused += 1
        self._refused_at = monotonic()

    def _left(self, _: Future[T]) -> None:
        with self._lock:
            self._inside -= 1


class TurnAway:
    """Sends away whoever would ask while the gate is full, before anything else is done for them.

    Under overload most requests end here: what they cost is what those inside wait for. Pure ASGI.
    """

    def __init__(self, app: ASGIApp, gate: Gate, path: str) -> None:
        self.app = app
        self._gate = gate
        self._path = path
        self._response = RequestRefused("overloaded").problem.response({"Retry-After": str(RETRY_AFTER)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == self._path and self._gate.full:
            self._gate.turned_away()
            await self._response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


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
