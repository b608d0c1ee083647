"""Column types that keep promises whoever writes: words are masked and bounded, times are UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator

from qa.language.personal import mask

__all__ = ["Masked", "MaskedList", "UtcTime"]


class Masked(TypeDecorator[str]):
    """Words of a person, at most ``length`` characters, masked on the way into the database.

    NUL, which PostgreSQL cannot hold, becomes a space.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        # Masked before it is cut: half a number would no longer be known as one.
        return None if value is None else mask(value).replace("\0", " ")[: self.length]


class MaskedList(TypeDecorator[tuple[str, ...]]):
    """Several words of a person, each masked."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps([mask(words) for words in value], ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class UtcTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps no time zone, so UTC is what is kept."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
