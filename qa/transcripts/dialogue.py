"""The style of transcripts proper: who speaks is said by a label before what is said.

``名字：``, ``### 名字：``, ``【名字】``, ``11:02 名字：``, ``记者：`` and ``答：``, an outlet and a colon,
one long line: a label is known by its words, by the others around it and by coming back. What stands before
the first label, and what the editors add, is read as prose.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.model import Span, Speaker, Speech, TurnKind
from qa.transcripts.candidates import Candidate, labels_of
from qa.transcripts.exchange import Heard, Utterance, heard
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.people import TITLE
from qa.transcripts.pieces import Piece, Spoken, Taken
from qa.transcripts.presented import known_people, stated_offices, with_offices
from qa.transcripts.prose import parsed_block, speeches_of
from qa.transcripts.reading import Block, Reading
from qa.transcripts.script import plainly
from qa.transcripts.speech import Speeches
from qa.transcripts.verbs import ADVERBS, SAYS
from qa.transcripts.vocabulary import vocabulary
from qa.transcripts.voices import Part

__all__ = ["read_dialogue"]

_STAGE = re.compile(r"[(\[【〔][^()\[\]【】〔〕]{1,200}[)\]】〕][。.]?|[-—_*=·.\s]+")
_CREDIT = re.compile(
    r"https?://\S+|\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?|\(完\)|完|全文完"
    r"|来源\s+\S{2,20}|[(【\[]?(?:来源|稿件来源|责任编辑|责编|编辑|校对|审核|监制|作者|文字|摄影|图片?|通讯员|附件|相关链接|延伸阅读|原标题|版权)\s*[:/|].{0,200}"
    r"|[(\[【](?:完|责任编辑|责编|编辑|记者|本报记者|图片|来源|文字|摄影|实习生|通讯员)[^()]{0,60}[)\]】]"
)
_TIME = re.compile(
    r"(?:\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?\s*)?\d{1,2}:\d{2}(?::\d{2})?"
)  # of a live report
_END_NOTE = re.compile(
    r"\((?:完|完毕|全文完|记者[^()]{0,40}|本报记者[^()]{0,40}|责任?编辑?[^()]{0,40}|编辑[^()]{0,40})\)\s*\Z"
)
_FACT = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:时间|日期|地点|主题)\s*:[^。!?;]{1,60}"
    r"|第[一二三四五六七八九十\d]{1,3}[场期讲部节].{0,40}|[上下]午场.{0,40}"
)
_END_STAMP = re.compile(r"\s*[\[(【]\d{1,2}:\d{2}(?::\d{2})?[\])】]\s*\Z")
_REPORTER = re.compile(
    r"据了解|据悉|据介绍|值得(?:一提|注意)的是|记者(?:了解到|获悉|看到|注意到|从)|本报记者|新华社\S{0,12}电"
    r"|(?:发布会|记者会|活动|会议|访谈|采访|会)(?:最后|结束|现场|上|后)[,,]"
)
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[,、部章]"
)
_SPOKEN_LINE = re.compile(r".{0,8}(?:大家|各位|谢谢|感谢|女士们|先生们|同志们|朋友们|以上|完毕|你好|您好)")
_SURNAME_TITLE = re.compile(rf"[\u4e00-\u9fff](?:副|代)?(?:{TITLE}|总)")
_NOBODY = frozenset({Part.NOTE, Part.GUESTS})
_UNNAMED = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:有关|相关)(?:部门)?(?:负责人|负责同志)")


@dataclass(frozen=True, slots=True)
class _Run:
    """Paragraphs by one voice: under ``label``, or prose (None). ``note``: narration, whatever it says."""

    section: int | None
    label: Candidate | None
    spans: tuple[Span, ...]
    note: bool = False


def read_dialogue(reading: Reading) -> Taken | None:
    """A reading taken apart by its labels, or None if it has none that count."""
    text = reading.text
    plain = plainly(text)
    stated = stated_offices(text)
    people = known_people(stated)
    labels = labels_of(reading, plain, people)
    if not labels:
        return None
    names = [
        c.voice.speaker.name
        for c in labels
        if c.voice.named and c.voice.speaker and not c.voice.speaker.office
        if not _SURNAME_TITLE.fullmatch(c.core)
    ]
    people = with_offices(text, people | _from_labels(labels), names)
    cut = _Cutting(reading, plain, labels, people)
    runs = tuple(cut.runs())
    first = _only_official(text, plain, labels[0].start, people)
    opening = next((label.start for label in labels if label.voice.part not in _NOBODY), 0)
    guests = frozenset(person for name, person in people.items() if name in plain[:opening])
    kinds = iter(tuple(heard(_utterances(runs, plain, people), people, first, guests)))
    prose = speeches_of(text)
    return Taken(tuple(_spoken(runs, kinds, prose, text, plain)), tuple(cut.headings))


def _from_labels(labels: Sequence[Candidate]) -> dict[str, Speaker]:
    """Those whose label states their office."""
    found: dict[str, Speaker] = {}
    for label in labels:
        speaker = label.voice.speaker
        if speaker is not None and speaker.office and label.voice.named:
            found.setdefault(plainly(speaker.name), speaker)
    return found


def _only_official(text: str, plain: str, end: int, people: Mapping[str, Speaker]) -> Speaker | None:
    """The one official that the words before the first label speak of."""
    there = {
        name
        for name in people
        if name in plain[:end] and not (people[name].office or "").endswith(("记者", "主持人"))
    }
    if len(there) == 1:
        return people[there.pop()]
    unnamed = {text[found.start() : found.end()] for found in _UNNAMED.finditer(plain, 0, end)}
    return Speaker(unnamed.pop()) if len(unnamed) == 1 and not there else None


def _speaker(label: Candidate, people: Mapping[str, Speaker]) -> Speaker | None:
    """The speaker of a label, with the office stated elsewhere."""
    speaker = label.voice.speaker
    if speaker is None:
        return None
    known = people.get(plainly(speaker.name))
    if known is not None and (not speaker.office or (known.office or "").endswith(speaker.office)):
        return known
    if label.voice.named and not speaker.office and known is None:
        holders = [p for p in people.values() if p.office and plainly(p.office) == plainly(speaker.name)]
        if len(holders) == 1:
            return holders[0]
        surname, title = plainly(speaker.name)[:1], plainly(speaker.name)[1:]
        meant = [
            p
            for name, p in people.items()
            if title and name[0] == surname and title in plainly(p.office or "")
        ]
        return meant[0] if len(meant) == 1 else speaker
    return speaker


def _utterances(runs: Sequence[_Run], plain: str, people: Mapping[str, Speaker]) -> list[Utterance]:
    found = []
    presented: Speaker | None = None
    for run in runs:
        said = " ".join(plain[span.start : span.end] for span in run.spans)
        if run.note:
            presented = _presented(said, people) or presented
        elif run.label is not None:
            voice, speaker = run.label.voice, _speaker(run.label, people)
            found.append(Utterance(voice.part, speaker, voice.named, said, presented))
            presented = None
    return found


def _presented(note: str, people: Mapping[str, Speaker]) -> Speaker | None:
    """The one that a note announces as who replies: the only guest of a list, the unit of 答复单位."""
    label, colon, who = note.partition(":")
    if colon and label.strip() in vocabulary().units and who.strip():
        return Speaker(who.strip())
    there = {name for name in people if name in who}
    guest = label.strip() in {*vocabulary().guests, "嘉宾"} and len(there) == 1
    return people[there.pop()] if guest else None


def _spoken(
    runs: Sequence[_Run], kinds: Iterator[Heard], prose: Speeches, text: str, plain: str
) -> Iterator[Spoken]:
    floor: Speaker | None = None
    for run in runs:
        whole = Span(run.spans[0].start, run.spans[-1].end)
        if run.note:
            yield Spoken(run.section, (Piece(whole, Speech.NARRATION, kind=TurnKind.NARRATION),))
        elif run.label is None:
            parsed = parsed_block(prose, Block(ParagraphKind.BODY, whole), text, floor)
            floor = parsed.floor
            yield Spoken(run.section, parsed.pieces)
        else:
            said = next(kinds)
            yield Spoken(run.section, (Piece(whole, Speech.DIRECT, said.speaker, kind=said.kind),))


class _Cutting:
    """Cuts a reading into runs by one voice, and finds its headings."""

    def __init__(
        self, reading: Reading, plain: str, labels: Sequence[Candidate], people: Mapping[str, Speaker]
    ) -> None:
        self._people = tuple(people)
        self._reading = reading
        self._plain = plain
        self._labels: dict[int, list[Candidate]] = {}
        for label in labels:
            self._labels.setdefault(label.block, []).append(label)
        self.headings: list[Span] = []

    def runs(self) -> Iterator[_Run]:
        """The runs, in order; none is empty."""
        label: Candidate | None = None
        held: list[Span] = []
        for index, block in enumerate(self._reading.blocks):
            here = self._labels.get(index, [])
            before = Span(block.span.start, here[0].start if here else block.span.end)
            if not here and self._is_heading(block, label):
                yield from self._closed(label, held)
                held = []
                label = label if _NUMBERED.match(self._words(block.span)) else None
                self.headings.append(block.span)
                continue
            for own, span, new in _parts(before, here, block.span.end):
                if new:
                    facts = self._facts(held) if own is not None and own.voice.part in _NOBODY else 0
                    yield from self._closed(label, held[: len(held) - facts])
                    yield from (
                        _Run(self._section, None, (fact,), note=True) for fact in held[len(held) - facts :]
                    )
                    held, label = [], own
                words = self._words(span)
                if not words.strip():
                    continue
                note, ends = self._note(words, label, new=new)
                if ends and not note:
                    yield from self._closed(label, held)
                    held, label = [], None
                if note or label is None:
                    yield from self._closed(label, held)
                    held = []
                    label = None if ends else label
                    yield _Run(self._section, None, (self._trimmed(span),), note=note)
                    continue
                end = _END_NOTE.search(words, max(len(words) - 60, 0))
                said = Span(span.start, span.start + end.start()) if end else span
                if self._words(said).strip():
                    held.append(self._trimmed(said))
                if end:
                    yield from self._closed(label, held)
                    held, label = [], None
                    yield _Run(self._section, None, (self._trimmed(Span(said.end, span.end)),), note=True)
        yield from self._closed(label, held)

    @property
    def _section(self) -> int | None:
        return len(self.headings) - 1 if self.headings else None

    def _words(self, span: Span) -> str:
        return self._plain[span.start : span.end]

    def _trimmed(self, span: Span) -> Span:
        words = self._words(span)
        left = len(words) - len(words.lstrip())
        stamp = _END_STAMP.search(words, max(len(words) - 24, left + 1))
        right = stamp.start() if stamp else len(words)
        return Span(span.start + left, span.start + len(words[:right].rstrip()))

    def _facts(self, held: Sequence[Span]) -> int:
        """How many of the last paragraphs head what comes next (第二场, 时间：3月5日)."""
        facts = itertools.takewhile(lambda span: _FACT.fullmatch(self._words(span)), reversed(held))
        return sum(1 for _ in facts)

    def _closed(self, label: Candidate | None, held: list[Span]) -> Iterator[_Run]:
        if held and label is not None:
            yield _Run(self._section, label, tuple(held))

    def _is_heading(self, block: Block, label: Candidate | None) -> bool:
        if block.kind is not ParagraphKind.HEADING:
            return False
        words = self._words(block.span)
        said = label is not None and _SPOKEN_LINE.match(words) is not None
        return not said and not _STAGE.fullmatch(words) and not _CREDIT.fullmatch(words)

    def _note(self, words: str, label: Candidate | None, *, new: bool) -> tuple[bool, bool]:
        """Whether a paragraph is the editors', and whether it ends what is being said."""
        stripped = words.strip()
        if label is not None and label.voice.part in _NOBODY:
            listed = label.voice.part is Part.GUESTS and "。" not in stripped
            return listed or new, not listed
        if _CREDIT.fullmatch(stripped) and not _TIME.fullmatch(stripped):
            return True, True
        if _STAGE.fullmatch(stripped) or _TIME.fullmatch(stripped):
            return True, False
        if (
            label is not None
            and not new
            and (_REPORTER.match(stripped) or self._is_reported(stripped, label))
        ):
            return False, True
        return False, False

    def _is_reported(self, words: str, label: Candidate) -> bool:
        """Whether the reporter says what the speaker says: nobody speaks of himself by name."""
        speaker = label.voice.speaker
        names = self._people if speaker is None else (plainly(speaker.name),)
        spoken = "|".join(re.escape(name) for name in names)
        return bool(spoken) and re.search(rf"(?:{spoken})(?:{ADVERBS})*(?:{SAYS})[,:。“]", words) is not None


def _parts(
    before: Span, labels: Sequence[Candidate], end: int
) -> Iterator[tuple[Candidate | None, Span, bool]]:
    """A paragraph in parts: the label, what stands under it, and whether the label is new."""
    if len(before):
        yield None, before, False
    for label, stop in zip(labels, [*(label.start for label in labels[1:]), end], strict=False):
        start = label.start if label.voice.part in _NOBODY else min(label.end, stop)
        yield label, Span(start, stop), True
