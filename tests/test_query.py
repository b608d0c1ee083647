"""Understanding questions: concepts, terms, follow-ups; any text at all, within bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.language.query import Query, Understander
from qa.retrieval.terms import terms
from tests.parts import index, lexicon, repairer, script, segmenter, transcripts, understander

LONG = 10_000
SECONDS = 10.0
"""What understanding ten thousand characters may take; it takes less than one on an idle machine."""

UNITS = [
    "养",
    "abc ",
    "一二三",
    "\U00020000",
    "yanglao",
    "电梯加装老旧小区",
    "申清",
    "請問",
    "0",
    " ",
    "\n",
    "{{",
    "，",
]
REPEATED = st.builds(
    lambda unit, size: (unit * (size // len(unit) + 1))[:size],
    st.sampled_from(UNITS) | st.text(min_size=1, max_size=30),
    st.integers(0, LONG),
)
FRAGMENTS = st.lists(
    st.sampled_from([transcripts()[0].text[at : at + 13] for at in range(0, 2000, 31)])
    | st.sampled_from(
        ["怎么办", "好多", "2021年", "九八年", "民政局", "大足", "人社局局长是谁", "？", "，", "APP"]
    )
    | st.text(max_size=5),
    max_size=6,
).map("".join)


def test_last_year_is_a_year_where_it_is_known_what_year_it_is() -> None:
    """去年 and the like are told from the present year, where there is one, and only where they are words."""
    known = segmenter()
    told = Understander(
        lexicon(), known, repairer(), index().ranker.idf, lambda text: terms(text, known), 2024
    )
    assert told.understand("去年和前年比多了多少").years == (2023, 2022)
    assert told.understand("我今年四十九，能不能参保").years == ()
    assert told.understand("目前年满16岁可以参保吗").years == ()
    assert understander().understand("去年和今年比多了多少").years == ()


def _check(query: Query) -> None:
    for concept in query.concepts:
        assert concept.span.of(query.text) == concept.text
        assert concept.forms[0].text == concept.text
        assert concept.forms[0].weight == 1.0
        assert all(0 < form.weight <= 1 for form in concept.forms)
        assert len({form.text for form in concept.forms}) == len(concept.forms)
        assert 0 < concept.importance <= 1
        assert concept.kind in {"word", "office", "place", "number", "year"}
    spans = [concept.span for concept in query.concepts]
    assert all(not one.overlaps(other) for one in spans for other in spans if one is not other)
    assert query.facets
    assert all(0 < weight <= 2 for weight in query.terms.values())
    assert all(idf > 0 for idf in query.term_idf.values())
    assert all(pair in query.text for pair in query.pairs)


# --- any text ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(FRAGMENTS | st.text(max_size=300), st.booleans())
@example("²面积３٣㎡", True)
@example("1.2.3%", True)
def test_any_question_is_understood(text: str, repair: bool) -> None:
    """Concepts are slices of the text read, in order; weights and importance are in range."""
    query = understander().understand(text, (), repair)
    assert query.asked == text
    assert query.follows is None
    _check(query)
    if not repair:
        assert (query.text, query.repairs) == (script().fold(text), ())


@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(REPEATED, st.booleans())
@example("养" * LONG, True)
@example("电梯加装老旧小区" * 1250, True)
@example("x" * LONG, True)
@example("yanglaobaoxian" * 714, True)
@example("不" * LONG, True)
def test_long_text_is_understood_in_bounded_time(text: str, repair: bool) -> None:
    """Ten thousand characters of anything are understood in seconds, not minutes."""
    began = time.process_time()
    query = understander().understand(text, (), repair)
    assert time.process_time() - began < SECONDS
    assert query.facets


@settings(deadline=None, max_examples=40)
@given(FRAGMENTS, FRAGMENTS)
def test_follow_ups_keep_their_offsets(earlier: str, asked: str) -> None:
    """Words taken over from an earlier question are slices of the text read, too."""
    query = understander().understand(asked, (earlier,))
    _check(query)
    assert query.follows in (None, earlier)


# --- concepts ----------------------------------------------------------------------------------------


def _forms(asked: str) -> dict[str, set[str]]:
    query = understander().understand(asked)
    return {concept.text: {form.text for form in concept.forms} for concept in query.concepts}


def test_a_residents_words_carry_the_officials() -> None:
    """Synonyms, pointers, offices' and places' other names are forms of the resident's own word."""
    assert "加强免疫" in _forms("打加强针")["加强针"]
    assert {"人社局", "人力社保局"} <= _forms("人社局在哪")["人社局"]
    assert "大足区" in _forms("大足的政策")["大足"]
    for said in ("低保户", "买社保"):
        assert set(lexicon().pointers.get(said, ())) <= {
            form for forms in _forms(said).values() for form in forms
        }


