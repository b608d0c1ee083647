"""What pages, the API and the staff room need of the records, and no more.

Residents' parts (`Answers`, `Questions`, `FeedbackBox`) never hold an answer up: they return within the
setting ``records_wait_ms``. The staff's parts may take seconds, and raise `RecordsUnavailable` at the end.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol

from qa.model import Answer
from web.records.model import (
    Account,
    AuditEntry,
    DayCount,
    Feedback,
    KeptAnswer,
    Key,
    KeyUsage,
    NewKey,
    Note,
    NoteKind,
    NoteState,
    Purged,
    QuestionEntry,
    RecordStats,
    Role,
    Scope,
    SignIn,
    SpanHits,
    Wording,
)

__all__ = [
    "Accounts",
    "Answers",
    "Audit",
    "FeedbackBox",
    "Hits",
    "Keys",
    "Notes",
    "Questions",
    "Records",
    "Sessions",
    "Staff",
]


class Answers(Protocol):
    """Answers' own addresses."""

    def remember(
        self, question_id: str, question: str, *, history: tuple[str, ...], repair: bool, corpus: str
    ) -> str | None:
        """Keeps what was asked and returns the token to find it by, which every process can use at once.

        None where the store is off, slow or failing: render the answer directly then.
        """

    def find(self, token: str) -> KeptAnswer | None:
        """What was kept under ``token``; None where it is unknown, forgotten or its time is up.

        Raises:
            RecordsUnavailable: the store cannot tell at the moment.
        """


class Questions(Protocol):
    """The questions asked."""

    def add(self, entry: QuestionEntry) -> bool:
        """Queues an entry; False where it is not kept (switched off, or the queue is full)."""

    def newest(self, limit: int, *, key: str | None = None) -> tuple[QuestionEntry, ...]:
        """The newest questions, of one wording or all."""

    def named(self, ids: Collection[str]) -> tuple[QuestionEntry, ...]:
        """The questions of some identifiers, those that are still kept."""

    def wordings(self, since: date, until: date, most: int) -> tuple[Wording, ...]:
        """The ``most`` wordings asked most often on the days ``since`` to ``until`` (both included)."""

    def daily(self, since: date, until: date, *, keys: Collection[str] | None = None) -> tuple[DayCount, ...]:
        """How many were asked each day, of some wordings or all, by outcome; other days are left out."""


class Hits(Protocol):
    """What was shown to residents, counted by the words shown and nothing else."""

    def count(self, answer: Answer) -> None:
        """Counts the citations of an answer; written down some seconds later."""

    def listed(self, corpus: str | None = None) -> tuple[SpanHits, ...]:
        """What was counted of one version, or of all."""


class FeedbackBox(Protocol):
    """What residents say of answers."""

    def add(self, question_id: str, *, helpful: bool, reason: str = "") -> bool:
        """Queues feedback on a question; a second one replaces the first. False where it is not kept."""

    def newest(self, limit: int, *, skip: int = 0, helpful: bool | None = None) -> tuple[Feedback, ...]:
        """The newest feedback."""


class Accounts(Protocol):
    """The staff's accounts. Names are regardless of capitals."""

    def add(self, name: str, password: str, role: Role) -> Account:
        """A new account.

        Raises:
            RecordsInvalid: the name is taken or not a name, or the password is too weak.
        """

    def list(self) -> tuple[Account, ...]:
        """Every account, by name."""

    def sign_in(self, name: str, password: str) -> SignIn:
        """Checks a password, in the same time for an unknown name. Failures must wait, longer each time."""

    def set_password(self, name: str, password: str) -> None:
        """A new password; every session of the account ends.

        Raises:
            RecordsInvalid: there is no such account, or the password is too weak.
        """

    def set_role(self, name: str, role: Role) -> None:
        """Another role, from the next request on."""

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Closes an account and ends its sessions, or opens it again."""


class Sessions(Protocol):
    """Who is signed in; kept on the server, so that they can be ended."""

    def start(self, name: str) -> str:
        """A new session of an account; returns its token, for a cookie."""

    def find(self, token: str) -> Account | None:
        """The account of a session that lasts, and is not disabled."""

    def end(self, token: str) -> None:
        """Signs out."""


class Keys(Protocol):
    """The API's keys."""

    def add(
        self,
        label: str,
        scopes: Collection[Scope],
        *,
        expires: datetime | None = None,
        per_minute: int | None = None,
    ) -> NewKey:
        """A new key; its secret is returned here and nowhere else."""

    def list(self) -> tuple[Key, ...]:
        """Every key, newest first."""

    def rotate(self, key_id: str, overlap: timedelta) -> NewKey:
        """A new key with the same label, scopes and limit; the old one goes on for ``overlap``."""

    def revoke(self, key_id: str) -> None:
        """Closes a key; every process knows within ten seconds."""

    def check(self, secret: str) -> Key | None:
        """The usable key of a secret. Answers from memory, and goes on while the store is away."""

    def count(self, key: Key, *, refused: bool = False) -> None:
        """Counts one request; written down some seconds later."""

    def usage(self, key_id: str, since: date, until: date) -> tuple[KeyUsage, ...]:
        """What a key did, by day."""


class Notes(Protocol):
    """Drafts for the FAQ, and questions that need a briefing."""

    def add(self, kind: NoteKind, question: str, body: str, author: str) -> Note:
        """A new, open note."""

    def list(self, *, kind: NoteKind | None = None, state: NoteState | None = None) -> tuple[Note, ...]:
        """Notes, the last changed first."""

    def change(self, note_id: str, *, body: str | None = None, state: NoteState | None = None) -> Note:
        """Changes a note."""

    def remove(self, note_id: str) -> None:
        """Deletes a note."""


class Audit(Protocol):
    """Who changed what."""

    def add(
        self,
        who: str,
        action: str,
        target: str,
        *,
        before: str | None = None,
        after: str | None = None,
        detail: str = "",
    ) -> None:
        """Writes an entry; it is in the store when this returns."""

    def newest(
        self, limit: int, *, skip: int = 0, who: str | None = None, action: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The newest entries."""


class Staff(Protocol):
    """What only staff and programs with keys need."""

    @property
    def accounts(self) -> Accounts:
        """The staff's accounts."""

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""

    @property
    def keys(self) -> Keys:
        """The API's keys."""

    @property
    def notes(self) -> Notes:
        """Drafts and needs."""

    @property
    def audit(self) -> Audit:
        """Who changed what."""


class Records(Protocol):
    """The record store of one process."""

    @property
    def answers(self) -> Answers:
        """Answers' own addresses."""

    @property
    def questions(self) -> Questions:
        """The questions asked."""

    @property
    def feedback(self) -> FeedbackBox:
        """What residents say of answers."""

    @property
    def hits(self) -> Hits:
        """What was shown to residents."""

    @property
    def staff(self) -> Staff | None:
        """The staff's part; None where the store is off."""

    def start(self) -> None:
        """Begins to write what is queued, and to delete what is past its time."""

    def stop(self) -> None:
        """Writes what is still queued, for at most two seconds."""

    def forget(self, token_or_id: str) -> bool:
        """Deletes a question, its answer's address and its feedback; whether there was any."""

    def purge(self) -> Purged:
        """Deletes everything past its time."""

    def stats(self) -> RecordStats:
        """Counters, for the metrics."""
