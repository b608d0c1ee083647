"""Reports: the numbers worked out from a run, and every form they come out in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from rich.cells import cell_len
from rich.console import Console

from qa.coverage import report_wording as wording
from qa.coverage.cases import CaseSet, FaqCase
from qa.coverage.compare import compare
from qa.coverage.exports import report_csv, report_json, report_workbook
from qa.coverage.markup import document, element
from qa.coverage.records import (
    AskedAs,
    CaseResult,
    Cause,
    Ground,
    PassageRecord,
    QuoteRecord,
    Run,
    RunSettings,
    SentenceRecord,
    Verdict,
)
from qa.coverage.report import Report
from qa.coverage.report_html import report_html
from qa.coverage.report_text import comparison_text, report_text
from qa.coverage.robust import Rewording
from qa.coverage.run import run_cases
from qa.engine import Engine

ATTACK = "=cmd|'/c calc'!A1<script>alert(1)</script>"
HALL, WINDOW, NIGHT = "大厅上午九点开门。", "三号窗口办理社保，收费5元。", "夜里没有人值班。"
_CASES = (
    FaqCase(
        "a", "大厅几点开门？", ("好久开门",), ("九点",), transcript="hall", topic="大厅", owner="便民中心"
    ),
    FaqCase("b", ATTACK, (), ("5元",), topic=ATTACK, owner=ATTACK),
    FaqCase("c", "周末开门吗？", refuse=True, topic="大厅"),
    FaqCase("d", "收费多少？", all_of=("5元",)),
)


def _result(
    case: str, asked: str, verdict: Verdict, confidence: float, *words: str, **more: object
) -> CaseResult:
    text = HALL + WINDOW + NIGHT
    quotes = tuple(QuoteRecord("hall", text.index(w), text.index(w) + len(w), w, "王小明") for w in words)
    status = "answered" if words else "no_answer"
    made = CaseResult(case, asked, 0, AskedAs.QUESTION, status, confidence, quotes, verdict)
    return replace(made, **{"otherwise": verdict if words else None, **more})  # type: ignore[arg-type]


_RESULTS = (
    _result("a", "大厅几点开门？", Verdict.RIGHT, 0.95, "大厅上午九点开门。"),
    _result("a", "好久开门", Verdict.REFUSED_WRONGLY, 0.3, variant=1, kind=AskedAs.VARIANT,
            otherwise=Verdict.RIGHT, cause=Cause.REFUSED, reason="找到了，没有作答"),
    _result("b", ATTACK, Verdict.WRONG, 0.6, "大厅上午九点开门。", cause=Cause.NOT_CHOSEN, reason=ATTACK),
    _result("c", "周末开门吗？", Verdict.REFUSED_RIGHTLY, 0.05, otherwise=Verdict.WRONG),
    _result("d", "收费多少？", Verdict.REFUSED_WRONGLY, 1.0, cause=Cause.DECLINED, reason="被当作指令"),
    _result("a", "dating jidian", Verdict.RIGHT, 0.9, "大厅上午九点开门。", kind=AskedAs.PINYIN),
    _result("b", "窗口", Verdict.RIGHT, 0.9, "三号窗口办理社保，", kind=AskedAs.SLIP),
    _result("c", "週末開門嗎？", Verdict.WRONG, 0.9, "夜里没有人值班。", kind=AskedAs.TRADITIONAL),
)  # fmt: skip


def _ground() -> Ground:
    ends = (len(HALL), len(HALL + WINDOW), len(HALL + WINDOW + NIGHT))
    starts = (0, *ends)
    passages = tuple(
        PassageRecord("hall", start, end, who, None if who is None else "便民中心", words)
        for start, end, who, words in zip(
            starts, ends, ("王小明", None, "王小明"), (HALL, WINDOW, NIGHT), strict=False
        )
    )
    told = tuple(SentenceRecord("hall", p.start, p.end, p.words) for p in passages)
    return Ground({"hall": f"便民大厅<b>{ATTACK}"}, passages, told, {"便民中心": "便民中心"})


@pytest.fixture(scope="module")
def run() -> Run:
    cases = CaseSet.of(_CASES)
    settings = RunSettings("0.1.0", 300, 12, "2024", 0.4, 0.12, True)
    return Run("sha256:" + "a" * 64, settings, cases.digest, cases.cases, _RESULTS, _ground())


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    return Report(run)


# --- the numbers ---------------------------------------------------------------------------------------


def test_what_people_wrote_is_counted_by_verdict_and_cause(report: Report) -> None:
    assert report.whole.counts == {
        Verdict.RIGHT: 1,
        Verdict.WRONG: 1,
        Verdict.REFUSED_RIGHTLY: 1,
        Verdict.REFUSED_WRONGLY: 2,
    }
    assert (report.whole.total, report.whole.ok, report.whole.share) == (5, 2, 0.4)
    assert report.causes == {Cause.REFUSED: 1, Cause.NOT_CHOSEN: 1, Cause.DECLINED: 1}
    assert [result.case for result in report.failures] == ["a", "b", "d"]


def test_groups_are_the_largest_first_and_the_unnamed_last(report: Report) -> None:
    assert [(g.name, g.ok, g.total) for g in report.by_topic] == [
        ("大厅", 2, 3),
        (ATTACK, 0, 1),
        ("未注明", 0, 1),
    ]
    # c names nobody and quotes nothing; b's owner is not an office known here
    assert [(g.name, g.total) for g in report.by_department] == [("便民中心", 2), (ATTACK, 1), ("未注明", 2)]
    title = report.run.ground.titles["hall"]
    assert [(g.name, g.total) for g in report.by_transcript] == [(title, 3), ("（应拒答）", 1), ("未注明", 1)]


def test_the_matrix_says_which_question_quotes_which_passage(report: Report) -> None:
    assert [[result.case for result in row.results] for row in report.matrix] == [["a", "b"], [], []]
    assert [passage.words for passage in report.unreached] == [NIGHT, WINDOW]  # speech before narration


def test_a_sentence_is_covered_when_rightly_quoted_or_expected(report: Report) -> None:
    # 九点 is quoted rightly, 5元 is expected by a case that failed
    assert [sentence.text for sentence in report.uncovered] == [NIGHT]


def test_other_thresholds_say_what_would_be_answered_and_how_much_of_it_wrong(report: Report) -> None:
    steps = {step.threshold: (step.answered, step.wrong) for step in report.steps}
    assert len(steps) == 21
    assert steps[0.0] == (4, 2)
    assert steps[0.05] == (4, 2)
    assert steps[0.1] == (3, 1)
    assert steps[0.3] == (3, 1)
    assert steps[0.35] == (2, 1)
    assert steps[0.65] == (1, 0)
    assert steps[1.0] == (0, 0)
    assert (report.current.threshold, report.current.answered, report.current.wrong) == (0.4, 2, 1)


def test_the_histogram_holds_every_result_once(report: Report) -> None:
    filled = {number: dict(found) for number, found in enumerate(report.histogram) if found}
    assert filled == {
        1: {Verdict.REFUSED_RIGHTLY: 1},
        6: {Verdict.REFUSED_WRONGLY: 1},
        12: {Verdict.WRONG: 1},
        19: {Verdict.RIGHT: 1, Verdict.REFUSED_WRONGLY: 1},
    }


def test_wordings_made_are_compared_with_the_question_they_are_made_of(report: Report) -> None:
    assert [(row.kind, row.total, row.ok, row.broke, row.mended) for row in report.robustness] == [
        (AskedAs.PINYIN, 1, 1, 0, 0),
        (AskedAs.SLIP, 1, 1, 0, 1),
        (AskedAs.TRADITIONAL, 1, 0, 1, 0),
    ]
    assert [(flip.asked.case, flip.reworded.kind) for flip in report.flips] == [
        ("b", AskedAs.SLIP),
        ("c", AskedAs.TRADITIONAL),
    ]


def test_a_run_without_anything_has_a_report(run: Run) -> None:
    empty = Report(replace(run, results=(), cases=(), ground=Ground({}, (), (), {})))
    assert empty.whole.share == 1.0
    for made in (report_html(empty), report_csv(empty), report_workbook(empty), report_json(empty)):
        assert made
    assert wording.NO_FAILURES in report_html(empty).decode()


# --- forms ---------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """The tags of a document; every one that opens must close."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name.startswith("on") or "javascript:" in (value or "") for name, value in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_needs_nothing_else_and_runs_nothing(report: Report, run: Run) -> None:
    page = report_html(report, compare(replace(run, results=run.results[:2]), run)).decode()
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "b" not in tags.seen
    assert not re.search(r"(src|href)=|url\((?!#fill)|@import", page)
    for heading in (
        "没有达到预期的",
        "覆盖矩阵",
        "换一个作答门槛会怎样",
        "换一种写法还答得对吗",
        "与另一次结果比较",
    ):
        assert f"<h2>{heading}" in page
    assert tags.seen.count("svg") > 8