def test_kinds_of_concepts() -> None:
    """Offices, places, years and numbers are told from other words."""
    kinds = {c.text: c.kind for c in understander().understand("2021年大足民政局新增11个中心").concepts}
    assert kinds["民政局"] == "office"
    assert kinds["大足"] == "place"
    assert kinds["2021"] == "year"
    assert kinds["11"] == "number"


def test_question_words_and_courtesies_are_no_concepts() -> None:
    """What is asked for, and what says nothing, is not what is asked about."""
    said = set(_forms("请问一下，电梯是在哪里装的呢？谢谢"))
    assert "电梯" in said
    assert not said & {"请问", "哪里", "谢谢", "的", "呢", "？", "，"}


def test_the_residents_word_weighs_more_than_another_form() -> None:
    """Terms of another form count, but less than the words that were typed."""
    terms = understander().understand("打加强针").terms
    assert terms["加强针"] == 1.0
    assert 0 < terms["加强免疫"] < 1.0


def test_rare_words_are_more_important_than_common_ones() -> None:
    """A telling word outweighs one that any question may hold."""
    weight = {c.text: c.importance for c in understander().understand("灭活疫苗的工作").concepts}
    assert weight["灭活"] > weight["工作"] if "灭活" in weight else weight["灭活疫苗"] > weight["工作"]


def test_years_named_are_years_asked_for() -> None:
    """A year in any notation is the year asked about; a duration is none."""
    assert understander().understand("二〇二一年的局长").years == (2021,)
    assert understander().understand("缴费15年").years == ()


# --- repairs -----------------------------------------------------------------------------------------


def test_repairs_are_those_of_the_repairer() -> None:
    """What was changed is listed as the repairer says, and undone on request."""
    asked = "啷個申清養老保險"
    query = understander().understand(asked)
    assert (query.text, query.repairs) == repairer().repair(asked)
    assert query.text == "怎么申请养老保险"
    plain = understander().understand(asked, (), repair=False)
    assert plain.text == "啷个申清养老保险"
    assert plain.repairs == ()


# --- follow-ups --------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["那2021年呢？", "那民政局呢", "电话呢？"])
def test_a_question_that_cannot_stand_alone_follows_the_last(asked: str) -> None:
    """It takes over the words of the last earlier question, weighing less than its own."""
    history = ("老旧小区改造怎么样了", "人社局局长是谁")
    query = understander().understand(asked, history)
    assert query.follows == history[-1]
    said = {concept.text for concept in query.concepts}
    assert "局长" in said
    assert not any("小区" in word for word in said)


@pytest.mark.parametrize("asked", ["创业担保贷款个人额度是多少？", "老旧小区改造有哪些举措"])
def test_a_question_that_stands_alone_follows_nothing(asked: str) -> None:
    """Earlier questions change nothing about a question that says what it is about."""
    query = understander().understand(asked, ("人社局局长是谁",))
    assert query == understander().understand(asked)


@pytest.mark.parametrize(
    ("earlier", "asked", "taken"),
    [
        ("打加强针要满足什么条件？", "那要多久？", "加强针"),
        ("打加强针要满足什么条件？", "那边要带什么材料", "加强针"),
        ("以个人身份参加养老保险要什么条件", "我爱人呢？", "养老保险"),
        ("创业担保贷款怎么申请", "利率是多少？", "创业担保贷款"),
        ("创业担保贷款怎么申请", "要是外地户口呢", "创业担保贷款"),
        ("困境儿童心理健康服务有哪些", "去哪里办？", "心理"),
        ("养老保险缴费不满15年怎么办", "那一次性缴清可以不", "养老保险"),
        ("老旧小区加装了多少部电梯", "那里有停车位吗", "电梯"),
    ],
)
def test_what_a_question_lacks_comes_from_the_one_before(earlier: str, asked: str, taken: str) -> None:
    """A question that names no subject of its own is read with the subject of the one before."""
    query = understander().understand(asked, ("民政局局长是谁", earlier))
    assert query.follows == earlier
    assert any(taken in concept.text for concept in query.concepts)
    _check(query)


