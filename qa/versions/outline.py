"""A transcript turn by turn, as staff look it over: who says what, and which question a reply answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qa.model import Span, Speaker, Speech, Transcript, TurnKind

__all__ = ["SHOWN", "Told", "outline", "shortened"]

SHOWN: Final = 40
"""So many code points of a turn are shown; the rest is told by an ellipsis."""
_ENDING: Final = 8
_GAP: Final = "……"


@dataclass(frozen=True, slots=True)
class Told:
    """A turn. ``number`` counts from 1; ``answers`` is the number of the question it replies to."""

    number: int
    kind: TurnKind
    speech: Speech
    speaker: Speaker | None
    span: Span
    words: str
    answers: int | None = None
    asked: str | None = None


def outline(transcript: Transcript, *, narration: bool = False) -> Iterator[Told]:
    """The turns of a transcript, in order; without those that are nobody's words unless ``narration``."""
    numbers: dict[int, int] = {}
    for at, turn in enumerate(transcript.turns):
        if turn.speech is Speech.NARRATION and not narration:
            continue
        numbers[at] = len(numbers) + 1
        question = None if turn.replies_to is None else transcript.turns[turn.replies_to]
        yield Told(
            number=numbers[at],
            kind=turn.kind,
            speech=turn.speech,
            speaker=turn.speaker,
            span=turn.span,
            words=shortened(turn.span.of(transcript.text)),
            answers=None if turn.replies_to is None else numbers.get(turn.replies_to),
            asked=None if question is None else shortened(question.span.of(transcript.text)),
        )


def shortened(text: str, most: int = SHOWN) -> str:
    """A text on one line, at most about ``most`` code points of it: its beginning and its end."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - _ENDING]}{_GAP}{line[-_ENDING:]}"
