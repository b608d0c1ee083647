"""What need not be waited for is queued, and written by one thread: many at a time, in order.

While the store fails, the batch in hand is tried again and the queue fills up; what does not fit is
dropped and counted. An answer never waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from web.records.database import PATIENCE, Write
from web.records.errors import RecordsError

__all__ = ["Writer"]

_LOG = logging.getLogger(__name__)
_BATCH: Final = 200
_WAKE: Final = 0.5
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0


class Writer:
    """Writes from a bounded queue.

    Args:
        commit: writes a batch in one transaction; raises `RecordsUnavailable` where that cannot be done now.
        capacity: how many may wait.
        tidy: done between batches at least every half second; it may queue things itself.
    """

    def __init__(
        self, commit: Callable[[Sequence[Write]], None], capacity: int, tidy: Callable[[], None]
    ) -> None:
        self._commit = commit
        self._queue: Queue[Write] = Queue(capacity)
        self._tidy = tidy
        self._thread: Thread | None = None
        self._stopping = Event()
        self._deadline = float("inf")
        self._lock = Lock()
        self._written = self._dropped = 0

    @property
    def queued(self) -> int:
        """How many wait, about."""
        return self._queue.qsize()

    @property
    def written(self) -> int:
        """How many were written."""
        return self._written

    @property
    def dropped(self) -> int:
        """How many never will be."""
        return self._dropped

    def put(self, write: Write) -> bool:
        """Queues something; False where there is no room. Never waits."""
        try:
            self._queue.put_nowait(write)
        except Full:
            self._drop(1)
            return False
        return True

    def start(self) -> None:
        """Starts the thread; once."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="records-writer", daemon=True)
            self._thread.start()

    def stop(self, seconds: float) -> None:
        """Writes what is queued, for at most ``seconds`` and what one try takes; the rest is dropped."""
        self._deadline = monotonic() + seconds
        self._stopping.set()
        with suppress(Full):  # a full queue wakes the thread, too
            self._queue.put_nowait(_nothing)
        if self._thread is not None:
            self._thread.join(seconds + PATIENCE.total_seconds() + _WAKE)
        self._drop(sum(write is not _nothing for write in self._waiting(self._queue.maxsize)))

    def _drop(self, count: int) -> None:
        with self._lock:  # many threads put
            self._dropped += count

    def _run(self) -> None:
        while True:
            batch = self._batch()
            if batch:
                self._write(batch)
            if self._stopping.is_set() and (not batch or monotonic() >= self._deadline):
                return
            self._tidy()

    def _batch(self) -> list[Write]:
        try:
            first = self._queue.get(timeout=0 if self._stopping.is_set() else _WAKE)
        except Empty:
            return []
        return [write for write in (first, *self._waiting(_BATCH - 1)) if write is not _nothing]

    def _waiting(self, most: int) -> list[Write]:
        found: list[Write] = []
        while len(found) < most:
            try:
                found.append(self._queue.get_nowait())
            except Empty:
                break
        return found

    def _write(self, batch: Sequence[Write]) -> None:
        pause = _FIRST_PAUSE
        while not self._tried(batch):
            left = self._deadline - monotonic()
            if left <= 0:
                self._drop(len(batch))
                return
            if self._stopping.is_set():
                sleep(min(_FIRST_PAUSE, left))
            else:
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _tried(self, batch: Sequence[Write]) -> bool:
        """Whether the batch is done with: written, or not writable whatever one does."""
        try:
            self._commit(batch)
        except RecordsError as error:
            _LOG.warning("records cannot be written at the moment: %s", error.detail)
            return False
        except SQLAlchemyError as error:
            return self._one_by_one(batch, error)
        self._written += len(batch)
        return True

    def _one_by_one(self, batch: Sequence[Write], error: SQLAlchemyError) -> bool:
        """One that the database refuses does not take the others with it."""
        if len(batch) == 1:
            _LOG.error("a record was refused by the database: %s", type(error).__name__)
            self._drop(1)
            return True
        for write in batch:
            self._write([write])
        return True


def _nothing(connection: Connection) -> None:
    """Queued to wake the thread."""
