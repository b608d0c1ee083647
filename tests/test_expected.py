"""Whether a clause holds what is asked for: lists named one by one, and figures in the unit asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.expected import Expected, Expecting, names_members
from qa.answering.view import ClauseView
from qa.language.expect import facets
from qa.model import Span
from tests.parts import lexicon, script


def _expected(asked: str, told: str) -> Expected:
    folded, words = script().fold(asked), script().fold(told)
    whole = Span(0, len(words))
    clause = ClauseView(words, whole, (whole,))
    (facet,) = facets(folded, lexicon())
    return Expecting(lexicon()).words(folded, facet, clause, (), (), 1.0, strict=True)


@pytest.mark.parametrize(
    ("told", "wanted", "named"),
    [
        ("创建国家卫生乡镇、市级卫生乡镇8个;", 8, False),
        ("龙水、万古、三驱等8个乡镇", 8, True),
        ("“联动招聘”“资源共享”“品牌培育”3项机制", 3, True),
        ("建立3项机制;", 3, False),
        ("红—高风险;橙—中风险;蓝—低风险;绿—正常", 4, True),
        ("一是优化服务,二是加强协同,三是打造品牌", 3, True),
        ("互联网、商贸、金融、房地产和工业制造", 5, True),
        ("体系与流程", 2, True),
        ("对数个中心改造;", 2, False),
        ("突出稳进增效、改革突破,开展“送岗位”、招聘月、农民工日等活动,推动“十大行动”落地", 10, False),
    ],
)
def test_members_are_named_one_by_one(told: str, wanted: int, named: bool) -> None:
    """A list of about as many members as are asked for names them; their number alone does not."""
    assert names_members(told, wanted) is named


@given(st.text("和、;一是龙水万古等8个“”,", max_size=30), st.integers(2, 30))
def test_whoever_asks_for_fewer_is_answered_by_as_much(told: str, wanted: int) -> None:
    """What names so many members names fewer, too."""
    if wanted > 3 and names_members(told, wanted):
        assert names_members(told, wanted - 1)


@pytest.mark.parametrize(
    ("asked", "told", "missed"),
    [
        ("办了几场招聘会", "举办招聘会17期", False),
        ("办了几场招聘会", "招聘会服务3万余人", True),
        ("有多少张床位", "养护院25个", True),
        ("有多少张床位", "设床位300张", False),
        ("一共有几户", "11家物业企业成立党支部", True),
        ("有几家企业", "1133家企业免申即享", False),
        ("建了几个站", "建成服务站7处", False),
        ("招了多少", "招聘20人", False),
        ("八个乡镇分别是哪几个", "创建卫生乡镇8个", True),
        ("护士多还是医生多", "各类医务人员1200余人", True),
        ("护士多还是医生多", "护士人数多于医生", False),
        ("要带什么材料", "可到街道申请", True),
        ("要带什么材料", "凭身份证和户口本申请", False),
        ("怎么报名", "全年举办讲座17场", True),
        ("怎么报名", "可在公众号报名", False),
        ("第三针收不收钱", "可到各镇街接种", True),
        ("第三针收不收钱", "接种免费", False),
        ("在哪个窗口办", "均可自愿参加", True),
        ("网址是什么", "提供岗位1万余个", True),
        ("排到第几", "参加全国第二届成果展", True),
        ("排到第几", "增速居全市第三", False),
        ("要等几个月", "2024年推进审批67部", True),
        ("要等几个月", "3个月内办结", False),
        ("办了多久", "从2017年至2021年", False),
        ("为什么要办", "全年办了17场", False),
    ],
)
def test_what_must_be_there_is_missed(asked: str, told: str, missed: bool) -> None:
    """Figures in another unit, lists without members and talk of other things are no answer."""
    assert _expected(asked, told).missed is missed


@pytest.mark.parametrize(
    ("asked", "told"), [("敬老院改了几所", "敬老院7个"), ("建了几间辅导室", "110个辅导室")]
)
def test_what_has_a_counter_of_its_own_is_counted_by_the_general_one_too(asked: str, told: str) -> None:
    """Whoever asks 几所 is answered by 7个, but whoever asks 几亩 is not."""
    assert _expected(asked, told).unit == 1.0
    assert _expected("占地几亩", told) == Expected(0.0, 0.0, 0.0, 0.0, True)
