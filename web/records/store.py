"""The record store of one process: its parts over one database, and the thread that writes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from web.records.accounts import SqlAccounts, SqlSessions
from web.records.answers import SqlAnswers
from web.records.audit import SqlAudit
from web.records.database import Database, Write, parse_url
from web.records.errors import RecordsError, RecordsUnavailable
from web.records.feedback import SqlFeedback
from web.records.hits import SqlHits
from web.records.keys import SqlKeys
from web.records.migrate import prepare
from web.records.model import Clock, Purged, RecordStats, utc_now
from web.records.notes import SqlNotes
from web.records.off import NoAnswers, NoFeedback, NoQuestions, NoRecords
from web.records.ports import Answers, FeedbackBox, Questions, Records
from web.records.questions import SqlQuestions
from web.records.retention import forget, purge
from web.records.writer import Writer
from web.settings import WebSettings

__all__ = ["SqlRecords", "open_records", "records_url"]

_LOG = logging.getLogger(__name__)
_OFF: Final = "off"
_STOP_SECONDS: Final = 2.0
_PREPARE_EVERY: Final = 5.0
_COUNT_EVERY: Final = 5.0
_PURGE_EVERY: Final = 3600.0


def records_url(settings: WebSettings, data: Path) -> URL | None:
    """The address of the database that ``settings`` name; None where records are off.

    Raises:
        RecordsError: it is no address of a database.
    """
    if settings.records is None:
        return URL.create("sqlite", database=str(data / "records.db"))
    given = settings.records.strip()
    return None if given.lower() == _OFF else parse_url(given)


def open_records(settings: WebSettings, data: Path, clock: Clock = utc_now) -> Records:
    """The record store of ``settings``; ``data`` is the data directory.

    A store that cannot be used at the moment is opened all the same: the service answers without it,
    and uses it as soon as it can be.

    Raises:
        RecordsError: a person must do something: the address is none, or the schema is not ours.
    """
    url = records_url(settings, data)
    if url is None:
        return NoRecords()
    records = SqlRecords(Database(url, timedelta(milliseconds=settings.records_wait_ms)), settings, clock)
    try:
        records.prepare()
    except RecordsError:
        records.database.close()
        raise
    return records


@dataclass(frozen=True, slots=True)
class SqlStaff:
    """The staff's part over a database."""

    accounts: SqlAccounts
    sessions: SqlSessions
    keys: SqlKeys
    notes: SqlNotes
    audit: SqlAudit


class SqlRecords:
    """The record store over a database; `prepare` before use, `start` before what is queued gets written."""

    answers: Answers
    questions: Questions
    feedback: FeedbackBox

    def __init__(self, database: Database, settings: WebSettings, clock: Clock) -> None:
        self.database = database
        self._clock = clock
        self._kept = timedelta(days=settings.question_days)
        self._prepared = False
        self._preparing = Lock()
        self._next_prepare = self._next_purge = self._next_count = 0.0
        self._writer = Writer(self._commit, settings.records_queue, self._tidy)
        self._addresses = SqlAnswers(
            database, timedelta(hours=settings.token_hours), clock, lambda: self._prepared
        )
        if settings.store_questions:
            self.answers = self._addresses
            self.questions = SqlQuestions(database, self._writer.put)
            self.feedback = SqlFeedback(database, self._writer.put, clock)
        else:
            self.answers, self.questions, self.feedback = NoAnswers(), NoQuestions(), NoFeedback()
        self.hits = SqlHits(database)
        self._keys = SqlKeys(database, clock)
        self.staff: SqlStaff = SqlStaff(
            SqlAccounts(database, clock),
            SqlSessions(database, clock),
            self._keys,
            SqlNotes(database, clock),
            SqlAudit(database, clock),
        )

    def prepare(self) -> bool:
        """Brings the schema up to date; whether the store can be used.

        Raises:
            RecordsError: the schema is not ours.
        """
        with self._preparing:
            if not self._prepared:
                try:
                    prepare(self.database)
                except RecordsUnavailable as error:
                    _LOG.warning("the record store cannot be used at the moment: %s", error.detail)
                else:
                    self._prepared = True
        return self._prepared

    def start(self) -> None:
        """Starts the thread that writes and deletes."""
        self._writer.start()

    def stop(self) -> None:
        """Writes what is queued, for at most two seconds, and closes the database."""
        self._put_counts()
        self._writer.stop(_STOP_SECONDS)
        self.database.close()

    def forget(self, token_or_id: str) -> bool:
        """Deletes a question by its identifier or its answer's token."""

        def work(connection: Connection) -> bool:
            question_id = self._addresses.question_of(connection, token_or_id) or token_or_id
            return forget(connection, question_id)

        return self.database.patiently(work, writes=True)

    def purge(self) -> Purged:
        """Deletes what is past its time."""
        return purge(self.database, self._clock(), self._kept)

    def stats(self) -> RecordStats:
        """Counters since the process started."""
        return RecordStats(
            ready=self._prepared and self.database.healthy,
            queued=self._writer.queued,
            written=self._writer.written,
            dropped=self._writer.dropped,
            unkept=self._addresses.unkept,
        )

    def _commit(self, batch: Sequence[Write]) -> None:
        if not self.prepare():
            raise RecordsUnavailable("", detail="the record store is not prepared")

        def write(connection: Connection) -> None:
            for one in batch:
                one(connection)

        self.database.patiently(write, writes=True)

    def _put_counts(self) -> None:
        for counted in (self._keys.counted(), self.hits.counted()):
            if counted is not None:
                self._writer.put(counted)

    def _tidy(self) -> None:
        now = monotonic()
        if now >= self._next_count:
            self._next_count = now + _COUNT_EVERY
            self._put_counts()
        try:
            if not self._prepared and now >= self._next_prepare:
                self._next_prepare = now + _PREPARE_EVERY
                self.prepare()
            if self._prepared and now >= self._next_purge:
                self._next_purge = now + _PURGE_EVERY
                self.purge()
        except RecordsError as error:
            _LOG.warning("the record store cannot be kept in order: %s", error.detail)
