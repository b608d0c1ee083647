"""Labels: the words before what is said that say who says it (``毛宁：``, ``《某报》记者：``).

A label is told by its form here and by its words in :mod:`qa.transcripts.voices`; whether a doubtful one
counts is decided over the whole text (:mod:`qa.transcripts.candidates`). Everything is matched on text
written :func:`~qa.transcripts.script.plainly`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.transcripts.people import NAME
from qa.transcripts.script import plainly
from qa.transcripts.vocabulary import vocabulary
from qa.transcripts.voices import Part, Voice, Voices, is_marker

__all__ = [
    "Label",
    "begins_with_label",
    "begins_with_officer",
    "could_be_label_line",
    "is_fact_line",
    "is_label_line",
    "label_at_start",
    "quotes_speech",
]

LABEL_LIMIT = 40
"""No label is longer (code points)."""


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
    r"\s*(?:>\s*)?(?:[-*•·\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]{1,3}\s*)?"  # bullets, pictures
    r"(?:[\[【](?:同期声?|采访|现场)[\]】]\s*)?"
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
_SPACED = re.compile(rf"{_LEAD}(?P<core>[问答])[ \t\u3000]+(?=[^\s:]{{2}})(?![^\s]{{0,6}}:)")
_TABBED = re.compile(
    r"\s*(?P<core>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff] [\u4e00-\u9fff])(?:\t|[ \u3000]{2,}|\u3000)(?=\S)"
)
_SAYING = re.compile(r".+[问说答道]")
_QUOTED = re.compile(r"\s*(?:“[^”]{0,2000}[。!?…]”|「[^」]{0,2000}[。!?…]」)")
_MAY_BEGIN = re.compile(rf"\s*(?:[\[【〔]|[^\S\n]*[问問答][ \t\u3000]|[^:：\n]{{0,{LABEL_LIMIT * 2}}}[:：])")
_HEADINGS_OF_FACTS = ("时间", "日期", "地点", "来源", "主题")
_STANDING_LIMIT = 8
_NAME = re.compile(NAME)
_SPACES = re.compile(r"\s+")


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
    found = _TABBED.match(text)
    if found is not None:
        voice = voices.known(text[found.start("core") : found.end("core")])
        if voice is not None:
            return Label(found["core"], voice, found.end())
    found = _SPACED.match(plain)
    if found is not None:
        voice = voices.of(found["core"])
        return Label(found["core"], voice, found.end()) if voice is not None else None
    found = _WITH_COLON.match(plain)
    if found is None or plain.startswith("//", found.end()) or _is_clock(plain, found.end()):
        return None
    group = "core" if found["core"] else "nick"
    if quotes_speech(found[group], plain, found.end()):
        return None
    voice = voices.of(text[found.start(group) : found.end(group)])
    if voice is None:
        return None
    return Label(found[group], voice, found.end(), strong=bool(found["before"] or found["after"]))


def quotes_speech(core: str, plain: str, after: int) -> bool:
    """Whether words with a colon are a reporter's (万里答：“能。”): a whole quotation follows."""
    return (
        _SAYING.fullmatch(core) is not None
        and not is_marker(_SPACES.sub("", core))
        and _QUOTED.match(plain, after) is not None
    )


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


def is_fact_line(line: str) -> bool:
    """Whether a line states one fact under its name: 时间：3月5日, 答复单位：县水利局."""
    if len(line) > LABEL_LIMIT * 2 or _MAY_BEGIN.match(line) is None:
        return False
    found = _WITH_COLON.match(plainly(line))
    core = _SPACES.sub("", found["core"] or "") if found is not None else ""
    known = vocabulary()
    return core in known.guests or core in known.fields or _is_fact(core)


def _is_fact(core: str) -> bool:
    return len(core) <= 6 and core.endswith(_HEADINGS_OF_FACTS)


@lru_cache(maxsize=4096)
def _begins_with_label(plain: str) -> bool:
    label = label_at_start(plain, plain, Voices({}))
    if label is None:
        found = _WITH_COLON.match(plain)
        core = (found["core"] or "") if found is not None else ""
        return _is_fact(core)
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
    if not plain or is_marker(plain):
        return bool(plain)
    label = label_at_start(plain, plain, Voices({})) if _STAMPED.fullmatch(plain) else None
    return label is not None and label.end == len(plain)
