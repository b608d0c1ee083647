"""``minsheng corpus``: what staff see, what is asked before anything changes, and how it fails."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.cli import run
from qa.commands import corpus_wording as wording
from qa.settings import Settings
from qa.transcripts.description import LeftOut, LeftOutKind
from qa.versions.layout import DataDirectory, read_state, short
from qa.versions.serving import open_engine
from qa.versions.storing import current_folder
from tests.staff import HALL, HOURS, begun, quotes, started, tiny_corpus

COMMANDS = (
    "add",
    "list",
    "show",
    "check",
    "remove",
    "expire",
    "unexpire",
    "draft",
    "diff",
    "publish",
    "rollback",
    "versions",
    "prune",
)
BUS = (
    "公交线路发布会今天召开。\n"
    "公交集团负责人李大山介绍，新增的公交线路每天早上六点发车，晚上十点收车。老年人可以凭身份证免费乘车。\n"
    "公交集团负责人李大山说，明年还要再开十条线路，把新建的小区都连起来。\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cli-corpus")
    begun(DataDirectory(root / "data"), tiny_corpus(root / "corpus"))
    return root / "data"


@pytest.fixture
def data(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDirectory:
    """A data directory with one version, which the commands of this test use; nobody can be asked."""
    folder = shutil.copytree(made, tmp_path / "data")
    monkeypatch.setenv("MINSHENG_DATA", str(folder))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return DataDirectory(folder)


@pytest.fixture
def bus(tmp_path: Path) -> Path:
    path = tmp_path / "公交线路发布会.txt"
    path.write_text(BUS, "utf-8")
    return path


def _files(data: DataDirectory) -> dict[Path, bytes]:
    kept = (data.versions, data.draft, data.current_file)
    found = (path for top in kept for path in (top, *top.rglob("*")))
    return {path: path.read_bytes() for path in found if path.is_file()}


# --- help and bad usage -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_chinese_and_shows_a_real_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"例：minsheng corpus {command}" in told
    for english in ("Usage", "Options", "Arguments", "Commands", "Show this", "required", "default"):
        assert english not in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["add"], "请写明要添加的文件"),
        (["add", "a.txt", "b.txt", "--title", "标题"], "一次只能用于一个文件"),
        (["add", "a.txt", "--replace"], "--id"),
        (["show"], "请写明实录的编号"),
        (["show", "nothing"], "没有编号为 nothing 的实录"),
        (["remove"], "请写明实录的编号"),
        (["remove", "nothing"], "没有编号为 nothing 的实录"),
        (["expire", "hall-2022", "--words", HOURS], "--reason"),
        (["expire", "hall-2022", "--reason", "改期"], "--words"),
        (["expire", "hall-2022", "--reason", "改期", "--words", "没有的话"], "找不到这段原文"),
        (["expire", "hall-2022", "--reason", "改期", "--words", "。"], "出现了 3 次"),
        (["expire", "hall-2022", "--reason", "改期", "--start", "5", "--end", "2"], "开始要小于结束"),
        (["expire", "hall-2022", "--reason", "改期", "--words", HOURS, "--by", "x"], "--by-words"),
        (["expire", "hall-2022", "--reason", "改期", "--words", HOURS, "--since", "去年"], "2024-03-18"),
        (["diff", "current"], "两个版本"),
        (["publish", "--max-broken", "许多"], "--max-broken"),
        (["publish", "--force"], "--why"),
    ],
)
def test_bad_usage_is_told_in_one_line_and_changes_nothing(
    data: DataDirectory, written: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _files(data)
    assert run(["corpus", *written]) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert len(shown.err.splitlines()) == 1
    assert _files(data) == before


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["add", "没有这个文件.txt"], "打不开文件"),
        (["show", "hall-2022", "--version", "0000"], "没有这个版本"),
        (["publish"], "没有可发布的草稿"),
        (["diff"], "没有可发布的草稿"),
        (["rollback"], "没有更早的版本"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(
    data: DataDirectory, written: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", *written]) == 1
    assert told in capsys.readouterr().err


# --- adding -------------------------------------------------------------------------------------------


def test_what_was_understood_is_shown_and_nothing_stored_without_a_yes(
    data: DataDirectory, bus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _files(data)
    assert run(["corpus", "add", str(bus), "--date", "2023-05"]) == 1
    shown = capsys.readouterr()
    for words in ("公交线路发布会", "2023年5月", "李大山（公交集团负责人）×2", "没有认出提问"):
        assert words in shown.out
    assert "--yes" in shown.err
    assert _files(data) == before


def test_a_preview_says_who_speaks_in_each_turn_and_which_question_is_answered(
    data: DataDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange = "记者：公交几点收车？\n县交通局局长李大山：晚上十点。\n记者：贵不贵？\n李大山：两元。\n"
    path = tmp_path / "公交发布会.txt"
    path.write_text("公交发布会\n时间：2023年5月3日下午3:00\n" + exchange, "utf-8")
    assert run(["corpus", "add", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert not any("发布会不一定是这一天" in line for line in lines)  # it says when it was held
    told = [" ".join(line.split()) for line in lines]
    assert told[told.index("序号 做什么 谁 说了什么 答的是哪个提问") + 1 :][:4] == [
        "1 提问 记者 公交几点收车？",
        "2 答复 李大山（县交通局局长） 晚上十点。 1：公交几点收车？",
        "3 提问 记者 贵不贵？",
        "4 答复 李大山（县交通局局长） 两元。 3：贵不贵？",
    ]
    path.write_text("公交发布会\n时间：2023年5月3日下午3:00\n" + exchange * 20, "utf-8")
    run(["corpus", "add", str(path)])
    assert "另有 50 段发言，加 --turns 全部列出" in capsys.readouterr().out
    run(["corpus", "add", str(path), "--turns"])
    assert " 80 " in capsys.readouterr().out.replace("\n", " ")
    run(["corpus", "add", str(path), "--json"])
    said = json.loads(capsys.readouterr().out)["said"]
    assert [one["answers"] for one in said[:4]] == [None, 1, None, 3]


@pytest.mark.parametrize("kind", list(LeftOutKind))
def test_whatever_is_left_out_is_told_with_its_page(kind: LeftOutKind) -> None:
    assert "（第 2 页）" in wording.left_out(LeftOut(kind, "", 2), paged=True)


def test_several_files_are_added_with_ids_of_their_own(
    data: DataDirectory, bus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "again" / bus.name
    other.parent.mkdir()
    other.write_text(BUS.replace("六点", "七点").replace("十条", "三条"), "utf-8")
    assert run(["corpus", "add", str(bus), str(other), "--yes", "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["id"] for record in records] == _ids(records)
    doubts = {doubt["kind"]: doubt["about"] for doubt in records[1]["doubts"]}
    assert records[0]["id"] in doubts["near_duplicate"]
    assert "undated" in doubts
    assert {path.name for path in (data.draft / "transcripts").iterdir()} == {"hall-2022", *_ids(records)}


def _ids(records: list[dict[str, str]]) -> list[str]:
    first = records[0]["id"]
    assert first.startswith("gongjiao")
    return [first, f"{first}-2"]


def test_a_file_that_is_there_already_is_passed_over(
    data: DataDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(HALL, "utf-8")
    before = _files(data)
    assert run(["corpus", "add", str(copy), "--yes"]) == 0
    assert "与 hall-2022 是同一个文件" in capsys.readouterr().err
    assert _files(data) == before


def test_an_id_that_is_taken_is_only_replaced_when_told(
    data: DataDirectory, bus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "add", str(bus), "--id", "hall-2022", "--yes"]) == 2
    assert "--replace" in capsys.readouterr().err
    assert run(["corpus", "add", str(bus), "--id", "hall-2022", "--replace", "--yes"]) == 0
    assert run(["corpus", "diff"]) == 1
    assert "改动  实录  hall-2022" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--date", "去年", "日期“去年”"),
        ("--date", "2024-13", "日期“2024-13”"),
        ("--date", "2023-02-29", "日期“2023-02-29”"),
        ("--url", "example.org", "http"),
        ("--id", "../up", "编号"),
        ("--id", ".hidden", "编号"),
    ],
)
def test_what_was_given_wrongly_is_told(
    data: DataDirectory, bus: Path, option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "add", str(bus), option, value, "--yes"]) == 1
    assert told in capsys.readouterr().err
    assert not data.draft.exists()


def test_a_file_that_cannot_be_read_stops_all_of_them(
    data: DataDirectory, bus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "空.txt"
    empty.write_text("", "utf-8")
    assert run(["corpus", "add", str(bus), str(empty), "--yes"]) == 1
    assert "空.txt" in capsys.readouterr().err
    assert not data.draft.exists()


def test_on_a_terminal_it_asks_before_it_stores(data: DataDirectory, bus: Path) -> None:
    for said, kept in ((b"n\n", False), ("是\n".encode(), True)):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "qa", "corpus", "add", str(bus)]
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as child:
            os.close(theirs)
            told = _until(ours, "是否保存到草稿？")
            assert "公交线路发布会" in told
            os.write(ours, said)
            _until(ours, "已保存" if kept else "没有保存")
            assert child.wait(60) == (0 if kept else 1)
        os.close(ours)
        assert data.draft.exists() is kept


def _until(terminal: int, words: str) -> str:
    told = b""
    ends = time.monotonic() + 60
    while words not in told.decode(errors="ignore"):
        assert time.monotonic() < ends
        if select.select([terminal], [], [], 1)[0]:
            try:
                told += os.read(terminal, 65536)
            except OSError:
                break
    assert words in told.decode(errors="ignore")
    return told.decode(errors="ignore")


# --- looking ------------------------------------------------------------------------------------------


def test_the_draft_is_listed_where_there_is_one_and_versions_when_named(
    data: DataDirectory, bus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["corpus", "add", str(bus), "--id", "bus-2023", "--yes"])
    capsys.readouterr()
    assert run(["corpus", "list", "--json"]) == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == [
        "bus-2023",
        "hall-2022",
    ]
    assert run(["corpus", "list", "--version", "current"]) == 0
    told = capsys.readouterr().out
    assert "hall-2022" in told
    assert "bus-2023" not in told
    assert short(current_folder(data).name) in told


def test_a_transcript_is_shown_with_its_text_to_copy_from(
    data: DataDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "show", "hall-2022"]) == 0
    assert "王小明（大厅主任）×1" in capsys.readouterr().out
    assert run(["corpus", "show", "hall-2022", "--text"]) == 0
    assert HOURS in capsys.readouterr().out


def test_a_check_passes_what_is_whole_and_finds_what_is_damaged(
    data: DataDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "check"]) == 0
    assert "没有损坏" in capsys.readouterr().out
    assert run(["corpus", "check", "--strict"]) == 1
    assert "没有日期" in capsys.readouterr().out
    source = current_folder(data) / "transcripts" / "hall-2022" / "source.txt"
    source.chmod(0o644)
    source.write_text("改过了", "utf-8")
    assert run(["corpus", "check", "--json"]) == 1
    damage = {(found["kind"], found["where"]) for found in json.loads(capsys.readouterr().out)["damage"]}
    name = "transcripts/hall-2022/source.txt"
    assert damage == {("transcript", "hall-2022"), ("file", name)}


def test_a_check_finds_copies_speakers_nobody_knows_and_broken_replacements(
    data: DataDirectory, bus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again.txt"
    again.write_text(BUS.replace("六点", "七点"), "utf-8")
    run(["corpus", "add", str(bus), "--id", "bus-2023", "--yes"])
    run(["corpus", "add", str(again), "--id", "bus-2024", "--yes"])
    words = ["--words", HOURS, "--reason", "改期", "--by", "bus-2024", "--by-words", "晚上十点收车。"]
    assert run(["corpus", "expire", "hall-2022", *words, "--yes"]) == 0
    capsys.readouterr()
    assert run(["corpus", "check"]) == 0
    assert "bus-2024：内容与 bus-2023" in capsys.readouterr().out
    run(["corpus", "remove", "bus-2024", "--yes"])
    capsys.readouterr()
    assert run(["corpus", "check"]) == 1
    assert "损坏：hall-2022：代替失效说法的原文不在" in capsys.readouterr().out


# --- expiring -----------------------------------------------------------------------------------------


def test_words_are_marked_shown_and_unmarked(data: DataDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--words", HOURS, "--reason", "改期", "--since", "2023-05-01", "--instead", "十点开门"]
    assert run(["corpus", "expire", "hall-2022", *words]) == 1
    assert not data.draft.exists()
    assert run(["corpus", "expire", "hall-2022", *words, "--yes"]) == 0
    assert run(["corpus", "expire", "hall-2022", *words, "--yes"]) == 2
    assert "已经标过" in capsys.readouterr().err
    assert run(["corpus", "show", "hall-2022"]) == 0
    told = capsys.readouterr().out
    assert f"“{HOURS}”（改期，2023-05-01 起）" in told
    assert "代替它的：十点开门" in told
    assert run(["corpus", "unexpire", "hall-2022", "--words", "别的"]) == 2
    assert run(["corpus", "unexpire", "hall-2022", "--words", HOURS[:4]]) == 0
    assert run(["corpus", "diff"]) == 0
    assert "没有不同" in capsys.readouterr().out


# --- publishing ---------------------------------------------------------------------------------------


def test_a_publication_shows_what_changes_switches_and_can_be_taken_back(
    data: DataDirectory, bus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = current_folder(data).name
    run(["corpus", "add", str(bus), "--id", "bus-2023", "--date", "2023", "--yes"])
    assert run(["corpus", "publish", "--why", "新增公交"]) == 1
    assert current_folder(data).name == before
    capsys.readouterr()
    assert run(["corpus", "publish", "--why", "新增公交", "--who", "王某", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "新增  实录  bus-2023" in told
    assert "变坏 0" in told
    after = current_folder(data).name
    assert short(after) in told
    assert not data.draft.exists()
    assert run(["corpus", "versions"]) == 0
    told = capsys.readouterr().out
    assert "新增公交" in told
    assert "王某" in told
    assert run(["corpus", "rollback", "--why", "发现错字", "--yes"]) == 0
    assert current_folder(data).name == before
    assert run(["corpus", "versions", "--json"]) == 0
    state = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [done["kind"] for done in state["history"]] == ["seed", "publish", "rollback"]


def test_answers_that_break_stop_a_publication_unless_it_is_meant(
    data: DataDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    before = current_folder(data).name
    run(["corpus", "expire", "hall-2022", "--words", HOURS, "--reason", "改期", "--yes"])
    capsys.readouterr()
    assert run(["corpus", "publish", "--yes"]) == 1
    shown = capsys.readouterr()
    assert "变坏  大厅几点开门？" in shown.out
    assert f"原来：“{HOURS}”" in shown.out
    assert "停止发布" in shown.err
    assert current_folder(data).name == before
    assert run(["corpus", "publish", "--max-broken", "100%", "--json", "--yes"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["counts"]["broken"] == 1
    assert [change["change"] for change in record["changes"]] == ["broken"]
    assert quotes(open_engine(Settings())) != HOURS


def test_a_question_set_can_be_named_and_meant_breaks_are_recorded(
    data: DataDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faq = tmp_path / "questions.yaml"
    faq.write_text("- {question: 没带证件怎么办？, all_of: [当场补办]}\n", "utf-8")
    run(
        [
            "corpus",
            "expire",
            "hall-2022",
            "--words",
            "没带证件的，可以当场补办。",
            "--reason",
            "停办",
            "--yes",
        ]
    )
    assert run(["corpus", "publish", "--faq", str(faq), "--yes"]) == 1
    assert run(["corpus", "publish", "--faq", str(faq), "--force", "--why", "停办补证", "--yes"]) == 0
    state = read_state(data)
    assert state is not None
    assert state.history[-1].why == "停办补证"


def test_a_draft_like_the_current_version_is_not_published(
    data: DataDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    before = data.current_file.read_bytes()
    assert run(["corpus", "draft", "--begin"]) == 0
    assert run(["corpus", "publish", "--yes"]) == 0
    assert "不用发布" in capsys.readouterr().out
    assert data.current_file.read_bytes() == before


def test_a_draft_is_shown_warned_of_and_discarded(
    data: DataDirectory, bus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "draft"]) == 0
    assert "没有草稿" in capsys.readouterr().out
    run(["corpus", "add", str(bus), "--id", "bus-2023", "--yes"])
    state = data.current_file.read_text("utf-8")
    other = state.replace(current_folder(data).name, current_folder(data).name + "-2")
    shutil.copytree(current_folder(data), data.version(current_folder(data).name + "-2"))
    data.current_file.write_text(other, "utf-8")
    assert run(["corpus", "draft"]) == 0
    told = capsys.readouterr().out
    assert "不要把别人的改动退回去" in told
    assert "新增  实录  bus-2023" in told
    assert run(["corpus", "draft", "--discard"]) == 1
    assert run(["corpus", "draft", "--discard", "--yes"]) == 0
    assert not data.draft.exists()


def test_an_interrupted_publication_says_so_and_leaves_everything(data: DataDirectory, bus: Path) -> None:
    before = data.current_file.read_bytes()
    run(["corpus", "add", str(bus), "--id", "bus-2023", "--yes"])
    publication = started(data.root, "corpus", "publish", "--yes")
    ends = time.monotonic() + 60
    while not (data.root / "lock.json").exists():
        assert time.monotonic() < ends
        time.sleep(0.01)
    publication.send_signal(signal.SIGINT)
    assert publication.wait(60) == 130
    assert data.current_file.read_bytes() == before
    assert run(["corpus", "publish", "--yes"]) == 0


# --- what the other commands ask ----------------------------------------------------------------------


def test_the_current_version_is_asked_by_default_and_another_data_directory_when_named(
    data: DataDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", "大厅几点开门？", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["corpus"] == f"sha256:{current_folder(data).name}"
    moved = data.root.rename(tmp_path / "moved")
    assert run(["ask", "大厅几点开门？", "--json", "--data", str(moved)]) == 0
    assert json.loads(capsys.readouterr().out)["citations"][0]["quote"] == HOURS
