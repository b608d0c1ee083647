"""Labels: the words before what is said that say who says it (``毛宁：``, ``《某报》记者：``).

A label is told by its form and its words alone here; whether a doubtful one counts is decided over the
whole text (:mod:`qa.transcripts.dialogue`). Everything is matched on text written
:func:`~qa.transcripts.script.plainly`, and named in the words of the original.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache

from qa.model import Speaker
from qa.transcripts.people import NAME, TITLE, attributions
from qa.transcripts.script import plainly
from qa.transcripts.vocabulary import vocabulary

__all__ = [
    "Label",
    "Part",
    "Voice",
    "Voices",
    "begins_with_label",
    "begins_with_officer",
    "could_be_label_line",
    "is_label_line",
    "label_at_start",
]

LABEL_LIMIT = 40
"""No label is longer (code points)."""


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


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a paragraph: its words, and where what is said begins.

    ``strong``: it stands in brackets, or beside a time of day.
    """

    core: str
    voice: Voice
    end: int
    strong: bool = False


_STAMP = r"[\[(【]?(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*)?\d{1,2}:\d{2}(?::\d{2})?[\])】]?"
_LEAD = (
    r"\s*(?:>\s*)?(?:[-*•·●■▲◆]\s*)?"
    r"(?:(?:[一二三四五六七八九十]{1,3}|\d{1,3})[、.](?!\d)\s*|\([一二三四五六七八九十\d]{1,3}\)\s*)?"
)
_CORE = rf"(?P<core>[^\s:。!?;,“”「」|][^:。!?;,“”「」|\n]{{0,{LABEL_LIMIT - 1}}}?)"
_NICKNAMED = (
    r"(?P<nick>[^\s:。!?;,“”「」|]{2,8}[“「][^“”「」:。!?\n]{1,16}[”」](?:问道?|提问|留言|咨询|追问|说)?)"
)
_WITH_COLON = re.compile(
    rf"{_LEAD}(?P<before>{_STAMP}\s*)?(?:{_NICKNAMED}|{_CORE})\s*(?P<after>{_STAMP}\s*)?:"
)
_IN_BRACKETS = re.compile(
    rf"{_LEAD}(?:{_STAMP}\s*)?[\[【〔](?P<core>[^\[\]【】〔〕:。!?;,\n]{{1,{LABEL_LIMIT}}})[\]】〕]\s*(?:{_STAMP}\s*)?:?"
)
_STAMPED = re.compile(
    rf"\s*(?:{_STAMP}\s+{_CORE}|(?P<core2>[^\s:。!?;,][^:。!?;,\n]{{0,38}}?)\s+{_STAMP})\s*\Z"
)
_NUMBERED = re.compile(r"(?P<core>.*?)(?:[一二三四五六七八九十]{1,2}|\d{1,3})\Z")
_MAY_BEGIN = re.compile(rf"\s*(?:[\[【〔]|[^:：\n]{{0,{LABEL_LIMIT * 2}}}[:：])")
_ASIDE = re.compile(r"(?<=\S)\((?:追问|提问|补充|继续|现场|视频|电话)[^()]{0,6}\)\Z")
_HEADINGS_OF_FACTS = ("时间", "日期", "地点", "来源", "主题")
_DELEGATES = frozenset({"代表", "委员", "人大代表", "政协委员"})
_ROLE_FIRST = re.compile(r"(?P<role>[\u4e00-\u9fff]{2,5})[\s:]+(?=\S)")
_STANDING_LIMIT = 8
_SPACES = re.compile(r"\s+")

_SURNAME_TITLE = re.compile(rf"(?P<surname>[\u4e00-\u9fff])(?:副|总|代)?(?:{TITLE}|总)\Z")
_NAME = re.compile(NAME)
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,8}(?:[·•・][\u4e00-\u9fffa-z]{1,10}){1,3}")
_NAME_IN = re.compile(rf"(?P<name>{NAME})\s*\((?P<office>[^()]{{2,30}})\)")
_NAME_OFFICE = re.compile(rf"(?P<name>{NAME})\s*[ 　/|—-]?\s*(?P<office>\S{{0,30}}?(?:{TITLE}))")
_OFFICE = re.compile(rf"\S{{0,30}}(?:{TITLE})")
_ROLE_LEAD = re.compile(r"针对|关于|对于|据|对|回应|为|给|向")


