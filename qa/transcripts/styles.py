"""Which styles of transcript are known: how their paragraphs are taken apart."""

from __future__ import annotations

from collections.abc import Callable

from qa.transcripts.dialogue import read_dialogue
from qa.transcripts.pieces import Taken
from qa.transcripts.prose import read_prose
from qa.transcripts.reading import Reading

__all__ = ["STYLES", "Style", "taken"]

Style = Callable[[Reading], Taken | None]
"""Takes a reading apart, or says by None that it is not of this style."""

STYLES: tuple[Style, ...] = (read_dialogue, read_prose)
"""The particular styles come first; news prose takes what they leave."""


def taken(reading: Reading) -> Taken:
    """A reading, taken apart by the first style that fits."""
    for style in STYLES:
        found = style(reading)
        if found is not None:
            return found
    return Taken((), ())
