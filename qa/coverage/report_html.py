"""A report as one HTML file that needs nothing else and prints on A4, in black and white, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.coverage import charts
from qa.coverage import report_wording as wording
from qa.coverage.compare import Comparison
from qa.coverage.markup import Content, document
from qa.coverage.markup import element as e
from qa.coverage.page_parts import listing, note, section, table, tag
from qa.coverage.records import CaseResult
from qa.coverage.report import BINS, Group, Report
from qa.coverage.report_comparison import comparison_section
from qa.coverage.rows import about, answer_words, counts_of, expected_words, numbered, place_words

__all__ = ["report_html"]


def report_html(report: Report, comparison: Comparison | None = None) -> bytes:
    """The report, with the comparison where there is one. The same run, the same bytes."""
    return document(
        e(
            "html",
            e(
                "head",
                e("meta", charset="utf-8"),
                e("meta", name="viewport", content="width=device-width, initial-scale=1"),
                e("title", wording.TITLE),
                e("style", Path(__file__).with_name("report.css").read_text("utf-8")),
            ),
            e("body", charts.patterns(), e("main", _sections(report, comparison))),
            lang="zh-CN",
        )
    )


def _sections(report: Report, comparison: Comparison | None) -> Iterator[Content]:
    yield _head(report)
    if comparison is not None:
        yield comparison_section(comparison)
    yield section(wording.FAILURES, _failures(report))
    for title, groups in (
        (wording.BY_TOPIC, report.by_topic),
        (wording.BY_DEPARTMENT, report.by_department),
        (wording.BY_TRANSCRIPT, report.by_transcript),
    ):
        yield section(title, charts.legend(), _groups(title, groups))
    yield section(wording.THRESHOLDS, note(_threshold_note(report)), _thresholds(report))
    yield section(wording.HISTOGRAM, note(wording.HISTOGRAM_NOTE), charts.legend(), _histogram(report))
    if report.robustness:
        yield section(wording.ROBUSTNESS, note(wording.ROBUST_NOTE), _robustness(report), _flips(report))
    yield section(wording.MATRIX, note(wording.MATRIX_NOTE), _matrix(report))
    yield section(wording.UNREACHED, note(wording.UNREACHED_NOTE), _unreached(report))
    yield section(wording.UNCOVERED, note(wording.UNCOVERED_NOTE), _uncovered(report))
    yield section(wording.RESULTS, _results(report))


def _head(report: Report) -> Content:
    whole = report.whole
    headline = wording.HEADLINE.format(ok=whole.ok, total=whole.total, share=wording.percent(whole.share))
    causes = [[wording.CAUSES[cause], str(count)] for cause, count in report.causes.items()]
    verdicts = [[wording.VERDICTS[verdict], str(whole.counts[verdict])] for verdict in charts.ORDER]
    return e(
        "header",
        e("h1", wording.TITLE),
        e("p", headline, class_="headline"),
        charts.bar(whole),
        e(
            "div",
            table((wording.VERDICT, wording.TOTAL), verdicts, figures=(1,)),
            table((wording.CAUSE, wording.TOTAL), causes, figures=(1,)) if causes else None,
            class_="beside",
        ),
        note(wording.EACH_WORDING),
        [note(line) for line in about(report.run)],
    )


# -- what is not as it should be ------------------------------------------------------------------------


def _failures(report: Report) -> Content:
    if not report.failures:
        return e("p", wording.NO_FAILURES)
    numbers = numbered(report.run)
    columns = (
        wording.NUMBER,
        wording.QUESTION,
        wording.EXPECTED,
        wording.ANSWER,
        wording.VERDICT,
        wording.REASON,
    )
    rows = [
        [
            str(numbers[result.key]),
            _question(report, result),
            expected_words(report.run.by_id[result.case]),
            answer_words(result),
            wording.VERDICTS[result.verdict],
            result.reason,
        ]
        for result in report.failures
    ]
    return table(columns, rows, class_="wide failures"), note(wording.SIGNALS_NOTE)


def _question(report: Report, result: CaseResult) -> Content:
    case = report.run.by_id[result.case]
    topic = e("div", "，".join(t for t in (case.topic, case.owner) if t), class_="quiet")
    return result.asked, tag(result), topic


def _results(report: Report) -> Content:
    columns = (
        wording.NUMBER,
        wording.QUESTION,
        wording.EXPECTED,
        wording.ANSWER,
        wording.VERDICT,
        wording.CONFIDENCE,
    )
    rows = [
        [
            str(number),
            _question(report, result),
            expected_words(report.run.by_id[result.case]),
            answer_words(result),
            wording.VERDICTS[result.verdict],
            f"{result.confidence:.2f}",
        ]
        for number, result in enumerate(report.run.asked, 1)
    ]
    return table(columns, rows, figures=(5,), class_="wide results")


# -- shares ---------------------------------------------------------------------------------------------


def _groups(title: str, groups: Sequence[Group]) -> Content:
    columns = (
        title.removeprefix("按"),
        "",
        *(wording.VERDICTS[v] for v in charts.ORDER),
        wording.TOTAL,
        wording.SHARE,
    )
    rows: list[Sequence[Content]] = [
        [
            group.name,
            charts.bar(group),
            *counts_of(group),
            str(group.total),
            wording.percent(group.share),
        ]
        for group in groups
    ]
    return table(columns, rows, figures=(2, 3, 4, 5, 6, 7), class_="groups")


def _threshold_note(report: Report) -> str:
    return wording.THRESHOLD_NOTE.format(answer=f"{report.run.settings.answer:g}")


def _thresholds(report: Report) -> Content:
    columns = (wording.THRESHOLD, wording.ANSWERED, wording.WRONG, wording.WRONG_SHARE)
    steps = sorted({step.threshold: step for step in (*report.steps, report.current)}.items())
    rows: list[Sequence[Content]] = []
    for threshold, step in steps:
        now = threshold == report.current.threshold
        share = wording.percent(step.wrong / step.answered) if step.answered else wording.DASH
        name = f"{threshold:.2f}" + (f"（{wording.THRESHOLD_NOW}）" if now else "")
        cells: list[Content] = [name, str(step.answered), str(step.wrong), share]
        rows.append([e("strong", cell) for cell in cells] if now else cells)
    chart = charts.thresholds(report.steps, report.run.settings.answer)
    return e("div", chart, table(columns, rows, figures=(0, 1, 2, 3)), class_="beside")


def _histogram(report: Report) -> Content:
    columns = (wording.RANGE, *(wording.VERDICTS[verdict] for verdict in charts.ORDER))
    rows = [
        [
            f"{number / BINS:.2f}–{(number + 1) / BINS:.2f}",
            *(str(found[verdict] or "") for verdict in charts.ORDER),
        ]
        for number, found in enumerate(report.histogram)
    ]
    chart = charts.histogram(report.histogram, report.run.settings.answer)
    return e("div", chart, table(columns, rows, figures=(0, 1, 2, 3, 4)), class_="beside")


# -- robustness -----------------------------------------------------------------------------------------


def _robustness(report: Report) -> Content:
    columns = (wording.KIND, wording.TOTAL, wording.OK, wording.SHARE, wording.BROKE, wording.MENDED)
    rows = [
        [
            wording.KINDS[row.kind],
            str(row.total),
            str(row.ok),
            wording.percent(row.ok / row.total),
            str(row.broke),
            str(row.mended),
        ]
        for row in report.robustness
    ]
    return table(columns, rows, figures=(1, 2, 3, 4, 5))


def _flips(report: Report) -> Content:
    if not report.flips:
        return e("p", wording.NO_FLIPS)
    columns = (
        wording.KIND,
        wording.QUESTION,
        wording.REWORDED,
        wording.BEFORE,
        wording.AFTER,
        wording.REASON,
    )
    rows = [
        [
            wording.KINDS[flip.reworded.kind],
            flip.asked.asked,
            flip.reworded.asked,
            wording.VERDICTS[flip.asked.verdict],
            wording.VERDICTS[flip.reworded.verdict],
            flip.reworded.reason,
        ]
        for flip in report.flips
    ]
    return e("h3", wording.FLIPS), table(columns, rows, class_="wide flips")


# -- what is there to quote -----------------------------------------------------------------------------


def _matrix(report: Report) -> Content:
    numbers = numbered(report.run)
    titles = report.run.ground.titles
    rows: list[Sequence[Content]] = []
    for number, row in enumerate(report.matrix, 1):
        if row.results:
            quoting = "、".join(str(numbers[result.key]) for result in row.results)
            place = place_words(titles, row.passage.transcript, row.passage.speaker)
            rows.append([str(number), e("div", place, class_="quiet"), f"{row.passage.words}…", quoting])
    columns = (wording.PASSAGE, wording.PLACE, wording.WORDS, wording.QUOTED_BY)
    grid = charts.matrix_grid(report.matrix, numbers)
    return charts.legend(), grid, note(wording.MATRIX_ROWS), table(columns, rows, class_="wide matrix")


def _unreached(report: Report) -> Content:
    titles = report.run.ground.titles
    rows: list[Sequence[Content]] = [
        [e("div", place_words(titles, p.transcript, p.speaker), class_="quiet"), f"{p.words}…"]
        for p in report.unreached
    ]
    return listing((wording.PLACE, wording.WORDS), rows)


def _uncovered(report: Report) -> Content:
    titles = report.run.ground.titles
    rows: list[Sequence[Content]] = [
        [e("div", place_words(titles, s.transcript, None), class_="quiet"), s.text] for s in report.uncovered
    ]
    return listing((wording.PLACE, wording.SENTENCE), rows)
