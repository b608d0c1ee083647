"""Characters of a page set into lines, and lines into the order they are read in: columns one by one."""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from qa.text import is_han
from qa.transcripts.pdf_glyphs import Glyph, Page

__all__ = ["Flow", "TextLine", "flows", "lines_of", "rows"]

# All in ems: the size of the font.
_SAME_BASE = 0.6
"""How far apart the baselines of one line's pieces may be: a raised figure is less."""
_GAP = 1.5
"""From here on a gap ends a run."""
_BACK = 1.0
"""So far a character may reach back: a bracket that fills its em is set closer."""
_TOUCHING = 0.6
"""Up to here two runs on one baseline are one line: nearer than columns ever are."""
_SPACE = 0.2
"""From here on a gap between two Chinese characters is a space somebody typed."""

_LEAST_LINES = 3
"""Fewer lines side by side than this are no columns."""
_STEPS = 160
"""Into so many parts a page's width is cut to look for the strip between columns."""
_LEAST_FILLED = 0.6
"""Lines of a column fill this part of its width; the cells of a table do not."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of one column, or a piece of a table's row; in points from the page's upper left corner."""

    text: str
    x0: float
    x1: float
    y: float
    em: float
    page: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines read one after the other, from the top of a column to its end, and the column's edges."""

    lines: tuple[TextLine, ...]
    left: float
    right: float


def lines_of(page: Page) -> list[TextLine]:
    """The lines of a page, from top to bottom; those side by side from left to right."""
    runs = sorted((_line(run, page.number) for run in _runs(page.glyphs)), key=lambda line: line.y)
    joined: list[TextLine | None] = list(runs)
    for at in sorted(range(len(runs)), key=lambda at: (runs[at].x0, runs[at].y)):
        for other in _near(runs, at):
            one, two = joined[other], joined[at]
            if one is not None and two is not None and other != at and _touch(one, two):
                joined[at], joined[other] = None, _set_together(one, two)
    whole = (line for line in joined if line is not None and line.text.strip())
    return sorted(whole, key=lambda line: (line.y, line.x0))


def _near(runs: Sequence[TextLine], at: int) -> range:
    """The runs, sorted by their baselines, that could be on one line with the run ``at``."""
    reach = _SAME_BASE * runs[at].em
    first = bisect_left(runs, runs[at].y - reach, key=lambda line: line.y)
    return range(first, bisect_right(runs, runs[at].y + reach, key=lambda line: line.y))


def flows(lines: Sequence[TextLine]) -> list[Flow]:
    """The lines of a page in the order they are read in.

    Where lines stand in two columns, the left one comes first; lines across both end what is above them.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return [_flow(lines)] if lines else []
    found: list[Flow] = []
    across: list[TextLine] = []
    for band, is_across in _bands(lines, gutter):
        if is_across:
            across += band
            continue
        if across:
            found.append(_flow(across))
            across = []
        found += flows([line for line in band if line.x1 <= gutter])
        found += flows([line for line in band if line.x1 > gutter])
    return [*found, _flow(across)] if across else found


def rows(flow: Flow) -> Iterator[tuple[TextLine, ...]]:
    """The lines of a flow; those that stand beside each other, as in a table, together."""
    row: list[TextLine] = []
    for line in flow.lines:
        if row and abs(line.y - row[0].y) > _SAME_BASE / 2 * line.em:
            yield tuple(sorted(row, key=lambda piece: piece.x0))
            row = []
        row.append(line)
    if row:
        yield tuple(sorted(row, key=lambda piece: piece.x0))


# -- lines ----------------------------------------------------------------------------------------------


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Characters that follow one another on one baseline, spaces among them."""
    run: list[Glyph] = []
    space: Glyph | None = None
    for glyph in glyphs:
        if glyph.made_up or glyph.text.isspace():
            space = glyph if space is None or space.made_up else space
            continue
        if run and not _follows(run[-1], glyph):
            yield run
            run, space = [], None
        if run and space is not None:
            run.append(space)
        run.append(glyph)
        space = None
    if run:
        yield run


def _follows(last: Glyph, glyph: Glyph) -> bool:
    if (last.x0, last.x1, last.y) == (glyph.x0, glyph.x1, glyph.y):
        return True  # one shape for two characters: ——, ffi
    em = max(last.em, glyph.em, 1.0)
    gap = glyph.x0 - last.x1
    return abs(glyph.y - last.y) < 0.2 * em and -_BACK * em < gap < _GAP * em


