"""Where in its file words stand, as people look it up: 第3页, 第12段."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from qa.model import Source, SourceUnit, Span

__all__ = ["place_in_file", "places"]

_WORDS: Final = {SourceUnit.PAGE: "第{place}页", SourceUnit.PARAGRAPH: "第{place}段"}
_UNCOUNTED: Final = frozenset({".html", ".htm"})  # nobody counts the paragraphs of a page with its menus
_TO: Final = "{first}至{last}"
_AND: Final = "、"


def places(source: Source, span: Span) -> tuple[Span, ...]:
    """The pages or paragraphs that hold any of a span, as half-open ranges of numbers from 1.

    Empty for files that have neither: plain text, and web pages.
    """
    counted = source.unit in _WORDS and PurePath(source.name).suffix.lower() not in _UNCOUNTED
    return source.ranges(span) if counted else ()


def place_in_file(source: Source, span: Span) -> str | None:
    """Where a span of the reading text stands in the file, in words; None where nothing is counted there."""
    found = places(source, span)
    words = _WORDS.get(source.unit, "")
    told = [
        words.format(place=one.start if len(one) == 1 else _TO.format(first=one.start, last=one.end - 1))
        for one in found
    ]
    return _AND.join(told) or None
