"""Which questions mean the same: by words, synonyms and dialect; not where they ask for something else."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.meaning import SAME, Idea, Meaning, group, likeness, meaning_of
from tests.parts import transcripts, understander

SECONDS = 20.0
"""What grouping ten thousand may take; it takes about two on an idle machine."""


def _meaning(question: str) -> Meaning:
    return meaning_of(understander().understand(question))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("创业担保贷款个人额度提高到多少？", "创业担保贷个人额度涨到好多"),
        ("创业担保贷款个人额度提高到多少？", "創業擔保貸款個人額度提高到多少"),
        ("民政局局长是谁？", "民政局局长叫啥名字"),
        ("社保卡丢了怎么办", "我的社保卡掉了"),
        ("社保卡丢了怎么办", "请问社保卡丢了啷个办？"),
        ("以个人身份参加养老保险，缴费不满15年怎么办？", "个人身份参加养老保险，缴费不足15年咋办"),
    ],
)
def test_other_words_for_the_same_thing_mean_the_same(one: str, other: str) -> None:
    assert likeness(_meaning(one), _meaning(other)) >= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("民政局局长是谁？", "2015年的民政局局长是谁？"),
        ("民政局局长是谁？", "民政局局长电话多少"),
        ("大足的民政局局长是谁？", "荣昌的民政局局长是谁？"),
        ("社保卡丢了怎么办", "社保卡余额怎么查"),
        ("老旧小区加装了多少部电梯？", "老旧小区加装电梯要多少钱？"),
        ("公园几点关门", "养老保险缴多少钱"),
    ],
)
def test_another_year_place_or_thing_asked_for_means_something_else(one: str, other: str) -> None:
    assert likeness(_meaning(one), _meaning(other)) < SAME


IDEAS = st.builds(
    Idea, st.frozensets(st.sampled_from("甲乙丙丁戊己"), min_size=1, max_size=3), st.floats(0.1, 1)
)
MEANINGS = st.builds(
    lambda ideas, kind: Meaning(
        tuple(ideas), frozenset({kind}), frozenset(), frozenset(), sum(idea.weight for idea in ideas)
    ),
    st.lists(IDEAS, max_size=4),
    st.sampled_from(["any", "count", "method"]),
)


@given(MEANINGS, MEANINGS)
def test_likeness_is_a_share(one: Meaning, other: Meaning) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0 + 1e-9
    if one.ideas and len({idea.forms for idea in one.ideas}) == len(one.ideas) == 1:
        assert likeness(one, one) == pytest.approx(1.0)


@settings(max_examples=200)
@given(st.lists(st.tuples(MEANINGS, st.sampled_from([None, "a", "b"])), max_size=12))
def test_each_joins_the_earlier_first_one_it_is_most_like(pairs: list[tuple[Meaning, str | None]]) -> None:
    """The short cuts leave nothing out: looking at every one finds the same."""
    found = group([meaning for meaning, _ in pairs], [quote for _, quote in pairs])
    assert all(found[leader] == leader <= at for at, leader in enumerate(found))
    for at, (meaning, _) in enumerate(pairs):
        leaders = [number for number in range(at) if found[number] == number]
        most = max((likeness(meaning, pairs[number][0]) for number in leaders), default=0.0)
        if most >= SAME:
            assert likeness(meaning, pairs[found[at]][0]) == most


def test_ones_answered_with_the_same_words_are_one_group_if_they_are_alike_at_all() -> None:
    asked = ["创业担保贷款个人额度提高到多少？", "创业贷款一个人借得到好多", "公园门票好多钱"]
    meanings = [_meaning(question) for question in asked]
    assert group(meanings, [None] * 3) == [0, 1, 2]
    assert group(meanings, ["t:3"] * 3) == [0, 0, 2]


def test_ten_thousand_are_grouped_in_bounded_time_the_same_way_every_time() -> None:
    words = sorted({c.text for t in transcripts() for c in understander().concepts(t.text[:3000])})
    chance = random.Random(7)
    ideas = {word: Idea(frozenset({word}), 0.2 + 0.8 * chance.random()) for word in words}
    meanings = []
    for _ in range(10_000):
        held = tuple(ideas[word] for word in chance.sample(words, chance.randint(1, 5)))
        kind = frozenset({chance.choice(["any", "count", "method", "place"])})
        meanings.append(Meaning(held, kind, frozenset(), frozenset(), sum(i.weight for i in held)))
    begun = time.monotonic()
    found = group(meanings, [None] * len(meanings))
    assert time.monotonic() - begun < SECONDS
    assert found[:2000] == group(meanings[:2000], [None] * 2000)
    assert max(Counter(found).values()) > 1
