"""A report on a terminal: what came out, by what, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
_GOOD, _BAD = "green", "red"
_TOLD = (Change.BROKEN, Change.FIXED, Change.MOVED)


def report_text(report: Report) -> Iterator[RenderableType]:
    """The report, the total last, where a terminal leaves it in sight."""
    yield from _failures(report)
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


def comparison_text(comparison: Comparison) -> Iterator[RenderableType]:
    """What changed between two runs."""
    table = _table(
        wording.COMPARISON, (wording.CHANGE, wording.QUESTION, wording.BEFORE, wording.AFTER), lines=True
    )
    told = [changed for change in _TOLD for changed in comparison.of(change)]
    for changed in told[:_SHOWN]:
        style = {Change.FIXED: _GOOD, Change.BROKEN: _BAD}.get(changed.change, "")
        name = Text(wording.CHANGES[changed.change], style=style)
        table.add_row(name, _asked(changed.result), _outcome(changed.before), _outcome(changed.after))
    if told:
        yield table
        yield from _more(len(told))
    counts = comparison.counts
    yield Text("，".join(f"{wording.CHANGES[change]} {counts[change]}" for change in Change), style="bold")


def _failures(report: Report) -> Iterator[RenderableType]:
    if not report.failures:
        yield Text(wording.NO_FAILURES, style=_GOOD)
        return
    columns = (wording.QUESTION, wording.EXPECTED, wording.ANSWER, wording.REASON)
    table = _table(wording.FAILURES, columns, lines=True)
    for result in report.failures[:_SHOWN]:
        expected = expected_words(report.run.by_id[result.case])
        table.add_row(_asked(result), _text(expected), _text(answer_words(result)), _text(result.reason))
    yield table
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


def _asked(result: CaseResult) -> Text:
    kind = "" if result.kind is AskedAs.QUESTION else f"（{wording.KINDS[result.kind]}）"
    return _text(result.asked + kind)


def _outcome(result: CaseResult | None) -> Text:
    if result is None:
        return Text(wording.DASH)
    return _text(f"{wording.VERDICTS[result.verdict]}：{answer_words(result)}")


def _more(count: int) -> Iterator[Text]:
    if count > _SHOWN:
        yield Text(wording.MORE.format(count=count - _SHOWN), style=_QUIET)


def _text(text: str) -> Text:
    # A line breaks anywhere in Chinese: where there is a space, of all places, it need not.
    return Text(visible(text).replace("\n", "").replace(" ", "\N{NO-BREAK SPACE}"))


def _table(title: str, columns: Sequence[str], figures: Iterable[int] = (), lines: bool = False) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold", show_lines=lines)
    right = set(figures)
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at in right else "left", overflow="fold")
    return table
