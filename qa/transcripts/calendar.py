"""Dates as Chinese texts write them: 2024年3月18日, 2024-03-18, 二〇二四年三月十八日, 民國113年2月29日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.model import Precision
from qa.text import fold

__all__ = ["DATE", "MONTH_DAY", "Written", "month_days", "written"]

_DIGITS = {
    c: str(n)
    for n, row in enumerate(("零〇○", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for c in row
}
_HAN = "零〇○一二三四五六七八九十廿卅元正"
_MINGUO = 1911  # year 1 of the republic is 1912

_YEAR = (
    rf"(?:(?:中[华華])?民[国國]\s?(?P<minguo>\d{{2,3}}|[{_HAN}百]{{2,6}})"
    rf"|(?P<year>(?:19|20)\d\d|[一二][{_HAN}]{{3}}))"
)
_MONTH = rf"(?P<month>\d{{1,2}}|[{_HAN}]{{1,3}})"
_DAY = rf"(?P<day>\d{{1,2}}|[{_HAN}]{{1,3}})"
DATE = (
    rf"(?<![\d{_HAN}]){_YEAR}\s?(?:年度?\s?{_MONTH}\s?月(?:份)?(?!\s?[-—~至到])(?:\s?{_DAY}\s?[日号號]|(?!\s?[\d{_HAN}]))"
    r"|(?P<sep>[-./])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d.]))"
)
"""A date with its year, to the day or to the month, as the pattern of one regular expression."""
MONTH_DAY = rf"(?<![\d年{_HAN}]){_MONTH}\s?月\s?{_DAY}\s?[日号號]"
"""A month and a day without a year."""

_WRITTEN = re.compile(DATE)
_MONTH_DAY = re.compile(MONTH_DAY)


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text: ``value`` is ISO 8601 cut to ``precision``; it stands at ``[start, end)``."""

    value: str
    precision: Precision
    start: int
    end: int


def written(text: str) -> Iterator[Written]:
    """The dates with a year in ``text``, in order. What is no day of the calendar is passed over."""
    for found in _WRITTEN.finditer(fold(text)):
        year = _year(found)
        month, day = found["month"] or found["m"], found["day"] or found["d"]
        cut = _cut(year, _number(month), _number(day) if day else None)
        if cut is not None:
            yield Written(*cut, found.start(), found.end())


def month_days(text: str, year: int) -> Iterator[Written]:
    """The days without a year in ``text``, in order, taken to lie in ``year``."""
    for found in _MONTH_DAY.finditer(fold(text)):
        cut = _cut(year, _number(found["month"]), _number(found["day"]))
        if cut is not None:
            yield Written(*cut, found.start(), found.end())


def _cut(year: int | None, month: int | None, day: int | None) -> tuple[str, Precision] | None:
    if year is None or month is None:
        return None
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return None
    return (whole.isoformat(), Precision.DAY) if day else (whole.isoformat()[:7], Precision.MONTH)


def _year(found: re.Match[str]) -> int | None:
    if found["minguo"]:
        count = _number(found["minguo"])
        return None if count is None else _MINGUO + count
    digits = "".join(_DIGITS.get(c, c) for c in found["year"])
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _number(words: str) -> int | None:
    """The number that digits or numerals below 1000 say, or None. 元 and 正 are one."""
    if words.isascii() and words.isdigit():
        return int(words)
    if words in {"元", "正"}:
        return 1
    total = 0
    digit = ""
    for c in words.replace("廿", "二十").replace("卅", "三十"):
        if c in "十百":
            total += int(digit or "1") * (10 if c == "十" else 100)
            digit = ""
        elif c in _DIGITS:
            digit = digit.lstrip("0") + _DIGITS[c]
        else:
            return None
    return total + int(digit or "0")
