"""The parts that the pages of a report are made of."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from qa.coverage import report_wording as wording
from qa.coverage.markup import Content
from qa.coverage.markup import element as e
from qa.coverage.records import AskedAs, CaseResult

__all__ = ["listing", "note", "section", "table", "tag"]


def tag(result: CaseResult) -> ET.Element | None:
    """How a question was worded, where it is not as its case has it."""
    if result.kind is AskedAs.QUESTION:
        return None
    return e("span", wording.KINDS[result.kind], class_="tag")


def section(title: str, *content: Content) -> ET.Element:
    """A part of the report under a heading."""
    return e("section", e("h2", title), *content)


def note(text: str) -> ET.Element:
    """Words that say how to read what follows."""
    return e("p", text, class_="note")


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Content]],
    figures: Sequence[int] = (),
    class_: str = "plain",
) -> ET.Element:
    """A table; ``figures`` are the columns of numbers, set to the right."""

    def cell(tag: str, at: int, content: Content) -> ET.Element:
        made = e(tag, content)
        if at in figures:
            made.set("class", "figure")
        return made

    head = e("tr", [cell("th" if name else "td", at, name) for at, name in enumerate(columns)])
    body = [e("tr", [cell("td", at, content) for at, content in enumerate(row)]) for row in rows]
    made = e("table", e("thead", head), e("tbody", body), class_=class_)
    return e("div", made, class_="scroll", tabindex=0)  # a phone scrolls the table, not the page


def listing(columns: Sequence[str], rows: Sequence[Sequence[Content]]) -> Content:
    """A table of passages or sentences, or that there are none."""
    return table(columns, rows, class_="wide gaps") if rows else e("p", wording.NOTHING_LEFT)
