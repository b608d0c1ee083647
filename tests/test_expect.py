"""What a question expects: the kind of answer, and where the question words stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.expect import facets
from tests.parts import lexicon, script


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("民政局局长是谁", "person"),
        ("卫健委主任叫什么名字", "person"),
        ("石朝勇担任什么职务", "position"),
        ("办事窗口电话号码是多少", "phone"),
        ("结案率是百分之多少", "rate"),
        ("增速高了几个百分点", "rate"),
        ("上午几点开门", "time"),
        ("周几可以打疫苗", "time"),
        ("贷款额度是多少", "money"),
        ("一个月能领多少钱", "money"),
        ("要满多少岁", "age"),
        ("打完多久可以打加强针", "duration"),
        ("什么时候全覆盖", "time"),
        ("哪一年开始创文", "time"),
        ("在哪里打疫苗", "place"),
        ("建了多少个养老服务中心", "count"),
        ("为什么要创建文明城区", "reason"),
        ("四色服务是什么意思", "definition"),
        ("打加强针要满足什么条件", "condition"),
        ("缴费不满15年怎么办", "method"),
        ("有哪些就业服务活动", "list"),
        ("灵活就业人员可以参保吗", "yesno"),
        ("能不能一次性缴费", "yesno"),
        ("养老服务", "any"),
        ("什么人可以参保", "condition"),
        ("什么人能领", "condition"),
        ("免费培训名额", "count"),
        ("孤儿个数", "count"),
        ("接种人次", "count"),
    ],
)
def test_what_is_asked_for(asked: str, kind: str) -> None:
    """The question word says what kind of answer is expected."""
    assert [facet.kind for facet in facets(script().fold(asked), lexicon())] == [kind]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("贷款额度多少，利率多少？", ["money", "rate"]),
        ("局长是谁？电话是多少？", ["person", "phone"]),
        ("我今年五十，断缴了三年，还能补缴吗？要补多少钱？", ["money"]),
        ("我今年五十，断缴了三年，怎么办", ["method"]),
    ],
)
def test_each_thing_asked_is_a_facet(asked: str, kinds: list[str]) -> None:
    """Pieces with a question word are facets; circumstances are none, and belong to what follows."""
    found = facets(script().fold(asked), lexicon())
    assert [facet.kind for facet in found if facet.kind != "yesno"] == kinds


def test_the_unit_asked_for_is_kept() -> None:
    """多少 and 几 name the counter of the figure that is expected."""
    (facet,) = facets("加装了多少部电梯", lexicon())
    assert facet.unit is not None
    assert facet.unit.startswith("部")


def test_a_particle_is_no_unit() -> None:
    """百分之多少了 asks for no 了, and 几点 for no number of points."""
    for asked in ("任务完成到百分之多少了", "几点上班"):
        (facet,) = facets(asked, lexicon())
        assert facet.unit is None


ASKED = st.lists(
    st.sampled_from(["多少", "谁", "怎么", "吗", "什么", "几个", "养老", "，", "。", "、", " ", "?", "局长"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    "told", ["我2016年到的退休年龄", "我爸瘫了好几年了", "药费花了十几万", "那几年到处跑", "交了二十几年"]
)
def test_an_estimate_asks_nothing(told: str) -> None:
    """好几年 and 十几万 tell about how many; only 几年 asks. Who reached an age asks for none."""
    assert [facet.kind for facet in facets(script().fold(f"{told}，能不能报销"), lexicon())] == ["yesno"]


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ("那8个乡镇分别是哪几个", 8),
        ("是哪三项机制", 3),
        ("四级体系还靠哪两样", 2),
        ("另外10家叫什么", 10),
        ("都是哪几个社区的", 2),
        ("办了多少场", 0),
    ],
)
def test_how_many_are_asked_for_one_by_one(asked: str, members: int) -> None:
    """As many as the question says; two where it does not, none where nothing is asked for by name."""
    assert [facet.members for facet in facets(script().fold(asked), lexicon())] == [members]


@settings(deadline=None)
@given(ASKED | st.text(max_size=60))
def test_facets_lie_in_order_inside_the_text(text: str) -> None:
    """Whatever is asked, there is a facet; spans lie in the text, in order, around their question words."""
    folded = script().fold(text)
    found = facets(folded, lexicon())
    kinds = {expectation.kind for expectation in lexicon().expectations} | {"any"}
    assert found
    assert [facet.span for facet in found] == sorted(facet.span for facet in found)
    for facet in found:
        assert facet.kind in kinds
        assert facet.span.end <= len(folded)
        assert facet.ask is None or facet.span.contains(facet.ask)
        assert (facet.ask is None) == (facet.kind == "any")


@pytest.mark.parametrize(
    ("asked", "kind", "name"),
    [
        ("人社局开在哪条街", "place", "street"),
        ("住建委地址", "place", "street"),
        ("服务中心设在哪所学校", "place", "school"),
        ("孕前检查在哪家医院约", "place", "hospital"),
        ("下一场招聘会在哪个广场", "place", "venue"),
        ("到哪里打加强针", "place", "place"),
        ("哪个街道先改", "place", "place"),
        ("下一场哪天办", "time", "day"),
        ("几点上班", "time", "clock"),
        ("哪一年建成", "time", "year"),
        ("什么时候建成", "time", "time"),
        ("跟谁一起办的", "name", "partner"),
        ("局长是谁", "person", "person"),
        ("有没有24小时的电话", "yesno", "yesno"),
        ("一天最多能给几万人打针", "count", "count"),
        ("那8个乡镇分别是哪几个", "list", "members"),
        ("十大行动名单", "list", "members"),
        ("申请要带什么材料", "method", "papers"),
        ("家庭医生怎么签约", "method", "way"),
        ("打针收不收钱", "yesno", "fee"),
        ("护士多还是医生多", "yesno", "comparison"),
        ("在几号窗口办", "place", "window"),
        ("报名网址是什么", "name", "website"),
        ("现任局长", "person", "person"),
        ("两癌检查给谁做", "condition", "whom"),
        ("救助金谁能领", "condition", "whom"),
        ("夭折率千分之几", "rate", "rate"),
        ("石雕师傅 牌子", "name", "name"),
    ],
)
def test_what_is_asked_for_more_closely(asked: str, kind: str, name: str) -> None:
    """Whoever asks for a street, a day or a school is not answered by a town, a year or a bureau."""
    (facet,) = facets(script().fold(asked), lexicon())
    assert (facet.kind, facet.expects) == (kind, name)


@pytest.mark.parametrize(
    ("name", "told", "is_there"),
    [
        ("street", "办公地点在棠香街道五星大道88号", True),
        ("street", "龙滩子街道组建了社区物业服务中心", False),
        ("school", "设在重庆文理学院", True),
        ("school", "率先在区内高校建立大学生就业服务中心", False),
        ("hospital", "可到区人民医院预约", True),
        ("hospital", "大力推动‘智慧医院’和‘互联网医院’建设", False),
        ("day", "3月18日在市民广场举行", True),
        ("day", "2023年举办152场", False),
        ("clock", "上午9:00到12:00", True),
        ("clock", "完成率为101.5%", False),
    ],
)
def test_what_answers_what_is_asked_for_more_closely(name: str, told: str, is_there: bool) -> None:
    """A named street, school or hospital, a day or an hour must be there; what only sounds so is none."""
    (expectation,) = [one for one in lexicon().expectations if one.name == name]
    assert expectation.evidence is not None
    assert (expectation.evidence.search(script().fold(told)) is not None) is is_there


@pytest.mark.parametrize(
    ("asked", "expects"),
    [
        ("是谁下到基层去帮居民签的", "partner"),
        ("谁去帮居民签约", "partner"),
        ("谁来负责检查", "partner"),
        ("谁负责上门签约", "partner"),
        ("谁管民政局", "person"),
        ("谁来担任局长", "person"),
        ("跟谁合作", "partner"),
        ("天蓝心理请的是什么人", "partner"),
        ("讲座请什么人来讲", "partner"),
        ("家里来的是些什么人", "partner"),
        ("民政局局长是谁", "person"),
        ("谁来当局长", "person"),
        ("谁说的", "person"),
    ],
)
def test_who_does_something_may_be_an_office(asked: str, expects: str) -> None:
    """Who goes or helps may be a group or an office; who holds one, or is in charge, is a person."""
    assert [facet.expects for facet in facets(script().fold(asked), lexicon())] == [expects]
