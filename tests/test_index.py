"""The index: passages found by their own words and by what stands around them, never by that alone quoted."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.model import Transcript
from qa.retrieval.index import build_index, passage_terms
from qa.retrieval.passages import passages
from qa.retrieval.terms import BIGRAM, bigrams, terms
from tests.parts import index, script, segmenter, transcripts
from tests.test_passages import _transcript


def _named(id: str, title: str, text: str) -> Transcript:
    return dataclasses.replace(_transcript(text), id=id, title=title)


def _weights(text: str) -> dict[str, float]:
    return dict.fromkeys(terms(script().fold(text), segmenter()), 1.0)


# --- terms -------------------------------------------------------------------------------------------


@given(st.text(max_size=60) | st.text("养老保险，。 ab1", max_size=40))
def test_terms_are_of_the_text(text: str) -> None:
    """Every term stands in the text, bigrams under their prefix, and none is punctuation."""
    folded = script().fold(text)
    for term in terms(folded, segmenter()):
        assert term.removeprefix(BIGRAM) in folded
        assert any(c.isalnum() for c in term)


def test_bigrams_are_pairs_of_ideographs() -> None:
    """Letters, digits and stops part bigrams."""
    assert list(bigrams("养老a险，金额")) == [BIGRAM + "养老", BIGRAM + "金额"]


def test_long_words_are_also_found_by_the_words_inside() -> None:
    """Search mode adds the shorter words of a long one, under none but their own name."""
    found = set(terms("创业担保贷款", segmenter()))
    assert {"创业担保贷款", "创业", "担保", "贷款", BIGRAM + "担保"} <= found


# --- the index ---------------------------------------------------------------------------------------


def test_every_passage_of_every_transcript_is_indexed() -> None:
    """Passages stand in reading order, each beside the number of its transcript."""
    made = [passage for transcript in transcripts() for passage in passages(transcript)]
    assert list(index().passages) == made
    assert [index().transcripts[at] for at in index().document_of] == [p.transcript for p in made]


def test_a_passage_is_found_by_what_stands_around_it() -> None:
    """The question it replies to, its heading, speaker and title count; its own words all do."""
    for passage in index().passages:
        found = set(passage_terms(passage, script(), segmenter()))
        around = [passage.text, passage.transcript.title]
        if passage.turn.speaker is not None:
            around.append(passage.turn.speaker.name)
        question = passage.transcript.question_of(passage.turn)
        if question is not None:
            around.append(question.span.of(passage.transcript.text))
        for text in around:
            assert set(_weights(text)) <= found


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(index().words())), min_size=1, max_size=5), st.integers(1, 12))
def test_hits_are_the_best_passages_in_order(words: list[str], k: int) -> None:
    """At most k hits, distinct, best first, all above zero, and fewer are the beginning of more."""
    query = dict.fromkeys(words, 1.0)
    hits = index().top(query, k)
    assert 0 < len(hits) <= k
    assert all(before.score >= after.score for before, after in pairwise(hits))
    assert len({(hit.passage.transcript.id, hit.passage.span) for hit in hits}) == len(hits)
    assert hits[-1].score > 0
    assert index().top(query, k + 3)[: len(hits)] == hits


def test_the_passage_of_the_right_document_wins() -> None:
    """Among equal passages, the one whose document says more of what is asked is better."""
    right = _named("right", "", "养老金怎么领。" + "办事指南。" * 60 + "社保卡和身份证都要带。")
    wrong = _named("wrong", "", "养老金怎么领。" + "办事指南。" * 60 + "天气和交通都很好呀。")
    made = build_index((wrong, right), script(), segmenter(), 60)
    assert made.top(_weights("养老金 社保卡"), 1)[0].passage.transcript.id == "right"
    assert [hit.passage.transcript.id for hit in made.top(_weights("养老金"), 2)] == ["wrong", "right"]


def test_a_document_is_found_by_its_title() -> None:
    """Words that only the title has lead to the document's passages."""
    made = build_index(
        (_named("a", "关于电梯的通知", "请各单位执行。"), _named("b", "关于道路的通知", "请各单位执行。")),
        script(),
        segmenter(),
    )
    (hit,) = made.top(_weights("电梯"), 5)
    assert (hit.passage.transcript.id, hit.passage.text) == ("a", "请各单位执行。")


def test_both_scripts_are_found_by_either() -> None:
    """A passage in traditional characters is found in simplified ones, and keeps its own text."""
    made = build_index((_named("t", "", "申請養老保險。"),), script(), segmenter())
    (hit,) = made.top(_weights("养老保险"), 5)
    assert hit.passage.text == "申請養老保險。"
    assert made.has_pair("养老")
    assert not made.has_pair("老养")


@pytest.mark.parametrize("held", [(), (_named("blank", "", " "),)])
def test_an_empty_corpus_finds_nothing(held: tuple[Transcript, ...]) -> None:
    """Without passages there are no hits and no words."""
    made = build_index(held, script(), segmenter())
    assert made.top({"养老": 1.0}, 3) == ()
    assert not list(made.words())
