"""What is kept of an answer that was given, wherever it was asked for."""

from __future__ import annotations

from qa.model import Answer
from web.records.model import Channel, entry_of, utc_now
from web.records.ports import Records

__all__ = ["keep"]


def keep(records: Records, answer: Answer, channel: Channel) -> tuple[str, bool]:
    """Counts what an answer shows and queues its question; the question's id, and whether it is kept."""
    records.hits.count(answer)
    entry = entry_of(answer, channel, utc_now())
    return entry.id, records.questions.add(entry)
