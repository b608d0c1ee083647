"""Which labels of a text count: those whose words say so, and those the others bear out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.model import Speaker
from qa.transcripts.labels import Label, label_at_start, quotes_speech
from qa.transcripts.lines import HEADING_LIMIT, ParagraphKind
from qa.transcripts.people import NAME, TITLE, is_office_line
from qa.transcripts.reading import Block, Reading
from qa.transcripts.script import plainly
from qa.transcripts.tables import Column
from qa.transcripts.verbs import ADVERBS, SAYS
from qa.transcripts.voices import Part, Voice, Voices

__all__ = ["Candidate", "labels_of"]

_REPORTED_WITHIN = 2000  # code points after a headline in which its report begins
_LOOKED_AT = 160  # code points at the start of a paragraph that a label may take
_INLINE = re.compile(
    r"(?<=[。!?…;”」』)\]\s])(?P<core>[^\s。!?…;,:“”「」()（）|][^。!?…;,:“”「」|\n]{0,23}?)\s?:(?!//)"
)
_INLINE_LIMIT = 2000  # different labels within paragraphs that are looked at, the commonest first
_ASKS = re.compile(r"\?|请问|想问|想请教|能否|是否")
_SHORT_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SPEAKS = re.compile(r"\s*(?:我|谢谢|感谢|大家|各位|好的|是的|补充|刚才|刚刚|这个问题|这位)")
_LEAST_ANSWERS = 2
_NUMBER = re.compile(
    r"\s*(?:(?:问题)?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[、.:](?!\d)|\([一二三四五六七八九十\d]{1,3}\))\s*"
)
_WHO = re.compile(r"[^\s。!?,;:]{1,12}")
_NAMES_ONLY = re.compile(rf"(?:{NAME})(?:[\s、,/]+(?:{NAME}))*")
_LISTED = re.compile(rf"(?:{NAME})[\s、,/|(]*[^。!?;:]{{0,40}}?(?:{TITLE})\)?(?:[、,;\s].{{0,120}})?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label in a reading: it stands at ``[start, end)`` in paragraph ``block``.

    ``inside``: not at the paragraph's start. ``strong``: its form alone makes it a label.
    """

    block: int
    start: int
    end: int
    core: str
    voice: Voice
    strong: bool = False
    inside: bool = False


def labels_of(reading: Reading, plain: str, people: Mapping[str, Speaker]) -> tuple[Candidate, ...]:
    """The labels of a reading that count, in order; none if it is no dialogue.

    Args:
        reading: the reading.
        plain: its text, plainly written.
        people: those known by name: the plainly written name to the speaker.
    """
    voices = Voices(people)
    lines = list(_at_starts(reading, plain, voices))
    lines = sorted((*lines, *_unlabelled(reading, plain, lines)), key=lambda c: c.start)
    within = list(_within(reading, plain, voices, lines))
    counts = Counter(one.core for one in (*lines, *within))
    sure_within = [one for one in within if one.voice.sure or counts[one.core] > 1]
    speaking = sum(one.voice.part not in {Part.NOTE, Part.GUESTS, Part.UNKNOWN} for one in lines)
    one_line = len(sure_within) > speaking
    named = {plainly(one.voice.speaker.name) for one in lines if _is_named_host(one) and one.voice.speaker}
    lines = [_as_host(one) if one.core in named else one for one in lines]
    found = sorted(
        (*lines, *(sure_within if one_line else _alternating(sure_within, lines))), key=lambda c: c.start
    )
    accepted = tuple(_borne_out(found, plain, counts))
    return accepted if _is_dialogue(accepted, plain) else ()


def _is_named_host(one: Candidate) -> bool:
    return one.voice.part is Part.HOSTS and one.voice.named


def _as_host(one: Candidate) -> Candidate:
    """A label that is the name by which a host was introduced (主播小梅, then 小梅)."""
    return replace(one, voice=replace(one.voice, part=Part.HOSTS, sure=True))


def _at_starts(reading: Reading, plain: str, voices: Voices) -> Iterator[Candidate]:
    bare = Counter(plain[b.span.start : b.span.end] for b in reading.blocks if len(b.span) <= 12)
    cell: Column | None = None
    for index, block in enumerate(reading.blocks):
        start = block.span.start
        if block.column is not None:
            if block.column is not cell or block.column is Column.OTHER:
                yield Candidate(index, start, start, "", _cell(reading, index), strong=True)
            cell = block.column
            continue
        cell = None
        end = min(block.span.end, start + _LOOKED_AT)
        words, plainly_written = reading.text[start:end], plain[start:end]
        label = label_at_start(words, plainly_written, voices)
        if label is not None and not _is_headline(block, label, plain):
            yield _candidate(index, block, label, plain)
        elif len(block.span) <= 12 and bare[plainly_written] > 1:
            voice = voices.of(words)
            if voice is not None and voice.part in {Part.ASKS, Part.REPLIES, Part.HOSTS}:
                yield Candidate(index, start, block.span.end, plainly_written, voice, strong=voice.sure)


