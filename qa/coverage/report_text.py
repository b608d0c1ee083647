"""A report on a terminal: what came out, by what, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import chop_cells
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from qa.coverage import report_wording as wording
from qa.coverage.charts import ORDER
from qa.coverage.compare import Change, Comparison
from qa.coverage.records import AskedAs, CaseResult
from qa.coverage.report import Group, Report
from qa.coverage.rows import about, answer_words, counts_of, expected_words
from qa.printed import visible

__all__ = ["comparison_text", "report_text"]

_SHOWN = 30
"""How many rows of a list are shown; the rest is in the files."""
_QUIET = "dim"
_GOOD = "green"
_TOLD = (Change.BROKEN, Change.FIXED, Change.MOVED)


def report_text(report: Report, width: int) -> Iterator[RenderableType]:
    """The report for a terminal of ``width`` columns; the total last, where it stays in sight."""
    yield from _failures(report, width)
    if report.robustness:
        yield _robustness(report)
    for title, groups in (
        (wording.BY_TOPIC, report.by_topic),
        (wording.BY_DEPARTMENT, report.by_department),
        (wording.BY_TRANSCRIPT, report.by_transcript),
    ):
        yield _groups(title, groups)
    yield _missing(report)
    yield Text()
    whole = report.whole
    headline = wording.HEADLINE.format(ok=whole.ok, total=whole.total, share=wording.percent(whole.share))
    yield Text(headline, style="bold")
    yield Text("，".join(f"{wording.VERDICTS[v]} {whole.counts[v]}" for v in ORDER))
    for line in about(report.run):
        yield Text(line, style=_QUIET)


def comparison_text(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    """What changed between two runs, for a terminal of ``width`` columns."""
    columns = (wording.CHANGE, wording.QUESTION, wording.BEFORE, wording.AFTER)
    told = [changed for change in _TOLD for changed in comparison.of(change)]
    rows = [
        (wording.CHANGES[c.change], _asked(c.result), _outcome(c.before), _outcome(c.after))
        for c in told[:_SHOWN]
    ]
    if told:
        yield _long_table(wording.COMPARISON, columns, rows, (1, 2.5, 4, 4), width)
        yield from _more(len(told))
    counts = comparison.counts
    yield Text("，".join(f"{wording.CHANGES[change]} {counts[change]}" for change in Change), style="bold")


def _failures(report: Report, width: int) -> Iterator[RenderableType]:
    if not report.failures:
        yield Text(wording.NO_FAILURES, style=_GOOD)
        return
    columns = (wording.QUESTION, wording.EXPECTED, wording.ANSWER, wording.REASON)
    rows = [
        (_asked(result), expected_words(report.run.by_id[result.case]), answer_words(result), result.reason)
        for result in report.failures[:_SHOWN]
    ]
    yield _long_table(wording.FAILURES, columns, rows, (2, 2, 3, 3), width)
    yield from _more(len(report.failures))


def _groups(title: str, groups: Sequence[Group]) -> Table:
    verdicts = [wording.VERDICTS[verdict] for verdict in ORDER]
    columns = (title.removeprefix("按"), *verdicts, wording.TOTAL, wording.SHARE)
    table = _table(title, columns, figures=range(1, len(columns)))
    for group in groups[:_SHOWN]:
        share = wording.percent(group.share)
        table.add_row(_text(group.name), *counts_of(group), str(group.total), share)
    return table


def _robustness(report: Report) -> Table:
    columns = (wording.KIND, wording.TOTAL, wording.OK, wording.SHARE, wording.BROKE, wording.MENDED)
    table = _table(wording.ROBUSTNESS, columns, figures=range(1, len(columns)))
    for row in report.robustness:
        figures = (str(row.total), str(row.ok), wording.percent(row.ok / row.total))
        table.add_row(wording.KINDS[row.kind], *figures, str(row.broke), str(row.mended))
    return table


def _missing(report: Report) -> Table:
    table = _table("", ("", wording.COUNT), figures=(1,))
    table.add_row(wording.UNREACHED, str(len(report.unreached)))
    table.add_row(wording.UNCOVERED, str(len(report.uncovered)))
    return table


def _asked(result: CaseResult) -> str:
    return result.asked + ("" if result.kind is AskedAs.QUESTION else f"（{wording.KINDS[result.kind]}）")


def _outcome(result: CaseResult | None) -> str:
    return wording.DASH if result is None else f"{wording.VERDICTS[result.verdict]}：{answer_words(result)}"


def _more(count: int) -> Iterator[Text]:
    if count > _SHOWN:
        yield Text(wording.MORE.format(count=count - _SHOWN), style=_QUIET)


def _text(text: str) -> Text:
    return Text(visible(text).replace("\n", ""))


def _table(title: str, columns: Sequence[str], figures: Iterable[int] = ()) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold")
    right = set(figures)
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at in right else "left", overflow="fold")
    return table


def _long_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], parts: Sequence[float], width: int
) -> Table:
    """A table of sentences. Chinese breaks anywhere, so the lines are broken here: rich would only break
    them at spaces, which stand beside figures. ``parts`` are the columns' shares of the width."""
    room = max(width - 3 * len(columns) - 1, 8 * len(columns))
    widths = [max(6, int(room * part / sum(parts))) for part in parts]
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    for name, column in zip(columns, widths, strict=True):
        table.add_column(name, width=column)
    for row in rows:
        texts = (_text(cell).plain for cell in row)
        table.add_row(*(Text("\n".join(chop_cells(t, w))) for t, w in zip(texts, widths, strict=True)))
    return table
