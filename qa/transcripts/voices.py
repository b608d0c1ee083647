"""Whom the words of a label name, and what that one does in the conversation (记者, 县民政局局长王小明, 答2).

Told by the words alone; whether a doubtful one counts is decided over the whole text
(:mod:`qa.transcripts.candidates`). Everything is matched on text written
:func:`~qa.transcripts.script.plainly`, and named in the words of the original.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache

from qa.model import Speaker
from qa.transcripts.people import LATIN_NAME, NAME, TITLE, attributions
from qa.transcripts.script import plainly
from qa.transcripts.vocabulary import vocabulary

__all__ = ["Part", "Voice", "Voices", "is_marker"]


class Part(Enum):
    """What the one a label names does in the conversation."""

    ASKS = "asks"
    REPLIES = "replies"
    HOSTS = "hosts"
    NOTE = "note"
    """Nobody: what follows is the editors'."""
    GUESTS = "guests"
    """Nobody: a list of those present follows."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom a label names.

    ``speaker`` is None where the label only says that somebody asks or answers (问, 答).
    ``sure``: its words alone make it a label; others must be borne out by the rest of the text.
    ``named``: it gives the name of a person or an office, not only a part.
    """

    part: Part
    speaker: Speaker | None = None
    sure: bool = True
    named: bool = False


_NUMBERED = re.compile(r"(?P<core>.*?)(?:[一二三四五六七八九十]{1,2}|\d{1,3})\Z")
_ASIDE = re.compile(r"(?<=\S)\((?:追问|提问|补充|继续|现场|视频|电话)[^()]{0,6}\)\Z")
_DELEGATES = frozenset({"代表", "委员", "议员", "人大代表", "政协委员"})
_ROLE_FIRST = re.compile(r"(?P<role>[\u4e00-\u9fff]{2,5})(?:[\s:、,/|]+(?=\S)|\((?=[^()]{4,}\)\Z))")
_SURNAME_TITLE = re.compile(rf"(?P<surname>[\u4e00-\u9fff])(?:副|总|代)?(?:{TITLE}|总)\Z")
_NAME = re.compile(NAME)
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,8}(?:[·•・][\u4e00-\u9fffa-z]{1,10}){1,3}")
_NAME_IN = re.compile(rf"(?P<name>{NAME})\s*\((?P<office>[^()]{{2,30}})\)")
_NAME_OFFICE = re.compile(rf"(?P<name>{NAME})\s*[ 　/|—-]?\s*(?P<office>\S{{0,30}}?(?:{TITLE}))")
_OFFICE = re.compile(rf"\S{{0,30}}(?:{TITLE})")
_LATIN = re.compile(LATIN_NAME)
_LATIN_IN = re.compile(rf"(?P<name>{LATIN_NAME})\s*[(（](?P<office>[^()（）]{{2,30}})[)）]")
_HONORIFIC = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:先生|女士|同志|小姐|老师)\Z")
_ADDRESSED = ("各位", "尊敬的", "亲爱的", "女士们", "同志们", "朋友们", "乡亲们", "同胞们", "大家")
_SPREAD = re.compile(r"[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff]){1,3}")
_OUTLETS_END = "报社台网刊视"  # 劳动报记者 is no Mr 劳
_ROLE_LEAD = re.compile(r"针对|关于|对于|有(?!关)|据|对|回应|为|给|向")
_SPACES = re.compile(r"\s+")


