"""When a briefing was held: dates in every spelling, and the dates that are not the briefing's."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Basis, Precision
from qa.transcripts.dates import EARLIEST, found_date
from qa.transcripts.plain import read_plain
from qa.transcripts.titles import found_title
from qa.transcripts.turns import sections

TODAY = date(2026, 11, 22)
BODY = "\n各位来宾，大家上午好。今天介绍有关情况。\n"


def _found(
    text: str, title: str | None = None, name: str | None = None
) -> tuple[str | None, str, str | None]:
    found = found_date(text, title, name, TODAY)
    return found.value, found.basis.value, found.source_words


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月18日甲县新闻发布会" + BODY,
        "甲县新闻发布会（2024-03-18）" + BODY,
        "甲县发布会\n发布时间：2024-03-18 10:30" + BODY,
        "甲县发布会\n时间：2024年3月18日上午9:30" + BODY,
        "甲县发布会\n2024-03-18 09:30:00 来源：甲县融媒体中心" + BODY,
        "甲县发布会\n2024年3月18日 星期一" + BODY,
        "甲县发布会\n二〇二四年三月十八日" + BODY,
        "甲县发布会" + BODY + "2024年３月18日",
        "民國113年3月18日 乙縣記者會" + BODY,
        "中華民國一百一十三年三月十八日乙縣記者會" + BODY,
        "甲县发布会\n2024年3月18日上午，甲县人民政府新闻办公室举行新闻发布会。" + BODY,
        "甲县发布会\n发布时间：2024-03-20\n会议时间：2024年3月18日" + BODY,
    ],
)
def test_a_date_that_is_stated(text: str) -> None:
    """A title, a byline, a label or a sentence about the meeting states the day, in any spelling."""
    assert _found(text) == ("2024-03-18", "stated", None)


@pytest.mark.parametrize(
    ("text", "name", "value", "words"),
    [
        ("甲县发布会\n3月18日，甲县召开新闻发布会。\n发布时间：2024-03-19", None, "2024-03-18", "3月18日"),
        ("甲县发布会\n12月30日，甲县召开新闻发布会。\n发布时间：2025-01-02", None, "2024-12-30", "12月30日"),
        ("甲县发布会\n今(18)日，局长王小明来到现场。\n发布时间：2024-03-19", None, "2024-03-18", "今(18)日"),
        ("甲县发布会" + BODY, "2024-03-18 甲县发布会.txt", "2024-03-18", "2024-03-18"),
        ("甲县发布会" + BODY, "20240318甲县发布会.txt", "2024-03-18", "20240318"),
        ("甲县发布会" + BODY, "甲县发布会_2024_3_18.docx", "2024-03-18", "2024_3_18"),
        ("甲县发布会" + BODY, "甲县2024年发布会.txt", "2024", "2024年"),
        ("甲县发布会\nhttps://example.org/202403/t20240318_1.html" + BODY, None, "2024-03-18", "20240318"),
    ],
)
def test_a_date_that_is_inferred(text: str, name: str | None, value: str, words: str) -> None:
    """A day without its year, a file's name, an address: inferred, with the words it rests on."""
    assert _found(text, name=name) == (value, "inferred", words)


@pytest.mark.parametrize(
    "text",
    [
        "甲县发布会"
        + BODY
        + "《条例》自2019年1月1日起施行，以前的办法同时废止。\n请大家遵照执行。\n谢谢大家。\n再见。\n完",
        "甲县发布会\n生效日期：2024年3月18日" + BODY,
        "甲县发布会\n办理时间：2024年1月1日至12月31日" + BODY,
        "甲县发布会\n时间：2024年1月1日至12月31日" + BODY,
        "甲县发布会\n1937年7月7日，这里召开座谈会。" + BODY,
        "甲县发布会\n3月18日，甲县召开新闻发布会。" + BODY,
        "甲县发布会\n2024年2月30日" + BODY,
        "甲县发布会\n2031年5月1日" + BODY,
        "甲县《办法》（2024年1月1日起施行）发布会" + BODY,
        "",
    ],
)
def test_dates_that_are_not_the_briefings(text: str) -> None:
    """Dates of rules, of history, of no calendar and of the future are passed over."""
    assert found_date(text, today=TODAY).basis is Basis.UNKNOWN


def test_a_month_is_a_month() -> None:
    """A title with a month gives the month, and a span of months gives none."""
    found = found_date("甲县2024年3月新闻发布会" + BODY, today=TODAY)
    assert (found.value, found.precision, found.basis) == ("2024-03", Precision.MONTH, Basis.STATED)
    assert found_date("甲县2024年1-6月经济运行发布会", today=TODAY).value == "2024"


_DAYS = st.dates(EARLIEST, TODAY)
_FORMS = st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}"])
_BITS = st.one_of(
    st.text(max_size=20),
    st.builds(lambda form, day: form.format(day), _FORMS, st.dates(date(1000, 1, 1))),
    st.sampled_from(
        ["发布时间：", "时间：", "今(31)日", "举行新闻发布会", "\n", "。", "民國", "年月日", "13月40日"]
    ),
)


@given(day=_DAYS, form=_FORMS)
def test_a_day_in_a_title_is_found(day: date, form: str) -> None:
    """Any day since 1949 comes back from a title."""
    assert found_date(f"{form.format(day)} 甲县新闻发布会", today=TODAY).value == day.isoformat()


@given(text=st.lists(_BITS, max_size=12).map("".join), name=st.lists(_BITS, max_size=4).map("".join))
def test_any_text_has_a_believable_date_or_none(text: str, name: str) -> None:
    """Never before 1949, never after today; an inferred date names words that are there."""
    found = found_date(text, None, name, TODAY)
    assert (found.value is None) == (found.basis is Basis.UNKNOWN)
    if found.value is not None:
        assert EARLIEST.isoformat()[: len(found.value)] <= found.value <= TODAY.isoformat()
    assert (found.basis is Basis.INFERRED) == (found.source_words is not None)
    assert found.source_words is None or found.source_words in text or found.source_words in name


@pytest.mark.parametrize(
    ("text", "name", "title", "basis"),
    [
        ("甲县新闻发布会\n\n记者：食堂什么时候开？\n答：下月开。", "a.txt", "甲县新闻发布会", Basis.STATED),
        ("# 甲县发布会\n\n大家好。", "a.md", "甲县发布会", Basis.STATED),
        ("记者：食堂什么时候开？\n答：下月开。", "甲县答记者问.txt", "甲县答记者问", Basis.INFERRED),
        ("大家好，今天开会。", "source.txt", "大家好，今天开会。", Basis.INFERRED),
    ],
)
def test_a_title(text: str, name: str, title: str, basis: Basis) -> None:
    """The first heading, else the name of the file, else how the text begins."""
    reading = read_plain(text.encode(), name)
    assert found_title(reading, name, sections(reading)) == (title, basis)


def test_a_date_the_file_says_beside_its_text() -> None:
    """It counts like a byline: a day of a meeting told without its year lies near it."""
    held = "甲县发布会\n3月18日，甲县召开新闻发布会。"
    assert found_date(held, today=TODAY, published="2024-03-19").value == "2024-03-18"
    assert found_date("甲县发布会" + BODY, today=TODAY, published="2024-03-19").value == "2024-03-19"
