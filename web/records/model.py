"""The nouns of the records: frozen, and free of any database.

Times are aware ``datetime``s; days are those of China (UTC+8, which has no summer time). Identifiers
are random, so that rows can move from one database to another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from qa.model import Answer, Status

__all__ = [
    "CHINA",
    "FAILED_SIGN_IN",
    "Account",
    "AuditEntry",
    "Channel",
    "Clock",
    "DayCount",
    "Feedback",
    "KeptAnswer",
    "Key",
    "KeyUsage",
    "NewKey",
    "Note",
    "NoteKind",
    "NoteState",
    "Purged",
    "QuestionEntry",
    "RecordStats",
    "Role",
    "Scope",
    "SignIn",
    "SpanHits",
    "Wording",
    "day_of",
    "entry_of",
    "new_id",
    "utc_now",
]

FAILED_SIGN_IN: Final = "login.failed"
"""The one action whose entries in the log do not stay for ever: anybody can make as many as they like."""
CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
Clock = Callable[[], datetime]
"""Tells the time, aware. Tests pass their own."""


def utc_now() -> datetime:
    """The time, by the machine's clock."""
    return datetime.now(UTC)


def day_of(when: datetime) -> date:
    """The day in China at ``when``."""
    return when.astimezone(CHINA).date()


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits: an identifier, or an answer's token."""
    return secrets.token_hex(16)


class Channel(StrEnum):
    """Where a question was asked."""

    WEB = "web"
    KIOSK = "kiosk"
    API = "api"


class Role(StrEnum):
    """What an account may do; each includes those before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, needed: Role) -> bool:
        """Whether this role may do what ``needed`` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


class Scope(StrEnum):
    """What a key opens."""

    ASK = "ask"
    FEEDBACK = "feedback"
    COVERAGE = "coverage"
    METRICS = "metrics"
    ADMIN = "admin"


class NoteKind(StrEnum):
    """What staff wrote down about a question."""

    FAQ_DRAFT = "faq_draft"
    NEEDS_BRIEFING = "needs_briefing"
    NOT_FAQ = "not_faq"
    """A question of a transcript that is not to be a case of the FAQ."""


class NoteState(StrEnum):
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """One question asked. ``text`` is kept masked; ``start`` and ``end`` are the first citation's span."""

    id: str
    text: str
    status: Status
    confidence: float
    corpus: str
    channel: Channel
    at: datetime
    transcript: str | None = None
    start: int | None = None
    end: int | None = None


def entry_of(answer: Answer, channel: Channel, at: datetime) -> QuestionEntry:
    """The entry of a question that was answered so, under a new identifier."""
    first = answer.citations[0] if answer.citations else None
    return QuestionEntry(
        new_id(),
        answer.question,
        answer.status,
        answer.confidence,
        answer.corpus,
        channel,
        at,
        first.transcript.id if first else None,
        first.span.start if first else None,
        first.span.end if first else None,
    )


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is needed to show an answer again: what was asked, of which version, and how.

    ``question_id`` is the question's entry, the one feedback is about.
    """

    question_id: str
    question: str
    history: tuple[str, ...]
    repair: bool
    corpus: str
    created: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """有没有帮到您: one for each question, the last word counts. ``reason`` is masked, 500 characters."""

    question_id: str
    helpful: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """Questions that differ only in punctuation, spaces, width and capitals; ``text`` is one of them.

    ``counts`` says how many of the days asked for had which outcome, ``earlier`` how many there were in as
    many days before them; ``unhelpful`` counts 没帮到. ``quoted`` is what they were answered with most often:
    the first citation's transcript and span.
    """

    key: str
    text: str
    counts: Mapping[Status, int]
    earlier: int
    unhelpful: int
    last: datetime
    quoted: tuple[str, int, int] | None = None

    @property
    def count(self) -> int:
        """How many questions of the days asked for."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many questions a day had with one outcome."""

    day: date
    status: Status
    count: int


@dataclass(frozen=True, slots=True)
class SpanHits:
    """How often words of a transcript were quoted to residents, and how often shown as related.

    ``source`` is the sha256 of the file they stand in: other versions with the same file have the same words.
    """

    transcript: str
    source: str
    start: int
    end: int
    quoted: int
    related: int


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff."""

    name: str
    role: Role
    disabled: bool
    created: datetime
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of a name and a password: the account, or None and how long to wait before the next try."""

    account: Account | None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the API. ``per_minute`` None: no limit of its own; ``replaces``: what it was rotated from."""

    id: str
    label: str
    scopes: frozenset[Scope]
    per_minute: int | None
    created: datetime
    expires: datetime | None
    disabled: bool
    replaces: str | None
    last_used: datetime | None

    def usable(self, now: datetime) -> bool:
        """Whether the key opens anything at ``now``."""
        return not self.disabled and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. ``secret`` is shown once and kept nowhere."""

    key: Key
    secret: str


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """What a key did on one day: requests taken, and requests refused by its limit or scopes."""

    day: date
    taken: int
    refused: int


@dataclass(frozen=True, slots=True)
class Note:
    """A draft for the FAQ, or that a question needs a briefing."""

    id: str
    kind: NoteKind
    state: NoteState
    question: str
    body: str
    author: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what. ``before`` and ``after`` are digests of the thing changed, where it has one."""

    id: str
    at: datetime
    who: str
    action: str
    target: str
    before: str | None
    after: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were deleted because their time was up."""

    answers: int = 0
    questions: int = 0
    feedback: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class RecordStats:
    """Counters since the process started. ``ready`` is whether the store could be used last time.

    ``queued`` wait to be written; ``dropped`` never will be: the queue was full, or the process ended.
    ``unkept`` answers got no address in time.
    """

    ready: bool = False
    queued: int = 0
    written: int = 0
    dropped: int = 0
    unkept: int = 0
