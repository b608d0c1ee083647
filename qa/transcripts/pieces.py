"""What a style of transcript is taken apart into: pieces in one voice, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass

from qa.model import Span, Speaker, Speech

__all__ = ["Piece", "Spoken"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run in one voice. ``asks``: it is somebody's question to the officials."""

    span: Span
    speech: Speech
    speaker: Speaker | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A paragraph's pieces, in order, in offsets of the reading text.

    ``section`` is the index of the heading it stands under, among the headings of the reading.
    """

    section: int | None
    pieces: tuple[Piece, ...]
