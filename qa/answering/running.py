"""Where an answer runs on: in a written document it takes several clauses, whatever words they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from qa.answering.allowance import WIDE
from qa.answering.evidence import Evidence
from qa.model import Span, Transcript, Turn
from qa.text import clauses

__all__ = ["Choice", "running_on", "stretch"]

_AFTER, _BEFORE = 0.2, 0.05
"""The share of a clause's likelihood to hold the answer that goes on to each clause after it, less with each,
and back to the one before it: what quoted most gold answers of the public sets' fitting halves."""
_TELLS = 0.02
"""How likely a clause must be, beside the likeliest, to say anything of its neighbours."""
_STRETCH: Final = {"method": 240, "condition": 240, "any": 240, "list": 150, "what": 150}
"""How many code points in one stretch are quoted first, by what is asked: rules and measures follow one
another, a figure or a name does not. By the fitting halves of the public sets, as is ``_TEMPER``."""
_BEGINS = 0.05
"""How likely a clause must be, beside the likeliest, to begin the stretch."""
_TEMPER = 0.5
"""Shares are raised to this power where a stretch is weighed: several likely clauses together say more than
the likeliest alone, which often only announces what follows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A span chosen to be quoted, and where it stands."""

    transcript: Transcript
    turn: Turn
    span: Span

    @classmethod
    def of(cls, evidence: Evidence) -> Choice:
        """The whole clause of a piece of evidence."""
        return cls(evidence.passage.transcript, evidence.passage.turn, evidence.span)

    def part(self, span: Span) -> Choice:
        """Another span of the same turn."""
        return Choice(self.transcript, self.turn, span)


Shared = Sequence[tuple[Choice, float]]
"""Clauses and how likely each holds the answer, beside the likeliest, which has 1."""


def stretch(found: Shared, kind: str) -> list[Choice]:
    """The clauses of the stretch that most likely holds an answer of ``kind``, in order.

    A stretch begins with a likely clause and goes on to the clauses after it, as long as its kind allows;
    empty for what one clause answers.
    """
    most = _STRETCH.get(kind)
    if most is None:
        return []
    shares = {(choice.transcript.id, choice.span): share for choice, share in reversed(found)}
    best: list[Choice] = []
    highest = 0.0
    for choice, share in found:
        if share < _BEGINS:
            continue
        run = list(_run(choice, most))
        weight = sum(shares.get((part.transcript.id, part.span), 0.0) ** _TEMPER for part in run)
        if weight > highest:
            best, highest = run, weight
    return best


def _run(choice: Choice, most: int) -> Iterator[Choice]:
    """A clause and those after it in its turn, ``most`` code points in all."""
    yield choice
    start, text = choice.span.start, choice.transcript.text
    end = min(choice.turn.span.end, start + most)
    for span in clauses(text, Span(choice.span.end, max(end, choice.span.end))):
        # The last one may be cut off where the stretch may be no longer.
        if span.end < end or end == choice.turn.span.end:
            yield choice.part(span)


def running_on(found: Shared) -> list[tuple[Choice, float]]:
    """The same clauses with a part of each one's share for what stands next to it, best first."""
    choices: dict[tuple[str, Span], Choice] = {}
    shares: dict[tuple[str, Span], float] = defaultdict(float)
    least = _TELLS * max((share for _, share in found), default=0.0)
    for choice, share in found:
        parts = [(choice, share)]
        if share >= least:
            near = _neighbours(choice)
            parts += [(other, share * (_AFTER**far if far > 0 else _BEFORE)) for far, other in near]
        for part, worth in parts:
            key = part.transcript.id, part.span
            choices.setdefault(key, part)
            shares[key] += worth
    return sorted(((choices[key], share) for key, share in shares.items()), key=lambda one: -one[1])


def _neighbours(choice: Choice) -> Iterator[tuple[int, Choice]]:
    """The clauses of the same turn right before (-1) and after (1, 2) a clause."""
    text, turn, span = choice.transcript.text, choice.turn, choice.span
    after = Span(span.end, min(turn.span.end, span.end + WIDE))
    before = Span(max(turn.span.start, span.start - WIDE), span.start)
    for far, next_span in enumerate(islice(clauses(text, after), 2), 1):
        yield far, choice.part(next_span)
    previous = list(clauses(text, before))
    if previous:
        yield -1, choice.part(previous[-1])
