"""A draft for the FAQ as staff write it, and the case it is.

A line is words the answer must hold. A line that begins with the name of a column of question sets and a
colon (其他问法：…｜…, 任一：…｜…, 出处：…) fills that column instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from qa.coverage.cases import FaqCase
from qa.coverage.columns import SEPARATOR, RowProblem, field_of, read_row
from qa.coverage.wording import COLUMNS

__all__ = ["draft_body", "draft_case"]

_NAMED: Final = re.compile(r"([^：:]{1,12})[：:](.*)")
_OWN: Final = frozenset({"question", "id"})
"""Columns that a draft's lines do not fill."""
_MOST: Final = 5
"""Other wordings that are taken over into a draft."""


def draft_case(question: str, body: str) -> tuple[FaqCase | None, tuple[RowProblem, ...]]:
    """The case of a draft, and what is wrong with it; no case where that is more than a note."""
    cells: dict[str, object] = {"question": question}
    must: list[str] = []
    for line in filter(None, map(str.strip, body.splitlines())):
        named = _NAMED.fullmatch(line)
        field = field_of(named[1]) if named else None
        if named is None or field is None or field in _OWN:
            must.append(line)
        elif field == "all_of":
            must += (part.strip() for part in named[2].replace("｜", SEPARATOR).split(SEPARATOR))
        else:
            cells[field] = named[2].strip()
    cells["all_of"] = [words for words in must if words]
    return read_row(cells, "", "", {})


def draft_body(
    *,
    must: Iterable[str] = (),
    any_of: Iterable[str] = (),
    variants: Iterable[str] = (),
    transcript: str = "",
    speaker: str = "",
) -> str:
    """A draft's lines; :func:`draft_case` reads them again."""
    named = {
        "any_of": SEPARATOR.join(any_of),
        "variants": SEPARATOR.join([text.replace(SEPARATOR, " ") for text in variants][:_MOST]),
        "transcript": transcript,
        "speaker": speaker,
    }
    lines = [*must, *(f"{COLUMNS[field]}：{value}" for field, value in named.items() if value)]
    return "\n".join(lines)