def _cell(reading: Reading, index: int) -> Voice:
    """Whose words the cell of a table of questions and answers is, which begins with block ``index``."""
    match reading.blocks[index].column:
        case Column.ASKS:
            return Voice(Part.ASKS)
        case Column.REPLIES:
            row = itertools.takewhile(
                lambda b: b.column not in {None, Column.ASKS}, reading.blocks[index + 1 :]
            )
            unit = next((b.span.of(reading.text) for b in row if b.column is Column.UNIT), None)
            return Voice(Part.REPLIES, Speaker(unit) if unit else None, named=unit is not None)
    return Voice(Part.NOTE)


def _unlabelled(reading: Reading, plain: str, lines: Sequence[Candidate]) -> Iterator[Candidate]:
    """The questions of a text that labels its answers alone (答：): what stands before each."""
    answers = [one for one in lines if one.voice.part is Part.REPLIES and one.voice.speaker is None]
    if len(answers) < _LEAST_ANSWERS or any(one.voice.part is Part.ASKS for one in lines):
        return
    taken = {one.block for one in lines}
    for one in answers:
        if one.block == 0 or one.block - 1 in taken:
            continue
        block = reading.blocks[one.block - 1]
        number = _NUMBER.match(plain, block.span.start, block.span.end)
        asks = plain[block.span.start : block.span.end].rstrip().endswith("?")
        if asks or number is not None or block.kind is ParagraphKind.HEADING:
            end = number.end() if number is not None else block.span.start
            yield Candidate(one.block - 1, block.span.start, end, "问", Voice(Part.ASKS))


def _is_headline(block: Block, label: Label, plain: str) -> bool:
    """Whether a line only names whom it quotes (``局长王小明：让老人吃好饭``).

    It is known by what follows: reports of what he says (王小明表示).
    """
    said = plain[block.span.start + label.end : block.span.end].strip()
    speaker = label.voice.speaker
    if not said or speaker is None or label.voice.part is Part.ASKS:
        return False
    if block.kind is not ParagraphKind.HEADING and label.core == plainly(speaker.name):
        return False
    if len(said) > HEADING_LIMIT or said[-1] in "。!?;…":
        return False
    says = rf"{re.escape(plainly(speaker.name))}(?:{ADVERBS})*(?:{SAYS})[,:。“]"
    return re.compile(says).search(plain, block.span.end, block.span.end + _REPORTED_WITHIN) is not None


def _candidate(index: int, block: Block, label: Label, plain: str) -> Candidate:
    start = block.span.start
    rest = plain[start + label.end : block.span.end].strip()
    voice = label.voice
    if rest and voice.speaker is not None and _is_credit(rest, voice.part):
        voice = Voice(Part.GUESTS)
    elif rest and voice.part is Part.ASKS and label.core.endswith("人") and _WHO.fullmatch(rest):
        voice = Voice(Part.NOTE)  # the heading of a letter: 来信人：李先生
    alone = not rest and block.kind is ParagraphKind.HEADING
    return Candidate(index, start, start + label.end, label.core, voice, strong=label.strong or alone)


def _is_credit(words: str, part: Part) -> bool:
    """Whether a label is followed by no more than names and offices, as in a list of those present."""
    if len(words) > 160 or re.search(r"[。!?]", words):
        return False
    if part is Part.HOSTS and re.fullmatch(r"[\u4e00-\u9fff]{2,4}", words):
        return True
    if is_office_line(words) or re.fullmatch(rf"[^\s。,:]{{2,40}}(?:{TITLE})", words):
        return True
    return _NAMES_ONLY.fullmatch(words) is not None or _LISTED.fullmatch(words) is not None


