"""The part of a report that compares two runs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from qa.coverage import report_wording as wording
from qa.coverage.compare import Change, Changed, Comparison
from qa.coverage.markup import Content
from qa.coverage.markup import element as e
from qa.coverage.page_parts import note, section, table, tag
from qa.coverage.records import CaseResult, Verdict
from qa.coverage.rows import about, answer_words

__all__ = ["comparison_section"]

_TOLD = (Change.FIXED, Change.BROKEN, Change.MOVED, Change.APPEARED, Change.VANISHED)


def comparison_section(comparison: Comparison) -> ET.Element:
    """What became of every wording, and which two versions are compared."""
    counts = [[wording.CHANGES[change], str(count)] for change, count in comparison.counts.items()]
    told = [changed for change in _TOLD for changed in comparison.of(change)]
    columns = (wording.CHANGE, wording.QUESTION, wording.BEFORE, wording.AFTER)
    rows: list[Sequence[Content]] = [_changed(changed) for changed in told]
    return section(
        wording.COMPARISON,
        [note(line) for line in _versions(comparison)],
        table((wording.CHANGE, wording.TOTAL), counts, figures=(1,)),
        table(columns, rows, class_="wide changes") if rows else None,
    )


def _versions(comparison: Comparison) -> Iterator[str]:
    """What was compared, a line for each run."""
    before, after = list(about(comparison.before)), list(about(comparison.after))
    if before == after:
        yield wording.SAME_VERSION
        return
    yield wording.VERSION_BEFORE.format(about=wording.AND.join(before))
    yield wording.VERSION_AFTER.format(about=wording.AND.join(after))


def _changed(changed: Changed) -> Sequence[Content]:
    return [
        wording.CHANGES[changed.change],
        (changed.result.asked, tag(changed.result)),
        _outcome(changed.before),
        _outcome(changed.after),
    ]


def _outcome(result: CaseResult | None) -> Content:
    if result is None:
        return wording.DASH
    told = result.reason if result.verdict is not Verdict.RIGHT else ""
    return (
        e("strong", wording.VERDICTS[result.verdict]),
        e("div", answer_words(result)),
        e("div", told, class_="quiet"),
    )
