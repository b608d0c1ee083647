"""Numbers and years in every notation."""

from __future__ import annotations

import pytest
from cn2an import an2cn, cn2an
from hypothesis import given
from hypothesis import strategies as st

from qa.language.numerals import amount_at, amounts, arabic, numbers, spoken, years

COUNTERS = "家处个人名件项年岁元部"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("二〇二一年", "2021年"),
        ("二零二一年六月三十日", "2021年6月30日"),
        ("零九年", "09年"),
        ("九八年", "98年"),
        ("二一年", "21年"),
        ("三百零九处", "309处"),
        ("百分之七十五", "75%"),
        ("百分之一点五", "1.5%"),
        ("百分之75", "75%"),
        ("过没过三成五", "过没过35%"),
        ("七成以上的人", "70%以上的人"),
        ("三分之二的邻居", "三分之二的邻居"),
        ("一成不变", "一成不变"),
        ("七成都办成了", "70%都办成了"),
        ("三成都市人", "3成都市人"),
        ("拿了八成功劳", "拿了8成功劳"),
        ("一千一百三十三家", "1133家"),
        ("一万二千二百四十四人", "12244人"),
        ("一万零五人", "10005人"),
        ("三千万元", "3000万元"),
        ("三百五元", "350元"),
        ("两千三百人", "2300人"),
        ("两年", "2年"),
        ("十五年", "15年"),
        ("五个", "5个"),
        ("一点五倍", "1.5倍"),
        ("十五到二十年", "15到20年"),
        ("六十的人,是五十五还是六十", "60的人,是55还是60"),
        ("刚满四十,缴了十年", "刚满40,缴了10年"),
        ("借二十三万够不够", "借23万够不够"),
        ("二十多岁", "20多岁"),
        ("一亿八千多万", "1.8亿多"),
        ("两亿六千五百万元", "2.65亿元"),
        ("1亿8千万", "1.8亿"),
        ("1亿8500万", "1.85亿"),
        ("一亿二千万元", "1.2亿元"),
        ("一亿零五百万", "1.05亿"),
        ("一亿多", "1亿多"),
        ("8千万元", "8000万元"),
        ("二十一万多娃娃", "21万多娃娃"),
        ("三百来万", "300来万"),
        ("八十几万人次", "80多万人次"),
        ("十几万", "10多万"),
        ("十多亿", "10多亿"),
        ("一万一千多个", "11000多个"),
        ("千分之五", "5‰"),
        ("千分之一点五", "1.5‰"),
    ],
)
def test_numerals_before_a_counter_become_digits(written: str, read: str) -> None:
    """A numeral that a counter or unit follows is brought to Arabic digits."""
    assert arabic(written)[0] == read


@pytest.mark.parametrize(
    "written",
    [
        "第三针",
        "第十五条",
        "一个",
        "两边",
        "四色服务",
        "一老一小",
        "统一",
        "一万三人",
        "一亿二三千万元",
        "四五十万",
        "5800余万元",
        "好几万",
        "第一亿三千万",
        "两三个月",
        "七八年",
        "二三十人",
        "十七八岁",
        "三四百个",
        "万亿元",
        "三万亿元",
        "亿万个",
        "点个",
        "十分满意",
        "十字路口",
        "千万小心",
        "三八妇女",
        "二十几岁",
        "",
    ],
)
def test_what_is_no_plain_number_stays(written: str) -> None:
    """Ordinals, names, guesses and mixed notations are left as they were written."""
    assert arabic(written) == (written, ())


@pytest.mark.parametrize("number", range(100))
def test_small_numbers_are_spoken_as_they_are_written(number: int) -> None:
    """As cn2an writes them, which takes a fifth of a second to import."""
    assert spoken(number) == an2cn(number)


@given(st.integers(1, 99_999), st.sampled_from(COUNTERS))
def test_any_number_before_a_counter_keeps_its_value(number: int, counter: str) -> None:
    """Read back, what a numeral becomes is the number that was written."""
    read, changes = arabic(an2cn(number) + counter)
    assert read.endswith(counter)
    assert cn2an(read.removesuffix(counter), "smart") == number
    assert changes in ((), ((an2cn(number), read.removesuffix(counter)),))


