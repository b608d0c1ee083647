"""The bench: its numbers on input small enough to work out by hand."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.baseline import Plain, Trial, Unit, fit_threshold, units
from tests.bench.homophones import Homophones, common_words, reading
from tests.bench.metrics import auc, calibration_error, first_rank, mean, quantile, reliability
from tests.bench.report import Halves, Target, halves
from tests.bench.results import (
    Result,
    clean_auc,
    clean_refused,
    first_right,
    median_quoted,
    overall_right,
    reciprocal_rank,
    separation,
)

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def _result(number: int, **facts: object) -> Result:
    known: dict[str, object] = {
        "id": str(number),
        "fit": number % 2 == 0,
        "answerable": True,
        "answered": True,
        "right": True,
        "verdict": "right",
        "score": 0.5,
        "quoted": 10,
    }
    return Result(**{**known, **facts})  # type: ignore[arg-type]


# -- metrics -------------------------------------------------------------------------------------------


def test_auc_counts_pairs_and_half_a_tie() -> None:
    assert auc([0.9, 0.8], [0.1]) == 1.0
    assert auc([0.1], [0.8, 0.9]) == 0.0
    assert auc([0.9, 0.5], [0.5, 0.6]) == pytest.approx((2 + 0.5) / 4)
    assert auc([], [0.5]) is None
    assert auc([0.5], []) is None


@given(SCORES, SCORES)
def test_auc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_means_and_quantiles_of_nothing_are_none() -> None:
    assert mean([]) is None
    assert quantile([], 0.5) is None
    assert mean([1.0, 2.0]) == 1.5
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile(list(map(float, range(1, 101))), 0.99) == 99.0


def test_first_rank_is_one_for_the_first_and_nought_for_none() -> None:
    assert first_rank(["a", "b", "c"], {"b", "c"}) == 2
    assert first_rank(["a"], {"z"}) == 0


def test_calibration_error_weighs_each_bin_by_its_questions() -> None:
    # Two at 0.95, one of them so: a gap of 0.45. Two at 0.25, none so: a gap of 0.25.
    bins = reliability([0.95, 0.95, 0.25, 0.25], [True, False, False, False])
    assert [b.count for b in bins] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 2]
    assert calibration_error(bins) == pytest.approx(0.5 * 0.45 + 0.5 * 0.25)
    assert calibration_error(reliability([], [])) is None


@given(SCORES)
def test_every_confidence_is_in_one_bin(said: list[float]) -> None:
    bins = reliability(said, [True] * len(said))
    assert sum(b.count for b in bins) == len(said)
    assert calibration_error(bins) == pytest.approx(1 - sum(said) / len(said))


# -- results -------------------------------------------------------------------------------------------


def test_measures_over_ranks_leave_the_unanswerable_out() -> None:
    found = [_result(0, rank=1), _result(1, rank=4), _result(2, rank=0), _result(3, answerable=False)]
    assert first_right(found) == pytest.approx(1 / 3)
    assert reciprocal_rank(found) == pytest.approx((1 + 1 / 4) / 3)


def test_measures_over_scores_and_quotes() -> None:
    found = [
        _result(0, score=0.9, quoted=30, clean=(0.2, False)),
        _result(1, score=0.4, quoted=50, clean=(0.6, True)),
        _result(2, answerable=False, answered=False, score=0.5, quoted=0),
    ]
    assert separation(found) == 0.5
    assert clean_auc(found) == 0.75
    assert clean_refused(found) == 0.5
    assert median_quoted(found) == 30


def test_halves_are_the_even_the_odd_and_all() -> None:
    found = [_result(0), _result(1, right=False), _result(2), _result(3)]
    assert halves(found, overall_right) == Halves(1.0, 0.5, 0.75)


def test_a_target_for_both_halves_is_missed_by_either() -> None:
    figure = Halves(fit=0.9, report=0.95, all=0.93)
    assert Target(0.93).met(figure)
    assert not Target(0.93, both=True).met(figure)
    assert Target(0.95, at_most=True, both=True).met(figure)
    assert not Target(0.5).met(Halves(None, None, None))


# -- the plain way -------------------------------------------------------------------------------------


def test_the_plain_way_finds_the_paragraph_with_the_words() -> None:
    plain = Plain([Unit("a", "今天天气很好。"), Unit("b", "养老保险缴费满十五年。"), Unit("c", "路灯坏了。")])
    found = plain.top("养老保险要缴费几年？")
    assert found[0].unit.document == "b"
    assert len(found) == 3


@given(st.text("养老保险。！\n ，", max_size=80), st.integers(3, 30))
def test_units_are_short_enough_and_lose_no_words(text: str, limit: int) -> None:
    cut = [unit.text for unit in units("a", text, limit)]
    assert all(0 < len(part) <= limit for part in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_the_threshold_makes_most_trials_right() -> None:
    trials = [
        Trial(9.0, right_answered=True, right_refused=False),
        Trial(7.0, right_answered=True, right_refused=False),
        Trial(6.0, right_answered=False, right_refused=True),
        Trial(2.0, right_answered=True, right_refused=False),
        Trial(1.0, right_answered=False, right_refused=True),
        Trial(0.5, right_answered=False, right_refused=True),
    ]
    assert fit_threshold(trials) == 2.0
    assert fit_threshold([Trial(9.0, right_answered=False, right_refused=True)]) == float("inf")


@given(st.lists(st.builds(Trial, st.integers(0, 4).map(float), st.booleans(), st.booleans()), max_size=12))
def test_no_other_threshold_makes_more_trials_right(trials: list[Trial]) -> None:
    def right(threshold: float) -> int:
        return sum(t.right_answered if t.score >= threshold else t.right_refused for t in trials)

    fitted = fit_threshold(trials)
    assert right(fitted) == max(map(right, [*(t.score for t in trials), float("inf")]))


# -- homophones ----------------------------------------------------------------------------------------


@cache
def _homophones() -> Homophones:
    return Homophones(common_words())


QUESTIONS = st.lists(st.sampled_from(common_words()), min_size=1, max_size=6).map("".join)


@settings(deadline=None)
@given(QUESTIONS, st.integers(1, 9))
def test_a_swap_keeps_the_toneless_pinyin_and_the_length(question: str, most: int) -> None:
    swaps = _homophones().swaps(question, most)
    assert len(swaps) <= most
    for swap in swaps:
        assert question[swap.start : swap.end] == swap.before != swap.after
        assert reading(swap.before) == reading(swap.after)
    assert len(_homophones().swapped(question, most)) == len(question)


def test_the_same_question_gets_the_same_swaps() -> None:
    question = "公司的时间和地址是什么？"
    assert _homophones().swaps(question, 2)
    assert _homophones().swaps(question, 2) == Homophones(common_words()).swaps(question, 2)


def test_a_traditional_question_gets_traditional_swaps() -> None:
    swaps = Homophones(["语言", "预演", "预言"]).swaps("梵語是什麼語言？", 1)
    assert [swap.before for swap in swaps] == ["語言"]
    assert swaps[0].after in ("預演", "預言")