def _line(run: Sequence[Glyph], page: int) -> TextLine:
    inked = [glyph for glyph in run if not glyph.text.isspace()]
    return TextLine(
        _spelt(run), inked[0].x0, inked[-1].x1, inked[0].y, max(median(g.em for g in inked), 1.0), page
    )


def _spelt(run: Sequence[Glyph]) -> str:
    """The words of a run, with those spaces that somebody typed."""
    kept = [_is_typed(run, at) for at in range(len(run))]
    between = [at for at in range(1, len(run) - 1) if run[at].text.isspace() and _is_between_han(run, at)]
    pairs = len(between) + sum(is_han(a.text) and is_han(b.text) for a, b in itertools.pairwise(run))
    if len(between) > _LEAST_LINES and len(between) > pairs / 2:  # set wide, letter by letter
        for at in between:
            kept[at] = False
    return "".join(
        " " if glyph.made_up else glyph.text for glyph, keep in zip(run, kept, strict=True) if keep
    )


def _is_typed(run: Sequence[Glyph], at: int) -> bool:
    """Whether a glyph is read: of the spaces PDFium puts in gaps, only those that show as spaces do."""
    glyph = run[at]
    if not glyph.made_up:
        return True
    before, after = run[at - 1], run[at + 1]
    if before.text.isascii() and after.text.isascii():
        return True
    return _is_wide(before.text) and _is_wide(after.text) and after.x0 - before.x1 >= _SPACE * after.em


def _is_between_han(run: Sequence[Glyph], at: int) -> bool:
    return is_han(run[at - 1].text) and is_han(run[at + 1].text)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}


def _touch(one: TextLine, other: TextLine) -> bool:
    em = max(one.em, other.em)
    gap = max(one.x0, other.x0) - min(one.x1, other.x1)
    return abs(one.y - other.y) < _SAME_BASE * em and -em < gap < _TOUCHING * em


def _set_together(one: TextLine, other: TextLine) -> TextLine:
    first, second = sorted((one, other), key=lambda line: line.x0)
    gap = second.x0 - first.x1
    words = first.text[-1:].isascii() and second.text[:1].isascii() and gap > _SPACE * one.em
    text = first.text + (" " if words else "") + second.text
    size = max(one, other, key=lambda line: len(line.text))  # the raised figure of a note does not count
    return replace(size, text=text, x0=first.x0, x1=max(first.x1, second.x1))


# -- columns --------------------------------------------------------------------------------------------


def _flow(lines: Sequence[TextLine]) -> Flow:
    ordered = tuple(sorted(lines, key=lambda line: (line.y, line.x0)))
    return Flow(ordered, min(line.x0 for line in ordered), max(line.x1 for line in ordered))


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """Where the empty strip between two columns is, or None if there is one column."""
    if len(lines) < 2 * _LEAST_LINES:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    step = (right - left) / _STEPS
    best: list[float] = []
    fewest = len(lines)
    for count in range(_STEPS // 4, 3 * _STEPS // 4 + 1):
        at = left + count * step
        crossing = sum(line.x0 < at < line.x1 for line in lines)
        if not _are_columns(lines, at, left, right):
            continue
        if crossing < fewest:
            best, fewest = [], crossing
        if crossing == fewest:
            best.append(at)
    return best[len(best) // 2] if best else None


def _are_columns(lines: Sequence[TextLine], at: float, left: float, right: float) -> bool:
    before = [line.x1 - line.x0 for line in lines if line.x1 <= at]
    after = [line.x1 - line.x0 for line in lines if line.x0 >= at]
    if min(len(before), len(after)) < _LEAST_LINES:
        return False
    return median(before) >= _LEAST_FILLED * (at - left) and median(after) >= _LEAST_FILLED * (right - at)


def _bands(lines: Sequence[TextLine], gutter: float) -> Iterator[tuple[list[TextLine], bool]]:
    """The page from top to bottom: lines across the gutter (True), and lines beside it (False)."""
    band: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (line.y, line.x0)):
        if line.x0 < gutter < line.x1:
            if band:
                yield band, _is_one_sided(band, gutter)
            yield [line], True
            band = []
        else:
            band.append(line)
    if band:
        yield band, _is_one_sided(band, gutter)


def _is_one_sided(band: Sequence[TextLine], gutter: float) -> bool:
    """The short last line of a paragraph across the page, not a column."""
    return len(band) < _LEAST_LINES and len({line.x1 <= gutter for line in band}) == 1
