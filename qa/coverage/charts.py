"""The report's charts, as SVG that also reads in black and white: every verdict has its own pattern."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qa.coverage import report_wording as wording
from qa.coverage.markup import element as e
from qa.coverage.records import Verdict
from qa.coverage.report import BINS, Group, MatrixRow, Step

__all__ = ["bar", "histogram", "legend", "matrix_grid", "patterns", "thresholds"]

ORDER: Final = (Verdict.RIGHT, Verdict.REFUSED_RIGHTLY, Verdict.REFUSED_WRONGLY, Verdict.WRONG)
"""Verdicts from left to right and from the bottom up: what is as it should be first."""
_WIDTH, _HEIGHT = 480.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 14.0, 12.0, 34.0
_CELL_MOST: Final = 9.0


def patterns() -> ET.Element:
    """The fills that the charts of a page use; stands on the page once."""
    return e(
        "svg",
        e(
            "defs",
            _pattern("right", "#14532d"),
            _pattern("refused_rightly", "#86b79b"),
            _pattern("refused_wrongly", "#fff", e("circle", cx=3, cy=3, r=1.5, fill="#a16207")),
            _pattern(
                "wrong", "#fff", e("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", stroke="#991b1b", stroke_width=2)
            ),
        ),
        width=0,
        height=0,
        class_="defs",
        aria_hidden="true",
    )


def legend() -> ET.Element:
    """What the fills mean."""
    keys = [e("span", _swatch(verdict), wording.VERDICTS[verdict], class_="key") for verdict in ORDER]
    return e("p", keys, class_="legend")


def bar(group: Group) -> ET.Element:
    """The verdicts of a group as one bar."""
    total, at, parts = max(group.total, 1), 0.0, []
    for verdict in ORDER:
        width = 160.0 * group.counts[verdict] / total
        if width:
            parts.append(_box(at, 0.5, width, 13.0, verdict))
        at += width
    label = "，".join(f"{wording.VERDICTS[v]} {group.counts[v]}" for v in ORDER if group.counts[v])
    return _svg(160.0, 14.0, label, *parts, class_="bar")


def histogram(bins: Sequence[Mapping[Verdict, int]], answer: float) -> ET.Element:
    """Results by confidence, and the threshold."""
    most = _ceiling(max((sum(found.values()) for found in bins), default=0))
    parts = [*_frame(most)]
    width = (_WIDTH - _LEFT - _RIGHT) / BINS
    for number, found in enumerate(bins):
        below = 0
        for verdict in ORDER:
            if found[verdict]:
                top, bottom = _y(below + found[verdict], most), _y(below, most)
                parts.append(_box(_x(number / BINS) + 1, top, width - 2, bottom - top, verdict))
                below += found[verdict]
    return _svg(_WIDTH, _HEIGHT, wording.HISTOGRAM, *parts, *_mark(answer), class_="chart")


def thresholds(steps: Sequence[Step], answer: float) -> ET.Element:
    """What other thresholds would answer, and how much of it wrong."""
    most = _ceiling(max((step.answered for step in steps), default=0))
    answered = [(_x(s.threshold), _y(s.answered, most)) for s in steps]
    wrong = [(_x(s.threshold), _y(s.wrong, most)) for s in steps]
    parts = [
        *_frame(most),
        *_line(answered, "#14532d", None),
        *_line(wrong, "#991b1b", "5 3"),
        e("text", wording.ANSWERED, x=answered[5][0], y=answered[5][1] - 7, class_="name"),
        e("text", wording.WRONG, x=wrong[5][0], y=wrong[5][1] - 7, class_="name"),
        *_mark(answer),
    ]
    return _svg(_WIDTH, _HEIGHT, wording.THRESHOLDS, *parts, class_="chart")


def matrix_grid(rows: Sequence[MatrixRow], numbers: Mapping[tuple[str, str, str], int]) -> ET.Element:
    """Passages down, questions across: a mark where a question's answer quotes the passage.

    Args:
        numbers: the number of each result, from 1.
    """
    across, down = max(len(numbers), 1), max(len(rows), 1)
    cell = min(_CELL_MOST, 640.0 / across)
    left, top = 34.0, 20.0
    width, height = left + across * cell + 4, top + down * cell + 4
    parts: list[ET.Element] = [
        e("rect", x=left, y=top, width=across * cell, height=down * cell, fill="none", stroke="#888")
    ]
    every = max(1, round(40.0 / cell / 5)) * 5
    for number in range(every, across + 1, every):
        x = left + (number - 0.5) * cell
        parts.append(e("line", x1=x, y1=top, x2=x, y2=top + down * cell, stroke="#ddd"))
        parts.append(e("text", str(number), x=x, y=top - 5, text_anchor="middle"))
    named = max(1, round(12.0 / cell / 5)) * 5
    for at, row in enumerate(rows):
        y = top + at * cell
        if at and rows[at - 1].passage.transcript != row.passage.transcript:
            parts.append(e("line", x1=left, y1=y, x2=left + across * cell, y2=y, stroke="#333"))
        if (at + 1) % named == 0:
            parts.append(e("text", str(at + 1), x=left - 4, y=y + cell, text_anchor="end"))
        for result in row.results:
            x = left + (numbers[result.key] - 1) * cell
            parts.append(_box(x, y, cell, cell, result.verdict))
    return _svg(width, height, wording.MATRIX, *parts, class_="grid")


# -- parts ----------------------------------------------------------------------------------------------


def _svg(width: float, height: float, label: str, *content: ET.Element, class_: str) -> ET.Element:
    view = f"0 0 {width:g} {height:g}"
    return e(
        "svg", *content, viewBox=view, width=width, height=height, role="img", aria_label=label, class_=class_
    )


def _pattern(name: str, ground: str, *drawn: ET.Element) -> ET.Element:
    paper = e("rect", width=6, height=6, fill=ground)
    return e("pattern", paper, *drawn, id=f"fill-{name}", width=6, height=6, patternUnits="userSpaceOnUse")


def _box(x: float, y: float, width: float, height: float, verdict: Verdict) -> ET.Element:
    fill = f"url(#fill-{verdict.value})"
    return e("rect", x=x, y=y, width=width, height=height, fill=fill, stroke="#333", stroke_width=0.5)


def _swatch(verdict: Verdict) -> ET.Element:
    return e("svg", _box(0.5, 0.5, 13.0, 13.0, verdict), width=14, height=14, aria_hidden="true")


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(count: float, most: int) -> float:
    return _HEIGHT - _BOTTOM - count / most * (_HEIGHT - _TOP - _BOTTOM)


def _ceiling(most: int) -> int:
    """The top of an axis: the next number whose quarters are whole."""
    step = max(1, 10 ** (len(str(most)) - 1) // 2)
    return max(4, -(-most // (4 * step)) * 4 * step) if most > 4 else 4


def _frame(most: int) -> Iterator[ET.Element]:
    """The axes: counts up, confidence across."""
    for quarter in range(5):
        count = most * quarter // 4
        y = _y(count, most)
        stroke = "#333" if quarter == 0 else "#ddd"
        yield e("line", x1=_LEFT, y1=y, x2=_WIDTH - _RIGHT, y2=y, stroke=stroke)
        yield e("text", str(count), x=_LEFT - 6, y=y + 4, text_anchor="end")
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        yield e("text", f"{tenth / 10:.1f}", x=x, y=_HEIGHT - _BOTTOM + 15, text_anchor="middle")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield e("text", wording.CONFIDENCE, x=middle, y=_HEIGHT - 4, text_anchor="middle")


def _mark(answer: float) -> Iterator[ET.Element]:
    """The threshold in force."""
    x = _x(answer)
    yield e("line", x1=x, y1=_TOP, x2=x, y2=_HEIGHT - _BOTTOM, stroke="#000", stroke_dasharray="3 3")
    yield e("text", f"{wording.THRESHOLD_NOW} {answer:g}", x=x + 4, y=_TOP + 8, class_="name")


def _line(points: Sequence[tuple[float, float]], color: str, dashes: str | None) -> Iterator[ET.Element]:
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    drawn = e("polyline", points=path, fill="none", stroke=color, stroke_width=2)
    if dashes is not None:
        drawn.set("stroke-dasharray", dashes)
    yield drawn
