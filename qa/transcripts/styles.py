"""Which styles of transcript are known: how their paragraphs are taken apart."""

from __future__ import annotations

from collections.abc import Callable

from qa.transcripts.pieces import Spoken
from qa.transcripts.prose import read_prose
from qa.transcripts.reading import Reading

__all__ = ["STYLES", "Style", "spoken"]

Style = Callable[[Reading], tuple[Spoken, ...] | None]
"""Takes a reading apart, or says by None that it is not of this style."""

STYLES: tuple[Style, ...] = (read_prose,)
"""The particular styles come first; news prose takes what they leave."""


def spoken(reading: Reading) -> tuple[Spoken, ...]:
    """The paragraphs of a reading, taken apart by the first style that fits."""
    for style in STYLES:
        found = style(reading)
        if found is not None:
            return found
    return ()