def _within(reading: Reading, plain: str, voices: Voices, lines: Sequence[Candidate]) -> Iterator[Candidate]:
    """Labels in mid-paragraph, after the end of a sentence."""
    taken = {one.block: one.end for one in lines}
    found: list[tuple[int, re.Match[str]]] = []
    for index, block in enumerate(reading.blocks):
        if block.kind is ParagraphKind.HEADING:
            continue
        start = taken.get(index, block.span.start + 1)
        found += ((index, match) for match in _INLINE.finditer(plain, start, block.span.end))
    words = Counter(reading.text[match.start("core") : match.end("core")] for _, match in found)
    looked_at = {core for core, _ in words.most_common(_INLINE_LIMIT)}
    for index, match in found:
        core = reading.text[match.start("core") : match.end("core")]
        voice = voices.of(core) if core in looked_at else None
        speaks = voice is not None and voice.part in {Part.ASKS, Part.REPLIES, Part.HOSTS}
        told = quotes_speech(match["core"], plain, match.end())
        if voice is not None and speaks and not told and not _clock(plain, match.end()):
            yield Candidate(index, match.start(), match.end(), match["core"], voice, inside=True)


def _clock(plain: str, after: int) -> bool:
    return plain[after - 2].isdigit() and plain[after : after + 2].isdigit()


def _alternating(within: Sequence[Candidate], lines: Sequence[Candidate]) -> Iterator[Candidate]:
    """Of labels in mid-paragraph, those by which the floor passes between who asks and who replies."""
    parts = {one.block: one.voice.part for one in lines}
    for one in within:
        current = parts.get(one.block)
        if one.voice.sure and {current, one.voice.part} == {Part.ASKS, Part.REPLIES}:
            parts[one.block] = one.voice.part
            yield one


def _borne_out(found: Sequence[Candidate], plain: str, counts: Counter[str]) -> Iterator[Candidate]:
    """The labels that count: sure ones, and doubtful ones with the others around them."""
    sure = {one.voice.part for one in found if one.voice.sure}
    outlets = any(one.voice.part is Part.ASKS and counts[one.core] > 1 for one in found)
    led = outlets or bool(sure & {Part.ASKS, Part.HOSTS})
    repeated = {
        one.core
        for one in found
        if one.voice.named and (counts[one.core] > 1 or one.strong or one.voice.sure)
    }
    before: Candidate | None = None
    unlisted = set(_unlisted_names(found, counts))
    for at, candidate in enumerate(found):
        one = candidate
        if one.core in unlisted:
            one = replace(one, voice=replace(one.voice, part=Part.REPLIES, sure=True, named=True))
        begins = _SPEAKS.match(plain, one.end) is not None
        if one.voice.sure or _counts(one, before, led, repeated, Part.REPLIES in sure, counts, begins=begins):
            yield one
            before = one
        elif one.voice.part is Part.UNKNOWN and before is not None and before.voice.part is Part.REPLIES:
            after = next((c for c in found[at + 1 :] if c.voice.sure or c.core in repeated), None)
            said = plain[one.end : after.start] if after is not None else ""
            if after is not None and after.voice.part is Part.REPLIES and _ASKS.search(said):
                before = replace(one, voice=Voice(Part.ASKS, one.voice.speaker))
                yield before


def _unlisted_names(found: Sequence[Candidate], counts: Counter[str]) -> Iterator[str]:
    """Names with a rare surname: they come back, by themselves in a line or after questions."""
    asked = Counter(
        b.core
        for a, b in pairwise(found)
        if a.voice.part in {Part.ASKS, Part.HOSTS} and b.voice.part is Part.UNKNOWN
    )
    alone = Counter(one.core for one in found if one.strong and one.voice.part is Part.UNKNOWN)
    for core, count in counts.items():
        if count > 1 and _SHORT_NAME.fullmatch(core) and 2 * max(asked[core], alone[core]) > count:
            yield core


def _counts(
    one: Candidate,
    before: Candidate | None,
    led: bool,
    repeated: set[str],
    replies: bool,
    counts: Counter[str],
    *,
    begins: bool,
) -> bool:
    """Whether a doubtful label counts."""
    if one.voice.part is Part.UNKNOWN:
        return False
    if one.voice.part is Part.ASKS:
        return replies or bool(repeated)
    if one.strong:
        return True
    after_question = before is not None and before.voice.part in {Part.ASKS, Part.HOSTS}
    if led:
        return counts[one.core] > 1 or after_question or begins
    return counts[one.core] > 1 and len(repeated) > 1


def _is_dialogue(labels: Sequence[Candidate], plain: str) -> bool:
    """Whether labels make a text a dialogue: several voices, or one that has most of the text."""
    speaking = [one for one in labels if one.voice.part in {Part.ASKS, Part.REPLIES, Part.HOSTS}]
    parts = {one.voice.part for one in speaking}
    voices = {one.core for one in speaking}
    if len(speaking) > 1 and (len(parts) > 1 or len(voices) > 1 or all(one.strong for one in speaking)):
        return True
    return bool(speaking) and speaking[0].voice.named and len(plain) - speaking[0].end > len(plain) // 2
