"""Numbers and years in every notation, brought to Arabic digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qa.model import Span

__all__ = ["RELATIVE_YEARS", "Amount", "amount_at", "amounts", "arabic", "numbers", "spoken", "years"]

RELATIVE_YEARS = {"前年": -2, "去年": -1}
"""Words for a past year, by how far it is from the present. 今年 is none: 我今年四十九 asks of no year."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "幺": 1}
_SPOKEN = "零一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿成")
"""Characters one of which every numeral that is brought to digits has."""
_RUN = re.compile(r"[零〇一二两三四五六七八九十百千万亿点]+")
_PERCENT = re.compile(r"([百千])分之([零一二两三四五六七八九十百点]+|\d+(?:\.\d+)?)")
_PART = "[零〇一二两三四五六七八九十百千\\d]+"
_TOGETHER = re.compile(rf"(?<![\d.第])({_PART})亿({_PART})([多余来几]?)万(?![零一二两三四五六七八九])")
"""So many hundred millions and ten thousands: 一亿八千多万, 1亿8千万."""
_LARGE = re.compile(
    r"(?<![\d.第])(\d+(?:\.\d+)?[千百]?|[零一二两三四五六七八九十百千]*[十百千])([多余来几]?)([万亿])"
)
"""One of either, with what makes it an estimate inside: 八十几万, 三百来万; or half in digits: 8千万."""
_YEAR = re.compile(
    r"(?<![\d.])(?:(\d{4})(?=年)|(?!\d\d00[\u4e00-\u9fff])(\d{4})(?![\d元块回次场户亩名多余万亿米斤吨趟]))"
)
"""A year: 2021年, 2021养老; not 2021元, nor the round 2000回."""
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{2})年(?!以|之|内|的?(?:时间|工龄|缴费)|多|来|期|限)")
_TENTHS = re.compile(
    r"(?<![零一二两三四五六七八九十百千万\d])([一二两三四五六七八九\d])成"
    r"(?:([一二三四五六七八九\d])(?![十百千万个年月日])|(?!都(?:[市人区的]|$))(?![一二三四五六七八九\d功长果为立绩分本熟人品员效交活批不]))"
)
_LEADING_YEAR = re.compile(
    r"(?:^|[,。?!;:\s从在自到至截])(2[1-9])年(?!以|之|内|的?(?:时间|工龄|缴费)|多|来|期|限|了)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AMOUNT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?:([多余来几]?)([万亿]))?([多余来几]?)")
_MARKS = {"万": 4, "亿": 8}
"""How many zeros each stands for."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in Arabic digits, 万 and 亿 included.

    ``span`` is where it stands with its 万 or 亿, ``end`` where what makes it an estimate ends behind it;
    ``least`` is its value and ``below`` the next step, which an estimate does not reach (21万多 is below
    22万); None for a number that is none.
    """

    span: Span
    end: int
    least: Decimal
    below: Decimal | None

    def covers(self, value: Decimal) -> bool:
        """Whether it may be said of something that is just so many."""
        return value == self.least if self.below is None else self.least <= value < self.below

    def notations(self) -> tuple[str, ...]:
        """Other ways to write the same from ten thousand on: 18500万 is 1.85亿."""
        if self.least < 10**4:
            return ()
        plain = [_written(self.least)] if self.least == self.least.to_integral() else []
        return (*plain, *(_written(self.least.scaleb(-zeros)) + mark for mark, zeros in _MARKS.items()))


