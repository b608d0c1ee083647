"""What a briefing is called: its first heading, else the name of its file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from qa.model import Basis, Section
from qa.transcripts.calendar import written
from qa.transcripts.labels import begins_with_label, is_label_line
from qa.transcripts.reading import Reading

__all__ = ["found_title"]

_LOOKED_AT = 3  # headings further down belong to parts of the text
_TITLE_LIMIT = 60
_BYLINE = re.compile(r"原创|来源|作者|编辑|发布")
_WORD = re.compile(r"\w")
_PLAIN_NAMES = frozenset({"source", "transcript", "新建文本文档", "新建 文本文档", "未命名", "untitled"})


def found_title(reading: Reading, name: str, headings: Sequence[Section]) -> tuple[str, Basis]:
    """The title of a briefing, and whether the text states it or it was inferred.

    Args:
        reading: the briefing.
        name: the name of its file, with its ending.
        headings: those of the briefing, in order.

    Returns:
        The first heading among the first blocks (stated), else a short first line (inferred), else the
        file's name without its ending, else the beginning of the text; never empty.
    """
    first = {block.span.start for block in reading.blocks[:_LOOKED_AT]}
    for section in headings:
        if (
            section.span.start in first
            and not _BYLINE.match(section.title)
            and not _is_only_a_date(section.title)
        ):
            return section.title, Basis.STATED
    opening = reading.blocks[0].span.of(reading.text).strip() if reading.blocks else ""
    if (
        _WORD.search(opening)
        and len(opening) <= _TITLE_LIMIT
        and "。" not in opening
        and not _is_label(opening)
    ):
        return opening, Basis.INFERRED
    stem = PurePath(name).stem.strip()
    if _WORD.search(stem) and stem.lower() not in _PLAIN_NAMES:
        return stem, Basis.INFERRED
    for block in reading.blocks:
        words = block.span.of(reading.text).strip()
        if _WORD.search(words):
            return words[:_TITLE_LIMIT], Basis.INFERRED
    return stem or name or "实录", Basis.INFERRED


def _is_label(words: str) -> bool:
    return begins_with_label(words) or is_label_line(words)


def _is_only_a_date(words: str) -> bool:
    left = words
    for found in written(words):
        left = left.replace(words[found.start : found.end], "")
    return not _WORD.search(left)
