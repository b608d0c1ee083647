"""Typeahead: characters, pinyin and initials find what can be asked, in one order, in no time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine import Engine
from qa.language.script import ScriptConverter
from qa.questions import FaqQuestion
from qa.suggest import Entry, EntryKind, Suggester, entries_of

ASKED = "参加养老保险不满15年怎么办？"
ENTRIES = (
    Entry("养老保险", EntryKind.TOPIC, "养老保险"),
    Entry(ASKED, EntryKind.QUESTION, "养老保险"),
    Entry("老旧小区改造", EntryKind.TOPIC, "老旧小区改造"),
    Entry("“心安小屋”在哪里？", EntryKind.QUESTION),
    Entry("银行 AI 窗口", EntryKind.SECTION),
)


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(ENTRIES, ScriptConverter())


def _texts(suggester: Suggester, typed: str, most: int = 9) -> list[str]:
    return [found.entry.text for found in suggester.suggest(typed, most)]


@pytest.mark.parametrize(
    "typed",
    [
        "养老保险",
        "養老保險",
        "ylbx",
        "YLBX",
        "yanglaobaoxian",
        "yang lao bao xian",
        "yanglaobx",
        "养老bx",
        "ylbaox",
    ],
)
def test_characters_pinyin_and_initials_find_the_same(suggester: Suggester, typed: str) -> None:
    assert _texts(suggester, typed) == ["养老保险", ASKED]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("心安", ["“心安小屋”在哪里？"]),
        ("“心安小屋”", ["“心安小屋”在哪里？"]),
        ("xinanx", ["“心安小屋”在哪里？"]),
        ("15年", [ASKED]),
        ("ａｉ", ["银行 AI 窗口"]),
        ("yinhangai", ["银行 AI 窗口"]),
        ("zm", [ASKED]),
        ("vv", []),
        ("zenmeb", [ASKED]),
        ("lj", ["老旧小区改造"]),
        ("天气", []),
        ("", []),
        ("？！ ", []),
    ],
)
def test_what_is_typed_finds_what_it_should(suggester: Suggester, typed: str, found: list[str]) -> None:
    assert _texts(suggester, typed) == found


def test_the_match_is_the_part_that_was_typed(suggester: Suggester) -> None:
    topic, question = suggester.suggest("ylb", 2)
    assert topic.match.of(topic.entry.text) == "养老保"
    assert question.match.of(question.entry.text) == "养老保"


def test_the_whole_comes_before_beginnings_and_those_before_the_middle() -> None:
    made = Suggester(
        [Entry(text, EntryKind.SECTION) for text in ("问养老", "养老服务", "养老")], ScriptConverter()
    )
    assert _texts(made, "养老") == ["养老", "养老服务", "问养老"]


def test_characters_come_before_sounds() -> None:
    made = Suggester([Entry(text, EntryKind.SECTION) for text in ("保县表", "bx表")], ScriptConverter())
    assert _texts(made, "bx") == ["bx表", "保县表"]


def test_no_more_are_given_than_asked_for(suggester: Suggester) -> None:
    assert len(suggester.suggest("ylbx", 1)) == 1


def test_each_text_is_an_entry_once() -> None:
    asked = [FaqQuestion("几点开门？", "大厅"), FaqQuestion("大厅", "大厅"), FaqQuestion("几点开门？")]
    assert [(e.text, e.kind.value) for e in entries_of(asked, [])] == [
        ("大厅", "topic"),
        ("几点开门？", "question"),
    ]


@given(st.text(max_size=80))
def test_anything_may_be_typed(suggester: Suggester, typed: str) -> None:
    for found in suggester.suggest(typed, 5):
        assert 0 <= found.match.start < found.match.end <= len(found.entry.text)


def test_every_question_is_found_by_its_own_words_and_letters(engine: Engine) -> None:
    entries = entries_of(engine.offered, engine.transcripts.values())
    made = Suggester(entries, ScriptConverter())
    for entry in entries:
        assert made.suggest(entry.text, 1)[0].entry == entry


def test_a_keystroke_takes_two_milliseconds_at_most(engine: Engine) -> None:
    made = Suggester(entries_of(engine.offered, engine.transcripts.values()), ScriptConverter())
    for typed in ("y", "d", "ylbx", "养老", "dazuqu", "的", "zhongguoren" * 5):
        taken = []
        for _ in range(20):
            began = time.perf_counter()
            made.suggest(typed, 8)
            taken.append(time.perf_counter() - began)
        assert min(taken) < 0.002, typed
