"""Reading clauses: what counts as held, what stands by what, and what is no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.binding import bound_to
from qa.answering.match import NO_MATCH, Sought
from qa.language.query import Concept, Form
from qa.model import Span
from tests.parts import understander

HOMES = "建成敬老院7个、养老服务中心6个,村级互助点107个"


def _concept(question: str, text: str) -> Concept:
    concepts = understander().understand(question).concepts
    return next(concept for concept in concepts if text in concept.text)


def _at(words: str, text: str) -> Span:
    return Span(words.index(text), words.index(text) + len(text))


def test_a_figure_belongs_to_the_words_beside_it() -> None:
    """Of three counts in a row, the one beside the word asked about is bound the most closely."""
    spots = {figure: [_at(HOMES, figure)] for figure in ("7个", "6个", "107个")}
    claims = {figure: bound_to(HOMES, at, [("养老服务中心", 1.0)], 1.0) for figure, at in spots.items()}
    assert claims["6个"] == 1.0
    assert claims["7个"] < claims["6个"]
    assert claims["107个"] < claims["6个"]


def test_what_is_not_held_is_bound_to_nothing() -> None:
    """A clause without the words asked about, or without a figure, binds nothing."""
    assert bound_to(HOMES, [_at(HOMES, "7个")], [("电梯", 1.0)], 1.0) == 0.0
    assert bound_to(HOMES, [], [("敬老院", 1.0)], 1.0) == 0.0


@given(
    words=st.text(alphabet="电梯部个7、,。老", min_size=1, max_size=40),
    at=st.integers(0, 39),
    weights=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=3),
)
def test_what_is_bound_is_a_share(words: str, at: int, weights: list[float]) -> None:
    """However a clause is made, the share bound lies between nothing and all."""
    start = min(at, len(words) - 1)
    held = list(zip(["电梯", "老", "部"], weights, strict=False))
    total = sum(weight for _, weight in held)
    assert 0.0 <= bound_to(words, [Span(start, start + 1)], held, total) <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("question", "number", "told", "held"),
    [
        ("办够一百五十场没有", "150", "大型就业活动152场", True),
        ("电梯过了三百部没有", "300", "小区累计加装电梯280余部", True),
        ("电梯有280多部吗", "280", "小区累计加装电梯290余部", True),
        ("素养过没过三成五", "35", "居民健康素养水平达34.15%", True),
        ("办够一百五十场没有", "150", "服务群众4.2万余人次", False),
        ("缴了11年够不够", "11年", "缴费年限不到15年", True),
        ("缴了11年够不够", "11年", "2021年开始实施", False),
        ("二十一万多娃娃建档了没有", "21万", "全区21.28万名儿童基础信息", True),
        ("二十一万多娃娃建档了没有", "21万", "全区22.28万名儿童基础信息", False),
        ("一亿八千多万花在哪", "1.8亿", "共计1.85亿元", True),
        ("电梯有280多部吗", "280", "全年加装285部", True),
        ("电梯有280多部吗", "280", "投资285元", False),
    ],
)
def test_a_figure_can_be_held_against_another_of_its_counter(
    question: str, number: str, told: str, held: bool
) -> None:
    """A number asked about is met, less surely, by another figure of the same counter, a year by no date."""
    match = Sought.of(_concept(question, number)).match(told)
    assert (match.span is not None) is held
    assert match.weight < 1.0


@pytest.mark.parametrize(
    ("question", "number", "told"),
    [
        ("是不是花了18500万", "18500万", "共计1.85亿元"),
        ("是不是花了一亿八千五百万", "1.85亿", "共计18500万元"),
        ("岗位有一万一千多个吗", "11000", "就业岗位1.1万余个"),
        ("有11万人就业吗", "11万", "带动11万人就业创业"),
        ("盘活五千八百多万了吗", "5800", "资金5800余万元"),
    ],
)
def test_a_number_is_met_in_every_notation(question: str, number: str, told: str) -> None:
    """Ten thousands, hundred millions and plain digits of one value are one number."""
    assert Sought.of(_concept(question, number)).match(told).weight == 1.0


def test_an_estimate_of_ten_thousands_is_one_concept() -> None:
    """万多 is no word: it belongs to the number, whatever word it is cut into."""
    concepts = understander().understand("二十一万多娃娃建档没有").concepts
    assert [concept.text for concept in concepts][:2] == ["21万", "娃娃"]


def test_latin_words_are_met_as_a_whole_only() -> None:
    """What residents write in Latin letters is no part of a longer word, in the question or in the words."""
    sought = Sought.of(_concept("pap检查在哪做", "pap"))
    assert sought.match("免费做pap一次").form == Form("pap", 1.0)
    for words in ("the newspaper", "paper", "snap pa p"):
        assert sought.match(words) == NO_MATCH
        assert sought.weight(words) == 0.0
    for asked in ("newspaper说的", "papers在哪拿"):
        (told,) = understander().understand(asked, repair=False).concepts[:1]
        assert not any(form.text == "pap" for form in told.forms)
        assert "两癌筛查" not in [form.text for form in told.forms]


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("镇街的未保中心有几个", "镇街", "建成27个镇(街)未保中心"),
        ("村社区有没有人管", "村社区", "区+镇(街)+村(社区)四级"),
        ("哪些区县有", "区县", "各区(县)都设立"),
    ],
)
def test_a_word_is_met_with_its_end_in_brackets(question: str, text: str, told: str) -> None:
    """镇(街) is what residents call 镇街, wherever the brackets stand; the span keeps them."""
    match = Sought.of(_concept(question, text)).match(told)
    assert match.weight == 1.0
    assert match.span is not None
    assert match.span.of(told).replace("(", "").replace(")", "") == text


def test_a_name_in_quotation_marks_is_one_word() -> None:
    """What is quoted in a question is looked for as it stands, whatever words it is made of."""
    concepts = understander().understand("“闪闪卡乐”是哪年办的").concepts
    assert "闪闪卡乐" in [concept.text for concept in concepts]


def test_about_so_many_is_counted_by_its_counter() -> None:
    """多部 behind a number is its counter and says nothing of its own."""
    concepts = understander().understand("电梯有280多部吗").concepts
    assert [concept.text for concept in concepts] == ["电梯", "280"]
    assert concepts[-1].counter == "部"
