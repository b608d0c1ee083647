"""Who changed what, over a database. Entries are added and read, never changed."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import insert, select

from web.records.database import Database
from web.records.model import AuditEntry, Clock, new_id
from web.records.schema import audit

__all__ = ["SqlAudit", "digest_of"]


def digest_of(content: object) -> str:
    """``sha256:…`` of something that can be written as JSON (or as text), for an entry's before and after."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(written.encode()).hexdigest()


class SqlAudit:
    """The audit log."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

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
        """Writes an entry."""
        row = {
            "id": new_id(),
            "at": self._clock(),
            "who": who,
            "action": action,
            "target": target,
            "before": before,
            "after": after,
            "detail": detail,
        }
        self._database.patiently(
            lambda connection: connection.execute(insert(audit).values(**row)), writes=True
        )

    def newest(
        self, limit: int, *, skip: int = 0, who: str | None = None, action: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The newest entries, of one person or action or all."""
        query = select(audit).order_by(audit.c.at.desc(), audit.c.id).limit(limit).offset(skip)
        if who is not None:
            query = query.where(audit.c.who == who)
        if action is not None:
            query = query.where(audit.c.action == action)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(
            AuditEntry(row.id, row.at, row.who, row.action, row.target, row.before, row.after, row.detail)
            for row in rows
        )