def label_at_start(text: str, plain: str, voices: Voices) -> Label | None:
    """The label a paragraph begins with, or None.

    Args:
        text: the paragraph.
        plain: the same, written plainly.
        voices: whom labels name in the transcript.
    """
    found = _IN_BRACKETS.match(plain)
    if found is not None:
        voice = voices.of(text[found.start("core") : found.end("core")])
        if voice is not None and (voice.sure or voice.named):
            return Label(found["core"], voice, found.end(), strong=True)
    found = _STAMPED.match(plain, 0, LABEL_LIMIT * 2) if len(plain) <= LABEL_LIMIT * 2 else None
    if found is not None:
        group = "core" if found["core"] else "core2"
        voice = voices.of(text[found.start(group) : found.end(group)])
        if voice is not None and voice.part not in {Part.NOTE, Part.GUESTS}:
            return Label(found[group], voice, found.end(), strong=True)
    found = _WITH_COLON.match(plain)
    if found is None or plain.startswith("//", found.end()) or _is_clock(plain, found.end()):
        return None
    group = "core" if found["core"] else "nick"
    voice = voices.of(text[found.start(group) : found.end(group)])
    if voice is None:
        return None
    return Label(found[group], voice, found.end(), strong=bool(found["before"] or found["after"]))


def _is_clock(plain: str, after: int) -> bool:
    """Whether the colon before ``after`` stands in a time of day (上午9:30)."""
    return plain[max(after - 2, 0) : after - 1].isdigit() and plain[after : after + 2].isdigit()


def begins_with_label(line: str) -> bool:
    """Whether a line surely begins with a label, whatever else the text says."""
    if _MAY_BEGIN.match(line) is None:
        return False
    plain = plainly(line[: LABEL_LIMIT * 3])
    return _begins_with_label(plain)


def begins_with_officer(line: str) -> bool:
    """Whether a line begins with an office, a name and a colon: a label, or a headline that quotes."""
    words = line[: LABEL_LIMIT * 3]
    label = label_at_start(words, plainly(words), Voices({}))
    return label is not None and label.voice.speaker is not None and label.voice.speaker.office is not None


@lru_cache(maxsize=4096)
def _begins_with_label(plain: str) -> bool:
    label = label_at_start(plain, plain, Voices({}))
    if label is None:
        found = _WITH_COLON.match(plain)
        core = (found["core"] or "") if found is not None else ""
        return len(core) <= 6 and core.endswith(_HEADINGS_OF_FACTS)
    return label.voice.sure or label.strong or _NAME.fullmatch(_SPACES.sub("", label.core)) is not None


def is_label_line(line: str) -> bool:
    """Whether a line is nothing but a label that stands by itself (Q, 答, 主持人 09:30:12)."""
    if len(line) > LABEL_LIMIT * 2:
        return False
    return _is_label_line(plainly(line.strip()))


def could_be_label_line(line: str) -> bool:
    """Whether a line may be a label by itself, without a colon, if it comes back: a part or a name."""
    if not 1 < len(line) <= _STANDING_LIMIT:
        return False
    voice = Voices({}).of(line)
    if voice is None or voice.part in {Part.NOTE, Part.GUESTS, Part.UNKNOWN}:
        return False
    return voice.sure or _NAME.fullmatch(_SPACES.sub("", plainly(line))) is not None


@lru_cache(maxsize=4096)
def _is_label_line(plain: str) -> bool:
    if not plain or _marker(plain) is not None:
        return bool(plain)
    label = label_at_start(plain, plain, Voices({})) if _STAMPED.fullmatch(plain) else None
    return label is not None and label.end == len(plain)


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

    def _of(self, words: str) -> Voice | None:
        aside = _ASIDE.search(plainly(words))
        words = words[: aside.start()].rstrip() if aside else words
        plain = plainly(words)
        key = _SPACES.sub("", plain)
        known = vocabulary()
        numbered = _NUMBERED.fullmatch(key)
        if not key or key in known.ordinary or (numbered and numbered["core"] in known.ordinary):
            return None
        if key in known.notes:
            return Voice(Part.NOTE)
        if key in known.guests:
            return Voice(Part.GUESTS)
        if key in self._people:
            return Voice(Part.REPLIES, self._people[key], named=True)
        told = _marker(key) or _officer(words, plain) or _introduced(words, plain) or _role(words, plain)
        return told or _outlet(words, key) or _doubtful(words, key)


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
    for pattern in (_NAME_IN, _NAME_OFFICE):
        match = pattern.fullmatch(plain)
        if match is not None:
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
    """主持人 县委宣传部副部长 李明."""
    match = _ROLE_FIRST.match(plain)
    if match is None:
        return None
    told = _officer(words[match.end() :], plain[match.end() :])
    role = _role(words[: match.end("role")], match["role"])
    return replace(told, part=role.part) if told is not None and role is not None else None


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
        r"\)?(?P<says>问道?|提问|留言|咨询|追问|说)?"
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
    if _NAME.fullmatch(key) or _FOREIGN.fullmatch(key):
        return Voice(Part.REPLIES, Speaker(own), sure=False, named=True)
    if len(key) > 2 and key.endswith(known.department_endings):
        return Voice(Part.REPLIES, Speaker(words), sure=False, named=True)
    return Voice(Part.UNKNOWN, Speaker(words), sure=False) if len(key) <= 10 else None