@pytest.mark.parametrize(
    "asked",
    [
        "民政局局长是谁？",
        "卫健委书记是谁",
        "四色服务是什么",
        "充电桩装了几个",
        "如果缴费不满15年怎么办？",
        "那老旧小区改造怎么样了？",
        "建了多少停车位呢？",
        "今天天气怎么样",
        "如何创业",
        "大足有多少人",
        "谢谢",
    ],
)
def test_a_question_with_a_subject_takes_nothing(asked: str) -> None:
    """What says its subject, or asks nothing at all, is read the same whatever was asked before."""
    query = understander().understand(asked, ("打加强针要满足什么条件？",))
    assert query == understander().understand(asked)


def test_an_office_or_a_year_of_ones_own_stands_in_place_of_the_one_before() -> None:
    """Another office asked for the same way: its own name counts, and what was asked is asked again."""
    query = understander().understand("那民政局2021年呢？", ("2024年人社局局长是谁",))
    assert [c.text for c in query.concepts if c.kind == "office"] == ["民政局"]
    assert query.years == (2021,)
    assert "人社局" not in query.text
    assert [facet.kind for facet in query.facets] == ["person"]


def test_question_words_of_ones_own_stand_in_place_of_those_before() -> None:
    """How long is asked, no longer under what conditions."""
    query = understander().understand("那要多久？", ("打加强针要满足什么条件？",))
    assert [facet.kind for facet in query.facets] == ["duration"]
    assert "条件" not in query.text
    assert query.said == "那要多久?"


@pytest.mark.parametrize("earlier", ["谢谢", "？", "那要多久"])
def test_a_question_before_that_has_nothing_to_give_is_not_followed(earlier: str) -> None:
    """Where no word is taken over, none is said to be."""
    query = understander().understand("要多长时间", (earlier,))
    assert query.follows is None
    assert query.text == "要多长时间"


def test_no_form_of_a_part_weighs_as_much_as_the_word_itself() -> None:
    """Another form of the telling part of a long word is still another form."""
    for said in ("两癌筛查", "民政局局长", "公积金贷款"):
        for concept in understander().understand(said).concepts:
            assert all(0 < form.weight < 1 for form in concept.forms[1:])


def test_without_history_nothing_is_followed() -> None:
    """A leaning question without earlier ones is read as it stands."""
    query = understander().understand("那民政局呢")
    assert query.follows is None
    assert index().top(query.terms, 3)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("小伙子，电梯怎么装", ["电梯", "装"]),
        ("领导您好：电梯怎么装", ["电梯", "装"]),
        ("师傅 电梯怎么装", ["电梯", "装"]),
        ("小伙子的电梯", ["小伙子", "电梯"]),
        ("电梯，小伙子怎么装", ["电梯", "小伙子", "装"]),
        ("小伙子，", ["小伙子"]),
    ],
)
def test_whoever_is_addressed_is_not_what_is_asked(asked: str, left: list[str]) -> None:
    """Words of address at the head and before a stop are left out, where anything else is said."""
    assert [concept.text for concept in understander().understand(asked).concepts] == left


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("请再说一遍，电梯怎么装", ["电梯", "装"]),
        ("帮我看一下电梯怎么装", ["电梯", "装"]),
        ("听邻居说可以一次性补缴", ["一次性补"]),
        ("帮我看病", ["帮", "看病"]),
        ("我看到病房改造了", ["病房", "改造"]),
    ],
)
def test_phrases_that_say_nothing_are_no_concepts(asked: str, left: list[str]) -> None:
    """A stopword of several words is left out as a whole, never with a part of a longer word."""
    assert [concept.text for concept in understander().understand(asked).concepts] == left


def test_no_phrase_that_says_nothing_holds_a_word_that_means_something() -> None:
    """No stopword of three characters or more has a word of the lexicon inside, but who told (听老师说)."""
    keys, stopwords = understander()._keys, lexicon().stopwords
    held = {
        phrase[at:end]
        for phrase in stopwords
        if len(phrase) > 2
        for at in range(len(phrase))
        for end in range(at + 2, len(phrase) + 1)
        if phrase[at:end] in keys and phrase[at:end] not in stopwords
    }
    assert held <= {"老乡", "老师", "网上", "回答", "解释", "弄不清", "搞不清"}


def test_what_a_name_leaves_of_a_word_is_read_too() -> None:
    """Where 老小区 ends inside the word 小区改造, 改造 is asked about all the same."""
    concepts = understander().understand("老小区改造花了多少钱").concepts
    assert [concept.text for concept in concepts] == ["老小区", "改造"]


def test_a_number_is_no_part_of_a_longer_one() -> None:
    """The emergency number 110 is not in 11000."""
    assert "110" in [concept.text for concept in understander().understand("打110有用吗").concepts]
    assert "110" not in [concept.text for concept in understander().understand("岗位有11000个吗").concepts]