class Voices:
    """Whom the labels of a transcript name.

    Args:
        people: who is known by name in it: the name, plainly written and without spaces, to the speaker.
    """

    def __init__(self, people: Mapping[str, Speaker]) -> None:
        self._people = people
        self._met: dict[str, Voice | None] = {}

    def of(self, core: str) -> Voice | None:
        """Whom the words of a label, without colon, brackets and times, name; None: they are no label."""
        if core not in self._met:
            self._met[core] = self._of(core.strip())
        return self._met[core]

    def known(self, name: str) -> Voice | None:
        """Whom a name means that the transcript states an office of; None for any other."""
        plain = plainly(name)
        speaker = self._people.get(plain) or self._people.get(_SPACES.sub("", plain))
        return (
            None if speaker is None else replace(_person(speaker.name, speaker.office or ""), speaker=speaker)
        )

    def _of(self, words: str) -> Voice | None:
        aside = _ASIDE.search(plainly(words))
        words = words[: aside.start()].rstrip() if aside else words
        if _SPREAD.fullmatch(words):
            words = _SPACES.sub("", words)
        plain = plainly(words)
        key = _SPACES.sub("", plain)
        known = vocabulary()
        numbered = _NUMBERED.fullmatch(key)
        if not key or key in known.ordinary or (numbered and numbered["core"] in known.ordinary):
            return None
        if key.startswith(_ADDRESSED):
            return None
        if key in known.notes:
            return Voice(Part.NOTE)
        if key in known.guests:
            return Voice(Part.GUESTS)
        if key in known.chairs:
            return Voice(Part.HOSTS, Speaker(words))
        called = _HONORIFIC.search(plain)
        bare = _SPACES.sub("", plain[: called.start()]) if called else key
        told = self.known(bare) or self.known(plain)
        if told is not None:
            return told
        if called and _NAME.fullmatch(bare):
            return Voice(
                Part.REPLIES, Speaker(_SPACES.sub("", words[: called.start()])), sure=False, named=True
            )
        told = _marker(key) or _introduced(words, plain) or _officer(words, plain) or _role(words, plain)
        return told or _outlet(words, key) or _doubtful(words, key)


def is_marker(key: str) -> bool:
    """Whether words, plainly written, only say that somebody asks or answers (问, 答2, Q1)."""
    return _marker(key) is not None


def _marker(key: str) -> Voice | None:
    """问, 答2, Q1."""
    known = vocabulary()
    numbered = _NUMBERED.fullmatch(key)
    for word in (key, numbered["core"] if numbered else ""):
        if word in known.ask_markers:
            return Voice(Part.ASKS)
        if word in known.reply_markers:
            return Voice(Part.REPLIES)
    return None


def _officer(words: str, plain: str) -> Voice | None:
    """区人社局局长张三, 张三（区人社局局长）, 张三 区人社局局长, 莊人祥副署長."""
    found = attributions(words)
    if len(found) == 1 and found[0].span.start == 0 and found[0].span.end == len(words):
        return _person(found[0].speaker.name, found[0].speaker.office or "")
    latin = _LATIN_IN.fullmatch(words)
    if latin is not None and _OFFICE.fullmatch(plainly(latin["office"])):
        return _person(latin["name"], latin["office"])
    for pattern in (_NAME_IN, _NAME_OFFICE):
        match = pattern.fullmatch(plain)
        if match is not None and match["name"][-1] not in _OUTLETS_END:
            name, office = (words[match.start(g) : match.end(g)] for g in ("name", "office"))
            known = vocabulary()
            told = (
                pattern is _NAME_OFFICE
                or _OFFICE.fullmatch(match["office"])
                or match["office"].endswith(
                    (*known.department_endings, *known.ask_roles, *known.reply_roles, *known.host_roles)
                )
            )
            if told:
                return _person(_SPACES.sub("", name), office.strip())
    return None


def _introduced(words: str, plain: str) -> Voice | None:
    """主持人 县委宣传部副部长 李明, 主持人（县电视台记者 李明）."""
    match = _ROLE_FIRST.match(plain)
    if match is None:
        return None
    end = len(words) - (plain[match.end() - 1] == "(")
    who, plainly_who = words[match.end() : end], plain[match.end() : end]
    told = _officer(who, plainly_who) or _role(who, plainly_who)
    role = _role(words[: match.end("role")], match["role"])
    return replace(told, part=role.part) if told is not None and told.named and role is not None else None


