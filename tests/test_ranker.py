"""BM25 as it is written down: the same scores as its formula, never negative, ties explicit."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.ranker import K1, B, Bm25Ranker, Ranker, best

TERMS = st.sampled_from("甲乙丙丁戊")
DOCUMENTS = st.lists(st.lists(TERMS, max_size=8), max_size=7)
QUERIES = st.dictionaries(TERMS | st.just("无"), st.floats(0.05, 2.0), max_size=5)


def _formula(documents: Sequence[Sequence[str]], query: dict[str, float], at: int) -> float:
    """The score of one document, straight from the formula in the module's docstring."""
    average = sum(map(len, documents)) / len(documents)
    score = 0.0
    for term, weight in query.items():
        holding = sum(term in document for document in documents)
        if not holding:
            continue
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        count = documents[at].count(term)
        length = 1 - B + B * len(documents[at]) / average
        score += weight * idf * count * (K1 + 1) / (count + K1 * length)
    return score


@given(DOCUMENTS, QUERIES)
def test_scores_are_the_formulas(documents: list[list[str]], query: dict[str, float]) -> None:
    """Every unit has the score that the formula gives it, and none is negative."""
    scores = Bm25Ranker(documents).scores(query)
    assert len(scores) == len(documents)
    for at, score in enumerate(scores):
        assert score == pytest.approx(_formula(documents, query, at))
        assert score >= 0


@given(DOCUMENTS, QUERIES, st.integers(-1, 9))
def test_the_best_are_the_highest_scores_in_order(
    documents: list[list[str]], query: dict[str, float], k: int
) -> None:
    """The best are those with the highest positive scores, best first, ties by position."""
    ranker = Bm25Ranker(documents)
    scores = ranker.scores(query)
    ordered = sorted((at for at in range(len(documents)) if scores[at] > 0), key=lambda at: (-scores[at], at))
    assert ranker.top(query, k) == tuple((at, scores[at]) for at in ordered[: max(k, 0)])


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(0, 14))
def test_ties_go_to_the_earlier(scores: list[int], k: int) -> None:
    """Among equal scores the lower position wins, also where the list is cut."""
    found = best(np.asarray(scores, dtype=np.float64), k)
    ordered = sorted((at for at, score in enumerate(scores) if score), key=lambda at: (-scores[at], at))
    assert [at for at, _ in found] == ordered[:k]


@given(DOCUMENTS)
def test_idf_falls_as_a_term_spreads_and_stays_above_zero(documents: list[list[str]]) -> None:
    """A term in fewer documents tells more, an unknown one most, one in all still something."""
    ranker: Ranker = Bm25Ranker(documents)
    holding = {term: sum(term in document for document in documents) for term in "甲乙丙丁戊无"}
    by_spread = sorted(holding, key=lambda term: holding[term])
    values = [ranker.idf(term) for term in by_spread]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0


@given(DOCUMENTS, QUERIES)
def test_what_is_kept_ranks_the_same(documents: list[list[str]], query: dict[str, float]) -> None:
    """A ranker restored from its postings gives the same scores to the last bit."""
    ranker = Bm25Ranker(documents)
    again = Bm25Ranker.restored(ranker.postings())
    assert again.scores(query).tolist() == ranker.scores(query).tolist()
    assert [again.idf(term) for term in "甲无"] == [ranker.idf(term) for term in "甲无"]
    assert set(again.terms()) == set(ranker.terms())


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_nothing_indexed_finds_nothing(documents: list[list[str]]) -> None:
    """An empty corpus, or one of empty documents, scores nothing and complains of nothing."""
    ranker = Bm25Ranker(documents)
    assert ranker.top({"甲": 1.0}, 5) == ()
    assert ranker.scores({"甲": 1.0}).tolist() == [0.0] * len(documents)
    assert not list(ranker.terms())
    assert ranker.idf("甲") > 0


def test_unknown_terms_and_large_k() -> None:
    """A term nobody has adds nothing, and asking for more than there is gives what there is."""
    ranker = Bm25Ranker([["甲"], ["甲", "乙"], ["丙"]])
    assert ranker.top({"无": 1.0}, 3) == ()
    assert ranker.top({}, 3) == ()
    assert ranker.top({"甲": 1.0, "无": 2.0}, 100) == ranker.top({"甲": 1.0}, 2)
    assert (ranker.knows("甲"), ranker.knows("无")) == (True, False)


def test_a_term_in_every_document_still_counts() -> None:
    """Where plain BM25Okapi's idf is negative, this one is not."""
    assert Bm25Ranker([["甲"], ["甲"]]).scores({"甲": 1.0}).min() > 0
