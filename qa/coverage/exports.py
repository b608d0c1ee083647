"""A report as CSV, as a workbook and as JSON. No cell of a table is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from qa.coverage import report_wording as wording
from qa.coverage.cases import FaqCase
from qa.coverage.charts import ORDER
from qa.coverage.compare import Changed, Comparison
from qa.coverage.files import rows_of
from qa.coverage.records import CaseResult
from qa.coverage.report import BINS, Group, Report
from qa.coverage.rows import about, answer_words, counts_of, expected_words, numbered, place_words
from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook

__all__ = ["cases_csv", "cases_workbook", "report_csv", "report_json", "report_workbook"]

_MOST_CELLS: Final = 200_000
"""Cells from which the matrix is written as a list of pairs."""
_QUOTED: Final = "●"
_RESULT_COLUMNS: Final = (
    wording.NUMBER,
    wording.CASE,
    wording.QUESTION,
    wording.KIND,
    wording.EXPECTED,
    wording.STATUS,
    wording.ANSWER,
    wording.VERDICT,
    wording.CAUSE,
    wording.REASON,
    wording.CONFIDENCE,
    wording.TOPIC,
    wording.DEPARTMENT,
)


def cases_csv(cases: Iterable[FaqCase]) -> bytes:
    """Cases as a CSV file that can be edited and read back."""
    return csv_bytes(rows_of(cases))


def cases_workbook(cases: Iterable[FaqCase]) -> bytes:
    """Cases as a workbook that can be edited and read back."""
    return workbook([(wording.CASES_SHEET, rows_of(cases))])


def report_csv(report: Report) -> bytes:
    """Every result, a row each."""
    return csv_bytes(_results(report))


def report_workbook(report: Report, comparison: Comparison | None = None) -> bytes:
    """The whole report, a sheet for each part; the same run, the same bytes."""
    sheets: list[tuple[str, Iterable[Sequence[Cell]]]] = [
        (wording.CASES_SHEET, _results(report)),
        (wording.GROUPS_SHEET, _groups(report)),
        (wording.MATRIX_SHEET, _matrix(report)),
        (wording.GAPS_SHEET, _gaps(report)),
        (wording.CONFIDENCE_SHEET, _confidence(report)),
    ]
    if report.robustness:
        sheets.append((wording.ROBUST_SHEET, _robustness(report)))
    if comparison is not None:
        sheets.append((wording.CHANGES_SHEET, _changes(comparison)))
    sheets.append((wording.ABOUT_SHEET, ([line] for line in about(report.run))))
    return workbook(sheets)


def report_json(report: Report, comparison: Comparison | None = None) -> bytes:
    """The report with the run it was worked out from, as JSON."""
    told: dict[str, Any] = {
        "share_right": round(report.run.share_right, 6),
        "verdicts": report.whole.counts,
        "causes": report.causes,
        "by_topic": [_group(group) for group in report.by_topic],
        "by_department": [_group(group) for group in report.by_department],
        "by_transcript": [_group(group) for group in report.by_transcript],
        "matrix": [
            {"passage": row.passage, "results": [result.key for result in row.results]}
            for row in report.matrix
            if row.results
        ],
        "unreached": report.unreached,
        "uncovered": report.uncovered,
        "histogram": report.histogram,
        "thresholds": report.steps,
        "robustness": report.robustness,
        "flips": [flip.reworded.key for flip in report.flips],
    }
    if comparison is not None:
        told["comparison"] = {
            "before": {"corpus": comparison.before.corpus, "faq": comparison.before.faq},
            "counts": comparison.counts,
            "changes": [
                {"change": changed.change, "key": changed.result.key} for changed in comparison.changes
            ],
        }
    told["run"] = report.run
    return TypeAdapter(dict[str, Any]).dump_json(told, indent=1) + b"\n"


def _group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "total": group.total, "ok": group.ok, "verdicts": group.counts}


# -- tables ---------------------------------------------------------------------------------------------


def _results(report: Report) -> Iterator[Sequence[Cell]]:
    yield _RESULT_COLUMNS
    for number, result in enumerate(report.run.results, 1):
        yield _result(report, number, result)


def _result(report: Report, number: int, result: CaseResult) -> Sequence[Cell]:
    case = report.run.by_id[result.case]
    return (
        number,
        case.id,
        result.asked,
        wording.KINDS[result.kind],
        expected_words(case),
        result.status,
        answer_words(result),
        wording.VERDICTS[result.verdict],
        wording.CAUSES[result.cause],
        result.reason,
        result.confidence,
        case.topic,
        case.owner,
    )


def _groups(report: Report) -> Iterator[Sequence[Cell]]:
    verdicts = [wording.VERDICTS[verdict] for verdict in ORDER]
    yield ("", "", *verdicts, wording.TOTAL, wording.SHARE)
    for title, groups in (
        (wording.WHOLE, (report.whole,)),
        (wording.BY_TOPIC, report.by_topic),
        (wording.BY_DEPARTMENT, report.by_department),
        (wording.BY_TRANSCRIPT, report.by_transcript),
    ):
        for group in groups:
            yield (title, group.name, *map(int, counts_of(group)), group.total, round(group.share, 4))


def _matrix(report: Report) -> Iterator[Sequence[Cell]]:
    numbers, titles = numbered(report.run), report.run.ground.titles
    place: tuple[str, ...] = (wording.PASSAGE, wording.PLACE, wording.WORDS)
    whole = len(numbers) * len(report.matrix) <= _MOST_CELLS
    yield (*place, *numbers.values()) if whole else (*place, wording.QUOTED_BY)
    for at, row in enumerate(report.matrix, 1):
        passage = row.passage
        where = (at, place_words(titles, passage.transcript, passage.speaker), passage.words)
        quoting = {numbers[result.key] for result in row.results}
        if whole:
            yield (*where, *(_QUOTED if number in quoting else None for number in numbers.values()))
        else:
            yield (*where, "、".join(map(str, sorted(quoting))))


def _gaps(report: Report) -> Iterator[Sequence[Cell]]:
    titles = report.run.ground.titles
    yield ("", wording.PLACE, wording.SENTENCE)
    for passage in report.unreached:
        yield (wording.UNREACHED, place_words(titles, passage.transcript, passage.speaker), passage.words)
    for sentence in report.uncovered:
        yield (wording.UNCOVERED, place_words(titles, sentence.transcript, None), sentence.text)


def _confidence(report: Report) -> Iterator[Sequence[Cell]]:
    yield (wording.THRESHOLD, wording.ANSWERED, wording.WRONG, *(wording.VERDICTS[v] for v in ORDER))
    for number, step in enumerate(report.steps):
        found = report.histogram[number] if number < BINS else {}
        yield (step.threshold, step.answered, step.wrong, *(found.get(verdict, 0) for verdict in ORDER))


def _robustness(report: Report) -> Iterator[Sequence[Cell]]:
    yield (wording.KIND, wording.TOTAL, wording.OK, wording.BROKE, wording.MENDED)
    for row in report.robustness:
        yield (wording.KINDS[row.kind], row.total, row.ok, row.broke, row.mended)
    yield ()
    yield (wording.KIND, wording.QUESTION, wording.REWORDED, wording.BEFORE, wording.AFTER, wording.REASON)
    for flip in report.flips:
        yield (
            wording.KINDS[flip.reworded.kind],
            flip.asked.asked,
            flip.reworded.asked,
            wording.VERDICTS[flip.asked.verdict],
            wording.VERDICTS[flip.reworded.verdict],
            flip.reworded.reason,
        )


def _changes(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    verdicts = (f"{wording.BEFORE}{wording.VERDICT}", f"{wording.AFTER}{wording.VERDICT}")
    answers = (f"{wording.BEFORE}{wording.ANSWER}", f"{wording.AFTER}{wording.ANSWER}")
    yield (wording.CHANGE, wording.QUESTION, wording.KIND, *verdicts, *answers, wording.REASON)
    for changed in comparison.changes:
        yield _change(changed)


def _change(changed: Changed) -> Sequence[Cell]:
    both = (changed.before, changed.after)
    return (
        wording.CHANGES[changed.change],
        changed.result.asked,
        wording.KINDS[changed.result.kind],
        *(None if result is None else wording.VERDICTS[result.verdict] for result in both),
        *(None if result is None else answer_words(result) for result in both),
        changed.result.reason,
    )
