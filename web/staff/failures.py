"""Sign-ins that failed, in the log: a few an hour, so that whoever tries a thousand passwords cannot fill it.

The name is written only where an account has it: people type passwords into the wrong field.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from web.records.model import FAILED_SIGN_IN
from web.records.ports import Staff
from web.staff import wording

__all__ = ["FailureLog"]

_MOST: Final = "10/hour"


class FailureLog:
    """Writes down failed sign-ins, at most ``most`` of them; those between are counted. Kept by each
    server process for itself."""

    def __init__(self, most: str = _MOST) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._most = parse(most)
        self._lock = Lock()
        self._unwritten = 0

    def note(self, staff: Staff, name: str, why: str) -> None:
        """Notes a sign-in that failed, and why."""
        if not self._limiter.hit(self._most):
            with self._lock:
                self._unwritten += 1
            return
        with self._lock:
            unwritten, self._unwritten = self._unwritten, 0
        typed = name.strip().casefold()
        known = any(account.name == typed for account in staff.accounts.list())
        who = typed if known else wording.NO_SUCH_NAME
        more = wording.failures_unwritten(unwritten) if unwritten else ""
        staff.audit.add(who, FAILED_SIGN_IN, who, detail=why + more)
