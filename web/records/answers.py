"""Answers' addresses, over a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from web.records.database import Database
from web.records.errors import RecordsUnavailable
from web.records.model import Clock, KeptAnswer, new_id
from web.records.schema import answers

__all__ = ["SqlAnswers", "hashed"]

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class SqlAnswers:
    """Answers' addresses.

    Args:
        database: where they are kept.
        lifetime: how long an answer can be found.
        clock: tells the time.
        ready: whether the store was usable last time; where not, nothing is tried.
    """

    def __init__(
        self, database: Database, lifetime: timedelta, clock: Clock, ready: Callable[[], bool]
    ) -> None:
        self._database = database
        self._lifetime = lifetime
        self._clock = clock
        self._ready = ready
        self.unkept = 0

    def remember(
        self, question_id: str, question: str, *, history: tuple[str, ...], repair: bool, corpus: str
    ) -> str | None:
        """Keeps what was asked; None where that fails within the time limit."""
        token, now = new_id(), self._clock()
        row = {
            "token_hash": hashed(token),
            "question_id": question_id,
            "question": question,
            "history": history,
            "repair": repair,
            "corpus": corpus,
            "created": now,
            "expires": now + self._lifetime,
        }
        try:
            if not self._ready():
                raise RecordsUnavailable("")
            self._database.hastily(lambda connection: _insert(connection, row), writes=True)
        except RecordsUnavailable:
            self.unkept += 1
            return None
        return token

    def find(self, token: str) -> KeptAnswer | None:
        """What was kept under ``token``, while its time lasts."""
        if not _TOKEN.fullmatch(token):
            return None
        query = select(answers).where(answers.c.token_hash == hashed(token))
        row = self._database.hastily(lambda connection: connection.execute(query).one_or_none())
        if row is None or row.expires <= self._clock():
            return None
        return KeptAnswer(
            row.question_id, row.question, row.history, row.repair, row.corpus, row.created, row.expires
        )

    def question_of(self, connection: Connection, token: str) -> str | None:
        """The identifier of the question kept under ``token``, even where its time is up."""
        query = select(answers.c.question_id).where(answers.c.token_hash == hashed(token))
        return connection.execute(query).scalar_one_or_none()

    @staticmethod
    def forget(connection: Connection, question_id: str) -> int:
        """Deletes every address of a question's answer."""
        return connection.execute(delete(answers).where(answers.c.question_id == question_id)).rowcount


def _insert(connection: Connection, row: dict[str, object]) -> None:
    connection.execute(insert(answers).values(**row))
