"""When a briefing was held, as far as its text, its title or the name of its file says so.

The day it was held comes before the day it was published, what is stated before what is inferred.
Dates inside speeches (of laws, of plans, of history) are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from qa.model import Basis, BriefingDate, Precision
from qa.text import fold
from qa.transcripts.calendar import DATE, MONTH_DAY, Written, month_days, written

__all__ = ["EARLIEST", "found_date"]

EARLIEST = date(1949, 10, 1)
"""No briefing is older."""

_HEAD = 1500  # code points in which a text says when its briefing was held
_HEAD_LINES = 12
_TAIL_LINES = 4
_TITLE_LIMIT = 80
_NEAR = timedelta(days=31)  # a report appears within a month of its briefing

_NO_RULE = r"(?!\s*(?:[-—~～至到起前后後]|之前|之后|以前|以后|以来|以來|施行|实施|實施|生效|开始|開始|截止))"
"""What may not follow the date of a briefing: a rule's or a plan's dates go on like this."""
_RULE = re.compile(_NO_RULE)
_HELD_LABEL = re.compile(
    rf"^[\s【\[]*(?:会议|會議|发布会|發布會|活动|活動|直播|访谈|訪談|召开|召開|举办|舉辦|采访|採訪)?"
    rf"(?:时间|時間|日期)[】\]]?\s*[:：]\s*(?P<words>{DATE}){_NO_RULE}",
    re.MULTILINE,
)
_PUBLISHED_LABEL = re.compile(
    rf"(?:发布|發布|发表|發表|发稿|發稿|成文|更新|上传|编辑|發佈)(?:时间|時間|日期)\s*[:：]?\s*(?P<words>{DATE})"
)
_MEETING = (
    r"[^。！？!?\n]{0,80}?(?:召开|召開|举行|舉行|举办|舉辦|主持|开展|開展|组织|組織)[^。！？!?\n]{0,80}?"
    r"(?:发布会|發布會|记者会|記者會|通气会|見面會|见面会|吹风会|座谈会|询问会|专题询问|问政|说明会|說明會|访谈|訪談|发布活动|听证会)"
)
_HELD = re.compile(rf"(?P<words>{DATE}){_NO_RULE}{_MEETING}")
_HELD_DAY = re.compile(rf"(?P<words>{MONTH_DAY}){_NO_RULE}{_MEETING}")
_DATELINE = re.compile(rf"(?:社|报|报讯|网)[^。，\n]{{0,12}}?(?P<words>{MONTH_DAY})(?:电|電|讯|訊)")
_TODAY = re.compile(r"(?:今|本)\s?[日天]?\s?[(（](?P<day>\d{1,2})\s?[日号]?[)）]\s?[日天]?")
_ONLY_DATE = re.compile(
    rf"^(?:[^。,:!?]{{0,30}}\s)?[(（\[【]?\s*(?P<words>{DATE})\s*[)）\]】]?(?:\s*[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?)?"
    r"(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:\s*(?:来源|來源|作者|字号|浏览|点击|阅读|编辑|责编)[^。]*)?\s*$"
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_LOOSE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_.年 ](?P<m>0?[1-9]|1[0-2])"
    r"(?:[-_.月 ](?P<d>0?[1-9]|[12]\d|3[01])日?)?(?![-—~至]?\d)"
)
_YEAR_ONLY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?!\d)年?")
_ADDRESS = re.compile(r"https?://[^\s，。）)]+")


def found_date(
    text: str,
    title: str | None = None,
    name: str | None = None,
    today: date | None = None,
    published: str | None = None,
) -> BriefingDate:
    """When a briefing was held.

    Args:
        text: its reading text.
        title: its title, if known beside the text; the first line of the text counts as one, too.
        name: the name of its file.
        published: when the file says it was published (ISO 8601, to the day), if it does.
        today: no later date is believed; by default today.

    Returns:
        ``stated`` where the title, a byline or a sentence says the date; ``inferred``, with the words
        it was inferred from, where it was put together from parts or taken from the file's name or a
        web address; else unknown. The words stand in ``text``, ``title`` or ``name``.
    """
    latest = today or date.today()
    for found in _candidates(text, title or "", name or "", published):
        if _believable(found, latest):
            return found
    return BriefingDate()


def _candidates(text: str, title: str, name: str, known: str | None) -> Iterator[BriefingDate]:
    head = text[:_HEAD]
    lines = [line for line in head.splitlines() if line.strip()]
    titles = [t for t in (title, *lines[:1]) if t and len(t) <= _TITLE_LIMIT]
    yield from (_stated(w) for t in titles for w in _days(t))
    yield from _stated_by(_HELD_LABEL, head)
    yield from _stated_by(_HELD, head)
    tail = text[-_HEAD:].splitlines()[-_TAIL_LINES:]
    published = [*_published(head, lines), *_published(text[-_HEAD:], tail)]
    published += [_stated(found) for found in _days(known or "")]
    addresses = list(_in_addresses(head))
    named = list(_in_name(name))
    yield from _on_a_day(head, [*published, *addresses, *named])
    yield from published
    yield from addresses
    yield from named
    yield from (_stated(w) for t in titles for w in _of_meetings(t))
    yield from _years(titles, name)


def _days(text: str) -> Iterator[Written]:
    return (found for found in _of_meetings(text) if found.precision is Precision.DAY)


def _of_meetings(text: str) -> Iterator[Written]:
    """The dates in ``text`` but for those of rules and plans."""
    folded = fold(text)
    return (found for found in written(text) if _RULE.match(folded, found.end))


def _stated(found: Written) -> BriefingDate:
    return BriefingDate(found.value, found.precision, Basis.STATED)


def _stated_by(pattern: re.Pattern[str], text: str) -> Iterator[BriefingDate]:
    for match in pattern.finditer(fold(text)):
        yield from (_stated(found) for found in written(match["words"]))


def _published(text: str, lines: list[str]) -> Iterator[BriefingDate]:
    """Dates of publication: labelled ones, and lines of the head or the tail that are only a date."""
    yield from _stated_by(_PUBLISHED_LABEL, text)
    for line in lines[:_HEAD_LINES]:
        if _ONLY_DATE.match(fold(line)):
            yield from (_stated(found) for found in list(written(line))[:1])


def _in_addresses(text: str) -> Iterator[BriefingDate]:
    for address in _ADDRESS.finditer(text):
        for found in _COMPACT.finditer(address[0]):
            yield _inferred(f"{found['y']}-{found['m']}-{found['d']}", Precision.DAY, found[0])


def _in_name(name: str) -> Iterator[BriefingDate]:
    for found in written(name):
        yield _inferred(found.value, found.precision, name[found.start : found.end])
    for match in [*_COMPACT.finditer(name), *_LOOSE.finditer(name)]:
        value = f"{match['y']}-{int(match['m']):02d}"
        if match["d"]:
            yield _inferred(f"{value}-{int(match['d']):02d}", Precision.DAY, match[0].strip())
        else:
            yield _inferred(value, Precision.MONTH, match[0].strip())


def _on_a_day(head: str, anchors: list[BriefingDate]) -> Iterator[BriefingDate]:
    """The day of a meeting told without its year (3月18日, 今(18)日), near a date that has one."""
    for anchor in anchors:
        if anchor.value is None:
            continue
        year = int(anchor.value[:4])
        for pattern in (_HELD_DAY, _DATELINE):
            for match in pattern.finditer(fold(head)):
                words = head[match.start("words") : match.end("words")]
                for at in (year, year - 1):
                    for found in month_days(words, at):
                        if _near(found.value, anchor):
                            yield _inferred(found.value, Precision.DAY, words)
        if anchor.precision is not Precision.YEAR:
            for match in _TODAY.finditer(fold(head)):
                value = f"{anchor.value[:7]}-{int(match['day']):02d}"
                if _near(value, anchor):
                    yield _inferred(value, Precision.DAY, head[match.start() : match.end()])


def _near(value: str, anchor: BriefingDate) -> bool:
    """Whether the day ``value`` lies at most a month before ``anchor``, or within a coarser one."""
    day = _parsed(value)
    if day is None or anchor.value is None:
        return False
    if anchor.precision is not Precision.DAY:
        return value.startswith(anchor.value)
    until = _parsed(anchor.value)
    return until is not None and until - _NEAR <= day <= until


def _years(titles: list[str], name: str) -> Iterator[BriefingDate]:
    for words in (*titles, name):
        dates = list(written(words))
        for found in _YEAR_ONLY.finditer(words):
            if not any(whole.start <= found.start() < whole.end for whole in dates):
                yield _inferred(found["y"], Precision.YEAR, found[0])


def _inferred(value: str, precision: Precision, words: str) -> BriefingDate:
    return BriefingDate(value, precision, Basis.INFERRED, words)


def _believable(found: BriefingDate, latest: date) -> bool:
    if found.value is None:
        return False
    earliest, last = EARLIEST.isoformat(), latest.isoformat()
    cut = len(found.value)
    return _parsed(found.value) is not None and earliest[:cut] <= found.value <= last[:cut]


def _parsed(value: str) -> date | None:
    parts = [int(part) for part in value.split("-")]
    try:
        return date(parts[0], *([*parts[1:], 1, 1])[:2])
    except ValueError:
        return None
