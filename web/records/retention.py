"""What is past its time is deleted, some rows at a time so that nobody waits long for the lock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select

from web.records.database import Database
from web.records.model import FAILED_SIGN_IN, Purged
from web.records.schema import answers, attempts, audit, feedback, questions, sessions

__all__ = ["forget", "purge"]

_ROWS: Final = 1000
_ATTEMPTS: Final = timedelta(days=1)
_FAILURES: Final = timedelta(days=90)
"""How long failed sign-ins stay in the log; everything else in it stays."""


def purge(database: Database, now: datetime, kept: timedelta) -> Purged:
    """Deletes questions and feedback older than ``kept``, and whatever has expired by ``now``."""
    return Purged(
        answers=_delete(database, answers, answers.c.expires, now),
        questions=_delete(database, questions, questions.c.at, now - kept),
        feedback=_delete(database, feedback, feedback.c.at, now - kept),
        other=_delete(database, sessions, sessions.c.expires, now)
        + _delete(database, attempts, attempts.c.last, now - _ATTEMPTS)
        + _delete(database, audit, audit.c.at, now - _FAILURES, audit.c.action == FAILED_SIGN_IN),
    )


def _delete(
    database: Database, table: Table, column: Column[Any], until: datetime, *only: ColumnElement[bool]
) -> int:
    (key,) = table.primary_key.columns
    oldest = select(key).where(column <= until, *only).order_by(column).limit(_ROWS)
    statement = delete(table).where(key.in_(oldest.scalar_subquery()))

    def some(connection: Connection) -> int:
        return connection.execute(statement).rowcount

    total = 0
    while deleted := database.patiently(some, writes=True):
        total += deleted
    return total


def forget(connection: Connection, question_id: str) -> bool:
    """Deletes a question, every address of its answer, and its feedback; whether there was any."""
    statements = (
        delete(answers).where(answers.c.question_id == question_id),
        delete(questions).where(questions.c.id == question_id),
        delete(feedback).where(feedback.c.question_id == question_id),
    )
    return sum(connection.execute(statement).rowcount for statement in statements) > 0
