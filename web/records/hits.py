"""What was shown to residents, counted in memory and added up in a database every few seconds.

Only the words shown are counted, by version: neither the question nor when it was asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Final

from sqlalchemy import Connection, func, select

from qa.model import Answer, Citation
from web.records.database import Database, Write, upsert
from web.records.model import SpanHits
from web.records.schema import passage_hits

__all__ = ["SqlHits"]

_Words = tuple[str, str, int, int, str]
"""A version, a transcript, the span in it, and the sha256 of its file."""
_MOST: Final = 20_000
"""Different words counted between two writes at most; beyond that, counts are lost rather than memory."""


class SqlHits:
    """Counts over a database; `counted` gives what is to be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counting = Lock()
        self._quoted: Counter[_Words] = Counter()
        self._related: Counter[_Words] = Counter()

    def count(self, answer: Answer) -> None:
        """Counts the citations of an answer: each of the words shown once, however often it cites them."""
        quoted, related = _words(answer.corpus, answer.citations), _words(answer.corpus, answer.related)
        with self._counting:
            if len(self._quoted) + len(self._related) < _MOST:
                self._quoted.update(quoted)
                self._related.update(related)

    def counted(self) -> Write | None:
        """What was counted since the last call, to be written; None where nothing was."""
        with self._counting:
            quoted, related = self._quoted, self._related
            self._quoted, self._related = Counter(), Counter()
        if not quoted and not related:
            return None

        def write(connection: Connection) -> None:
            # In one order everywhere, or two processes could wait for each other's rows.
            for words in sorted(quoted.keys() | related.keys()):
                row = dict(zip(("corpus", "transcript", "start", "end", "source"), words, strict=True))
                counts = {"quoted": quoted[words], "related": related[words]}
                upsert(connection, passage_hits, {**row, **counts}, add=("quoted", "related"))

        return write

    def listed(self, corpus: str | None = None) -> tuple[SpanHits, ...]:
        """What was counted of one version, or of all, in the order of the transcripts."""
        own = passage_hits.c
        place = (own.transcript, own.source, own.start, own.end)
        query = select(*place, func.sum(own.quoted), func.sum(own.related)).group_by(*place).order_by(*place)
        if corpus is not None:
            query = query.where(own.corpus == corpus)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(SpanHits(*row) for row in rows)


def _words(corpus: str, citations: Iterable[Citation]) -> set[_Words]:
    return {
        (corpus, c.transcript.id, c.span.start, c.span.end, c.transcript.source.sha256) for c in citations
    }
