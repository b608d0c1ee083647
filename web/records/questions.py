"""The questions asked, over a database, and what they add up to."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, and_, case, func, insert, select

from qa.language.personal import mask
from qa.model import Status
from qa.text import fold
from web.records.database import Database, Write
from web.records.model import Channel, DayCount, QuestionEntry, Wording, day_of
from web.records.schema import feedback, questions

__all__ = ["SqlQuestions", "group_key"]

_KEYS: Final = 500
"""How many wordings one statement names."""


def group_key(text: str) -> str:
    """What questions that count as one have in common: their letters and digits, folded, masked."""
    folded = fold(mask(text))
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM") or folded


class SqlQuestions:
    """The questions asked; ``put`` queues what is to be written."""

    def __init__(self, database: Database, put: Callable[[Write], bool]) -> None:
        self._database = database
        self._put = put

    def add(self, entry: QuestionEntry) -> bool:
        """Queues an entry."""
        row = {
            "id": entry.id,
            "text": entry.text,
            "group_key": group_key(entry.text),
            "status": entry.status.value,
            "confidence": entry.confidence,
            "corpus": entry.corpus,
            "channel": entry.channel.value,
            "at": entry.at,
            "day": day_of(entry.at),
            "transcript": entry.transcript,
            "start": entry.start,
            "end": entry.end,
        }
        return self._put(lambda connection: connection.execute(insert(questions).values(**row)))

    def newest(self, limit: int, *, key: str | None = None) -> tuple[QuestionEntry, ...]:
        """The newest questions, of one wording or all."""
        query = select(questions).order_by(questions.c.at.desc(), questions.c.id).limit(limit)
        if key is not None:
            query = query.where(questions.c.group_key == key)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(_entry(row) for row in rows)

    def named(self, ids: Collection[str]) -> tuple[QuestionEntry, ...]:
        """The questions of some identifiers."""
        query = select(questions).where(questions.c.id.in_(tuple(ids)))
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(_entry(row) for row in rows)

    def wordings(self, since: date, until: date, most: int) -> tuple[Wording, ...]:
        """Wordings, most asked first; of those asked as often, the last asked first."""
        return self._database.patiently(lambda connection: _wordings(connection, since, until, most))

    def daily(self, since: date, until: date, *, keys: Collection[str] | None = None) -> tuple[DayCount, ...]:
        """How many were asked each day, by outcome."""
        counted: Counter[tuple[date, Status]] = Counter()
        for some in [None] if keys is None else _batches(sorted(keys)):
            for day, status, count in self._database.patiently(_Daily(since, until, some)):
                counted[day, Status(status)] += count
        return tuple(DayCount(day, status, count) for (day, status), count in sorted(counted.items()))


def _batches(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[at : at + _KEYS] for at in range(0, len(keys), _KEYS)]


@dataclass(frozen=True, slots=True)
class _Daily:
    """Counts questions by day and outcome."""

    since: date
    until: date
    keys: Collection[str] | None

    def __call__(self, connection: Connection) -> Sequence[Any]:
        day, status = questions.c.day, questions.c.status
        query = select(day, status, func.count()).where(day >= self.since, day <= self.until)
        if self.keys is not None:
            query = query.where(questions.c.group_key.in_(self.keys))
        return connection.execute(query.group_by(day, status)).all()


def _wordings(connection: Connection, since: date, until: date, most: int) -> tuple[Wording, ...]:
    day, key, at = questions.c.day, questions.c.group_key, questions.c.at
    asked = select(key).where(day >= since, day <= until).group_by(key)
    top = asked.order_by(func.count().desc(), func.max(at).desc(), key).limit(most).scalar_subquery()
    quoted = _quoted(connection, since, until, top)
    now_asked = day >= since
    query = (
        select(
            key,
            questions.c.status,
            func.sum(case((now_asked, 1), else_=0)),
            func.sum(case((now_asked, 0), else_=1)),
            func.sum(case((and_(now_asked, feedback.c.helpful.is_(False)), 1), else_=0)),
            func.max(at),
            func.min(questions.c.text),
        )
        .select_from(questions.outerjoin(feedback, feedback.c.question_id == questions.c.id))
        .where(day >= since - (until - since) - timedelta(days=1), day <= until, key.in_(top))
        .group_by(key, questions.c.status)
    )
    rows: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        rows.setdefault(row[0], []).append(row)
    found = [_wording(held, quoted.get(held[0][0])) for held in rows.values()]
    return tuple(sorted(found, key=lambda one: (-one.count, -one.last.timestamp(), one.key)))


def _quoted(
    connection: Connection, since: date, until: date, top: ScalarSelect[Any]
) -> dict[str, tuple[str, int, int]]:
    """What each wording was answered with most often."""
    day, key = questions.c.day, questions.c.group_key
    place = (questions.c.transcript, questions.c.start, questions.c.end)
    query = select(key, *place).where(
        day >= since, day <= until, questions.c.transcript.is_not(None), key.in_(top)
    )
    found: dict[str, tuple[str, int, int]] = {}
    for row in connection.execute(query.group_by(key, *place).order_by(func.count().desc(), *place)):
        found.setdefault(row[0], (row[1], row[2], row[3]))
    return found


def _wording(rows: Sequence[Any], quoted: tuple[str, int, int] | None) -> Wording:
    """What the rows of a wording, one an outcome, add up to."""
    return Wording(
        rows[0][0],
        min(row[6] for row in rows),
        {Status(row[1]): row[2] for row in sorted(rows, key=lambda row: row[1]) if row[2]},
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
        max(row[5] for row in rows),
        quoted,
    )


def _entry(row: Any) -> QuestionEntry:
    return QuestionEntry(
        row.id,
        row.text,
        Status(row.status),
        row.confidence,
        row.corpus,
        Channel(row.channel),
        row.at,
        row.transcript,
        row.start,
        row.end,
    )
