"""Drafts for the FAQ and questions that need a briefing, over a database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from web.records import wording
from web.records.database import Database
from web.records.errors import RecordsInvalid
from web.records.model import Clock, Note, NoteKind, NoteState, new_id
from web.records.schema import notes

__all__ = ["SqlNotes"]


class SqlNotes:
    """What staff wrote down about questions."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, kind: NoteKind, question: str, body: str, author: str) -> Note:
        """A new, open note."""
        now, note_id = self._clock(), new_id()
        row = {
            "id": note_id,
            "kind": kind.value,
            "state": NoteState.OPEN.value,
            "question": question,
            "body": body,
            "author": author,
            "created": now,
            "updated": now,
        }

        def work(connection: Connection) -> Note:
            connection.execute(insert(notes).values(**row))
            return _one(connection, note_id)

        return self._database.patiently(work, writes=True)

    def list(self, *, kind: NoteKind | None = None, state: NoteState | None = None) -> tuple[Note, ...]:
        """Notes, the last changed first."""
        query = select(notes).order_by(notes.c.updated.desc(), notes.c.id)
        if kind is not None:
            query = query.where(notes.c.kind == kind.value)
        if state is not None:
            query = query.where(notes.c.state == state.value)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(_note(row) for row in rows)

    def change(self, note_id: str, *, body: str | None = None, state: NoteState | None = None) -> Note:
        """Changes a note; None leaves a part as it is.

        Raises:
            RecordsInvalid: there is no such note.
        """
        changed: dict[str, Any] = {"updated": self._clock()}
        changed |= {} if body is None else {"body": body}
        changed |= {} if state is None else {"state": state.value}

        def work(connection: Connection) -> Note:
            connection.execute(update(notes).where(notes.c.id == note_id).values(**changed))
            return _one(connection, note_id)

        return self._database.patiently(work, writes=True)

    def remove(self, note_id: str) -> None:
        """Deletes a note."""
        gone = delete(notes).where(notes.c.id == note_id)
        self._database.patiently(lambda connection: connection.execute(gone), writes=True)


def _one(connection: Connection, note_id: str) -> Note:
    row = connection.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
    if row is None:
        raise RecordsInvalid(wording.NO_NOTE, code="note_unknown")
    return _note(row)


def _note(row: Any) -> Note:
    kind, state = NoteKind(row.kind), NoteState(row.state)
    return Note(row.id, kind, state, row.question, row.body, row.author, row.created, row.updated)
