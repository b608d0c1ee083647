"""What a reader learns of a document beside its words: for whoever adds it, to check before it is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Description", "LeftOut", "LeftOutKind", "StatedDate", "date_in", "labelled", "plausible_title"]


class LeftOutKind(StrEnum):
    """Why words of a file are not read."""

    NAVIGATION = "navigation"
    """What a web page has around its article: menus, share buttons, related links."""
    PAGE_HEADER = "page_header"
    """A header or footer, repeated on the pages of a document."""
    PAGE_NUMBER = "page_number"
    CAPTION = "caption"
    """The name under a photo."""
    PICTURE = "picture"
    """A page without text: a picture of one, perhaps."""
    NOTE = "note"
    """Footnotes, endnotes and comments."""
    DELETED = "deleted"
    """Words that tracked changes have struck out."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of the file that are not read, empty for a picture.

    ``place`` is the page or paragraph, where there is one.
    """

    kind: LeftOutKind
    text: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as the document states it: ISO 8601 (``2024-03-18``), and the words that state it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a file says of itself. What it does not say is None: nothing is guessed.

    ``published`` is when it was published, which need not be when the briefing was held. ``encoding`` is
    how text was decoded (a Python codec's name). ``size`` counts what the source unit counts: pages,
    paragraphs, code points. ``left_out`` is what is not read, in the order of the file.
    """

    title: str | None = None
    published: StatedDate | None = None
    publisher: str | None = None
    url: str | None = None
    encoding: str | None = None
    size: int = 0
    left_out: tuple[LeftOut, ...] = ()


_SHORTEST_TITLE, _LONGEST_TITLE = 4, 120
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)\s*日?")
_DATE_LABEL = re.compile(r"(?:发布|發布|发表|更新|刊发|发文|成文)?(?:时间|時間|日期)\s*[:：]")
_HELD = re.compile(r"上午|下午|晚上|中午|星期|周[一二三四五六日]|週[一二三四五六日]")
"""Said of when people meet; a page is not put up 下午."""
_SOURCE_LABEL = re.compile(
    r"(?:信息|文章|稿件|新闻|资料)?(?:来源|來源|发布机构|發布機關|发布单位|供稿单位)\s*[:：]\s*"
    r"([^\s|丨　：:，。,（(\[【]{2,30})"
)
_URL = re.compile(r"https?://[^\s\u3000<>\"'，。；）】]+")
_NOT_A_TITLE = re.compile(
    r"(?i)\s*(?:microsoft (?:word|powerpoint|excel)\b.*|(?:无标题|未命名|untitled|document|文档|新建).{0,24}"
    r"|[\w.-]+\.(?:docx?|wps|pdf|html?|txt|indd|cdr)|powerpoint 演示文稿|幻灯片 ?\d*|[\W\d_]*|about:blank)\s*"
)
_HEAD, _FOOT = 12, 6
"""How many lines from the top and from the bottom may state when and by whom a text was published."""


def date_in(words: str) -> StatedDate | None:
    """The first whole date (``2024-03-18``, ``2024年3月18日``) that ``words`` state, or None."""
    for found in _DATE.finditer(words):
        try:
            day = date(*(int(part) for part in found.groups()))
        except ValueError:
            continue  # the 30th of February
        return StatedDate(day.isoformat(), found.group().strip())
    return None


def plausible_title(words: str | None) -> str | None:
    """``words`` as a title, or None where a program filled them in (``Microsoft Word - 1.doc``)."""
    title = " ".join((words or "").split())
    fits = _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE
    return title if fits and not _NOT_A_TITLE.fullmatch(title) else None


def labelled(lines: Sequence[str]) -> Description:
    """What labels at the head or the foot of a text state (发布时间：…, 来源：…, an address by itself).

    Args:
        lines: the lines of the text that are not blank, in order.
    """
    edges = lines if len(lines) <= _HEAD + _FOOT else [*lines[:_HEAD], *lines[-_FOOT:]]
    known = Description()
    for line in edges:
        label = _DATE_LABEL.search(line)
        published = _published(line, label) if label else _bare_date(line)
        source = _SOURCE_LABEL.search(line)
        url = _URL.fullmatch(line)
        known = Description(
            published=known.published or published,
            publisher=known.publisher or (source.group(1) if source else None),
            url=known.url or (url.group() if url else None),
        )
    return known


def _published(line: str, label: re.Match[str]) -> StatedDate | None:
    """The date after a label, unless it is when people met (时间：2025年4月10日上午10:00)."""
    held = label.group()[0] in "时時日" and _HELD.search(line, label.end())
    return None if held else date_in(line[label.end() :][:40])


def _bare_date(line: str) -> StatedDate | None:
    """The date of a line that is a date, perhaps with a time of day, and nothing else."""
    found = _DATE.match(line)
    rest = line[found.end() :].strip() if found else ""
    return date_in(line) if found and re.fullmatch(r"(?:\d{1,2}:\d{2}(?::\d{2})?)?", rest) else None
