"""The score of a passage found, taken apart: its parts add up to it, and none is left out."""

from __future__ import annotations

import pytest

from qa.engine import Engine
from qa.retrieval.scores import hit_scores
from tests.tiny import TinyEngine
from web.staff.trying import tried

QUESTIONS = ("创业担保贷款个人额度提高到多少？", "民政局局长好久换的", "啥子", "@@", "今天天气怎么样")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_parts_of_a_score_add_up_to_it(engine: Engine, question: str) -> None:
    explanation = engine.explain(question)
    scores = engine.scores(explanation)
    assert len(scores) == len(explanation.hits)
    for hit, score in zip(explanation.hits, scores, strict=True):
        assert score.own_value + score.share * score.document_value == pytest.approx(hit.score)
        assert score.document_value == pytest.approx(hit.document)
        values = [term.value for term in score.own]
        assert values == sorted(values, reverse=True)
        assert all(value > 0 for value in values)
        assert {term.term for term in score.own} <= explanation.query.terms.keys()


def test_an_index_that_cannot_say_gives_no_parts(engine: Engine) -> None:
    explanation = engine.explain(QUESTIONS[0])
    assert hit_scores(TinyEngine(), explanation.query.terms, explanation.hits) == ()


def test_a_trial_shows_the_parts_of_every_hit(engine: Engine) -> None:
    found = tried(engine, QUESTIONS[0], repair=True, shown=3)
    for hit in found.hits:
        own, document = (float(part.label.rpartition("：")[2].rpartition("= ")[2]) for part in hit.parts)
        assert own + document == pytest.approx(hit.score, abs=0.002)
        assert all("×" in line.label for part in hit.parts for line in part.children[:20])
