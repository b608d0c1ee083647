"""Figures that differ between briefings: both are shown, with their dates, and the reader is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.engine import Engine, build_engine
from qa.settings import Settings

DOCUMENTS = (
    ("bulletin-2022", "2022-05-10", "高龄津贴发放工作通报", "八十岁以上老人每人每月可领高龄津贴60元。"),
    ("bulletin-2024", "2024-05-10", "高龄津贴发放工作通报", "八十岁以上老人每人每月可领高龄津贴100元。"),
    ("library-2022", "2022-03-01", "图书馆借阅须知", "每位读者最多借阅图书6册，借期30天。"),
    ("library-2024", "2024-03-01", "图书馆借阅须知", "每位读者最多借阅图书6册，借期30天。"),
    ("bath-2024", "2024-04-01", "公共浴室开放通知", "公共浴室每周一闭馆，其他日子上午九点开门。"),
)


@pytest.fixture(scope="module")
def bulletins(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over bulletins of two years, of which one thing differs and another does not."""
    path: Path = tmp_path_factory.mktemp("bulletins") / "bulletins.jsonl"
    lines = (
        json.dumps({"id": id, "title": title, "text": text, "date": date}, ensure_ascii=False)
        for id, date, title, text in DOCUMENTS
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return build_engine(Settings(corpus=path))


def _cited(engine: Engine, question: str) -> tuple[set[str], set[str]]:
    answer = engine.ask(question)
    quoted = {citation.transcript.id for citation in answer.citations}
    return quoted, {notice.code for notice in answer.notices}


def test_two_figures_for_one_thing_are_shown_together(bulletins: Engine) -> None:
    quoted, told = _cited(bulletins, "八十岁老人每月高龄津贴多少钱")
    assert quoted >= {"bulletin-2022", "bulletin-2024"}
    assert "figures_differ" in told


def test_a_named_year_takes_that_year_alone(bulletins: Engine) -> None:
    quoted, told = _cited(bulletins, "2024年八十岁老人每月高龄津贴多少钱")
    assert "bulletin-2024" in quoted
    assert "figures_differ" not in told


def test_the_same_figures_are_not_said_to_differ(bulletins: Engine) -> None:
    quoted, told = _cited(bulletins, "图书馆每位读者最多借几册")
    assert quoted
    assert "figures_differ" not in told
