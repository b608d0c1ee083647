"""Quoting where an answer runs over several clauses of a written document."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.allowance import WIDE, allowance
from qa.answering.running import Choice, running_on, stretch
from qa.language.expect import facets
from qa.model import Source, SourceUnit, Span, Speech, Transcript, Turn, TurnKind
from qa.text import clauses
from tests.parts import lexicon, transcripts

MEASURES = "一、稳岗。对不裁员的企业返还失业保险费；对困难企业缓缴社保费。二、贷款。贷款到期可以展期。"
KINDS = ("method", "condition", "any", "list", "what")


def _choices(text: str) -> list[Choice]:
    turn = Turn(Span(0, len(text)), TurnKind.STATEMENT, Speech.NARRATION)
    transcript = Transcript("t", "t", text, (turn,), Source("t.txt", "0" * 64, SourceUnit.CODEPOINT, ()))
    return [Choice(transcript, turn, span) for span in clauses(text)]


def _words(choices: list[Choice]) -> str:
    return "".join(choice.span.of(choice.transcript.text) for choice in choices)


def test_what_follows_a_likely_clause_is_quoted_with_it() -> None:
    """A heading that repeats the question is followed by the measures that stand under it."""
    found = _choices(MEASURES)
    shares = list(zip(found, [1.0, 0.3, 0.3, 0.01, 0.01], strict=False))
    assert _words(stretch(shares, "method")).startswith(
        "一、稳岗。对不裁员的企业返还失业保险费；对困难企业缓缴社保费。"
    )


def test_a_figure_or_a_name_is_quoted_alone() -> None:
    """What one clause answers has no stretch."""
    shares = [(choice, 1.0) for choice in _choices(MEASURES)]
    assert not any(stretch(shares, kind) for kind in ("money", "person", "name", "count", "place"))


@given(
    st.text(alphabet="甲乙丙丁，。；\n", min_size=1, max_size=900),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30),
    st.sampled_from(KINDS),
)
def test_a_stretch_is_whole_clauses_one_after_another(text: str, likely: list[float], kind: str) -> None:
    """It begins with a clause that was likely, leaves none out, and is no longer than its kind allows."""
    every = _choices(text)
    found = sorted(zip(every, likely, strict=False), key=lambda one: -one[1])
    run = stretch(found, kind)
    spans = [choice.span for choice in run]
    assert all(choice in every for choice in run)
    assert all(not text[before.end : after.start].strip() for before, after in pairwise(spans))
    assert not run or run[0] in [choice for choice, _ in found]
    assert len(run) < 2 or spans[-1].end - spans[0].start <= 240


@given(st.text(alphabet="甲乙。；\n", min_size=1, max_size=60), st.lists(st.floats(0.01, 1.0), min_size=1))
def test_running_on_takes_nothing_from_any_clause(text: str, likely: list[float]) -> None:
    """A clause's share never falls, and the clauses come best first."""
    found = list(zip(_choices(text), likely, strict=False))
    spread = running_on(found)
    after = {choice.span: share for choice, share in spread}
    assert all(after[choice.span] >= share for choice, share in found)
    assert [share for _, share in spread] == sorted(after.values(), reverse=True)


@pytest.mark.parametrize(
    ("asked", "wide"), [("市里出台了哪些措施", True), ("有什么规定", True), ("这个公园叫什么名字", False)]
)
def test_measures_may_be_quoted_at_length(asked: str, wide: bool) -> None:
    """A short document's measures and rules take more words than a name that it tells."""
    document = _choices(MEASURES)[0].transcript
    assert (allowance(facets(asked, lexicon())[0], document).chars == WIDE) is wide


def test_a_briefing_is_quoted_as_before_whatever_is_asked() -> None:
    """What people say comes to the point: nouns for measures change nothing there."""
    measures = facets("这个方案叫什么名字", lexicon())[0]
    plain = replace(measures, measures=False)
    spoken, document = transcripts()[0], _choices(MEASURES)[0].transcript
    assert measures.measures
    assert allowance(measures, spoken) == allowance(plain, spoken)
    assert allowance(measures, document) != allowance(plain, document)
