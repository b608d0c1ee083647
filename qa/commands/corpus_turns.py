"""A transcript turn by turn, at a terminal and as JSON."""

from __future__ import annotations

from itertools import islice
from typing import Final

from rich.table import Table

from qa.commands import corpus_wording as wording
from qa.model import Transcript
from qa.versions.outline import Told, outline

__all__ = ["FIRST_TURNS", "turn_records", "turn_table"]

FIRST_TURNS: Final = 30
"""So many turns a preview lists, where not all are wanted."""


def turn_table(transcript: Transcript, most: int | None = None) -> Table | None:
    """A line for each turn: its number, kind, speaker, words, and for a reply the question it answers.

    Args:
        most: how many turns; None for all.

    Returns:
        None where nobody speaks.
    """
    told = list(outline(transcript))
    if not told:
        return None
    table = Table(*wording.TURN_COLUMNS, box=None, padding=(0, 2, 0, 0), title_justify="left")
    for one in islice(told, most):
        table.add_row(
            str(one.number), wording.turn_kind(one.kind, one.speech), _who(one), one.words, _answers(one)
        )
    if most is not None and len(told) > most:
        more = wording.MORE_TURNS.format(count=len(told) - most)
        table.caption, table.caption_justify = more, "left"
    return table


def turn_records(transcript: Transcript) -> list[dict[str, object]]:
    """Every turn but the reporter's, as JSON; ``start`` and ``end`` are of the reading text."""
    return [
        {
            "number": one.number,
            "kind": one.kind,
            "speech": one.speech,
            "speaker": None
            if one.speaker is None
            else {"name": one.speaker.name, "office": one.speaker.office},
            "answers": one.answers,
            "start": one.span.start,
            "end": one.span.end,
            "words": one.words,
        }
        for one in outline(transcript)
    ]


def _who(one: Told) -> str:
    if one.speaker is None:
        return wording.NAMELESS
    office = f"（{one.speaker.office}）" if one.speaker.office else ""
    return f"{one.speaker.name}{office}"


def _answers(one: Told) -> str:
    return "" if one.asked is None else wording.TURN_ANSWERS.format(number=one.answers or "", asked=one.asked)
