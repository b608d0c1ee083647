"""No records at all: answers have no address, nothing is counted, and there is no staff room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from qa.model import Answer
from web.records.model import (
    DayCount,
    Feedback,
    KeptAnswer,
    Purged,
    QuestionEntry,
    RecordStats,
    SpanHits,
    Wording,
)

__all__ = ["NoAnswers", "NoFeedback", "NoHits", "NoQuestions", "NoRecords"]


class NoAnswers:
    """Keeps nothing, so every answer is rendered directly."""

    def remember(
        self, question_id: str, question: str, *, history: tuple[str, ...], repair: bool, corpus: str
    ) -> None:
        return None

    def find(self, token: str) -> KeptAnswer | None:
        return None


class NoQuestions:
    """Keeps no question."""

    def add(self, entry: QuestionEntry) -> bool:
        return False

    def newest(self, limit: int, *, key: str | None = None) -> tuple[QuestionEntry, ...]:
        return ()

    def named(self, ids: Collection[str]) -> tuple[QuestionEntry, ...]:
        return ()

    def wordings(self, since: date, until: date, most: int) -> tuple[Wording, ...]:
        return ()

    def daily(self, since: date, until: date, *, keys: Collection[str] | None = None) -> tuple[DayCount, ...]:
        return ()


class NoHits:
    """Counts nothing."""

    def count(self, answer: Answer) -> None:
        """Not counted."""

    def listed(self, corpus: str | None = None) -> tuple[SpanHits, ...]:
        return ()


class NoFeedback:
    """Keeps no feedback."""

    def add(self, question_id: str, *, helpful: bool, reason: str = "") -> bool:
        return False

    def newest(self, limit: int, *, skip: int = 0, helpful: bool | None = None) -> tuple[Feedback, ...]:
        return ()


class NoRecords:
    """The store where ``records`` is ``off``."""

    answers = NoAnswers()
    questions = NoQuestions()
    feedback = NoFeedback()
    hits = NoHits()
    staff = None

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def forget(self, token_or_id: str) -> bool:
        return False

    def purge(self) -> Purged:
        return Purged()

    def stats(self) -> RecordStats:
        return RecordStats()
