"""Who asks and who replies among labelled utterances, and who 答 is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.model import Speaker, TurnKind
from qa.transcripts.people import TITLE
from qa.transcripts.voices import Part

__all__ = ["Heard", "Utterance", "heard"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said under one label: ``plain`` are its words, plainly written.

    ``speaker`` is None where the label only marks a question or an answer. ``named``: the label gives a
    person or an office. ``presented``: who is announced before it as the one who will reply.
    """

    part: Part
    speaker: Speaker | None
    named: bool
    plain: str
    presented: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance's kind, and who speaks (None: not said)."""

    kind: TurnKind
    speaker: Speaker | None


_QUESTION = re.compile(r"\?|请问|请您|想问|想请教|想了解|能否|是否|怎么|如何|哪些|什么|吗[。\s]*\Z")
_ASKS = re.compile(r"\?[\s\"”]*\Z|请问|想问|请教")
_RESIDENT = re.compile(r"居民|市民|村民|群众|业主|住户|商户|患者|家长|学生|乘客|游客")
_GUEST = frozenset({"嘉宾", "受访者", "受访人"})
_INVITES = re.compile(r"请.{0,20}?(?:介绍|谈谈|解读|说说|讲讲|聊聊|分享|解释|说明)")
_HANDS_OVER = re.compile(r"(?:有请|请|由)[^。!?;]{0,24}?(?:来)?(?:回答|解答|答复|作答|回应)|这个问题.{0,8}请")
_WELCOMES = re.compile(r"欢迎(?:大家|各位)?.{0,6}(?:出席|参加|来到|莅临)")
_ADDS = re.compile(r"补充")
_MORE_QUESTIONS = re.compile(
    r"最后一个(?:问题|提问)|下一个(?:问题|提问)|(?:还有|有)(?:没有)?(?:什么|其他|别的)?(?:问题|提问)|(?:进入|进行).{0,8}(?:提问|答问|问答)"
    r"|(?:发布会|记者会|通气会|见面会|访谈|活动|会议|节目).{0,12}(?:结束|到这[里边儿]?)"
    r"|今天.{0,8}到(?:这[里边儿]?|此)"
)
_READS_OUT = re.compile(
    r"(?:有|看到)(?:一)?个(?:网友|网上|线上)?(?:的)?问题.{0,24}(?:回答|答)|[位个](?:网友|听众|观众)(?:提问|问)"
)
_THANKS = re.compile(r"(?:好的?|谢谢|感谢|明白|知道)[^?]{0,12}\Z")
_PROCEDURE_LIMIT = 120  # an official who says more than this does not only lead the meeting
_CALLED = re.compile(
    rf"(?:有请|请问|请教|想问|问一下|请|由)[^。!?,;]{{0,24}}?(?P<surname>[\u4e00-\u9fff])(?P<title>(?:{TITLE})|总(?![\u4e00-\u9fff]))"
)


def heard(
    utterances: Sequence[Utterance],
    people: Mapping[str, Speaker],
    first: Speaker | None,
    guests: frozenset[Speaker] = frozenset(),
) -> Iterator[Heard]:
    """The kind and the speaker of each utterance, in order.

    Args:
        utterances: in order.
        people: those known by name: the plainly written name to the speaker.
        first: whom 答 means before anybody is named: the one official the introduction speaks of.
        guests: those the introduction presents; beside them, whoever asks one of them is an asker.
    """
    calls = _Calls(people)
    host = _host(utterances)
    interview = not any(one.part is Part.ASKS for one in utterances)
    asked = answered = False
    named = first
    only = next(iter(guests)) if len(guests) == 1 else None
    utterances = _with_askers(utterances, guests)
    for at, one in enumerate(utterances):
        named = one.presented or named
        following = utterances[at + 1].part if at + 1 < len(utterances) else None
        speaker = one.speaker
        if one.part is Part.ASKS:
            if (asked and answered and len(one.plain) <= 16 and _THANKS.match(one.plain)) or _tells(
                one, following
            ):
                yield Heard(TurnKind.STATEMENT, speaker)
                continue
            asked, answered = True, False
            named = calls.named(one.plain, named)
            yield Heard(TurnKind.QUESTION, speaker)
        elif one.part is Part.HOSTS or (speaker == host is not None and _is_short(one, asked=asked)):
            puts = _puts_a_question(one.plain, interview) and following is Part.REPLIES
            named = calls.named(one.plain, named)
            if puts and not (asked and not answered):
                asked, answered = True, False
                yield Heard(TurnKind.QUESTION, speaker)
                continue
            if answered and not _ADDS.search(one.plain):
                asked = answered = False
            yield Heard(TurnKind.STATEMENT, speaker)
        else:
            if speaker is None:
                speaker = named
            elif not one.named and only is not None and speaker.name in _GUEST:
                speaker = only
            elif one.named:
                named = speaker
            if asked and answered and _leads(one.plain):
                asked = answered = False
            answered = answered or asked
            yield Heard(TurnKind.REPLY if asked else TurnKind.STATEMENT, speaker)


