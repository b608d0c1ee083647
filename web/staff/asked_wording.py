"""What the pages of residents' questions say."""

from __future__ import annotations

from datetime import date

from qa.model import Status
from web.records.model import NoteKind
from web.staff.wording import STATUSES

ASKED = "居民提问"
ASKED_INTRO = (
    "意思相同的问法归在一组：改过错别字、方言和同义说法之后，要紧的词大致相同、问的是同一种事"
    "（谁、多少、哪里……）、同一年、同一个地方，就算同一个问题。没答上的排在前面，号码等个人信息已隐去。"
)
ASKED_COLUMNS = ("问题", "其他问法", "次数", "没直接回答", "上一时段", "没帮到", "最近一次")
SPAN, OUTCOME = "时间", "结果"
SHOWN = {
    "unanswered": "没答上和只给相关内容的",
    "all": "全部",
    **{status.value: name for status, name in STATUSES.items()},
}
ASKED_NONE = "这段时间没有符合条件的提问。可以换长一点的时间，或把结果改成“全部”再看。"
ASKED_LEFT = "还有 {count} 种问法没来得及归组，先各列一行。刷新本页会接着归组。"
ASKED_MOST = "问法太多，只归了最常问的 {most} 种。可以换短一点的时间。"
OTHER_WORDINGS = "还有 {count} 种问法"
TREND = {True: "每天的提问", False: "每周的提问"}
TREND_ANSWERED = "答了"
TREND_OTHERS = "没有直接回答"
TREND_TABLE = {True: "每天的数字", False: "每周的数字"}
TREND_WHEN = {True: "日期", False: "一周（起止）"}
NOW = "现在问"
NOW_IN_FORCE = "正在使用的版本这样答："
GROUP_BACK = "← 回居民提问"
GROUP_WORDINGS = "这一组的问法"
GROUP_NUMBERS = (
    "{count} 次，其中 {unanswered} 次没有直接回答；上一时段 {earlier} 次；{unhelpful} 次说没帮到。"
)
GROUP_GONE = (
    "没有这组问题",
    "这段时间里没有人再这样问，或者换了版本以后归到了别的组。请回“居民提问”重新查看。",
)
TO_BRIEFING = "记为需要发布会"
TO_FAQ = "记为问题集草稿"
TO_TRY = "试一试，看来由"
NOTED = {NoteKind.NEEDS_BRIEFING: "已记：需要发布会", NoteKind.FAQ_DRAFT: "已记：草稿"}
OUTCOMES = "结果"


def last_days(days: int) -> str:
    """A time span."""
    return f"最近 {days} 天" if days < 60 else f"最近 {days // 7} 周"


def span(first: date, last: date) -> str:
    """A day, or from one to another."""
    return f"{first}" if first == last else f"{first} 至 {last:%m-%d}"


def change(count: int, earlier: int) -> str:
    """How often now, compared with as many days before."""
    if not earlier:
        return "新出现"
    return "持平" if count == earlier else f"{count - earlier:+d}"


def outcomes(counts: dict[Status, int]) -> str:
    """How often which outcome."""
    return "，".join(f"{STATUSES[status]} {count}" for status, count in counts.items())
