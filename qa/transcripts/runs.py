"""A reading with labels cut into runs by one voice, the editors' words and the headings set apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.model import Span, Speaker
from qa.transcripts.candidates import Candidate
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.reading import Block, Reading
from qa.transcripts.script import plainly
from qa.transcripts.verbs import ADVERBS, SAYS
from qa.transcripts.voices import Part

__all__ = ["NOBODY", "Cutting", "Run"]

NOBODY = frozenset({Part.NOTE, Part.GUESTS})
"""The parts of labels below which nobody speaks."""
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


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs by one voice: under ``label``, or prose (None). ``note``: narration, whatever it says."""

    section: int | None
    label: Candidate | None
    spans: tuple[Span, ...]
    note: bool = False


class Cutting:
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

    def runs(self) -> Iterator[Run]:
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
                    facts = self._facts(held) if own is not None and own.voice.part in NOBODY else 0
                    yield from self._closed(label, held[: len(held) - facts])
                    yield from (
                        Run(self._section, None, (fact,), note=True) for fact in held[len(held) - facts :]
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
                    yield Run(self._section, None, (self._trimmed(span),), note=note)
                    continue
                end = _END_NOTE.search(words, max(len(words) - 60, 0))
                said = Span(span.start, span.start + end.start()) if end else span
                if self._words(said).strip():
                    held.append(self._trimmed(said))
                if end:
                    yield from self._closed(label, held)
                    held, label = [], None
                    yield Run(self._section, None, (self._trimmed(Span(said.end, span.end)),), note=True)
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

    def _closed(self, label: Candidate | None, held: list[Span]) -> Iterator[Run]:
        if held and label is not None:
            yield Run(self._section, label, tuple(held))

    def _is_heading(self, block: Block, label: Candidate | None) -> bool:
        if block.kind is not ParagraphKind.HEADING:
            return False
        words = self._words(block.span)
        said = label is not None and _SPOKEN_LINE.match(words) is not None
        return not said and not _STAGE.fullmatch(words) and not _CREDIT.fullmatch(words)

    def _note(self, words: str, label: Candidate | None, *, new: bool) -> tuple[bool, bool]:
        """Whether a paragraph is the editors', and whether it ends what is being said."""
        stripped = words.strip()
        if label is not None and label.voice.part in NOBODY:
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
        start = label.start if label.voice.part in NOBODY else min(label.end, stop)
        yield label, Span(start, stop), True
