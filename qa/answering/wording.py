"""The engine's words to citizens: notices and refusals, in one place."""

from __future__ import annotations

from qa.model import Basis, BriefingDate, Precision

__all__ = [
    "DECLINED",
    "as_of",
    "briefing_day",
    "date_inferred",
    "figures_differ",
    "outlook_past",
    "personal_data",
]

DECLINED = {
    "abuse": "本站只查发布会实录。有民生方面的事想问，请直接写下来。",
    "instruction": "本站只摘引发布会原文，不写文章，也不按指令改变回答方式。",
    "private": "本站查不到个人账户和私人信息。请带上证件到经办窗口查询，或拨打 12345。",
}
"""Why a question is declined, by the kinds of ``refusals.yaml``."""
DECLINED_OTHERWISE = "这个问题不在本站回答的范围内。"
"""The same for a kind the staff have added."""

figures_differ = "不同场次的发布会说法不一样，请看清各是哪一场、哪一年说的，以日期最近的为准。"
"""Said where briefings of different dates give different figures for one thing."""
personal_data = "您的问题里像是有身份证号、电话或银行卡号，已经遮住，没有保存。"


def briefing_day(date: BriefingDate) -> str:
    """A briefing's date in words: 2021年, 2021年8月, 2021年8月18日, or 日期不详."""
    if date.value is None or date.precision is None:
        return "日期不详"
    parts = [int(part) for part in date.value.split("-")]
    words = f"{parts[0]}年"
    if date.precision is not Precision.YEAR:
        words += f"{parts[1]}月"
    if date.precision is Precision.DAY:
        words += f"{parts[2]}日"
    return words


def as_of(date: BriefingDate) -> str:
    """Says as of when an answer holds."""
    return f"截至该场发布会（{briefing_day(date)}）的说法，之后可能有变化。"


def date_inferred(date: BriefingDate) -> str:
    """Says that a date was inferred, and from which words."""
    return f"原文没有写明日期，{briefing_day(date)}是根据“{date.source_words}”推定的。"


def outlook_past(year: int) -> str:
    """Says that what was announced for ``year`` lies in the past by now."""
    return f"这是当时对{year}年的预计，现在的情况请拨打 12345 核实。"


def is_inferred(date: BriefingDate) -> bool:
    """Whether a date was inferred rather than stated."""
    return date.basis is Basis.INFERRED
