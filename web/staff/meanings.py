"""The questions residents asked, put together by what they mean.

What a wording means depends on the version alone and is worked out once in a server process; working out
many takes seconds, so that a page does as many as it may, the most asked first, and says what is left.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Final

from qa.engine import Engine
from qa.language.meaning import Meaning, group, meaning_of
from qa.model import Status
from web.records.model import Wording

__all__ = ["UNANSWERED", "Grouped", "Grouping", "QuestionGroup"]

UNANSWERED: Final = (Status.NO_ANSWER, Status.RELATED)
_SECONDS: Final = 3.0
"""How long one page may work out meanings that nobody has asked for before."""
_KEPT: Final = 20_000
"""How many meanings are remembered."""
_RESULTS: Final = 4
"""How many groupings are remembered, for the next page of one."""
_ID: Final = 12


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Wordings that mean the same, the most asked first: it gives the group its name."""

    wordings: tuple[Wording, ...]

    @property
    def id(self) -> str:
        """What the group is called in an address, which never holds a question."""
        return hashlib.sha256(self.wordings[0].key.encode()).hexdigest()[:_ID]

    @property
    def text(self) -> str:
        """The question as it was asked most often."""
        return self.wordings[0].text

    @property
    def keys(self) -> frozenset[str]:
        """The wordings' keys."""
        return frozenset(one.key for one in self.wordings)

    @property
    def count(self) -> int:
        """How often it was asked."""
        return sum(one.count for one in self.wordings)

    @property
    def earlier(self) -> int:
        """How often in as many days before."""
        return sum(one.earlier for one in self.wordings)

    @property
    def unhelpful(self) -> int:
        """How often the answer did not help."""
        return sum(one.unhelpful for one in self.wordings)

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(one.last for one in self.wordings)

    @property
    def unanswered(self) -> int:
        """How often it was not answered."""
        return self.of(UNANSWERED)

    def of(self, statuses: Collection[Status]) -> int:
        """How often one of some outcomes came of it."""
        return sum(one.counts.get(status, 0) for one in self.wordings for status in statuses)


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups, those unanswered most often first, and how many wordings stand alone for want of time."""

    groups: tuple[QuestionGroup, ...]
    left: int = 0


class Grouping:
    """Groups wordings by an engine's understanding; remembers what it found.

    Args:
        seconds: how long one call may understand new wordings; ``clock`` tells seconds.
    """

    def __init__(self, seconds: float = _SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._lock = Lock()
        self._corpus = ""
        self._meanings: dict[str, Meaning] = {}
        self._results: OrderedDict[tuple[tuple[str, object], ...], list[int]] = OrderedDict()

    def groups(self, engine: Engine, wordings: Sequence[Wording]) -> Grouped:
        """The groups of wordings, which come most asked first."""
        meanings = self._understood(engine, wordings)
        known = [one for one in wordings if one.key in meanings]
        leaders = self._leaders(engine.corpus, known, meanings)
        members: dict[int, list[Wording]] = {}
        for at, one in enumerate(known):
            members.setdefault(leaders[at], []).append(one)
        alone = [one for one in wordings if one.key not in meanings]
        found = [QuestionGroup(tuple(held)) for held in (*members.values(), *([one] for one in alone))]
        order = sorted(found, key=lambda g: (-g.unanswered, -g.count, -g.last.timestamp(), g.id))
        return Grouped(tuple(order), len(alone))

    def _understood(self, engine: Engine, wordings: Sequence[Wording]) -> dict[str, Meaning]:
        """What is known of the wordings, more of them with every call."""
        with self._lock:
            if self._corpus != engine.corpus or len(self._meanings) > _KEPT:
                self._corpus, self._meanings = engine.corpus, {}
                self._results.clear()
            kept = self._meanings
        until = self._clock() + self._seconds
        for one in wordings:
            if one.key in kept:
                continue
            if self._clock() >= until:
                break
            kept[one.key] = meaning_of(engine.understand(one.text))
        return {one.key: kept[one.key] for one in wordings if one.key in kept}

    def _leaders(self, corpus: str, known: Sequence[Wording], meanings: dict[str, Meaning]) -> list[int]:
        asked = ((corpus, None), *((one.key, one.quoted) for one in known))
        with self._lock:
            found = self._results.get(asked)
        if found is None:
            found = group([meanings[one.key] for one in known], [one.quoted for one in known])
            with self._lock:
                self._results[asked] = found
                while len(self._results) > _RESULTS:
                    self._results.popitem(last=False)
        return found
