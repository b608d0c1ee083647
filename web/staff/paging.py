"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = ["Paged", "page_number", "paged"]

T = TypeVar("T")
_LONGEST: Final = 6
"""Digits of a page's number."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page of a list: its rows, its number from 1, how many rows a page has, and whether there are more."""

    rows: Sequence[T]
    number: int
    size: int
    more: bool

    @property
    def first(self) -> int:
        """The number of the first row in the whole list, from 1."""
        return (self.number - 1) * self.size + 1


def page_number(given: str) -> int:
    """The page an address asks for; the first where it says nothing, or nonsense."""
    plain = given.isascii() and given.isdigit() and len(given) <= _LONGEST
    return max(1, int(given)) if plain else 1


def paged(every: Sequence[T], number: int, size: int) -> Paged[T]:
    """Page ``number`` of a list."""
    start = (number - 1) * size
    return Paged(every[start : start + size], number, size, len(every) > start + size)
