"""Questions of transcripts as cases: found where they were asked, expecting words that the reply has."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.coverage.cases import CaseSet, FaqCase, case_id, same_words
from qa.coverage.mining import AskedThere, Covered, asked_there, proposal
from qa.coverage.run import run_cases
from qa.engine import Engine, build_engine
from qa.settings import Settings
from tests.staff import tiny_corpus

ASKED = """便民服务发布会实录

记者：大家好，我是晚报记者。请问便民大厅周末几点开门？谢谢。
主任王小明：谢谢提问。便民大厅周末上午十点开门，下午四点半关门。工作日不变。
记者：听说停车难。中方对此有何安排，请问新建了多少个车位？
主任王小明：我们新建停车位120个，都不收费。
居民李红：没带证件怎么办？
主任王小明：没带证件的，可以当场补办。补办只要十分钟。
记者：好。
主任王小明：谢谢大家。
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of a briefing at which questions were asked."""
    corpus = tiny_corpus(tmp_path_factory.mktemp("mining") / "corpus", {"hall-2023": ASKED})
    return build_engine(Settings(corpus=corpus, data=corpus.parent / "data"))


@pytest.fixture(scope="module")
def found(hall: Engine) -> list[AskedThere]:
    return list(asked_there(hall.transcripts.values()))


def test_questions_that_were_replied_to_are_found_without_greetings(found: list[AskedThere]) -> None:
    assert [one.question for one in found] == [
        "便民大厅周末几点开门？",
        "新建了多少个车位？",
        "没带证件怎么办？",
    ]
    assert [one.speaker.name for one in found if one.speaker] == ["王小明"] * 3
    assert len({one.id for one in found}) == 3


def test_the_seed_has_its_residents_questions(engine: Engine) -> None:
    asked = [one.question for one in asked_there(engine.transcripts.values())]
    assert any("以个人身份参加城镇职工养老保险" in question for question in asked)


def test_what_decides_is_short_and_stands_in_the_reply(
    hall: Engine, found: list[AskedThere], engine: Engine
) -> None:
    proposed = [proposal(hall, one) for one in found]
    assert "120个" in (*proposed[1].all_of, *proposed[1].any_of)
    for source, every in ((hall, found), (engine, list(asked_there(engine.transcripts.values())))):
        for one in every:
            words = proposal(source, one)
            assert words.all_of or words.any_of
            for text in (*words.all_of, *words.any_of):
                assert same_words(text) in same_words(one.reply)
                assert len(text) <= 40


def test_a_case_made_of_a_proposal_is_answered_right(hall: Engine, found: list[AskedThere]) -> None:
    one = found[1]
    words = proposal(hall, one)
    case = FaqCase(
        case_id(one.question), one.question, all_of=words.all_of, any_of=words.any_of, speaker="王小明"
    )
    assert run_cases(hall, CaseSet.of([case])).share_right == 1.0


def test_what_a_case_asks_already_is_known_in_other_words_too(hall: Engine) -> None:
    case = FaqCase("park", "新建了多少个停车位？", variants=("停车位加了好多个",), all_of=("120个",))
    covered = Covered(hall, [case])
    assert covered.by("停车位新建了好多个？") == case
    assert covered.by("大厅几点开门？") is None
    assert Covered(hall, []).by("大厅几点开门？") is None


def test_a_transcript_without_questions_has_none(tmp_path: Path) -> None:
    corpus = tiny_corpus(tmp_path / "corpus")
    made = build_engine(Settings(corpus=corpus, data=tmp_path / "data"))
    assert list(asked_there(made.transcripts.values())) == []