def test_a_chart_stands_beside_its_table_and_names_what_it_shows(report: Report) -> None:
    page = report_html(report).decode()
    assert re.search(r'<svg [^>]*role="img" aria-label="换一个作答门槛会怎样"', page)
    assert 'aria-label="答对 1，拒答对 1，拒答错 2，答错 1"' in page
    assert "0.40（现在）" in page


def test_markup_escapes_everything_and_drops_what_no_document_holds() -> None:
    made = document(element("p", "<i>&\x00", element("b", 'x"', title='"<\x07'), "尾"))
    assert made.decode() == '<!DOCTYPE html>\n<p>&lt;i&gt;&amp; <b title="&quot;< ">x"</b>尾</p>\n'


def test_the_csv_reads_back_row_for_row_without_a_formula(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"), newline="")))
    assert [row["编号"] for row in rows] == [result.case for result in _RESULTS]
    assert rows[2]["问题"] == "'" + ATTACK
    assert rows[0]["预期"] == "必含“九点”；出自 hall"
    assert rows[0]["答复"] == "“大厅上午九点开门。”"
    assert rows[1]["说明"] == "找到了，没有作答"
    assert not any(str(cell).startswith("=") for row in rows for cell in row.values())


def test_the_workbook_has_a_sheet_for_each_part_and_no_formula(
    report: Report, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(report_workbook(report, compare(run, run)))
    book = load_workbook(path)
    assert book.sheetnames == ["问题", "分组", "覆盖矩阵", "缺口", "可能性", "换写法", "比较", "说明"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    matrix = list(book["覆盖矩阵"].iter_rows(values_only=True))
    assert matrix[0] == ("段落", "位置", "开头", 1, 2, 3, 4, 5)
    assert [row[3:] for row in matrix[1:]] == [("●", None, "●", None, None), (None,) * 5, (None,) * 5]
    assert [row[1] for row in book["分组"].iter_rows(min_row=2, values_only=True)][:2] == ["合计", "大厅"]


def test_the_json_holds_the_run_and_what_follows_from_it(report: Report, run: Run) -> None:
    told = json.loads(report_json(report, compare(run, run)))
    assert told["share_right"] == 0.4
    assert told["verdicts"]["refused_wrongly"] == 2
    assert told["comparison"]["counts"]["unchanged"] == len(run.results)
    assert json.dumps(told["run"]) == json.dumps(json.loads(run.to_json()))


def test_every_form_has_the_same_bytes_for_the_same_run(run: Run) -> None:
    for form in (report_html, report_csv, report_workbook, report_json):
        assert form(Report(run)) == form(Report(Run.from_json(run.to_json(), "x")))


def _printed(parts: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    for part in parts:  # type: ignore[attr-defined]
        console.print(part)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_terminal_of_any_width_is_shown_the_total_last(report: Report, width: int) -> None:
    lines = _printed(report_text(report, width), width).splitlines()
    assert "2 / 5 达到预期，40.0%" in lines
    assert lines[-1].startswith("每段最多 300 字") or lines[-2].startswith("每段最多 300 字")
    assert max(map(cell_len, lines)) <= width


def test_a_terminal_is_shown_what_changed(run: Run) -> None:
    before = replace(run, results=(replace(run.results[0], verdict=Verdict.WRONG), *run.results[1:]))
    shown = _printed(comparison_text(compare(before, run), 140), 140)
    assert "改好了" in shown
    assert "改好了 1，变坏了 0，换了引文 0，新加的 0，去掉的 0，没有变 7" in shown


# --- as people see it ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": switches}


@pytest.fixture(scope="module")
def founding(engine: Engine) -> bytes:
    """The report of a few real cases, comparison and all."""
    cases = CaseSet.of(
        (
            FaqCase("1", "老旧小区加装了多少部电梯？", any_of=("67部", "280余部"), topic="老旧小区改造"),
            FaqCase("2", "打加强针要满足什么条件？", all_of=("满8个月",), topic="疫苗接种", owner="卫健委"),
            FaqCase("3", "今天天气怎么样", refuse=True),
        )
    )
    made = tuple(Rewording(engine.lexicon, engine.segmenter).wordings(cases.cases))
    run = run_cases(engine, cases, made=made)
    return report_html(Report(run), compare(run, run))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_the_page_without_scrolling_sideways(page: Page, founding: bytes, width: int) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(founding.decode())
    assert page.locator("h1").inner_text() == wording.TITLE
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.grid rect").count() > 1
    assert problems == []


def test_the_page_prints_on_a4(page: Page, founding: bytes) -> None:
    page.set_content(founding.decode())
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", printed)[0] == (b"594.95996", b"841.91998")