def _with_askers(utterances: Sequence[Utterance], guests: frozenset[Speaker]) -> list[Utterance]:
    """Named people who are not among the guests, and ask what a guest then answers, are those who ask."""
    askers: set[Speaker] = set()
    for one, after in pairwise(utterances):
        stranger = one.speaker if one.part is Part.REPLIES and one.named else None
        if stranger is not None and stranger not in guests and after.speaker in guests:
            askers |= {stranger} if _ASKS.search(one.plain) else set()
    return [replace(one, part=Part.ASKS) if one.speaker in askers else one for one in utterances]


def _tells(one: Utterance, following: Part | None) -> bool:
    """Whether a resident only tells how things are: nothing is asked, and nobody replies."""
    resident = one.speaker is not None and _RESIDENT.search(one.speaker.name) is not None
    return resident and following not in {Part.REPLIES, Part.HOSTS} and not _QUESTION.search(one.plain)


def _host(utterances: Sequence[Utterance]) -> Speaker | None:
    """The official who opens the meeting as its host: welcomes those present."""
    for one in utterances:
        if one.part is Part.REPLIES and one.named and _WELCOMES.search(one.plain, 0, _PROCEDURE_LIMIT):
            return one.speaker
        break
    return None


def _is_short(one: Utterance, *, asked: bool) -> bool:
    """Whether a host who is an official, too, leads here, and does not answer himself."""
    return not asked or len(one.plain) <= _PROCEDURE_LIMIT


def _puts_a_question(plain: str, interview: bool) -> bool:
    if _MORE_QUESTIONS.search(plain):
        return False
    return bool(_QUESTION.search(plain) or (interview and _INVITES.search(plain)))


def _leads(plain: str) -> bool:
    """Whether an official only leads the meeting on, or turns to a question of somebody not there."""
    if _READS_OUT.search(plain, 0, 80):
        return True
    return len(plain) <= _PROCEDURE_LIMIT and _MORE_QUESTIONS.search(plain) is not None


class _Calls:
    """Whom words call upon to answer (请张局长回答)."""

    def __init__(self, people: Mapping[str, Speaker]) -> None:
        self._people = people
        names = "|".join(re.escape(name) for name in sorted(people, key=len, reverse=True))
        self._by_name = (
            re.compile(rf"(?:有请|请问|请教|想问|问一下|请|由)[^。!?,;]{{0,40}}?(?P<name>{names})")
            if people
            else None
        )

    def named(self, plain: str, before: Speaker | None) -> Speaker | None:
        """Who is called last in ``plain``; nobody if it calls somebody unknown; else the one ``before``."""
        found: tuple[int, Speaker | None] | None = None
        if self._by_name is not None:
            for match in self._by_name.finditer(plain):
                found = (match.end(), self._people[match["name"]])
        for match in _CALLED.finditer(plain):
            meant = self._titled(match["surname"], match["title"])
            if meant is not None and (found is None or match.end() > found[0]):
                found = (match.end(), meant)
        if found is not None:
            return found[1]
        return None if _HANDS_OVER.search(plain) else before

    def _titled(self, surname: str, title: str) -> Speaker | None:
        meant = [
            person
            for name, person in self._people.items()
            if name.startswith(surname)
            and (person.office is None or title in (person.office or "") or title == "总")
        ]
        return meant[0] if len(meant) == 1 else None