@given(st.integers(1, 9_999), st.integers(1000, 9_999))
def test_hundred_millions_and_ten_thousands_are_one_number(high: int, low: int) -> None:
    """However it is written, the value is the same, and so are the notations it may be found in."""
    spoken_, half, digits = f"{an2cn(high)}亿{an2cn(low)}万", f"{high}亿{low}万", f"{high * 10000 + low}万"
    read = [amount_at(arabic(written)[0], 0) for written in (spoken_, half, digits)]
    assert {found.least for found in read if found} == {(high * 10000 + low) * 10000}
    assert len({found.notations() for found in read if found}) == 1


@pytest.mark.parametrize(
    ("said", "told", "may_be"),
    [
        ("21万多", "21.28万", True),
        ("21万多", "22万", False),
        ("1.8亿多", "1.85亿", True),
        ("1.8亿多", "1.9亿", False),
        ("18500万", "1.85亿", True),
        ("1.1万余", "11000", True),
        ("11000多", "1.15万", True),
        ("300来万", "350万", True),
        ("10多万", "9万", False),
        ("280多", "285", True),
        ("280", "285", False),
    ],
)
def test_an_estimate_is_at_least_that_and_less_than_the_next_step(said: str, told: str, may_be: bool) -> None:
    """An estimate may be said of what lies up to the next step, another number of its equal alone."""
    (one,), (other,) = amounts(said), amounts(told)
    assert one.covers(other.least) is may_be


def test_an_amount_ends_where_its_unit_does() -> None:
    """万 and 亿 belong to a number, and what makes it an estimate stands behind or inside."""
    (one,) = amounts("建了21万多个")
    assert (one.span.of("建了21万多个"), one.end) == ("21万", 6)
    assert [a.below for a in amounts("5800余万元和973万元")] == [59_000_000, None]
    assert amount_at("建了21万多个", 0) is None


@given(st.integers(2, 9_999).filter(lambda n: n not in (10, 100, 1000)), st.sampled_from(COUNTERS))
def test_numbers_below_ten_thousand_are_written_out(number: int, counter: str) -> None:
    """Every number of at most four digits is brought to digits alone, a lone 二 or 两 included."""
    assert arabic(an2cn(number) + counter)[0] == f"{number}{counter}"


@given(st.text("零〇一二两三四五六七八九十百千万亿点第年个家%百分之1 ", max_size=12) | st.text(max_size=40))
def test_any_text_is_read_without_complaint(text: str) -> None:
    """Whatever is written, nothing fails, and each change listed was made."""
    read, changes = arabic(text)
    assert (read == text) == (not changes)
    for before, after in changes:
        assert before in text or "%" in before
        assert after in read


def test_changes_are_listed_in_order() -> None:
    """Each numeral that was changed is named with what it became."""
    assert arabic("三百零九处和六个")[1] == (("三百零九", "309"), ("六", "6"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年的事", (2021,)),
        ("2021和2024年", (2021, 2024)),
        ("09年参保", (2009,)),
        ("98年参保", (1998,)),
        ("缴费15年", ()),
        ("缴了21年", ()),
        ("21年以上", ()),
        ("21年底", (2021,)),
        ("从23年起", (2023,)),
        ("1200余人", ()),
        ("跑够2000回没有", ()),
        ("2021元", ()),
        ("2000年以前", (2000,)),
        ("2021养老", (2021,)),
        ("15.2021", ()),
        ("", ()),
    ],
)
def test_years_are_told_from_durations(text: str, found: tuple[int, ...]) -> None:
    """Four digits are a year when they can be; two only where a duration is not meant."""
    assert years(text) == found


def test_numbers_in_order() -> None:
    """Every number written is found, decimals whole."""
    assert numbers("68件，2.16万人次，75%") == ("68", "2.16", "75")
