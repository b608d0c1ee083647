"""The staff's accounts and sessions, over a database.

Passwords are hashed with argon2id (RFC 9106) with the parameters that pwdlib recommends, and hashed
anew at sign-in when those have moved on. Memory for at most two hashes is used at a time (64 MiB each).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta
from functools import cached_property
from threading import BoundedSemaphore
from typing import Any, Final

from pwdlib import PasswordHash
from sqlalchemy import Connection, Update, delete, insert, select, update

from qa.language.personal import has_personal_data
from web.records import wording
from web.records.database import Database, upsert
from web.records.errors import RecordsInvalid
from web.records.model import Account, Clock, Role, SignIn, new_id
from web.records.schema import accounts, attempts, sessions

__all__ = ["FREE_TRIES", "PASSWORD_LENGTHS", "SqlAccounts", "SqlSessions"]

PASSWORD_LENGTHS: Final = (10, 128)
"""Fewest and most characters of a password."""
FREE_TRIES: Final = 5
"""Failures after which one must wait."""
_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_SESSION: Final = timedelta(hours=12)
_NAME: Final = re.compile(r"[\w][\w.-]{1,31}")
_HASHES_AT_ONCE: Final = 2
_FEWEST_DIFFERENT: Final = 5


def _plain(text: str) -> str:
    """Typed with whatever keyboard: full-width and half-width forms are the same."""
    return unicodedata.normalize("NFKC", text)


def _name(given: str) -> str:
    return _plain(given).strip().casefold()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class SqlAccounts:
    """The staff's accounts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._hasher = PasswordHash.recommended()
        self._room = BoundedSemaphore(_HASHES_AT_ONCE)

    def add(self, name: str, password: str, role: Role) -> Account:
        """A new account."""
        plain = _name(name)
        if not _NAME.fullmatch(plain) or has_personal_data(plain):
            raise RecordsInvalid(wording.NAME_BAD, code="account_name")
        made = Account(plain, role, False, self._clock(), None)
        row = {
            "name": plain,
            "password": self._hashed(plain, password),
            "role": role.value,
            "disabled": False,
            "created": made.created,
        }

        def work(connection: Connection) -> None:
            if connection.execute(select(accounts.c.name).where(accounts.c.name == plain)).first():
                raise RecordsInvalid(wording.NAME_TAKEN.format(name=plain), code="account_taken")
            connection.execute(insert(accounts).values(**row))

        self._database.patiently(work, writes=True)
        return made

    def list(self) -> tuple[Account, ...]:
        """Every account, by name."""
        query = select(accounts).order_by(accounts.c.name)
        rows = self._database.patiently(lambda connection: connection.execute(query).all())
        return tuple(_account(row) for row in rows)

    def sign_in(self, name: str, password: str) -> SignIn:
        """Checks a password.

        A try is counted before it is checked, so that many at once gain nothing, and is forgotten when it
        is right. From the fifth failure on the next must wait: half a minute, then twice as long each
        time up to a quarter of an hour.
        """
        plain = _name(name)
        wait = self._database.patiently(lambda connection: self._counted(connection, plain), writes=True)
        if wait:
            return SignIn(None, wait)
        query = select(accounts).where(accounts.c.name == plain)
        row = self._database.patiently(lambda connection: connection.execute(query).one_or_none())
        with self._room:
            # A hash is checked for an unknown name, too: the time taken tells nothing.
            right, renewed = self._hasher.verify_and_update(
                _plain(password)[: PASSWORD_LENGTHS[1]], row.password if row else self._nobody
            )
        if row is None or not right or row.disabled:
            return SignIn(None)
        signed_in = {"last_login": self._clock()} | ({"password": renewed} if renewed else {})
        self._database.patiently(lambda connection: _welcome(connection, plain, signed_in), writes=True)
        return SignIn(_account(row))

    def set_password(self, name: str, password: str) -> None:
        """A new password; sessions end, and failures are forgotten."""
        plain = _name(name)
        changed = update(accounts).values(password=self._hashed(plain, password))
        self._change(plain, changed, signs_out=True)

    def set_role(self, name: str, role: Role) -> None:
        """Another role."""
        self._change(_name(name), update(accounts).values(role=role.value))

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Closes an account, or opens it again."""
        self._change(_name(name), update(accounts).values(disabled=disabled), signs_out=disabled)

    def _change(self, name: str, statement: Update, *, signs_out: bool = False) -> None:
        def work(connection: Connection) -> None:
            if not connection.execute(statement.where(accounts.c.name == name)).rowcount:
                raise RecordsInvalid(wording.NO_ACCOUNT.format(name=name), code="account_unknown")
            if signs_out:
                connection.execute(delete(sessions).where(sessions.c.account == name))
                connection.execute(delete(attempts).where(attempts.c.name_hash == _hash(name)))

        self._database.patiently(work, writes=True)

    def _hashed(self, name: str, password: str) -> str:
        plain = _plain(password)
        least, most = PASSWORD_LENGTHS
        if not least <= len(plain) <= most:
            raise RecordsInvalid(wording.PASSWORD_LENGTH.format(least=least, most=most), code="password_weak")
        if name in plain.casefold() or len(set(plain)) < _FEWEST_DIFFERENT:
            raise RecordsInvalid(wording.PASSWORD_SIMPLE, code="password_weak")
        with self._room:
            return self._hasher.hash(plain)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(new_id())

    def _counted(self, connection: Connection, name: str) -> timedelta:
        """Counts one try, unless one must wait: then how long still."""
        now, name_hash = self._clock(), _hash(name)
        row = connection.execute(select(attempts).where(attempts.c.name_hash == name_hash)).one_or_none()
        failed = row.failed if row else 0
        if row and failed >= FREE_TRIES:
            wait = min(_FIRST_WAIT * 2 ** min(failed - FREE_TRIES, 10), _LONGEST_WAIT)
            if now < row.last + wait:
                return row.last + wait - now  # type: ignore[no-any-return]
        upsert(connection, attempts, {"name_hash": name_hash, "failed": failed + 1, "last": now})
        return timedelta(0)


def _welcome(connection: Connection, name: str, changed: dict[str, Any]) -> None:
    connection.execute(update(accounts).where(accounts.c.name == name).values(**changed))
    connection.execute(delete(attempts).where(attempts.c.name_hash == _hash(name)))


def _account(row: Any) -> Account:
    return Account(row.name, Role(row.role), row.disabled, row.created, row.last_login)


class SqlSessions:
    """Who is signed in, for at most twelve hours."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def start(self, name: str) -> str:
        """A new session; its token."""
        token, now = new_id(), self._clock()
        row = {
            "token_hash": _hash(token),
            "account": _name(name),
            "created": now,
            "expires": now + _SESSION,
        }
        self._database.patiently(lambda c: c.execute(insert(sessions).values(**row)), writes=True)
        return token

    def find(self, token: str) -> Account | None:
        """The account of a session that lasts."""
        query = (
            select(accounts)
            .join(sessions, sessions.c.account == accounts.c.name)
            .where(sessions.c.token_hash == _hash(token), sessions.c.expires > self._clock())
            .where(accounts.c.disabled.is_(False))
        )
        row = self._database.patiently(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else _account(row)

    def end(self, token: str) -> None:
        """Signs out."""
        gone = delete(sessions).where(sessions.c.token_hash == _hash(token))
        self._database.patiently(lambda connection: connection.execute(gone), writes=True)
