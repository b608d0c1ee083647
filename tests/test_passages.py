"""Passages: whole sentences of one turn, within the limit, and nothing lost."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.model import (
    Passage,
    Source,
    SourceRun,
    SourceUnit,
    Span,
    Speech,
    Transcript,
    Turn,
    TurnKind,
)
from qa.retrieval.passages import passages
from qa.text import clauses, sentences, squash
from tests.parts import transcripts


def _transcript(*turns: str) -> Transcript:
    """A transcript of statements, one after another."""
    text, spans = "", []
    for words in turns:
        spans.append(Span(len(text), len(text) + len(words)))
        text += words
    return Transcript(
        id="made/1",
        title="",
        text=text,
        turns=tuple(Turn(span, TurnKind.STATEMENT, Speech.DIRECT) for span in spans),
        source=Source(
            "made.txt",
            hashlib.sha256(text.encode()).hexdigest(),
            SourceUnit.CODEPOINT,
            (SourceRun(0, len(text), 0),) if text else (),
        ),
    )


def _cut(limit: int, *turns: str) -> list[str]:
    return [passage.text for passage in passages(_transcript(*turns), limit)]


def _check(transcript: Transcript, limit: int) -> None:
    made = list(passages(transcript, limit))
    assert all(0 < len(passage.span) <= limit for passage in made)
    assert all(passage.turn.span.contains(passage.span) for passage in made)
    assert all(before.span.end <= after.span.start for before, after in pairwise(made))
    for turn in transcript.turns:
        own = "".join(passage.text for passage in made if passage.turn == turn)
        assert squash(own) == squash(turn.span.of(transcript.text))
    for passage in made:
        _check_whole(passage, limit)


def _check_whole(passage: Passage, limit: int) -> None:
    """A passage starts and ends where sentences do, unless the sentence alone is over the limit."""
    text = passage.transcript.text
    whole = list(sentences(text, passage.turn.span))
    touched = [sentence for sentence in whole if sentence.overlaps(passage.span)]
    for sentence in touched:
        assert passage.span.contains(sentence) or len(sentence) > limit
        assert len(touched) == 1 or all(
            passage.span.contains(other) or len(other) > limit for other in touched
        )


@given(
    st.lists(st.text("甲乙，。；！\n ”1", max_size=50) | st.text(max_size=30), max_size=4), st.integers(1, 25)
)
@example(["甲" * 60], 20)
@example(["甲乙。" * 20], 7)
def test_passages_are_whole_sentences_of_one_turn(turns: list[str], limit: int) -> None:
    """Within the limit, in reading order, covering every turn; only a longer sentence is cut."""
    _check(_transcript(*turns), limit)


@pytest.mark.parametrize("limit", [50, 120, 300, 2000])
def test_passages_of_the_briefings(limit: int) -> None:
    """The founding briefings are cut by the same rules at every limit an operator may set."""
    for transcript in transcripts():
        _check(transcript, limit)


def test_as_many_sentences_as_fit_stand_together() -> None:
    """Sentences are joined while they fit, and turns never are."""
    assert _cut(8, "甲甲。乙乙。丙丙丙丙。", "丁。") == ["甲甲。乙乙。", "丙丙丙丙。", "丁。"]
    assert _cut(100, "甲甲。\n乙乙。") == ["甲甲。\n乙乙。"]


def test_a_long_sentence_is_cut_at_the_best_place_there_is() -> None:
    """At clauses; where a clause is too long, at phrases; where there are none, anywhere."""
    assert _cut(6, "甲甲甲甲；乙乙乙，乙乙乙。") == ["甲甲甲甲；", "乙乙乙，", "乙乙乙。"]
    assert _cut(4, "甲甲甲甲甲甲。") == ["甲甲甲甲", "甲甲。"]


def test_clauses_of_a_long_sentence_stay_whole_where_they_fit() -> None:
    """No clause of the briefings that fits the limit is cut in two."""
    for transcript in transcripts():
        made = [passage.span for passage in passages(transcript, 120)]
        for turn in transcript.turns:
            for clause in clauses(transcript.text, turn.span):
                if len(clause) <= 120:
                    assert sum(span.overlaps(clause) for span in made) == 1


def test_blank_text_has_no_passages() -> None:
    """An empty turn, or one of white space, is no passage."""
    assert _cut(10, "", " \n\u3000") == []


@pytest.mark.parametrize("limit", [0, -1])
def test_the_limit_is_positive(limit: int) -> None:
    """A limit below one cannot be kept."""
    with pytest.raises(ValueError, match="positive"):
        list(passages(_transcript("甲。"), limit))
