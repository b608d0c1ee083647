"""Offices of people who speak under their names, wherever the text presents them.

Lists of those present (``张三 区人社局局长``, ``张三（区人社局局长）``), and forms of address
(``莊人祥副署長``, ``內政部花次長敬群``, ``龐處長``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from qa.model import Attribution, Span, Speaker
from qa.transcripts.people import NAME, TITLE, attributions, usual_office
from qa.transcripts.script import plainly

__all__ = ["is_listed", "known_people", "stated_offices", "with_offices"]

_SEPARATOR = r"[ \t　]{0,4}[ \t　|/,、:—–-][ \t　|]{0,4}"
_IN_A_LIST = re.compile(
    rf"(?m)^[ \t　>|*•·●-]*(?P<name>{NAME}){_SEPARATOR}"
    rf"(?P<office>[^\s|,。:;!?()][^\n|,。:;!?()]{{0,40}}?(?:{TITLE}))[ \t　|]*$"
)
_IN_PARENTHESES = re.compile(
    rf"(?:^|(?<=[\s、,;:。|者人宾]))(?P<name>{NAME})[ 　]?\((?P<office>[^()\n,。:;]{{1,40}}?(?:{TITLE}))\)"
)
_BY_NICKNAME = re.compile(rf"[老小][\u4e00-\u9fff]\((?P<name>{NAME})\)")
_OFFICE_BEFORE = re.compile(rf"[^\s、,;:。()]{{0,30}}(?:{TITLE})\Z")
_BARE = re.compile(TITLE)
_ENDS_IN_TITLE = re.compile(rf"(?:{TITLE})\Z")
_AND = frozenset("、,和及")
_LINE_LIMIT = 80
_SPACES = re.compile(r"\s+")
_TITLES = rf"(?:(?:{TITLE}|秘书){{1,2}})"
_AGENCY = re.compile(
    r"(?:.*[在是有到跟对向给把将为由请让的之于从])?(?P<agency>[\u4e00-\u9fff]{1,12}[局署部委会处院办厅])\Z"
)
_AGENCY_LIMIT = 16


def is_listed(line: str) -> bool:
    """Whether a line is a name and an office and nothing else, as in a list of those present."""
    return len(line) <= _LINE_LIMIT and _IN_A_LIST.fullmatch(plainly(line)) is not None


def stated_offices(text: str) -> tuple[Attribution, ...]:
    """Every place where an office and a name stand together, in prose or in a list, in reading order."""
    found = list(attributions(text))
    taken = [one.span for one in found]
    plain = plainly(text)
    found += _by_nickname(text, plain)
    for pattern in (_IN_A_LIST, _IN_PARENTHESES):
        for match in pattern.finditer(plain):
            name = _SPACES.sub("", text[match.start("name") : match.end("name")])
            office = text[match.start("office") : match.end("office")].strip()
            found.append(Attribution(Speaker(name, office), Span(match.start("name"), match.end("office"))))
    if len(found) > len(taken):
        found = list(_apart(sorted(found, key=lambda one: (one.span.start, -one.span.end))))
    return tuple(_completed(found, plain))


def _by_nickname(text: str, plain: str) -> Iterator[Attribution]:
    """社会事务办主任老周（周永福）."""
    for match in _BY_NICKNAME.finditer(plain):
        office = _OFFICE_BEFORE.search(plain, max(match.start() - _LINE_LIMIT, 0), match.start())
        if office is not None:
            name = text[match.start("name") : match.end("name")]
            stated = text[office.start() : office.end()]
            yield Attribution(Speaker(_SPACES.sub("", name), stated), Span(office.start(), match.end("name")))


def _completed(found: Iterable[Attribution], plain: str) -> Iterator[Attribution]:
    """With the agency that a bare title has from the one listed before it (县交通局局长何勇、副局长罗丹)."""
    before: Attribution | None = None
    for one in found:
        office = one.speaker.office or ""
        if before is not None and _BARE.fullmatch(plainly(office)):
            ended = _ENDS_IN_TITLE.search(plainly(before.speaker.office or ""))
            if ended is not None and ended.start() and plain[before.span.end : one.span.start] in _AND:
                agency = (before.speaker.office or "")[: ended.start()]
                one = replace(one, speaker=Speaker(one.speaker.name, agency + office))
        yield one
        before = one


def _apart(found: Iterable[Attribution]) -> Iterator[Attribution]:
    """Without those that begin inside another."""
    end = 0
    for one in found:
        if one.span.start >= end:
            yield one
            end = one.span.end


def known_people(found: Iterable[Attribution]) -> dict[str, Speaker]:
    """The people of the attributions: name (plainly written) -> speaker with the usual office."""
    stated: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for one in found:
        key = plainly(one.speaker.name)
        names.setdefault(key, one.speaker.name)
        stated.setdefault(key, []).append(one.speaker.office or "")
    return {key: Speaker(names[key], usual_office(offices)) for key, offices in stated.items()}


def with_offices(text: str, people: Mapping[str, Speaker], names: Iterable[str]) -> dict[str, Speaker]:
    """``people``, and those of ``names`` whom the text only addresses by a title.

    Args:
        text: the whole reading text.
        people: who is known already.
        names: those who speak, as written.
    """
    plain = plainly(text)
    keys = {plainly(name): name for name in names}
    surnames = Counter(key[0] for key in {*keys, *people})
    known = dict(people)
    for key, name in keys.items():
        if key in known or not 2 <= len(key) <= 4:
            continue
        offices = list(_beside(text, plain, key))
        if not offices and surnames[key[0]] == 1:
            offices = list(_by_surname(text, plain, key))
        known[key] = Speaker(name, usual_office(offices) if offices else None)
    return known


def _beside(text: str, plain: str, key: str) -> Iterator[str]:
    """莊人祥副署長, 花次長敬群."""
    surname, given = re.escape(key[0]), re.escape(key[1:])
    pattern = re.compile(rf"{re.escape(key)}(?P<title>{_TITLES})|{surname}(?P<within>{_TITLES}){given}")
    return _addressed(text, plain, pattern)


def _by_surname(text: str, plain: str, key: str) -> Iterator[str]:
    """龐處長, called upon or thanked; nothing if the text knows somebody else by surname and title."""
    surname, given = re.escape(key[0]), re.escape(key[1:])
    if re.search(rf"{_TITLES}{surname}(?!{given})[\u4e00-\u9fff]", plain):
        return
    pattern = re.compile(rf"(?<![县市区省州镇乡局委部署厅处院办会]){surname}(?P<title>{_TITLES})")
    yield from _addressed(text, plain, pattern)


def _addressed(text: str, plain: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for match in pattern.finditer(plain):
        group = "title" if match["title"] else "within"
        lead = plain[max(match.start() - _AGENCY_LIMIT, 0) : match.start()]
        lead = re.split(r"[^\u4e00-\u9fff]", lead)[-1]
        agency = _AGENCY.fullmatch(lead)
        start = match.start() - (len(agency["agency"]) if agency else 0)
        yield text[start : match.start()] + text[match.start(group) : match.end(group)]