def _person(name: str, office: str) -> Voice:
    """Somebody with an office; reporters and hosts by theirs do not reply."""
    known = vocabulary()
    plain = plainly(office)
    part = Part.REPLIES
    if plain.endswith("记者"):
        part = Part.ASKS
    elif plain.endswith(tuple(known.host_roles)):
        part = Part.HOSTS
    elif plain.endswith(tuple(known.ask_roles)) and not re.search(
        r"(?:常委|纪委|政法委|人大常委会|党委)委员\Z", plain
    ):
        part = Part.ASKS
    return Voice(part, Speaker(name, office), named=True)


def _role(words: str, plain: str) -> Voice | None:
    """记者, 《某报》记者, 主持人 张三, 网友3."""
    known = vocabulary()
    match = _role_pattern().fullmatch(plain)
    if match is None or _ROLE_LEAD.match(plain):
        return None
    role, name = match["role"], match["name"] or match["alias"]
    asks = role in known.ask_roles
    part = Part.HOSTS if role in known.host_roles else Part.ASKS if asks else Part.REPLIES
    if name and (part is not Part.ASKS or role == "记者"):
        group = "name" if match["name"] else "alias"
        own = _SPACES.sub("", words[match.start(group) : match.end(group)])
        return Voice(part, Speaker(own, words[: match.end("role")].strip()), named=True)
    if role in _DELEGATES and match["lead"] and _NAME.fullmatch(match["lead"]):
        return Voice(part, Speaker(words[: len(match["lead"])], words[match.start("role") :]), named=True)
    words = words[: match.start("says")] if match["says"] else words
    return Voice(part, Speaker(words), named=bool(match["lead"]) and part is Part.REPLIES)


@cache
def _role_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<lead>[^:]{{0,24}}?)\s*(?P<role>{vocabulary().roles})(?:\d{{1,2}}号?|[a-z]|[一二三四五六七八九甲乙丙丁])?"
        rf"\s*\(?(?:(?P<name>{NAME})|[\u4e00-\u9fff]{{1,3}}(?:先生|女士|同学|老师|大爷|大妈|师傅)"
        r"|(?<=[ 　(])[^\s()]{1,12}|[“「][^“”「」]{1,16}[”」]|(?P<alias>(?<=主播|持人)[\u4e00-\u9fff]{2,3}))?"
        r"\)?(?P<says>问道?|提问|留言|咨询|追问|说|答道?|回答|答复|回复)?"
    )


def _outlet(words: str, key: str) -> Voice | None:
    """新华社, 《某报》."""
    known = vocabulary()
    name = key.strip("《》")
    if name in known.outlets or (name != key and name.endswith(known.outlet_endings)):
        return Voice(Part.ASKS, Speaker(words))
    if len(name) > 2 and name.endswith(known.outlet_endings):
        return Voice(Part.ASKS, Speaker(words), sure=False)
    return None


def _doubtful(words: str, key: str) -> Voice | None:
    """What may be a label if the rest of the text bears it out."""
    known = vocabulary()
    own = _SPACES.sub("", words)
    if _SURNAME_TITLE.fullmatch(key):
        return Voice(Part.REPLIES, Speaker(own), sure=False, named=True)
    if len(key) > 3 and _OFFICE.fullmatch(key):
        return Voice(Part.REPLIES, Speaker(own), sure=False, named=True)
    if key.endswith(known.ordinary_endings):
        return None
    if _LATIN.fullmatch(words):
        return Voice(Part.REPLIES, Speaker(words), sure=False, named=True)
    if _NAME.fullmatch(key) or _FOREIGN.fullmatch(key):
        return Voice(Part.REPLIES, Speaker(own), sure=False, named=True)
    if len(key) > 2 and key.endswith(known.department_endings):
        return Voice(Part.REPLIES, Speaker(words), sure=False, named=True)
    return Voice(Part.UNKNOWN, Speaker(words), sure=False) if len(key) <= 10 else None
