"""The questions asked, over a database, and what they add up to."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, insert, select

from qa.language.personal import mask
from qa.model import Status
from qa.text import fold
from web.records.database import Database, Write
from web.records.model import Channel, DayCount, QuestionEntry, QuestionGroup, day_of
from web.records.schema import feedback, questions

__all__ = ["SqlQuestions", "group_key"]


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
        """The newest questions, of one group or all."""
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

    def grouped(
        self, since: date, until: date, *, statuses: Collection[Status] = (), limit: int = 50, skip: int = 0
    ) -> tuple[QuestionGroup, ...]:
        """Groups of questions, most asked first; what was asked as often, by the newest."""
        day, key = questions.c.day, questions.c.group_key
        before = since - (until - since) - timedelta(days=1)
        now_asked = day >= since
        query = (
            select(
                key,
                func.sum(case((now_asked, 1), else_=0)).label("count"),
                func.sum(case((now_asked, 0), else_=1)).label("earlier"),
                func.sum(case((and_(now_asked, feedback.c.helpful.is_(False)), 1), else_=0)).label("bad"),
                func.max(questions.c.at).label("last"),
            )
            .select_from(questions.outerjoin(feedback, feedback.c.question_id == questions.c.id))
            .where(day >= before, day <= until)
            .group_by(key)
            .having(func.max(day) >= since)
        )
        if statuses:
            query = query.where(questions.c.status.in_([status.value for status in statuses]))
        found = query.subquery()
        page = (
            select(found)
            .order_by(found.c["count"].desc(), found.c.last.desc(), found.c.group_key)
            .limit(limit)
            .offset(skip)
        )
        return self._database.patiently(lambda connection: _groups(connection, page))

    def daily(self, since: date, until: date, *, key: str | None = None) -> tuple[DayCount, ...]:
        """How many were asked each day, by outcome."""
        day, status = questions.c.day, questions.c.status
        query = select(day, status, func.count().label("count")).where(day >= since, day <= until)
        if key is not None:
            query = query.where(questions.c.group_key == key)
        query = query.group_by(day, status).order_by(day, status)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(DayCount(row[0], Status(row[1]), row[2]) for row in rows)


def _groups(connection: Connection, page: Any) -> tuple[QuestionGroup, ...]:
    rows = connection.execute(page).all()
    return tuple(
        QuestionGroup(row[0], _newest_text(connection, row[0]), row[1], row[2], row[3], row[4])
        for row in rows
    )


def _newest_text(connection: Connection, key: str) -> str:
    newest = questions.c.at.desc()
    query = select(questions.c.text).where(questions.c.group_key == key).order_by(newest).limit(1)
    return str(connection.execute(query).scalar_one())


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
