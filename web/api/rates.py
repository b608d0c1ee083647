"""How often each caller came, counted together by all server processes of one machine.

The counts stand in an SQLite file that ``minsheng-web`` makes for its processes and that goes with them: it
is locked by the system, so a process that is killed leaves nothing locked, and nothing is lost but counts.
Where the file cannot be used, each process counts for itself until it can again: nobody is refused for it.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from pathlib import Path
from typing import Final

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

__all__ = ["Rates", "SharedCounts"]

_LOG: Final = logging.getLogger("minsheng.rates")
_WAIT_SECONDS: Final = 0.02
"""How long a request may wait for another process that counts at the same moment."""
_AGAIN_SECONDS: Final = 5.0
"""After how long a file that could not be used is tried again."""
_SWEEP_EVERY: Final = 1000
"""After how many requests what has run out is removed."""

_MADE: Final = """
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, amount INTEGER, ends REAL) WITHOUT ROWID
"""
_COUNTED: Final = """
INSERT INTO counts VALUES (:name, :amount, :ends) ON CONFLICT (name) DO UPDATE SET
    amount = excluded.amount + CASE WHEN ends > :now THEN amount ELSE 0 END,
    ends = CASE WHEN ends > :now THEN ends ELSE excluded.ends END
RETURNING amount
"""
_READ: Final = "SELECT amount, ends FROM counts WHERE name = ? AND ends > ?"


class SharedCounts(Storage):
    """Counts in the SQLite file ``path``, for :mod:`limits`. To be used in one thread at a time."""

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__(wrap_exceptions=True)
        self._path = path
        self._opened: sqlite3.Connection | None = None
        self._since_sweep = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What :mod:`limits` is to tell as an error of its own."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts ``amount`` in a window of ``expiry`` seconds; returns how many there are now."""
        now = time.time()
        given = {"name": key, "amount": amount, "ends": now + expiry, "now": now}
        ((counted,),) = self._file().execute(_COUNTED, given).fetchall()
        self._since_sweep += 1
        if self._since_sweep >= _SWEEP_EVERY:
            self._since_sweep = 0
            self._file().execute("DELETE FROM counts WHERE ends <= ?", (now,))
        return int(counted)

    def get(self, key: str) -> int:
        """How many there are in the window."""
        return self._row(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        return self._row(key)[1]

    def check(self) -> bool:
        """Whether the file can be used."""
        self._file().execute("SELECT 1 FROM counts LIMIT 1").fetchall()
        return True

    def reset(self) -> int | None:
        """Forgets everything; returns how much that was."""
        return self._file().execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        """Forgets one name."""
        self._file().execute("DELETE FROM counts WHERE name = ?", (key,))

    def _row(self, key: str) -> tuple[int, float]:
        now = time.time()
        row = self._file().execute(_READ, (key, now)).fetchone()
        return (0, now) if row is None else (int(row[0]), float(row[1]))

    def _file(self) -> sqlite3.Connection:
        if self._opened is None:
            opened = sqlite3.connect(
                self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = OFF")  # the counts go with the machine
            opened.execute(_MADE)
            self._opened = opened
        return self._opened


class Rates:
    """Counts callers: together in the file ``shared``, or without one in this process.

    The file is used as long as it works; whatever it says no to is counted in this process instead.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared = None if shared is None else FixedWindowRateLimiter(SharedCounts(shared))
        self._again_at = -math.inf

    def take(self, rate: RateLimitItem, kind: str, name: str, requests: int) -> bool:
        """Counts ``requests``, if as many are left, and says whether they are."""
        limiter = self._limiter()
        try:
            return _take(limiter, rate, kind, name, requests)
        except StorageError as error:
            return _take(self._failed(error), rate, kind, name, requests)

    def left(self, rate: RateLimitItem, kind: str, name: str) -> tuple[int, int]:
        """How many requests are left, and in how many seconds there are more."""
        limiter = self._limiter()
        try:
            stats = limiter.get_window_stats(rate, kind, name)
        except StorageError as error:
            stats = self._failed(error).get_window_stats(rate, kind, name)
        return max(0, stats.remaining), max(0, math.ceil(stats.reset_time - time.time()))

    def _limiter(self) -> FixedWindowRateLimiter:
        if self._shared is None or time.monotonic() < self._again_at:
            return self._own
        return self._shared

    def _failed(self, error: StorageError) -> FixedWindowRateLimiter:
        self._again_at = time.monotonic() + _AGAIN_SECONDS
        _LOG.error("the shared counts cannot be used, each process counts for itself: %s", error)
        return self._own


def _take(limiter: FixedWindowRateLimiter, rate: RateLimitItem, kind: str, name: str, requests: int) -> bool:
    return limiter.test(rate, kind, name, cost=requests) and limiter.hit(rate, kind, name, cost=requests)
