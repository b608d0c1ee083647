"""What other transcripts say of the same thing, what is known to be answered, and the files behind it."""

from __future__ import annotations

import hashlib

from qa.engine import Engine


def test_another_briefing_that_names_the_same_thing_is_found(engine: Engine) -> None:
    answer = engine.ask("创业担保贷款个人额度提高到多少？")
    cited = {c.transcript.id for c in answer.citations}
    (other,) = engine.elsewhere(answer.question, cited=cited)
    assert other.transcript.id not in cited
    assert "创业担保贷款" in other.quote


def test_an_office_is_followed_through_the_briefings(engine: Engine) -> None:
    (before,) = engine.elsewhere("民政局局长是谁？", cited={"dazu-2024-minsheng"})
    assert before.quote == "大足区民政局党委书记、局长石朝勇"


def test_what_only_shares_a_word_or_two_is_not_the_same_thing(engine: Engine) -> None:
    for question in ("全区建了多少个养老服务中心？", "大足“创文”的品牌是什么？", "今天天气怎么样"):
        cited = {c.transcript.id for c in engine.ask(question).citations}
        assert engine.elsewhere(question, cited=cited) == ()


def test_several_briefings_come_in_the_order_of_time(engine: Engine) -> None:
    found = engine.elsewhere("老旧小区改造投了多少钱")
    dates = [c.transcript.date.sort_key for c in found]
    assert len(dates) == 2
    assert dates == sorted(dates)


def test_what_is_known_cites_what_asking_cites(engine: Engine) -> None:
    assert engine.suggestions == tuple(known.question for known in engine.known)
    for known in engine.known:
        assert known.citations == engine.ask(known.question).citations
        assert known.topic


def test_the_file_of_a_transcript_is_the_one_its_digest_names(engine: Engine) -> None:
    for transcript in engine.transcripts.values():
        path = engine.source_file(transcript.id)
        assert path is not None
        assert hashlib.sha256(path.read_bytes()).hexdigest() == transcript.source.sha256
    assert engine.source_file("../lexicon") is None
