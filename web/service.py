"""How a deployment serves: one frozen record, given to ``create_app``. :mod:`web.settings` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["LogFormat", "Service"]

LogFormat = Literal["off", "text", "json"]


@dataclass(frozen=True, slots=True)
class Service:
    """Limits and habits of one deployment; as it stands here, nothing is limited but work at a time.

    ``rate`` and ``key_rate`` are requests to the API for an address and for a key that has no limit of its
    own (``60/minute``), None for any number, counted together with other processes in the file ``counts``
    if there is one; ``require_key`` refuses whoever has no key. ``at_work``
    questions are answered at a time in each process; ``waiting`` more may wait in a burst, ``standing`` more
    where it lasts; the rest are sent away.
    """

    rate: str | None = None
    key_rate: str | None = None
    require_key: bool = False
    at_work: int = 1
    waiting: int = 63
    standing: int = 63
    log: LogFormat = "off"
    counts: Path | None = None
