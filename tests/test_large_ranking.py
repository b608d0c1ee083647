"""The large engine ranks as the small one: the same scores, order different only where they are equal."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.retrieval.index import DOCUMENT_SHARE
from qa.retrieval.large.inverting import inverted
from qa.retrieval.large.postings import OpenLists, Terms
from qa.retrieval.large.ranking import WINDOW, Segment, Segments
from qa.retrieval.ranker import Bm25Ranker, best

WORDS = ["甲", "乙", "丙丁", "\x02丙丁", "居民医保", "养老保险金", "2024", "窗口办理", "x"]
TERMS = st.sampled_from(WORDS)
UNIT = st.lists(TERMS, max_size=9)
DOCUMENTS = st.lists(st.lists(UNIT, max_size=4), max_size=6)
QUERIES = st.dictionaries(TERMS | st.just("无此词"), st.floats(0.05, 2.0), max_size=6)


def _segment(documents: Sequence[Sequence[Sequence[str]]]) -> Segment:
    units = [unit for document in documents for unit in document]
    made = inverted(units, [_whole(document) for document in documents])
    owners = [number for number, document in enumerate(documents) for _ in document]
    return Segment(
        Terms.held(made),
        OpenLists.held(made.passages),
        OpenLists.held(made.documents),
        np.asarray(owners, np.uint32),
    )


def _whole(document: Sequence[Sequence[str]]) -> list[str]:
    return [term for unit in document for term in unit]


WINDOWS = st.sampled_from([1, 2, 3, 7, 64, WINDOW])


def _parted(
    documents: Sequence[Sequence[Sequence[str]]], cuts: Sequence[int], window: int = WINDOW
) -> Segments:
    """The documents in several segments, which are gone through in windows of so many units."""
    edges = sorted({0, len(documents), *(cut % (len(documents) + 1) for cut in cuts)})
    parts = [documents[start:end] for start, end in pairwise(edges)]
    return Segments([_segment(part) for part in parts], DOCUMENT_SHARE, window)


def _expected(
    documents: Sequence[Sequence[Sequence[str]]], query: dict[str, float], k: int
) -> list[tuple[int, float, float]]:
    """What the small engine gives: passage, score, the document's score."""
    units = [unit for document in documents for unit in document]
    owners = [number for number, document in enumerate(documents) for _ in document]
    own = Bm25Ranker(units).scores(query)
    whole = Bm25Ranker([_whole(document) for document in documents]).scores(query)
    if not len(own):
        return []
    total = own + DOCUMENT_SHARE * whole[owners]
    total[own <= 0] = 0.0
    return [(at, score, float(whole[owners[at]])) for at, score in best(total, k)]


@given(DOCUMENTS, st.lists(st.integers(0, 6), max_size=2), WINDOWS, QUERIES, st.integers(-1, 12))
@settings(deadline=None)
def test_passages_are_ranked_as_the_small_engine_ranks_them(
    documents: list[list[list[str]]], cuts: list[int], window: int, query: dict[str, float], k: int
) -> None:
    """In one segment or in several: the same passages, in the same order, with the same scores to the bit."""
    found = _parted(documents, cuts, window).top(query, k)
    assert [(f.unit, f.score, f.document) for f in found] == _expected(documents, query, k)


@given(DOCUMENTS, st.lists(st.integers(0, 6), max_size=2), WINDOWS, QUERIES, st.integers(0, 12))
@settings(deadline=None)
def test_each_ranker_alone_is_the_small_one(
    documents: list[list[list[str]]], cuts: list[int], window: int, query: dict[str, float], k: int
) -> None:
    """The passages' ranker and the documents' rank, and know terms, as the small engine's do."""
    made = _parted(documents, cuts, window)
    pairs = (
        (made.passages, Bm25Ranker([unit for document in documents for unit in document])),
        (made.documents, Bm25Ranker([_whole(document) for document in documents])),
    )
    for ours, theirs in pairs:
        assert ours.top(query, k) == theirs.top(query, k)
        for term in (*WORDS, "无此词"):
            assert ours.idf(term) == theirs.idf(term)
            assert ours.knows(term) == theirs.knows(term)


@pytest.fixture(scope="module")
def many() -> list[list[list[str]]]:
    """Documents enough for several windows, with terms of every spread, and units that are the same."""
    chance = np.random.default_rng(2026)
    vocabulary = [f"词{number}" for number in range(60)]
    shares = 1.0 / np.arange(1, 61)
    cumulated = np.asarray(list(accumulate(shares))) / shares.sum()
    documents = []
    for _ in range(3000):
        units = []
        for _ in range(int(chance.integers(1, 7))):
            picks = np.searchsorted(cumulated, chance.random(int(chance.integers(1, 30))))
            units.append([vocabulary[pick] for pick in picks])
        documents.append(units)
    return documents + documents[:200]


@pytest.mark.parametrize("window", [200, 4096, WINDOW])
def test_what_is_skipped_could_not_have_been_among_the_best(many: list[list[list[str]]], window: int) -> None:
    """Over many windows, whatever is asked and however many are wanted: the small engine's, to the bit."""
    chance = np.random.default_rng(7)
    made = _parted(many, [900], window)
    units = [unit for document in many for unit in document]
    own, whole = Bm25Ranker(units), Bm25Ranker([_whole(document) for document in many])
    owners = [number for number, document in enumerate(many) for _ in document]
    for _ in range(60):
        picks = chance.choice(60, int(chance.integers(1, 12)), replace=False)
        query = {f"词{pick}": float(chance.choice([0.05, 0.5, 1.0, 2.0])) for pick in picks}
        k = int(chance.choice([1, 3, 12, 48, 500]))
        mine, wholes = own.scores(query), whole.scores(query)
        total = mine + DOCUMENT_SHARE * wholes[owners]
        total[mine <= 0] = 0.0
        found = made.top(query, k)
        assert [(f.unit, f.score) for f in found] == list(best(total, k))
        assert [f.document for f in found] == [wholes[owners[f.unit]] for f in found]
        wanted = chance.random(len(units)) < 0.1
        total[~wanted] = 0.0
        parts = np.split(wanted, [len(made.segments[0].document_of)])
        assert [(f.unit, f.score) for f in made.top(query, k, parts)] == list(best(total, k))
        assert made.top(query, k, [np.zeros_like(part) for part in parts]) == ()


def test_threads_that_ask_at_once_find_what_one_finds(many: list[list[list[str]]]) -> None:
    """Sums that are being made are nobody else's."""
    chance = np.random.default_rng(11)
    made = _parted(many, [900], 4096)
    picks = [chance.choice(60, 8, replace=False) for _ in range(200)]
    queries = [{f"词{pick}": 1.0 for pick in some} for some in picks]
    expected = [made.top(query, 12) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda query: made.top(query, 12), queries)) == expected


def test_counts_beyond_a_byte_are_kept() -> None:
    """A term that stands hundreds of times in a unit counts as often as it stands."""
    documents = [[["甲"] * 700 + ["乙"] * 3, ["甲"] * 254], [["甲"] * 255], [["丙丁"]]]
    for query in ({"甲": 1.0}, {"甲": 1.0, "乙": 0.5, "丙丁": 2.0}):
        found = _parted(documents, [1]).top(query, 9)
        assert [(f.unit, f.score, f.document) for f in found] == _expected(documents, query, 9)


def test_a_negative_weight_is_refused() -> None:
    """Bounds hold for weights that add: another is a mistake of the caller."""
    with pytest.raises(ValueError, match="negative"):
        _parted([[["甲"]]], []).top({"甲": -1.0}, 1)
