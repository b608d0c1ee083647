"""Tables of questions and answers (问题 | 答复): which column asks, which replies, by its heading."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from qa.transcripts.script import plainly
from qa.transcripts.vocabulary import vocabulary

__all__ = ["Column", "columns"]


class Column(Enum):
    """What a column of such a table holds."""

    ASKS = "asks"
    REPLIES = "replies"
    UNIT = "unit"
    """Who replies."""
    OTHER = "other"
    """A number, a date, a state: nobody's words."""


def columns(heads: Sequence[str]) -> tuple[Column, ...]:
    """What each column holds, told by the cells of a table's first row; empty for a table of another kind."""
    known = vocabulary()
    found = []
    for head in heads:
        key = "".join(plainly(head).split()).strip(":")
        if key in known.asking_columns:
            found.append(Column.ASKS)
        elif key in known.replying_columns:
            found.append(Column.REPLIES)
        else:
            found.append(Column.UNIT if key in known.units else Column.OTHER)
    both = Column.ASKS in found and Column.REPLIES in found
    return tuple(found) if both else ()
