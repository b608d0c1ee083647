"""What residents tell of themselves before they ask, and what that does to their question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.times import times_of
from qa.answering.view import Views
from qa.language.circumstances import circumstances
from qa.language.expect import facets
from qa.retrieval.passages import passages
from tests.parts import lexicon, script, transcripts, understander


def _told(asked: str) -> list[str]:
    text = script().fold(asked)
    return [piece.of(text) for piece in circumstances(text, facets(text, lexicon()), lexicon())]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("我在广东打了二十年工，现在能不能参加职工养老？", ["我在广东打了二十年工,"]),
        ("我妈六十了，我爸走得早，能领多少钱？", ["我妈六十了,", "我爸走得早,"]),
        ("邻居说龙水要改，哪一年改完？", ["邻居说龙水要改,"]),
        ("我在外头打工，房租贵得很。现在能借多少？", ["我在外头打工,", "房租贵得很。"]),
        ("我们区去年搞了活动，办了多少场？", []),
        ("龙水的老小区，哪一年改完？", []),
        ("我能不能一次性缴费？", []),
        ("我爸的养老金", []),
    ],
)
def test_pieces_that_ask_nothing_and_speak_of_the_asker_are_circumstances(
    asked: str, told: list[str]
) -> None:
    """A piece that tells the asker's own case is one; what asks, and what speaks of the district, is not."""
    assert _told(asked) == told


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["我", "爸", "多少", "吗", "，", "。", "我们区", "养老"]), max_size=12).map(
        "".join
    )
)
def test_circumstances_ask_nothing(text: str) -> None:
    """Whatever is asked, no piece both asks and tells the asker's case."""
    found = facets(text, lexicon())
    for piece in circumstances(text, found, lexicon()):
        assert not any(facet.ask is not None and piece.overlaps(facet.ask) for facet in found)


def test_a_place_of_the_askers_life_is_not_what_is_asked_about() -> None:
    """Whoever worked in 广东 asks of no place in 广东; whoever asks about 广东 does."""
    lived = understander().understand("我在广东打了二十年工，现在能不能参加职工养老？").concepts
    asked = understander().understand("广东的职工养老能不能转过来？").concepts
    assert [c.lived for c in lived if c.text == "广东"] == [True]
    assert [c.lived for c in asked if c.text == "广东"] == [False]


def test_a_year_of_the_askers_life_is_not_the_year_asked_about() -> None:
    """我2016年退的休 chooses the branch of a rule, and rules out no words of another year."""
    (briefing,) = [one for one in transcripts() if one.date.year == 2024]
    clauses = Views(script()).passage(next(passages(briefing))).clauses
    lived = understander().understand("我2016年退的休，现在去哪里体检？")
    named = understander().understand("2016年去哪里体检？")
    assert (lived.years, lived.named) == ((2016,), ())
    assert (named.years, named.named) == ((2016,), (2016,))
    assert not any(times["year_conflict"] for times in times_of(lived, briefing, clauses))
    assert all(times["year_conflict"] for times in times_of(named, briefing, clauses))
