"""The tables, as the newest migration leaves them. A test holds the two together.

Tokens and secrets are kept as SHA-256 only, so that a backup that is lost opens nothing. A plain hash
is right for them, unlike for passwords: 128 random bits and more cannot be guessed, however fast one
guesses.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, MetaData, String, Table

from web.records.columns import Masked, MaskedList, UtcTime

__all__ = [
    "BODY_LENGTH",
    "REASON_LENGTH",
    "accounts",
    "answers",
    "attempts",
    "audit",
    "feedback",
    "key_usage",
    "keys",
    "metadata",
    "notes",
    "passage_hits",
    "questions",
    "sessions",
]

REASON_LENGTH: Final = 500
"""Characters of feedback's reason that are kept."""
BODY_LENGTH: Final = 4000
"""Characters of a note that are kept."""
_QUESTION: Final = 300
_DIGEST: Final = 71  # sha256:…
_ID: Final = 32
_NAME: Final = 64

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

answers = Table(
    "answers",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("question_id", String(_ID), nullable=False, index=True),
    Column("question", Masked(_QUESTION), nullable=False),
    Column("history", MaskedList, nullable=False),
    Column("repair", Boolean, nullable=False),
    Column("corpus", String(_DIGEST), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String(_ID), primary_key=True),
    Column("text", Masked(_QUESTION), nullable=False),
    Column("group_key", Masked(_QUESTION), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("corpus", String(_DIGEST), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("day", Date, nullable=False, index=True),
    Column("transcript", String(200)),
    Column("start", Integer),
    Column("end", Integer),
)

feedback = Table(
    "feedback",
    metadata,
    # No foreign key: the question may be written later than what is said of it, or never.
    Column("question_id", String(_ID), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", Masked(REASON_LENGTH), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)

passage_hits = Table(
    "passage_hits",
    metadata,
    # Counts of words that were shown, of every version; nothing here tells who asked what or when.
    Column("corpus", String(_DIGEST), primary_key=True),
    Column("transcript", String(200), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("end", Integer, primary_key=True, autoincrement=False),
    Column("source", String(64), nullable=False),
    Column("quoted", Integer, nullable=False),
    Column("related", Integer, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(_NAME), primary_key=True),
    Column("password", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("last_login", UtcTime),
)

attempts = Table(
    "attempts",
    metadata,
    # Of a name that was tried, whether it exists or not: else waiting would tell who does.
    Column("name_hash", String(64), primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last", UtcTime, nullable=False, index=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(_NAME), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False, index=True),
    Index("ix_sessions_account", "account"),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(_ID), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("label", Masked(100), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("per_minute", Integer),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime),
    Column("disabled", Boolean, nullable=False),
    Column("replaces", String(_ID)),
    Column("last_used", UtcTime),
)

key_usage = Table(
    "key_usage",
    metadata,
    Column("key_id", String(_ID), ForeignKey("keys.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("taken", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", String(_ID), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("question", Masked(_QUESTION), nullable=False),
    Column("body", Masked(BODY_LENGTH), nullable=False),
    Column("author", String(_NAME), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("updated", UtcTime, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String(_ID), primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("who", String(_NAME), nullable=False),
    Column("action", String(64), nullable=False),
    Column("target", Masked(300), nullable=False),
    Column("before", String(_DIGEST)),
    Column("after", String(_DIGEST)),
    Column("detail", Masked(1000), nullable=False),
)