def spoken(number: int) -> str:
    """A number below a hundred in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _SPOKEN[ones]
    return f"{_SPOKEN[tens] if tens > 1 else ''}十{_SPOKEN[ones] if ones else ''}"


def _written(value: Decimal) -> str:
    """A number in digits, without zeros that say nothing."""
    return f"{value.normalize():f}"


def _section(run: str) -> int | None:
    """A numeral below ten thousand, e.g. 三百零九, or None when it is not one."""
    if all(c in _DIGITS for c in run):
        return int("".join(str(_DIGITS[c]) for c in run))
    total, digit, last_unit = 0, -1, 10000
    for c in run:
        if c in _DIGITS:
            if digit > 0:
                return None  # 二三十 is a guess, not a number
            digit = _DIGITS[c]
        else:
            unit = _UNITS.get(c, last_unit)
            if unit >= last_unit:
                return None
            total += (1 if digit < 0 else digit) * unit
            digit, last_unit = 0, unit
    tail = max(digit, 0)
    # 三百五 is 350: a digit right after 百 or 千, at the end, counts the next smaller unit.
    if tail and run[-1] in _DIGITS and run[-2] in "百千" and last_unit >= 100:
        return total + tail * last_unit // 10
    return total + tail


def _value(run: str) -> str | None:
    whole, point, decimals = run.partition("点")
    if point and not (decimals and all(c in _DIGITS for c in decimals)):
        return None
    for mark in "亿万":
        head, found, rest = whole.partition(mark)
        if found:
            value = _section(head) if head and not point else None
            if value is None or not rest:
                return None if value is None else f"{value}{mark}"
            if mark == "亿" or not (rest[0] == "零" or rest[1:2] == "千"):
                return None  # 一万三 and 一亿二千万 stay as they are
            below = _section(rest)
            return None if below is None else str(value * 10000 + below)
    value = _section(whole) if whole else None
    if value is None:
        return None
    return f"{value}.{''.join(str(_DIGITS[c]) for c in decimals)}" if point else str(value)


_AFTER = (
    "年月日天个岁点号件项处名人家户位次所台部场份张条座套间辆元块"
    "分成倍针剂期级层楼周星小届种类户笔例届栋万亿%"
)

_AFTER_TEN = "年岁个天月日号元块万名位人家户次"
"""What makes a lone 十 a number: not 十分, 十足, 十字."""


def arabic(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """``text`` with Chinese numerals in Arabic digits, and each (before, after).

    百分之七十五 becomes 75%, 三成五 35%, 三百零九处 309处, 二〇二一年 2021年 and 零九年 09年; 一亿八千多万
    becomes 1.8亿多, in the unit an official writes, and 八十几万 80多万. 五十五 is
    a number with or without a counter. A lone 一 or 两 is left alone (一个), and so are a guess (两三个), a
    fraction (三分之二) and digits without a unit that no counter follows (三八, 五一).
    """
    if _NUMERALS.isdisjoint(text):
        return text, ()
    changes: list[tuple[str, str]] = []

    def record(match: re.Match[str], value: str | None) -> str:
        if value is None or value == match.group():
            return match.group()
        changes.append((match.group(), value))
        return value

    read = _PERCENT.sub(lambda match: record(match, _percent(match)), text)
    read = _TENTHS.sub(lambda match: record(match, _tenths(match.group(1), match.group(2))), read)
    read = _TOGETHER.sub(lambda match: record(match, _together(*match.groups())), read)
    read = _LARGE.sub(lambda match: record(match, _large(*match.groups())), read)
    read = _RUN.sub(lambda match: record(match, _counted(match)), read)
    return read, tuple(changes)


def _percent(match: re.Match[str]) -> str | None:
    whole, run = match.groups()
    value = run if run[0].isdigit() else _value(run)
    return None if value is None else value + ("%" if whole == "百" else "‰")


def _mixed(run: str) -> Decimal | None:
    """A number below ten thousand in digits or Chinese numerals or both, e.g. 6500, 六千五百, 8千."""
    digits = run.rstrip("百千")
    if digits and digits.replace(".", "", 1).isdecimal():
        units = run[len(digits) :]
        return Decimal(digits) * (_UNITS[units] if units else 1) if len(units) < 2 else None
    value = _section(run) if not any(map(str.isdecimal, run)) else None
    return None if value is None else Decimal(value)


def _together(hundred_millions: str, ten_thousands: str, about: str) -> str | None:
    """一亿八千多万 as 1.8亿多; None for what is no number (一亿二三千万)."""
    high, low = _mixed(hundred_millions), _mixed(ten_thousands)
    if high is None or low is None or low >= 10**4:
        return None
    return f"{_written(high + low / 10**4)}亿{about and '多'}"


def _large(run: str, about: str, mark: str) -> str | None:
    """八十几万 as 80多万 and 8千万 as 8000万; None for what needs no change or is no number."""
    value = _mixed(run)
    if value is None or not (about or run[0].isdecimal()):
        return None  # 三千万 is read with what follows it
    return f"{_written(value)}{'多' if about == '几' else about}{mark}"


def _tenths(whole: str, rest: str | None) -> str:
    first, second = (_DIGITS.get(c, c) for c in (whole, rest or "0"))
    return f"{first}{second}%"


def _counted(match: re.Match[str]) -> str | None:
    run = match.group()
    following = match.string[match.end() : match.end() + 1]
    if following == "小" and not match.string.startswith("小时", match.end()):
        following = "-"  # 千万小心 counts nothing
    before, after = match.string[: match.start()], match.string[match.end() :]
    if before.endswith(("第", "分之")) or after.startswith("分之"):
        return None  # an ordinal is a name (第三针), a fraction no amount
    if run == "十":
        return "10" if following and following in _AFTER_TEN else None
    if len(run) == 1 and run in "一两零点百千万亿" and not (run == "两" and following == "年"):
        return None
    if following in "几来":  # at the end too: every string holds the empty one
        return _value(run) if not following and _is_amount(run) else None
    if following not in _AFTER and not (following in "到至" and len(run) > 1) and not _is_amount(run):
        return None
    if all(c in _DIGITS for c in run):
        return None if _is_guess(run, following) else "".join(str(_DIGITS[c]) for c in run)
    return _value(run)


def _is_amount(run: str) -> bool:
    """Whether a numeral is one by itself, whatever follows: 五十五, 二十三万; not 十全, 千万, 三八."""
    return len(run) > 1 and run[0] in _DIGITS and any(c in "十百千万亿" for c in run[1:])


def _is_guess(run: str, following: str) -> bool:
    """Whether two digits say about how many (两三个, 七八年); 零九年 and 二一年 are years."""
    if len(run) != 2 or "零" in run or "〇" in run:
        return False
    first, second = (_DIGITS[c] for c in run)
    return following != "年" or second == first + 1 or "两" in run


def years(text: str) -> tuple[int, ...]:
    """The calendar years named in ``text`` (Arabic digits), without repetition.

    Two digits before 年 are a year from 1950 to 2049: 09年 is 2009, 98年 is 1998, and 23年 is 2023 where it
    counts nothing (at the beginning, 从23年). Numbers of years (15年以上, 缴费15年) read as durations when
    more than 50 years away is the alternative.
    """
    found: dict[int, None] = {}
    for match in _YEAR.finditer(text):
        value = int(match.group(1) or match.group(2))
        if 1900 <= value <= 2100:
            found[value] = None
    for match in _SHORT_YEAR.finditer(text):
        digits = match.group(1)
        if digits[0] == "0" or int(digits) >= 80:
            value = int(digits)
            found[2000 + value if value < 50 else 1900 + value] = None
    for match in _LEADING_YEAR.finditer(text):
        found[2000 + int(match.group(1))] = None
    return tuple(found)


def numbers(text: str) -> tuple[str, ...]:
    """The numbers written in ``text`` (Arabic digits), in order."""
    return tuple(_NUMBER.findall(text))


def amount_at(text: str, start: int) -> Amount | None:
    """The number in Arabic digits that begins at ``start``, if one does."""
    match = _AMOUNT.match(text, start)
    return None if match is None else _amount(match)


def amounts(text: str) -> Iterator[Amount]:
    """The numbers in Arabic digits of ``text``, in order."""
    return map(_amount, _AMOUNT.finditer(text))


def _amount(match: re.Match[str]) -> Amount:
    digits, inside, mark, behind = match.groups()
    size = Decimal(digits).scaleb(_MARKS.get(mark, 0))
    about = bool(inside or behind)
    end = match.end(3) if mark else match.end(1)
    return Amount(Span(match.start(), end), match.end(), size, size + _step(size) if about else None)


def _step(value: Decimal) -> Decimal:
    """The place of a number's last digit that is not zero: what an estimate of it leaves open."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
