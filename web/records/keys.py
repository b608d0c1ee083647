"""The API's keys, over a database: checked from memory, used up in memory, written down now and then.

A secret is ``ms_<id>_<256 random bits>`` and kept as SHA-256 only. That is enough here, and argon2 would
not be better: it makes guessing slow, and 256 random bits cannot be guessed at any speed, while a kiosk
asks with its key every time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, func, insert, select, update

from web.records import wording
from web.records.database import Database, Write, upsert
from web.records.errors import RecordsInvalid, RecordsUnavailable
from web.records.model import Clock, Key, KeyUsage, NewKey, Scope, day_of
from web.records.schema import key_usage, keys

__all__ = ["SqlKeys"]

T = TypeVar("T")

_SECRET: Final = re.compile(r"ms_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_FRESH_SECONDS: Final = 10.0
_AGAIN_SECONDS: Final = 1.0
_LABEL_LENGTH: Final = 100


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class SqlKeys:
    """The API's keys."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[str, Key]] | None = None
        self._stale_at = 0.0
        self._reading = Lock()
        self._counting = Lock()
        self._counts: dict[tuple[str, date], list[int]] = {}
        self._used: dict[str, datetime] = {}

    def add(
        self,
        label: str,
        scopes: Collection[Scope],
        *,
        expires: datetime | None = None,
        per_minute: int | None = None,
    ) -> NewKey:
        """A new key.

        Raises:
            RecordsInvalid: no label, no scope, a limit below one, or an expiry that is past.
        """
        now = self._clock()
        if not label.strip() or len(label) > _LABEL_LENGTH:
            raise RecordsInvalid(wording.LABEL_BAD.format(most=_LABEL_LENGTH), code="key_label")
        if not scopes:
            raise RecordsInvalid(wording.NO_SCOPE, code="key_scopes")
        if per_minute is not None and per_minute < 1:
            raise RecordsInvalid(wording.LIMIT_BAD, code="key_limit")
        if expires is not None and expires <= now:
            raise RecordsInvalid(wording.EXPIRY_PAST, code="key_expiry")
        made = _made(Key("", label.strip(), frozenset(scopes), per_minute, now, expires, False, None, None))
        self._change(lambda connection: _insert(connection, made))
        return made

    def list(self) -> tuple[Key, ...]:
        """Every key, newest first."""
        query = select(keys).order_by(keys.c.created.desc(), keys.c.id)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(_key(row) for row in rows)

    def rotate(self, key_id: str, overlap: timedelta) -> NewKey:
        """A new key like an old one, that goes on for ``overlap``."""
        now = self._clock()

        def work(connection: Connection) -> NewKey:
            row = connection.execute(select(keys).where(keys.c.id == key_id)).one_or_none()
            if row is None:
                raise RecordsInvalid(wording.NO_KEY.format(id=key_id), code="key_unknown")
            old = _key(row)
            if not old.usable(now):
                raise RecordsInvalid(wording.KEY_CLOSED.format(id=key_id), code="key_closed")
            made = _made(replace(old, created=now, replaces=old.id, last_used=None))
            _insert(connection, made)
            ends = now + overlap if old.expires is None else min(old.expires, now + overlap)
            connection.execute(update(keys).where(keys.c.id == key_id).values(expires=ends))
            return made

        return self._change(work)

    def revoke(self, key_id: str) -> None:
        """Closes a key.

        Raises:
            RecordsInvalid: there is no such key.
        """

        def work(connection: Connection) -> None:
            statement = update(keys).where(keys.c.id == key_id).values(disabled=True)
            if not connection.execute(statement).rowcount:
                raise RecordsInvalid(wording.NO_KEY.format(id=key_id), code="key_unknown")

        self._change(work)

    def check(self, secret: str) -> Key | None:
        """The usable key of a secret.

        The keys are read again every ten seconds; while the store is away, those known last go on.

        Raises:
            RecordsUnavailable: the keys could never be read.
        """
        match = _SECRET.fullmatch(secret)
        if match is None:
            return None
        kept_hash, key = self._snapshot().get(match[1], ("", None))
        same = hmac.compare_digest(kept_hash, _hash(secret))
        return key if key is not None and same and key.usable(self._clock()) else None

    def count(self, key: Key, *, refused: bool = False) -> None:
        """Counts one request."""
        now = self._clock()
        with self._counting:
            self._counts.setdefault((key.id, day_of(now)), [0, 0])[refused] += 1
            self._used[key.id] = now

    def counted(self) -> Write | None:
        """What was counted since the last call, to be written; None where nothing was."""
        with self._counting:
            counts, used = self._counts, self._used
            self._counts, self._used = {}, {}
        if not counts:
            return None

        def write(connection: Connection) -> None:
            for (key_id, day), (taken, refused) in counts.items():
                row = {"key_id": key_id, "day": day, "taken": taken, "refused": refused}
                upsert(connection, key_usage, row, add=("taken", "refused"))
            for key_id, at in used.items():
                connection.execute(update(keys).where(keys.c.id == key_id).values(last_used=at))

        return write

    def usage(self, key_id: str, since: date, until: date) -> tuple[KeyUsage, ...]:
        """What a key did, by day."""
        day = key_usage.c.day
        query = (
            select(day, func.sum(key_usage.c.taken), func.sum(key_usage.c.refused))
            .where(key_usage.c.key_id == key_id, day >= since, day <= until)
            .group_by(day)
            .order_by(day)
        )
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(KeyUsage(row[0], row[1], row[2]) for row in rows)

    def _change(self, work: Callable[[Connection], T]) -> T:
        done = self._database.patiently(work, writes=True)
        self._stale_at = 0.0
        return done

    def _snapshot(self) -> dict[str, tuple[str, Key]]:
        known = self._known
        if known is not None and monotonic() < self._stale_at:
            return known
        # One reads; whoever comes meanwhile goes on with what is known, if anything is.
        if not self._reading.acquire(blocking=known is None):
            return known or {}
        try:
            if self._known is not None and monotonic() < self._stale_at:
                return self._known
            return self._read()
        finally:
            self._reading.release()

    def _read(self) -> dict[str, tuple[str, Key]]:
        query = select(keys).where(keys.c.disabled.is_(False))
        try:
            rows = self._database.hastily(lambda connection: connection.execute(query).all())
        except RecordsUnavailable:
            self._stale_at = monotonic() + _AGAIN_SECONDS
            if self._known is None:
                raise
            return self._known
        self._known = {row.id: (row.secret_hash, _key(row)) for row in rows}
        self._stale_at = monotonic() + _FRESH_SECONDS
        return self._known


def _made(key: Key) -> NewKey:
    key_id = secrets.token_hex(6)
    return NewKey(replace(key, id=key_id), f"ms_{key_id}_{secrets.token_urlsafe(32)}")


def _insert(connection: Connection, made: NewKey) -> None:
    key = made.key
    row = {
        "id": key.id,
        "secret_hash": _hash(made.secret),
        "label": key.label,
        "scopes": " ".join(sorted(key.scopes)),
        "per_minute": key.per_minute,
        "created": key.created,
        "expires": key.expires,
        "disabled": False,
        "replaces": key.replaces,
    }
    connection.execute(insert(keys).values(**row))


def _key(row: Any) -> Key:
    return Key(
        row.id,
        row.label,
        frozenset(Scope(scope) for scope in row.scopes.split()),
        row.per_minute,
        row.created,
        row.expires,
        row.disabled,
        row.replaces,
        row.last_used,
    )
