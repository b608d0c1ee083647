"""Headers, footers, page numbers and footnotes: what stands at the edge of pages beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from qa.transcripts.description import LeftOutKind
from qa.transcripts.pdf_glyphs import Page
from qa.transcripts.pdf_lines import Flow, TextLine

__all__ = ["footnotes", "margins"]

_EDGE = 0.12
"""Headers and footers stand within this part of the page's height from its edge."""
_NEAR = 6.0
"""A line that comes back on another page stands within so many points of where it stood."""
_LEVEL = 2.0
"""So many points apart at most, two lines are on one level."""
_APART = 1.2
"""A header is set off from the text by so many times the distance between lines."""
_LEAST_SHARE = 0.3
"""It comes back on at least this share of the pages; odd and even pages may differ."""

_LOW = 0.6
"""Footnotes stand below this part of the page's height."""
_SMALLER = 0.9
"""They are set at most so large, measured by the text."""

_NOTE = re.compile(r"[①-⑳⑴-⒇*＊※†‡]|[\[［〔]?\d{1,2}[\]］〕]|\d{1,2}[\s.、．]|注\s*[\d:：①-⑳]")
_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[一二三四五六七八九十]{1,4})\s*(?:页|頁)?"
    r"(?:\s*(?:[/／]|of|共|[，,]\s*共)\s*\d{1,4}\s*(?:页|頁)?)?[-—–－·•\s]*",
    re.IGNORECASE,
)
_BARE_HAN = re.compile(r"[一二三四五六七八九十]+")  # 一 alone at the edge is a word, not a page number
_PRINTED = re.compile(  # what browsers print above and below a page
    r"(?:\d{1,4}[/年.-]\d{1,2}[/月.-]\d{1,4}日?[,，]?\s*(?:上午|下午)?\d{1,2}:\d{2}(?:\s*[AP]M)?|(?:https?|file)://\S+(?:\s+\d+/\d+)?)"
    r".*"
)
_DIGITS = re.compile(r"\d+")


def margins(pages: Sequence[tuple[Page, Sequence[TextLine]]]) -> dict[TextLine, LeftOutKind]:
    """Which lines belong to the page and not to the text, and what they are."""
    edges = [line for page, lines in pages for line in lines if _at_edge(line, page)]
    found = {line: kind for line in edges if (kind := _kind(line)) is not None}
    repeated = set(_repeated(edges, len(pages)))
    for page, lines in pages:
        for line in _set_off(page, lines, repeated | found.keys()):
            found.setdefault(line, LeftOutKind.PAGE_HEADER)
    # The title a browser prints stands on the line of the date.
    heights: dict[int, list[float]] = {}
    for line, kind in found.items():
        if kind is LeftOutKind.PAGE_HEADER:
            heights.setdefault(line.page, []).append(line.y)
    beside = [line for line in edges if any(abs(y - line.y) < _LEVEL for y in heights.get(line.page, ()))]
    return dict.fromkeys(beside, LeftOutKind.PAGE_HEADER) | found


def footnotes(flow: Flow, page: Page, body: float) -> tuple[TextLine, ...]:
    """The footnotes that end a column: small print at the foot of the page that begins with a note's mark.

    Args:
        flow: the column.
        page: the page it stands on.
        body: the size of the font most of the text has, in points.
    """
    at = len(flow.lines)
    while at and flow.lines[at - 1].em <= _SMALLER * body and flow.lines[at - 1].y > _LOW * page.height:
        at -= 1
    while at < len(flow.lines) and not _NOTE.match(flow.lines[at].text):
        at += 1
    return flow.lines[at:]


def _at_edge(line: TextLine, page: Page) -> bool:
    return line.y < _EDGE * page.height or line.y > (1 - _EDGE) * page.height


def _set_off(page: Page, lines: Sequence[TextLine], taken: Set[TextLine]) -> Iterator[TextLine]:
    """Those of the lines ``taken`` that are set off from the text by more than its lines are."""
    text = [line.y for line in lines if line not in taken]
    distances = sorted(after - before for before, after in pairwise(text) if after - before > _LEVEL)
    usual = distances[len(distances) // 4] if distances else 0.0
    for line in lines:
        if line in taken and all(abs(line.y - y) > _APART * usual for y in (text[:1] + text[-1:])):
            yield line


def _kind(line: TextLine) -> LeftOutKind | None:
    if _NUMBER.fullmatch(line.text) and not _BARE_HAN.fullmatch(line.text):
        return LeftOutKind.PAGE_NUMBER
    return LeftOutKind.PAGE_HEADER if _PRINTED.fullmatch(line.text) else None


def _repeated(edges: Sequence[TextLine], pages: int) -> Iterator[TextLine]:
    """The lines that come back, whatever figures are in them, at the same height of other pages."""
    alike: dict[str, list[TextLine]] = {}
    for line in edges:
        alike.setdefault(_DIGITS.sub("#", line.text), []).append(line)
    for lines in alike.values():
        for line in lines:
            again = {other.page for other in lines if abs(other.y - line.y) < _NEAR}
            if len(again) > 1 and len(again) >= _LEAST_SHARE * pages:
                yield line
