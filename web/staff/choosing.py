"""Which transcripts are looked at: one chosen from a list, or, of very many, by words of a title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.model import Transcript

__all__ = ["named"]


def named(transcripts: Iterable[Transcript], wanted: str) -> Iterator[Transcript]:
    """The transcripts with that id, or with those words in their title; all where nothing is wanted."""
    return (one for one in transcripts if wanted in ("", one.id) or wanted in one.title)
