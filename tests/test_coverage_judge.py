"""Verdicts, and why something is not as expected, in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.answering.fitted import DECISION_NAMES
from qa.coverage import wording
from qa.coverage.cases import FaqCase
from qa.coverage.ground import ground_of
from qa.coverage.judge import Judge
from qa.coverage.records import Cause, Verdict
from qa.coverage.signals import signals_against, signals_for
from qa.engine import Engine, Explanation, build_engine
from qa.model import Citation, Span, Status
from qa.settings import Settings, seed_corpus
from qa.transcripts.catalogue import read_transcript
from qa.transcripts.metadata import ExpiredWords, with_expired

OLD, NEW = "dazu-2021-faburen", "dazu-2024-minsheng"
BOOSTER = "打加强针要满足什么条件？"
LIFTS = "老旧小区加装了多少部电梯？"
UNRELATED = "今天天气怎么样"
RUDE = "你这个白痴"


def _case(question: str, *all_of: str, **more: Any) -> FaqCase:
    return FaqCase(id="1", question=question, all_of=all_of, **more)


def _refused(explanation: Explanation) -> Explanation:
    """The explanation of the same reading, not answered."""
    return replace(explanation, answer=replace(explanation.answer, status=Status.NO_ANSWER, citations=()))


def _quoting(engine: Engine, explanation: Explanation, words: str, transcript: str = OLD) -> Explanation:
    """The explanation with ``words`` quoted instead, all of one turn."""
    held = engine.transcripts[transcript]
    start = held.text.index(words)
    span = Span(start, start + len(words))
    turn = next(turn for turn in held.turns if turn.span.contains(span))
    cited = (Citation(1, 1, held, turn, span),)
    return replace(explanation, answer=replace(explanation.answer, status=Status.ANSWERED, citations=cited))


# --- verdicts ------------------------------------------------------------------------------------------


def test_an_answer_is_right_when_its_quotes_hold_everything_expected(engine: Engine) -> None:
    judge, explanation = Judge(engine), engine.explain(BOOSTER)
    for case in (
        _case(BOOSTER, "满6个月", "18岁及以上", transcript=OLD, speaker="石山"),
        _case(BOOSTER, any_of=("三个月", "满６个月"), transcript="我为群众办实事", speaker="卫生健康委"),
        _case(BOOSTER),
    ):
        judged = judge.judge(case, explanation)
        assert (judged.verdict, judged.cause, judged.reason) == (Verdict.RIGHT, Cause.NONE, "")
        assert judged.otherwise is Verdict.RIGHT


def test_expectations_do_not_mind_line_breaks_and_width(engine: Engine) -> None:
    # The source breaks the line in the middle of 280余部.
    explanation = engine.explain("小区累计加装了多少部电梯？")
    assert Judge(engine).judge(_case("x", "280 余部"), explanation).verdict is Verdict.RIGHT


@pytest.mark.parametrize("question", [UNRELATED, RUDE])
def test_what_should_be_refused_and_is_not_answered_is_refused_rightly(engine: Engine, question: str) -> None:
    judged = Judge(engine).judge(_case(question, refuse=True), engine.explain(question))
    assert (judged.verdict, judged.cause, judged.reason) == (Verdict.REFUSED_RIGHTLY, Cause.NONE, "")


def test_what_should_be_refused_and_is_answered_says_what_spoke_for_it(engine: Engine) -> None:
    judged = Judge(engine).judge(_case(BOOSTER, refuse=True), engine.explain(BOOSTER))
    assert (judged.verdict, judged.cause) == (Verdict.WRONG, Cause.ANSWERED)
    assert judged.reason.startswith("不该作答，却答了：可能性 0.")
    assert "；有利的是：" in judged.reason
    assert judged.reason.count("（+") >= 1


# --- why not -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [BOOSTER, UNRELATED])
def test_words_that_stand_nowhere_are_told_whether_answered_or_not(engine: Engine, question: str) -> None:
    judged = Judge(engine).judge(_case(question, "满8个月"), engine.explain(question))
    assert judged.cause is Cause.IMPOSSIBLE
    assert judged.reason == "原文里没有这些字：“满8个月”，请照原文改必含、任一"


def test_words_of_somebody_else_are_told_with_where_they_stand(engine: Engine) -> None:
    explanation = engine.explain(BOOSTER)
    judged = Judge(engine).judge(_case(BOOSTER, "满6个月", speaker="谢洪"), explanation)
    assert judged.cause is Cause.IMPOSSIBLE
    assert judged.reason.startswith("谢洪里没有这些字：“满6个月”，它们在《“发言人来了")
    judged = Judge(engine).judge(_case(BOOSTER, "满6个月", transcript="2035"), explanation)
    assert judged.reason == "没有“2035”这份实录，请改出处"


def test_a_passage_that_was_not_found_is_named(engine: Engine) -> None:
    explanation = replace(engine.explain(UNRELATED), hits=())
    judged = Judge(engine).judge(_case(UNRELATED, "达芬奇手术机器人"), explanation)
    assert (judged.verdict, judged.cause) == (Verdict.REFUSED_WRONGLY, Cause.NOT_FOUND)
    assert judged.reason.startswith("没有找到：“达芬奇手术机器人”在《民生无小事 枝叶总关情》 谢洪：")
    assert judged.reason.endswith("检索的前 0 段里没有它")


def test_a_passage_found_but_not_chosen_is_told_with_its_place(engine: Engine) -> None:
    explanation = engine.explain(LIFTS)
    wrong = _quoting(engine, explanation, "立项新技术新项目250项", NEW)
    judged = Judge(engine).judge(_case(LIFTS, "67部"), wrong)
    assert (judged.verdict, judged.cause) == (Verdict.WRONG, Cause.NOT_CHOSEN)
    assert judged.reason.startswith("找到了，没有选用：“67部”在第 1 位的段落里，选用的是")
    assert "立项新技术新项目250项" in judged.reason


def test_a_quote_that_was_cut_short_is_told(engine: Engine) -> None:
    explanation = _quoting(engine, engine.explain(BOOSTER), "大足全区累计接种135.35万人次")
    judged = Judge(engine).judge(_case(BOOSTER, "满6个月", "135.35万"), explanation)
    assert (judged.verdict, judged.cause) == (Verdict.WRONG, Cause.CUT)
    assert judged.reason == "选用了，但引文截短了：“满6个月”在同一句里，没有引出来"


def test_the_right_words_of_the_wrong_briefing_are_wrong(engine: Engine) -> None:
    explanation = _quoting(engine, engine.explain(BOOSTER), "1.12‰", NEW)
    judged = Judge(engine).judge(_case(BOOSTER, any_of=("1.12‰", "28个"), transcript=OLD), explanation)
    assert judged.verdict is Verdict.WRONG


def test_a_refusal_says_which_signals_spoke_against(engine: Engine) -> None:
    judged = Judge(engine).judge(_case(LIFTS, "67部"), _refused(engine.explain(LIFTS)))
    assert (judged.verdict, judged.cause) == (Verdict.REFUSED_WRONGLY, Cause.REFUSED)
    assert judged.reason.startswith("找到了（第 1 位），没有作答：可能性 0.")
    assert f"不到 {engine.fitted.answer:.2f}；不利的是：" in judged.reason
    assert "（−" in judged.reason


def test_a_case_without_expectation_that_is_refused_needs_no_place(engine: Engine) -> None:
    judged = Judge(engine).judge(_case(LIFTS), _refused(engine.explain(LIFTS)))
    assert judged.verdict is Verdict.REFUSED_WRONGLY
    assert judged.reason.startswith("没有作答：可能性 0.")


def test_a_question_that_nothing_is_read_for_says_so(engine: Engine) -> None:
    judged = Judge(engine).judge(_case("？？"), engine.explain("？？"))
    assert judged.reason == "没有作答：没有读到与问题有关的句子"


def test_a_question_that_is_declined_says_as_what(engine: Engine) -> None:
    judged = Judge(engine).judge(_case(RUDE, "67部"), engine.explain(RUDE))
    assert (judged.verdict, judged.cause, judged.otherwise) == (Verdict.REFUSED_WRONGLY, Cause.DECLINED, None)
    assert judged.reason == "没有作答：被当作骂人的话"


def test_every_other_threshold_can_be_judged_of_what_was_refused(engine: Engine) -> None:
    refused = _refused(engine.explain(LIFTS))
    judge = Judge(engine)
    assert judge.judge(_case(LIFTS, any_of=("67部", "280余部")), refused).otherwise is Verdict.RIGHT
    assert judge.judge(_case(LIFTS, "1.12‰"), refused).otherwise is Verdict.WRONG
    assert judge.judge(_case(LIFTS, refuse=True), refused).otherwise is Verdict.WRONG


# --- signals -------------------------------------------------------------------------------------------


def test_every_signal_is_made_of_inputs_of_the_decision_each_told_once() -> None:
    told = [name for signal in wording.SIGNALS for name, _ in signal.features]
    assert len(told) == len(set(told))
    assert set(told) <= set(DECISION_NAMES)
    assert {most for signal in wording.SIGNALS for _, most in signal.features} == {0.0, 0.5, 1.0}


def test_signals_are_told_by_how_much_they_weigh(engine: Engine) -> None:
    for question in (LIFTS, BOOSTER, "加装电梯的施工队叫什么？"):
        for told in (signals_against, signals_for):
            found = [text for text in told(engine.explain(question), engine.fitted) if "（" in text]
            weights = [
                float(t.rpartition("（")[2].rstrip("）").replace("−", "-")) for t in found if t[-2].isdigit()
            ]
            assert weights == sorted(weights, key=abs, reverse=True)
            assert len(found) <= 3


def test_an_office_read_from_the_transcript_is_told_as_such(engine: Engine) -> None:
    explanation = engine.explain("民政局局长是谁？")
    (told,) = signals_for(explanation, engine.fitted)
    assert told.startswith("实录里写明的职务“")
    assert "薛千勇" in told
    assert signals_against(explanation, engine.fitted) == ()


# --- another corpus ------------------------------------------------------------------------------------


def test_a_corpus_of_documents_is_judged_the_same_way(tmp_path: Path) -> None:
    documents = tmp_path / "documents.jsonl"
    hall = {
        "id": "hall",
        "title": "便民大厅",
        "text": "大厅周一到周五上午九点开门。没带证件的，可以当场补办。",
    }
    documents.write_text(json.dumps(hall), "utf-8")
    engine = build_engine(Settings(corpus=documents))
    judged = Judge(engine).judge(
        _case("大厅几点开门？", "上午九点", transcript="hall"), engine.explain("大厅几点开门？")
    )
    assert judged.verdict in (Verdict.RIGHT, Verdict.REFUSED_WRONGLY)
    assert judged.cause in (Cause.NONE, Cause.REFUSED)
    elsewhere = Judge(engine).judge(_case("几点开门？", "晚上"), engine.explain("几点开门？"))
    assert elsewhere.cause is Cause.IMPOSSIBLE


def test_words_marked_as_expired_are_told_as_such_and_nothing_to_cover(tmp_path: Path) -> None:
    old = seed_corpus() / "transcripts" / OLD
    folder = tmp_path / "transcripts" / OLD
    shutil.copytree(old, folder)
    words = "当前，完成灭活疫苗(中生、科兴)全程接种已满6个月且18岁及以上的大足市民"
    start = read_transcript(folder).text.index(words)
    marked = ExpiredWords(start=start, end=start + len(words), words=words, reason="已有新规定")
    described = (folder / "transcript.yaml").read_bytes()
    (folder / "transcript.yaml").write_bytes(with_expired(described, [marked]))
    engine = build_engine(Settings(corpus=tmp_path))
    judged = Judge(engine).judge(_case(BOOSTER, "满6个月"), engine.explain(BOOSTER))
    assert judged.cause is Cause.IMPOSSIBLE
    assert judged.reason == "这些字已标为失效，不再拿来回答：“满6个月”，请改 FAQ"
    ground = ground_of(engine, ())
    assert not any("满6个月" in sentence.text for sentence in ground.sentences)
    assert any("28个定点疫苗接种点" in sentence.text for sentence in ground.sentences)
