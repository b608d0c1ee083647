"""What a style of transcript is taken apart into: pieces in one voice, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass

from qa.model import Span, Speaker, Speech, TurnKind

__all__ = ["Piece", "Spoken", "Taken"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run in one voice. ``asks``: it is somebody's question to the officials.

    ``kind`` is what it does in the conversation where the style says so (a reply, then, is one to the
    last question); None: that is found from who asks and who speaks.
    """

    span: Span
    speech: Speech
    speaker: Speaker | None = None
    asks: bool = False
    kind: TurnKind | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A paragraph's pieces, in order, in offsets of the reading text.

    ``section`` is the index of the heading it stands under, among the headings taken for such. What
    somebody says under one label is one piece, however many paragraphs it has.
    """

    section: int | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading taken apart: its paragraphs, and the headings they stand under, in order."""

    paragraphs: tuple[Spoken, ...]
    headings: tuple[Span, ...]
