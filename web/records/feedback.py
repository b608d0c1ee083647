"""有没有帮到您, over a database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from web.records.database import Database, Write, upsert
from web.records.model import Clock, Feedback
from web.records.schema import feedback

__all__ = ["SqlFeedback"]


class SqlFeedback:
    """What residents say of answers; ``put`` queues what is to be written."""

    def __init__(self, database: Database, put: Callable[[Write], bool], clock: Clock) -> None:
        self._database = database
        self._put = put
        self._clock = clock

    def add(self, question_id: str, *, helpful: bool, reason: str = "") -> bool:
        """Queues feedback; a second one on the same question replaces the first."""
        at = self._clock()
        row = {"question_id": question_id, "helpful": helpful, "reason": reason.strip(), "at": at}
        return self._put(lambda connection: upsert(connection, feedback, row))

    def newest(self, limit: int, *, skip: int = 0, helpful: bool | None = None) -> tuple[Feedback, ...]:
        """The newest feedback."""
        query = select(feedback).order_by(feedback.c.at.desc(), feedback.c.question_id)
        query = query.limit(limit).offset(skip)
        if helpful is not None:
            query = query.where(feedback.c.helpful.is_(helpful))
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(Feedback(row.question_id, row.helpful, row.reason, row.at) for row in rows)
