"""``minsheng lexicon``: what it checks, what it counts, and how it fails."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa import cli_wording as wording
from qa.cli import run
from qa.engine import Engine
from qa.language.lexicon_use import KINDS, Entry, LexiconUse, entries
from qa.settings import seed_corpus
from tests.parts import lexicon

QUESTIONS = ("打加强针要满足什么条件？", "民政局啷个去", "申清养老保险")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    rows = [{"question": question} for question in QUESTIONS[:2]] + [{"text": QUESTIONS[2]}]
    path.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The founding briefings with a lexicon of their own that holds but for a note."""
    folder = tmp_path / "corpus"
    (folder / "lexicon").mkdir(parents=True)
    (folder / "lexicon" / "synonyms.txt").write_text("低保户 > 救助对象\n救助对象 > 低保户\n", "utf-8")
    shutil.copytree(seed_corpus() / "transcripts", folder / "transcripts")
    return folder


def _fired(engine: Engine, question: str) -> frozenset[Entry]:
    return LexiconUse(engine.lexicon, engine.segmenter).fired(engine.understand(question))


# --- help ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["lexicon"], ["lexicon", "check"], ["lexicon", "fired"]])
def test_help_is_in_chinese_and_shows_a_real_example(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"例：minsheng {' '.join(command)}" in told
    for english in ("Usage", "Options", "Arguments", "Commands", "Show this", "required", "default"):
        assert english not in told


def test_without_a_command_the_help_is_shown_and_the_status_says_bad_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["lexicon"]) == 2
    assert "例：minsheng lexicon check" in capsys.readouterr().out


# --- check ---------------------------------------------------------------------------------------------


def test_the_shipped_lexicon_has_no_error_and_its_entries_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["lexicon", "check"]) == 0
    told = capsys.readouterr().out.splitlines()
    counts = entries(lexicon())
    assert set(counts) == set(KINDS) == set(wording.LEXICON_KINDS)
    for kind in KINDS:
        assert counts[kind] > 0
        assert f"{wording.LEXICON_KINDS[kind]}  {counts[kind]} 条" in told
    assert f"合计  {sum(counts.values())} 条" in told
    assert told[-1].startswith("没有错误。")
    assert not any(line.startswith(("错误：", "提示：")) for line in told)


def test_notes_are_told_only_when_asked_for_and_fail_nothing(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lexicon", "check", "--corpus", str(corpus)]) == 0
    assert "提示：" not in capsys.readouterr().out
    assert run(["lexicon", "check", "--corpus", str(corpus), "--notes"]) == 0
    assert "提示：“低保户”和“救助对象”互相指向" in capsys.readouterr().out


def test_an_error_is_told_before_any_note_and_ends_with_status_1(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "加强免疫 = 加强针\n第三针 = 加强针\n"
    (corpus / "lexicon" / "synonyms-2.txt").write_text(lines, "utf-8")
    assert run(["lexicon", "check", "--corpus", str(corpus), "--notes"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("错误：“加强针”在几个等号组里")
    assert told[1].startswith("提示：")
    assert told[-1] == "错误 1 处，请改正后再检查。提示 1 条。"


def test_a_corpus_that_is_not_there_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "check", "--corpus", str(tmp_path / "nothing")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "找不到实录文件夹 nothing" in told.err


# --- fired ---------------------------------------------------------------------------------------------


def test_what_questions_set_to_work_is_counted_by_kind(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lexicon", "fired", str(questions)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "问题 3 个。用到的词条："
    assert any(line.startswith("方言  1 条（共 ") for line in told)
    assert any(line.startswith("部门  1 条（共 ") for line in told)
    assert "1 个问题  部门  民政局" in told
    most = told[told.index(wording.LEXICON_MOST) + 1 :]
    assert 0 < len(most) <= 20
    assert not any("停用词" in line for line in most)
    counts = [int(line.split()[0]) for line in most]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("民政局啷个去", Entry("dialect", "啷个")),
        ("卫健委在哪", Entry("offices", "卫生健康委员会")),
        ("大足的政策", Entry("places", "大足区")),
        ("请问电梯装了没有", Entry("stopwords", "请问")),
        ("加装了多少部电梯", Entry("units", "部")),
        ("加装了67部电梯", Entry("units", "部")),
    ],
)
def test_an_entry_fires_on_a_question_it_helps_to_read(engine: Engine, question: str, entry: Entry) -> None:
    fired = _fired(engine, question)
    assert entry in fired, sorted(fired)


def test_a_group_and_a_pointer_fire_by_any_of_the_words_that_lead_to_them(engine: Engine) -> None:
    assert any("加强针" in e.text for e in _fired(engine, "打加强针") if e.kind == "groups")
    said = next(iter(engine.lexicon.pointers))
    assert Entry("pointers", said) in _fired(engine, said)


def test_nothing_fires_that_is_no_entry(engine: Engine) -> None:
    for question in QUESTIONS:
        for entry in _fired(engine, question):
            assert entry.kind in KINDS


def test_a_line_without_a_question_is_named(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for bad in ("{not json", '{"question": 5}', "[]", '{"id": "1"}'):
        questions.write_text(f'{{"text": "x"}}\n\n{bad}\n', "utf-8")
        assert run(["lexicon", "fired", str(questions)]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("第 3 行没有问题。")
        assert len(told.err.splitlines()) == 1


def test_a_file_is_needed_and_must_be_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "fired"]) == 2
    assert "请写明问题的文件" in capsys.readouterr().err
    assert run(["lexicon", "fired", str(tmp_path / "nothing")]) == 1
    assert "打不开文件" in capsys.readouterr().err


def test_it_shows_on_a_terminal_how_far_it_is(questions: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "qa", "lexicon", "fired", str(questions)]
    environment = {**os.environ, "TERM": "xterm"}
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert wording.READING in shown
    assert ended.returncode == 0
