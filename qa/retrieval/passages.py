"""Cutting a transcript into the passages that are indexed."""

from __future__ import annotations

from collections.abc import Iterator

from qa.model import Passage, Span, Transcript
from qa.text import clauses, phrases, sentences

__all__ = ["passages"]


def passages(transcript: Transcript, limit: int = 300) -> Iterator[Passage]:
    """The passages of a transcript, in reading order.

    Each is made of whole sentences of one turn and has at most ``limit`` code points. Only a single
    sentence longer than that is cut: at clauses, failing those at phrases, failing those anywhere.

    Raises:
        ValueError: if ``limit`` is not positive.
    """
    if limit < 1:
        raise ValueError(f"limit must be positive: {limit}")
    for turn in transcript.turns:
        for span in _packed(transcript.text, turn.span, limit):
            yield Passage(transcript, turn, span)


def _packed(text: str, turn: Span, limit: int) -> Iterator[Span]:
    held: Span | None = None
    for piece in _pieces(text, turn, limit):
        if held is not None and piece.end - held.start <= limit:
            held = Span(held.start, piece.end)
        else:
            if held is not None:
                yield held
            held = piece
    if held is not None:
        yield held


def _pieces(text: str, turn: Span, limit: int) -> Iterator[Span]:
    for sentence in sentences(text, turn):
        if len(sentence) <= limit:
            yield sentence
            continue
        for clause in clauses(text, sentence):
            if len(clause) <= limit:
                yield clause
                continue
            for phrase in phrases(text, clause):
                for start in range(phrase.start, phrase.end, limit):
                    yield Span(start, min(start + limit, phrase.end))
