"""``minsheng coverage``: what it prints, writes and keeps, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.cli import run
from qa.commands import coverage_wording as wording
from qa.coverage.files import load_case_folder, read_cases
from qa.coverage.saved import RunStore
from qa.settings import Settings, seed_corpus
from qa.versions.layout import DataDirectory
from qa.versions.storing import store as keep_version

ROWS = """问题,其他问法,必含,任一,应拒答,主题,负责
老旧小区加装了多少部电梯？,,,67部|280余部,,老旧小区改造,住建委
打加强针要满足什么条件？,,满6个月,,,疫苗接种,卫健委
今天天气怎么样,,,,是,无关,
"""
WRONG = ROWS + "民政局局长是谁？,,石朝勇,,,部门负责人,民政局\n"
_STARTED_WITHIN = 60.0


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    path = tmp_path / "faq.csv"
    path.write_text(ROWS, "utf-8")
    return path


def _covered(faq: Path | None, *options: str) -> int:
    folder = [] if faq is None else [str(faq), "--data", str(faq.parent / "var")]
    return run(["coverage", *folder, *options])


def test_help_is_in_chinese_and_shows_a_real_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coverage", "--help"]) == 0
    told = capsys.readouterr().out
    assert "例：minsheng coverage faq.csv" in told
    for english in ("Usage", "Options", "Arguments", "Show this", "required", "default"):
        assert english not in told


# --- what comes out ------------------------------------------------------------------------------------


def test_a_run_is_told_kept_listed_and_done_again_to_the_same_bytes(
    faq: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(faq.parent / "var")]
    assert run(["coverage", "--runs", *data]) == 0
    assert capsys.readouterr().out == "还没有存下的结果。\n"
    assert _covered(faq, "--min", "1") == 0
    told = capsys.readouterr()
    assert "3 / 3 达到预期，100.0%" in told.out.splitlines()
    assert "全部达到预期。" in told.out
    store = RunStore(faq.parent / "var")
    (id,) = store.ids()
    assert f"结果已存：{store.folder / id}" in told.err
    assert (store.folder / id / "report.html").is_file()
    assert run(["coverage", "--runs", *data]) == 0
    assert capsys.readouterr().out.startswith(f"{id}  100.0%  3 个问题  语料 ")
    assert run(["coverage", "--again", id[:20], *data]) == 0
    assert capsys.readouterr().out == "重做的结果与存下的一字不差。\n"
    assert store.ids() == (id,)
    file = store.folder / id / "run.json"
    file.write_text(file.read_text("utf-8").replace('"verdict": "right"', '"verdict": "wrong"'), "utf-8")
    assert run(["coverage", "--again", "latest", *data]) == 1
    told = capsys.readouterr()
    assert "改好了 2" in told.out
    assert told.err == "重做的结果与存下的不同。\n"
    shutil.copytree(store.folder / id, store.folder / "20990101-000000-abcdef")
    file.write_bytes(b"{}")
    assert run(["coverage", "--runs", *data]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("20990101-000000-abcdef  ")
    assert f"“{id}”不是 minsheng coverage 存下的结果" in told.err


def test_below_the_least_share_the_status_is_1(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faq.write_text(WRONG, "utf-8")
    assert _covered(faq, "--min", "0.8") == 1
    told = capsys.readouterr()
    assert "达到预期的比例 75.0%，不到 80.0%。" in told.err
    assert "民政局局长是谁？" in told.out
    assert "答对 2，拒答对 1，拒答错 0，答错 1" in told.out.splitlines()


def test_reports_are_written_in_every_form_and_one_that_cannot_be_is_told(
    faq: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, blocked = faq.parent / "report", faq.parent / "file"
    blocked.write_text("")
    assert _covered(faq, "--out", str(out), "--json", str(blocked / "all.json")) == 1
    assert {path.name for path in out.iterdir()} == {"report.html", "report.xlsx", "report.csv"}
    told = capsys.readouterr().err
    assert told.count("报告：") == 3
    assert "报告写不进" in told


def test_a_run_is_compared_with_another_version_and_with_another_run(
    faq: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "corpus"
    shutil.copytree(seed_corpus() / "transcripts" / "dazu-2021-faburen", other / "transcripts" / "old")
    version = keep_version(DataDirectory(tmp_path), other, Settings())
    faq.write_text(WRONG, "utf-8")
    common = ["coverage", str(faq), "--data", str(tmp_path)]
    assert run([*common, "--json", str(tmp_path / "all.json"), "--against", version[:12]]) == 0
    # only the briefing of 2021: another chief, no lifts
    assert "改好了 1，变坏了 1" in capsys.readouterr().out
    assert json.loads((tmp_path / "all.json").read_text("utf-8"))["comparison"]["counts"]["broken"] == 1
    faq.write_text(ROWS, "utf-8")
    assert run([*common, "--against", "latest"]) == 0
    assert "改好了 0，变坏了 0，换了引文 0，新加的 0，去掉的 1，没有变 3" in capsys.readouterr().out


def test_without_a_file_the_question_sets_of_the_corpus_are_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coverage", "--table", str(tmp_path / "all.csv")]) == 0
    every = load_case_folder(seed_corpus() / "faq").cases
    assert read_cases(tmp_path / "all.csv").cases == every
    folder = tmp_path / "corpus"
    shutil.copytree(seed_corpus() / "transcripts", folder / "transcripts")
    (folder / "faq").mkdir()
    (folder / "faq" / "ours.csv").write_text(ROWS, "gbk")
    index = tmp_path / "index"
    assert run(["index", str(folder), "--out", str(index)]) == 0
    capsys.readouterr()
    assert run(["coverage", "--corpus", str(folder), "--table", str(tmp_path / "ours.xlsx")]) == 0
    assert len(read_cases(tmp_path / "ours.xlsx").cases.cases) == 3
    assert run(["coverage", "--index", str(index), "--data", str(tmp_path / "var")]) == 0
    assert "3 / 3 达到预期，100.0%" in capsys.readouterr().out


def test_wordings_are_made_where_that_is_wanted(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _covered(faq, "--robust") == 0
    told = capsys.readouterr().out
    assert "换一种写法还答得对吗" in told
    assert "繁体字" in told
    assert "3 / 3 达到预期" in told


# --- what is wrong -------------------------------------------------------------------------------------


def test_rows_with_mistakes_are_named_the_rest_is_asked_and_the_status_is_1(
    faq: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faq.write_text(ROWS + ",好久开门\n小区装了多少充电桩？,,,,也许\n", "utf-8")
    assert _covered(faq) == 1
    told = capsys.readouterr()
    assert told.err.splitlines()[:3] == [
        "faq.csv 第 5 行“问题”：没有写。",
        "faq.csv 第 6 行“应拒答”：应写“是”或“否”，现在是“也许”。",
        "有 2 行没有用上，其余 3 条照常。",
    ]
    assert "3 / 3 达到预期，100.0%" in told.out


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["missing.csv"], 1, "找不到问题集“missing.csv”"),
        (["faq.pdf"], 1, "不认识“faq.pdf”这种文件"),
        (["--again", "nothing"], 1, "还没有存下的结果，找不到“nothing”"),
        (["--against", "nothing"], 1, "还没有存下的结果，找不到“nothing”"),
        (["faq.csv", "--again", "latest"], 2, "--again 用的是存下的问题集"),
        (["--table", "faq.txt"], 2, "--table 只能写成 .csv 或 .xlsx"),
        (["--min", "2"], 2, "--min"),
        (["--corpus", "documents.jsonl"], 2, "这份语料没有自带问题集"),
        (["--corpus", "a", "--index", "b"], 2, "只能选一样"),
    ],
)
def test_bad_usage_and_bad_files_are_one_clear_line(
    options: list[str], status: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coverage", *options, "--data", str(tmp_path)]) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1


# --- long runs -----------------------------------------------------------------------------------------


def test_a_long_run_shows_how_far_it_is_can_be_stopped_and_goes_on(tmp_path: Path) -> None:
    faq = tmp_path / "faq.csv"
    faq.write_text("问题\n" + "".join(f"第{n}个小区装了多少部电梯？\n" for n in range(1, 1501)), "utf-8")
    command = [sys.executable, "-m", "qa", "coverage", str(faq), "--data", str(tmp_path)]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as started:
        os.close(theirs)
        _wait_for(tmp_path / "runs", lines=20)
        started.send_signal(signal.SIGINT)
        shown = _everything(ours)
    os.close(ours)
    assert started.returncode == 130
    assert wording.ASKING in shown
    assert "停在第 " in shown
    assert "再运行同样的命令就接着问" in shown
    ended = subprocess.run(command, capture_output=True, timeout=100, text=True)
    assert ended.returncode == 0
    assert ended.stderr.startswith("接着上次：已有 ")
    assert "/ 1500 达到预期" in ended.stdout
    (saved,) = RunStore(tmp_path).ids()
    assert not list((tmp_path / "runs").glob(".partial*"))
    assert len(RunStore(tmp_path).load(saved).results) == 1500


def _wait_for(folder: Path, lines: int) -> None:
    deadline = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < deadline:
        if any(path.read_bytes().count(b"\n") >= lines for path in folder.glob(".partial-*")):
            return
        time.sleep(0.02)
    raise TimeoutError(folder)


def _everything(terminal: int) -> str:
    """What was shown on a terminal until its other end closed."""
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    return shown.decode()
